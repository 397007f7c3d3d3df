"""Real grids against what is known of them: at least 97 % of cells agree, and the others have a finding."""

import csv

import pytest

from scheduler.imports.grids.class_words import class_of
from scheduler.imports.grids.reader import open_table
from scheduler.imports.grids.timetable import draft_of, read_timetable
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.conftest import SAMPLES

FOLDER = SAMPLES.parent / "ru"
DAYS = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота"]
pytestmark = pytest.mark.samples


def expected_of(path):
    with path.open(encoding="utf-8") as file:
        return {(row["sheet"], row["cell"]): row for row in csv.DictReader(file)}


def known(row):
    name = class_of(row["class"]).name
    return name, row["day"], row["lesson"], " ".join(row["subject_raw"].split()), row["room_raw"].strip()


def read(lesson):
    return lesson.label.name, DAYS[lesson.weekday], str(lesson.periods[0]), lesson.subject, lesson.room


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*sheets*.expected.csv")) or [None])
def test_real_grid_agrees(russian, path):
    if path is None:
        pytest.skip("no ../shared/data")
    expected = expected_of(path)
    source = next(file for file in FOLDER.glob(f"{path.name.removesuffix('.expected.csv')}.*") if file != path)
    table = read_timetable(open_table(source.read_bytes()))
    found = {(lesson.sheet, lesson.address): read(lesson) for lesson in table.lessons}
    differing = {place for place, row in expected.items() if found.get(place) != known(row)}
    remarks = " ".join(row.where for row in table.findings.as_tuple())
    assert len(differing) <= 0.03 * len(expected)
    assert set(found) <= set(expected)
    assert all(f"«{sheet}»" in remarks for sheet, _cell in differing)
    assert draft_of(table).lessons_read == len(expected)


@pytest.mark.parametrize("name", ["moscow_teachers_rooms_classes.csv", "moscow_teachers_rooms_classes.xlsx"])
def test_real_list_of_teachers(russian, name):
    if not (FOLDER / name).exists():
        pytest.skip("no ../shared/data")
    draft = read_source((FOLDER / name).read_bytes(), name)
    figures = facts(draft)
    assert (draft.shape, figures["teachers"], figures["classes"], figures["students"]) == ("teachers", 41, 21, 0)
    assert sum(bool(row.class_keys and row.subject_keys and row.room_keys) for row in draft.teachers) == 41


@pytest.mark.parametrize("name", ["moscow_class_subject_hours.csv", "moscow_class_subject_hours.xlsx"])
def test_real_plan_of_hours(russian, name):
    if not (FOLDER / name).exists():
        pytest.skip("no ../shared/data")
    draft = read_source((FOLDER / name).read_bytes(), name)
    rows = (FOLDER / "moscow_class_subject_hours.csv").read_text(encoding="utf-8").splitlines()
    stated = [float(row.rpartition(",")[2]) for row in rows if row.rpartition(",")[2].replace(".", "", 1).isdigit()]
    assert (draft.shape, len(draft.classes), len(draft.courses)) == ("hours", 20, len(stated))
    assert float(sum(row.weekly_hours for row in draft.courses)) == sum(stated)

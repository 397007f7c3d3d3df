"""The grid for printing reads back cell by cell, runs no formula and shows no private lesson."""

import io
from collections import Counter
from dataclasses import replace
from datetime import date

import openpyxl
from hypothesis import HealthCheck, given, settings

from scheduler.exports.cells import grid_cells
from scheduler.exports.grid import write_grid
from scheduler.exports.lessons_csv import write_lessons
from scheduler.exports.stored import StoredSchool
from scheduler.imports.asc import read_asc
from scheduler.imports.grids.reader import open_table, read_grid
from scheduler.imports.recognise import recognise
from scheduler.models.names import class_key
from tests.exports.schools import schools
from tests.imports.samples import changed, render, tables_2012

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CLASSES = ["5А", "5Б", "7-В", "10Г", "К инд"]
SUBJECTS = ["Русский язык", "Алгебра", "Английский язык", "Физика", "География", "История", "Разговоры о важном"]


def stored(draft, shifts=None):
    bells = dict.fromkeys((1, 2), draft.periods)
    return StoredSchool("Школа № 12", date(2026, 11, 24), draft, shifts or {}, bells)


def seen(draft):
    """(class, day, number, week, subject) → teachers and rooms of all its groups."""
    found = {}
    for cell in grid_cells(draft):
        for week in cell.weeks:
            key = (class_key(draft.class_by_key[cell.class_key].name), cell.weekday, cell.period, week, cell.subject)
            teachers, rooms = found.setdefault(key, (set(), set()))
            teachers.update(cell.teachers)
            rooms.update(cell.rooms)
    return found


def texts(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def is_readable(draft):
    """The reader wants a few lessons on each sheet, one a week, to be sure that it is a timetable at all."""
    hours = {(key[3], key[:3]) for key in seen(draft)}
    return bool(hours) and min(Counter(week for week, _ in hours).values()) > 3


@FEW
@given(schools(classes=CLASSES, subjects=SUBJECTS))
def test_the_grid_reads_back_cell_by_cell(russian, draft):
    draft = replace(draft, teachers=tuple(replace(row, short=_initials(row.name)) for row in draft.teachers))
    shifts = {row.key: 1 + place % 2 for place, row in enumerate(draft.classes)}
    data = write_grid(stored(draft, shifts))
    if is_readable(draft) and draft.cycle_weeks <= 2:
        assert seen(read_grid(data)) == seen(draft)
    open_table(data)


def _initials(name):
    last, *given_names = name.split()
    return " ".join([last, *(f"{one[0]}." for one in given_names)])


def test_two_groups_stand_in_two_lines_of_one_lesson(russian):
    cells = {cell.coordinate: cell.value for cell in texts(write_grid(stored(read_asc(render(tables_2012())))))}
    assert [cells[at] for at in ("A4", "B4", "D2", "D4", "C4")] == ["Понедельник", 1, "7 «А»", "Алгебра", "08:30–09:10"]
    assert [cells[at] for at in ("B6", "D6", "D7", "F6", "F7")] == [
        3, "Английский язык (1 гр.)", "Английский язык (2 гр.)", "27", "Сп.зал",
    ]  # fmt: skip


def test_the_class_of_one_child_is_in_no_sheet_and_no_table(russian):
    draft = read_asc(render(tables_2012()))
    assert not any("К инд" in str(cell.value) for cell in texts(write_grid(stored(draft))))
    assert "К инд" not in write_lessons(stored(draft)).decode()


def test_a_name_like_a_formula_stays_text(russian):
    def edit(tables):
        tables["subjects"][0]["name"] = "=HYPERLINK(1)"
        tables["classrooms"][0]["name"] = "+7"

    draft = read_asc(changed(edit))
    cells = [cell for cell in texts(write_grid(stored(draft))) if str(cell.value)[0] in "=+"]
    assert {(cell.value, cell.data_type) for cell in cells} == {("=HYPERLINK(1)", "s"), ("+7", "s")}
    assert '"\'=HYPERLINK(1)"' in write_lessons(stored(draft)).decode()


def test_the_file_is_recognised_as_a_timetable(russian):
    assert recognise(write_grid(stored(read_asc(render(tables_2012())))), "grid.xlsx") == "grid"


def test_a_school_without_lessons_gives_an_empty_sheet(russian):
    draft = replace(read_asc(render(tables_2012())), slots=())
    assert [cell.value for cell in texts(write_grid(stored(draft)))][:2] == ["Расписание уроков", "День"]


def test_a_line_of_the_table_tells_group_times_and_weeks(russian):
    lines = write_lessons(stored(read_asc(render(tables_2012())))).decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"День";"№";"Начало"')
    english = '"Понедельник";"3";"10:30";"11:10";"7 «А»";"Группа 1";"Английский язык"'
    assert [line for line in lines if line.startswith(english)] == [f'{english};"Ким Анна Сергеевна";"27";""']
    assert sum(line.endswith('"1"') for line in lines) == 1

import csv

import pytest

from scheduler.imports.subject_names import known_subjects, looks_like_subject, meaning_of, spelling_key
from tests.imports.conftest import SAMPLES


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ФИЗКУЛЬТУРА", "Физическая культура"),
        ("физ-ра", "Физическая культура"),
        ("Физич.культ.", "Физическая культура"),
        (" Физич. культура ", "Физическая культура"),
        ("англ. яз.", "Английский язык"),
        ("Aлгебра", "Алгебра"),
        ("лит-ра", "Литература"),
        ("математика/алгебра", "Математика/алгебра"),
        ("Родной русский/литература", "Родной русский/литература"),
        ("«Разговоры о важном»", "Разговоры о важном"),
        ("ИЗО", "Изобразительное искусство"),
        ("Алгебра (углубл.)", "Алгебра (углубл.)"),
        ("Математика (баз.)", "Математика (баз.)"),
    ],
)
def test_usual_spellings_are_joined(spelling, name):
    meaning = meaning_of(spelling)
    assert (meaning.name, meaning.is_known, meaning.doubt) == (name, True, None)


@pytest.mark.parametrize(
    ("spelling", "doubt"),
    [("ЛИТРАТУРА", "Литература"), ("ФИЗУЛЬУТУРА", "Физическая культура"), ("Обшествознание", "Обществознание")],
)
def test_slips_of_the_pen_are_doubts(spelling, doubt):
    meaning = meaning_of(spelling)
    assert (meaning.name, meaning.is_known, meaning.doubt) == (spelling, False, doubt)


def test_own_courses_of_a_school_stay_as_written():
    meaning = meaning_of("Медицинская генетика")
    assert (meaning.name, meaning.is_known, meaning.doubt) == ("Медицинская генетика", False, None)
    assert not looks_like_subject("Сп.зал 2")


def test_activities_are_known():
    assert [meaning_of(text).is_extracurricular for text in ("Разговоры о важном", "Кружок «Юный химик»", "ВД")] == [
        True, True, True,
    ]  # fmt: skip
    assert not meaning_of("Алгебра").is_extracurricular


def test_spellings_are_unambiguous():
    assert len({subject.name for subject in known_subjects().values()}) > 100
    assert all(spelling_key(key) == key for key in known_subjects())


@pytest.mark.samples
def test_real_spellings_are_covered():
    path = SAMPLES.parent / "ru" / "subjects_ru_spellings_dev.csv"
    if not path.exists():
        pytest.skip("no ../shared/data")
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    known = sum(int(row["occurrences"]) for row in rows if meaning_of(row["spelling"]).is_known)
    assert known >= 0.95 * sum(int(row["occurrences"]) for row in rows)

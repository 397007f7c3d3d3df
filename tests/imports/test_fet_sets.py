import pytest

from scheduler.imports.fet_model import FetActivity, FetSet
from scheduler.imports.fet_sets import looks_like_class, read_sets
from tests.imports.fet_samples import Activity, School, fet
from tests.imports.test_fet import hours, read


def years(spec):
    return [
        FetSet(
            year, inner=tuple(FetSet(group, inner=tuple(map(FetSet, subgroups))) for group, subgroups in groups.items())
        )
        for year, groups in spec.items()
    ]


def lessons(**hours_by_set):
    return [
        FetActivity(number, "x", (), (name.replace("_", " "),), hours, "")
        for number, (name, hours) in enumerate(hours_by_set.items(), start=1)
    ]


def classes(spec, **hours_by_set):
    return list(read_sets(years(spec), lessons(**hours_by_set)).classes)


@pytest.mark.parametrize("name", ["7А", "7 «А»", '7 "а"', "10A1", "3º A", "11-Б", "8 б"])
def test_class_is_told_by_its_name(name):
    assert looks_like_class(name)


@pytest.mark.parametrize("name", ["7", "3º", "9 б историци", "4 AÑOS", "Lớp 10", "1 em 4", "7 А 1 группа", "7 А-инф"])
def test_parallel_and_part_are_no_class_by_name(name):
    assert not looks_like_class(name)


def test_groups_of_a_parallel_are_classes():
    assert classes({"7": {"7А": [], "7Б": ["7Б1", "7Б2"]}, "Lớp 10": {"10A1": []}}) == ["7А", "7Б", "10A1"]


def test_year_without_groups_is_a_class():
    assert classes({"10A1": {}, "3 AÑOS": {}}) == ["10A1", "3 AÑOS"]


def test_year_named_like_a_class_is_one_whatever_its_groups():
    assert classes({"7А": {"7А1": [], "7А2": []}}, **{"7А1": 20, "7А2": 20}) == ["7А"]


def test_year_with_most_of_the_lessons_is_a_class():
    assert classes({"7": {"7а": [], "7б": []}}, **{"7": 25, "7а": 3, "7б": 3}) == ["7"]
    assert classes({"Первокурсники": {"Поток 1": [], "Поток 2": []}}, Поток_1=20, Поток_2=20) == [
        "Поток 1",
        "Поток 2",
    ]


def test_year_divided_twice_is_a_class():
    spec = {"Класс 5": {"1 гр": ["1 м", "1 д"], "2 гр": ["2 м", "2 д"], "М": ["1 м", "2 м"], "Д": ["1 д", "2 д"]}}
    assert classes(spec, **{"1_гр": 10, "2_гр": 10, "М": 10, "Д": 10}) == ["Класс 5"]


def test_profile_group_across_two_classes_is_no_class():
    spec = {"10": {"10А": ["10А физ", "10А хим"], "10Б": ["10Б физ", "10Б хим"], "10 физики": ["10А физ", "10Б физ"]}}
    assert classes(spec) == ["10А", "10Б"]


def test_groups_of_several_years_are_classes_once():
    assert classes({"7": {"7А": []}, "Вся школа": {"7А": [], "8А": []}}) == ["7А", "8А"]


def two_ways():
    """A class divided by language and by sex, the year being the class; a profile group over two classes."""
    return School(
        years={
            "5А": {"5А 1": ["5А 1м", "5А 1д"], "5А 2": ["5А 2м", "5А 2д"], "мальчики": ["5А 1м", "5А 2м"],
                   "девочки": ["5А 1д", "5А 2д"]},
            "10": {"10А": ["10А физ", "10А хим"], "10Б": ["10Б физ", "10Б хим"], "10 физики": ["10А физ", "10Б физ"],
                   "10 химики": ["10А хим", "10Б хим"]},
        },
        activities=[
            Activity(1, "Английский", (), ("5А 1",), 1, ("Понедельник", "08:30")),
            Activity(2, "Английский", (), ("5А 2",), 1, ("Понедельник", "08:30")),
            Activity(3, "Физкультура", (), ("мальчики",), 1, ("Вторник", "08:30")),
            Activity(4, "Физкультура", (), ("девочки",), 1, ("Вторник", "08:30")),
            Activity(5, "Хор", (), ("5А 1", "5А 2"), 1, ("Среда", "08:30")),
            Activity(6, "Физика", (), ("10 физики",), 1, ("Среда", "08:30")),
            Activity(7, "Химия", (), ("10 химики",), 1, ("Среда", "08:30")),
            Activity(8, "Алгебра", (), ("10А",), 1, ("Среда", "09:25")),
        ],
    )  # fmt: skip


def test_divisions_keep_apart_what_shares_no_pupil(russian):
    draft = read(fet(two_ways()))
    parts = {row.key: [] for row in draft.classes}
    for row in draft.divisions:
        parts[row.class_key].append(row.parts)
    assert parts == {
        "5А": [("1", "2"), ("мальчики", "девочки"), ("1м", "1д", "2м", "2д")],
        "10А": [("10 физики", "10 химики")],
        "10Б": [("10 физики", "10 химики")],
    }
    assert [row.text for row in draft.findings if row.is_clash] == []


def test_all_parts_together_are_the_class_and_a_stream_reaches_into_two(russian):
    found = {row[0]: row[1] for row in hours(read(fet(two_ways())))}
    assert found["Хор"] == "5А"
    assert found["Физика"] == "10А (10 физики), 10Б (10 физики)"
    assert found["Алгебра"] == "10А"


def test_part_and_class_at_one_hour_are_a_clash(russian):
    school = two_ways()
    school.activities[7].at = ("Среда", "08:30")
    texts = [row.text for row in read(fet(school)).findings if row.is_clash]
    assert len(texts) == 2
    assert all("10А" in text for text in texts)


def test_sets_that_no_year_holds_stand_for_themselves(russian):
    school = two_ways()
    school.activities.append(Activity(9, "Шахматы", (), ("Кружок",), 1, ("Пятница", "08:30")))
    draft = read(fet(school))
    assert "Кружок" in [row.name for row in draft.classes]
    assert any(row.where == "Кружок" for row in draft.findings)

from datetime import time

import pytest

from scheduler.imports.errors import ImportRefusedError
from tests.imports.fet_samples import WEEK, Activity, School, fet, timetable_csv
from tests.imports.test_fet import counts, hours, read, texts


def school(days, places, *, hour_names=("08:30", "09:25"), **options):
    """One class with one lesson at each of the places (day, hour)."""
    activities = [
        Activity(number, f"Предмет {number}", (), ("7А",), 1, place) for number, place in enumerate(places, start=1)
    ]
    return School({"7А": {}}, activities, days=tuple(days), hours=tuple(hour_names), **options)


def at(draft):
    return [(weekday, period, weeks) for _subject, _label, weekday, period, weeks in hours(draft)]


def test_two_weeks_as_doubled_days(russian):
    days = [f"{week}-{day}" for week in "АВ" for day in (*WEEK, "Суббота")]
    draft = read(fet(school(days, [("А-Понедельник", "08:30"), ("В-Понедельник", "08:30"), ("В-Суббота", "09:25")])))
    assert (counts(draft)["cycle_weeks"], draft.week_names) == (2, ("А", "В"))
    assert at(draft) == [(0, 1, [0]), (0, 1, [1]), (5, 2, [1])]
    assert [row.name for row in draft.days] == [*WEEK, "Суббота"]
    assert {str(row.weekly_hours) for row in draft.courses} == {"0.500"}


def test_weeks_may_alternate_day_by_day(russian):
    days = [f"{day} {week}" for day in WEEK for week in (1, 2)]
    draft = read(fet(school(days, [("Вторник 1", "08:30"), ("Вторник 2", "09:25")])))
    assert (draft.cycle_weeks, draft.week_names, at(draft)) == (2, ("1", "2"), [(1, 1, [0]), (1, 2, [1])])


@pytest.mark.parametrize(
    "options", [{"mode": "Mornings_Afternoons"}, {"version": "5.48.1-ma-2"}, {"version": "5.40.0-morocco"}]
)
def test_mornings_and_afternoons_are_halves_of_a_day(russian, options):
    days = [f"{day}{half}" for day in ("monday", "tuesday") for half in (1, 2)]
    places = [("monday1", "08:30"), ("monday2", "08:30"), ("tuesday2", "09:25")]
    draft = read(fet(school(days, places, **options)))
    assert at(draft) == [(0, 1, [0]), (0, 3, [0]), (1, 4, [0])]
    assert (draft.cycle_weeks, len(draft.days), len(draft.periods)) == (1, 2, 4)


def test_real_names_of_halves_are_shown(russian):
    real = "".join(
        f"<Real_Hour><Name>{name}</Name></Real_Hour>" for name in ("8.30-9.10", "9.25-10.05", "14.00", "15.00")
    )
    names = "".join(f"<Real_Day><Name>{name}</Name></Real_Day>" for name in ("Пн", "Вт"))
    extra = f"<Real_Days_List>{names}</Real_Days_List><Real_Hours_List>{real}</Real_Hours_List>"
    days = ("пн утро", "пн день", "вт утро", "вт день")
    draft = read(fet(school(days, [("пн день", "08:30")], mode="Mornings_Afternoons", extra=extra)))
    assert [row.name for row in draft.days] == ["Пн", "Вт"]
    assert [(row.number, row.start, row.end) for row in draft.periods][:3] == [
        (1, time(8, 30), time(9, 10)), (2, time(9, 25), time(10, 5)), (3, time(14), None),
    ]  # fmt: skip


def test_odd_number_of_halves_is_told(russian):
    draft = read(fet(school(WEEK, [("Вторник", "08:30")], mode="Mornings_Afternoons")))
    assert at(draft) == [(1, 1, [0])]
    assert any("не складываются парами" in text for text in texts(draft))


@pytest.mark.parametrize("options", [{"mode": "Terms"}, {"version": "5.42.2-mathmake"}])
def test_terms_share_their_weekdays(russian, options):
    days = [f"T{term} {day}" for term in range(1, 4) for day in ("ma", "ti", "ke", "to", "pe")]
    extra = "<Number_of_Terms>3</Number_of_Terms><Number_of_Days_Per_Term>5</Number_of_Days_Per_Term>"
    places = [("T1 ma", "08:30"), ("T2 ma", "08:30"), ("T3 pe", "09:25")]
    draft = read(fet(school(days, places, extra=extra, **options)))
    assert at(draft) == [(0, 1, [0]), (0, 1, [0]), (4, 2, [0])]
    assert sorted(sorted(slot.terms) for slot in draft.slots) == [[0], [1], [2]]
    assert (draft.cycle_weeks, counts(draft)["clashes"], counts(draft)["periods_per_cycle"]) == (1, 0, 3)
    assert any("нескольких" in text for text in texts(draft))


def test_many_days_without_weekdays_are_laid_out_in_weeks_and_told(russian):
    days = [f"Блок {number}" for number in range(1, 35)]
    draft = read(fet(school(days, [("Блок 1", "08:30"), ("Блок 34", "09:25")], mode="Block_Planning")))
    assert (draft.cycle_weeks, at(draft)) == (7, [(0, 1, [0]), (3, 2, [6])])
    assert any("по 5 дней" in text for text in texts(draft))


def test_days_without_names_of_weekdays_go_by_order(russian):
    draft = read(fet(school(["День 1", "День 2", "Вторник?"], [("День 2", "08:30")])))
    assert at(draft) == [(1, 1, [0])]
    draft = read(fet(school(["Д1", "Среда", "Д3"], [("Д1", "08:30")])))
    assert at(draft) == [(1, 1, [0])]


@pytest.mark.parametrize(
    ("names", "first", "number"),
    [
        (("0", "1", "2"), "0", 0),
        (("T1", "T2"), "T2", 2),
        (("1ª SESION", "RECREO", "2ª SESION"), "2ª SESION", 2),
        (("1 урок 8:30", "2 урок 9:25"), "2 урок 9:25", 2),
        (("08:30", "09:25"), "09:25", 2),
        (("утро", "день"), "день", 2),
        (("2", "1"), "1", 2),
        (("0", "РОВ", "1"), "1", 1),
    ],
)
def test_lesson_numbers_come_from_names_or_order(russian, names, first, number):
    draft = read(fet(school(WEEK, [("Вторник", first)], hour_names=names)))
    assert at(draft) == [(1, number, [0])]


def test_lesson_in_a_nameless_hour_makes_numbers_go_by_order(russian):
    names = ("1ª", "RECREO", "2ª")
    draft = read(fet(school(WEEK, [("Вторник", "RECREO"), ("Среда", "2ª")], hour_names=names)))
    assert at(draft) == [(1, 2, [0]), (2, 3, [0])]


def test_lesson_over_a_break_leaves_it_out(russian):
    one = school(WEEK, [("Вторник", "1ª")], hour_names=("1ª", "RECREO", "2ª"))
    one.activities[0].hours = 3
    draft = read(fet(one))
    assert at(draft) == [(1, 1, [0]), (1, 2, [0])]
    assert any("на перемену" in text for text in texts(draft))


def test_exported_hours_stand_in_their_order(russian):
    one = school(
        WEEK, [("Вторник", "13.30 - 14.10"), ("Среда", "8.30 - 9.10")], hour_names=("8.30 - 9.10", "13.30 - 14.10")
    )
    draft = read(timetable_csv(one))
    assert at(draft) == [(1, 2, [0]), (2, 1, [0])]
    assert [(row.start, row.end) for row in draft.periods] == [(time(8, 30), time(9, 10)), (time(13, 30), time(14, 10))]


def test_flood_of_days_is_refused(russian):
    with pytest.raises(ImportRefusedError) as told:
        read(fet(school([f"Д{number}" for number in range(300)], [("Д1", "08:30")])))
    assert "больше дней или часов" in str(told.value)

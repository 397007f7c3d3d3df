from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.demo.year import is_school_day, next_school_day, opening_moment, school_year

ZONE = "Europe/Moscow"


def moscow(*parts):
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))


def test_year_2026_has_the_usual_pattern():
    year = school_year(date(2026, 11, 24))
    assert (year.name, year.start, year.end) == ("2026/27", date(2026, 9, 1), date(2027, 5, 26))
    assert [(start, end) for _, start, end in year.terms] == [
        (date(2026, 9, 1), date(2026, 10, 23)),
        (date(2026, 11, 3), date(2026, 12, 30)),
        (date(2027, 1, 11), date(2027, 3, 26)),
        (date(2027, 4, 5), date(2027, 5, 26)),
    ]


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_every_year_keeps_the_rules_of_vacations(today):
    year = school_year(today)
    breaks = [rest for rest in year.holidays if "каникулы" in rest.name and not rest.grades]
    lengths = [(rest.end - rest.start).days + 1 for rest in breaks]
    assert len(breaks) == 3
    assert min(lengths) >= 7
    assert sum(lengths) >= 30
    assert not any(rest.is_confirmed for rest in breaks)
    for (_, start, end), following in zip(year.terms, [*year.terms[1:], None], strict=True):
        assert start < end
        assert following is None or end < following[1]


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_next_school_day_is_one_and_no_earlier(today):
    day = next_school_day(today)
    assert day >= today
    assert is_school_day(school_year(day), day)
    assert day.isoweekday() <= 5


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 11, 4), date(2026, 11, 5)),
        (date(2026, 12, 31), date(2027, 1, 11)),
        (date(2027, 7, 10), date(2027, 9, 1)),
        (date(2027, 5, 1), date(2027, 5, 4)),
    ],
)
def test_nearest_school_day(today, expected):
    assert next_school_day(today) == expected


def test_extra_holidays_of_grade_one_stop_nobody_else():
    assert is_school_day(school_year(date(2027, 2, 16)), date(2027, 2, 16))


def test_first_start_opens_in_the_morning_even_where_it_is_past():
    assert opening_moment(moscow(2026, 11, 24, 22), ZONE, first_start=True) == moscow(2026, 11, 24, 10, 20)
    assert opening_moment(moscow(2026, 11, 28, 3), ZONE, first_start=True) == moscow(2026, 11, 30, 10, 20)


def test_later_start_keeps_a_clock_that_is_in_a_school_morning():
    now = moscow(2026, 11, 24, 11, 5)
    assert opening_moment(now, ZONE, first_start=False) == now


def test_later_start_waits_for_the_next_morning():
    assert opening_moment(moscow(2026, 11, 24, 5), ZONE, first_start=False) == moscow(2026, 11, 24, 10, 20)
    assert opening_moment(moscow(2026, 11, 24, 15), ZONE, first_start=False) == moscow(2026, 11, 25, 10, 20)
    assert opening_moment(moscow(2026, 11, 27, 15), ZONE, first_start=False) == moscow(2026, 11, 30, 10, 20)


@given(st.integers(0, 10 * 365 * 24 * 60))
def test_later_start_never_goes_back(minutes):
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    moment = opening_moment(now, ZONE, first_start=False)
    assert moment >= now
    assert time(8, 30) <= moment.astimezone(ZoneInfo(ZONE)).time() <= time(12)
    assert moment - now < timedelta(days=110)

from datetime import date, timedelta

import pytest

from scheduler.rules.series import DayKind, SeriesDate, Skipped, SpecialDays, series_date, weekly_dates
from tests.rules.made import SATURDAY, TUESDAY

HOLIDAYS = SpecialDays("Зимние каникулы", date(2026, 12, 31), date(2027, 1, 11))
WORKING = SpecialDays("Рабочая суббота", SATURDAY, SATURDAY, DayKind.WORKING)


def test_series_skips_holidays_with_their_name():
    dates = weekly_dates(date(2026, 12, 24), 4, special=[HOLIDAYS])

    assert dates == [
        SeriesDate(date(2026, 12, 24)),
        SeriesDate(date(2026, 12, 31), Skipped.HOLIDAY, "Зимние каникулы"),
        SeriesDate(date(2027, 1, 7), Skipped.HOLIDAY, "Зимние каникулы"),
        SeriesDate(date(2027, 1, 14)),
    ]


@pytest.mark.parametrize(("days_per_week", "skipped"), [(5, Skipped.NO_SCHOOL_DAY), (6, None)])
def test_series_on_saturday_depends_on_the_week(days_per_week, skipped):
    assert series_date(SATURDAY, days_per_week=days_per_week).skipped is skipped


def test_working_saturday_is_a_school_day_even_within_holidays():
    wide = SpecialDays("Каникулы", SATURDAY - timedelta(days=7), SATURDAY + timedelta(days=7))

    assert series_date(SATURDAY, special=[wide, WORKING]).skipped is None


def test_sunday_is_never_a_school_day_by_habit():
    assert series_date(SATURDAY + timedelta(days=1), days_per_week=6).skipped is Skipped.NO_SCHOOL_DAY


def test_series_of_no_weeks_is_an_error():
    with pytest.raises(ValueError, match="at least one week"):
        weekly_dates(TUESDAY, 0)

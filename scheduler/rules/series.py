"""The dates of a weekly series and which of them fall out, and the school's days off. Judges no clashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class DayKind(StrEnum):
    """A stretch of days off, or working Saturdays that follow a stated weekday."""

    DAY_OFF = "day_off"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Dates that differ from the week's habit; of several that hold one date a working day wins."""

    name: str
    start: date
    end: date
    kind: DayKind = DayKind.DAY_OFF

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class Skipped(StrEnum):
    """Why a date of a series is not made: a day off that has a name, or simply no day of the school's week."""

    HOLIDAY = "holiday"
    NO_SCHOOL_DAY = "no_school_day"


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date of a series: made, or skipped with the reason and the holiday's name."""

    date: date
    skipped: Skipped | None = None
    name: str = ""


def weekly_dates(
    first: date, weeks: int, *, special: Sequence[SpecialDays] = (), days_per_week: int = 5
) -> list[SeriesDate]:
    """The dates of a series from `first` on, one a week, made and skipped alike; raises ValueError below one week."""
    if weeks < 1:
        raise ValueError("a series has at least one week")
    return [series_date(day, special=special, days_per_week=days_per_week) for day in _weekly(first, weeks)]


def series_date(day: date, *, special: Sequence[SpecialDays] = (), days_per_week: int = 5) -> SeriesDate:
    """Whether lessons can stand on a date, and if not, why."""
    on_day = [one for one in special if day in one]
    if any(one.kind is DayKind.WORKING for one in on_day):
        return SeriesDate(day)
    if on_day:
        return SeriesDate(day, Skipped.HOLIDAY, on_day[0].name)
    return SeriesDate(day) if day.isoweekday() <= days_per_week else SeriesDate(day, Skipped.NO_SCHOOL_DAY)


def _weekly(first: date, weeks: int) -> Iterator[date]:
    return (first + timedelta(weeks=week) for week in range(weeks))

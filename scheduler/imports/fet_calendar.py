"""Days and hours of FET, whose names are free text, laid out as weekdays, weeks of a cycle, terms and lesson numbers.

Twelve days «А-Понедельник … В-Суббота» are two weeks; in the mode of mornings and afternoons two days are one; in the
mode of terms the days of all terms stand in one list (import-formats A2).
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from flask_babel import gettext as _

from scheduler.imports.draft import DraftDay, DraftPeriod
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.fet_model import MORNINGS_AFTERNOONS, TERMS, FetData
from scheduler.imports.findings import FindingList, whole_file
from scheduler.imports.weekdays import DAYS, weekday_in, without_weekday

MOST_DAYS = 200
HIGHEST_NUMBER = 60
SCHOOL_WEEKS = (5, 6)
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s?[:.hч]\s?([0-5]\d)(?!\d)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day of the file lies: weekday (0 Monday), week of the cycle, term, and half of the day."""

    weekday: int
    week: int = 0
    term: int | None = None
    half: int = 0


@dataclass(frozen=True)
class FetCalendar:
    """Days and hours by their names. `numbers` are the lesson numbers of a morning or a whole day."""

    places: dict[str, Place]
    hours: tuple[str, ...]
    numbers: dict[str, int]
    days: tuple[DraftDay, ...]
    periods: tuple[DraftPeriod, ...]
    week_names: tuple[str, ...]
    half_step: int = 0

    @property
    def cycle(self) -> int:
        return len(self.week_names)

    def number(self, hour: str, place: Place) -> int:
        return self.numbers[hour] + place.half * self.half_step

    def following(self, hour: str, count: int) -> tuple[str, ...]:
        """The hour and those after it, as far as the day goes."""
        start = self.hours.index(hour)
        return self.hours[start : start + count]


def read_calendar(data: FetData, used_hours: Collection[str], findings: FindingList) -> FetCalendar:
    """`used_hours` are those that lessons stand in: a break between them is no lesson number.

    Raises ImportRefusedError for a flood of days.
    """
    if len(data.days) > MOST_DAYS or len(data.hours) > HIGHEST_NUMBER:
        raise ImportRefusedError(_("The file lists more days or hours than any timetable has."))
    hours = tuple(data.hours) if data.has_ordered_days else _in_order(data.hours)
    has_halves = data.mode == MORNINGS_AFTERNOONS and len(data.days) % 2 == 0
    if data.mode == MORNINGS_AFTERNOONS and not has_halves:
        findings.warn(whole_file(), _("Mornings and afternoons do not pair up; every day was taken as a whole day."))
    names = data.days[::2] if has_halves else data.days
    per_term = data.days_per_term // 2 if has_halves else data.days_per_term
    laid, week_names = _lay_out(names, data, per_term, findings)
    places = _places(data.days, laid, has_halves=has_halves)
    numbers = _numbers(hours, used_hours)
    step = max(numbers.values(), default=0) if has_halves else 0
    return FetCalendar(
        places,
        hours,
        numbers,
        _draft_days(names, laid, data.real_days if has_halves else []),
        _periods(hours, numbers, step, data.real_hours),
        week_names,
        step,
    )


def _places(days: Sequence[str], laid: Sequence[Place], *, has_halves: bool) -> dict[str, Place]:
    if not has_halves:
        return dict(zip(days, laid, strict=True))
    halves = [Place(place.weekday, place.week, place.term, half) for place in laid for half in (0, 1)]
    return dict(zip(days, halves, strict=True))


def _lay_out(
    names: Sequence[str], data: FetData, per_term: int, findings: FindingList
) -> tuple[list[Place], tuple[str, ...]]:
    if data.mode == TERMS and per_term and len(names) % per_term == 0:
        first = _weeks(names[:per_term], findings)
        return [
            Place(one.weekday, one.week, term) for term in range(len(names) // per_term) for one in first[0]
        ], first[1]
    return _weeks(names, findings)


def _weeks(names: Sequence[str], findings: FindingList) -> tuple[list[Place], tuple[str, ...]]:
    """The days as weekdays of the weeks of a cycle, told by their names, else by their order."""
    weekdays = [weekday_in(name) for name in names]
    if None not in weekdays:
        return _named_weeks(names, [day or 0 for day in weekdays])
    if len(names) <= DAYS:
        return [Place(day) for day in _filled(weekdays)], ("",)
    length = next((days for days in SCHOOL_WEEKS if len(names) % days == 0), SCHOOL_WEEKS[0])
    weeks = -(-len(names) // length)
    findings.warn(
        whole_file(),
        _("The %(count)s days of the file have no names of weekdays: they were laid out in weeks of %(length)s days. "
          "Please look through the timetable of a class.", count=len(names), length=length),
    )  # fmt: skip
    return [Place(place % length, place // length) for place in range(len(names))], ("",) * weeks


def _filled(weekdays: Sequence[int | None]) -> list[int]:
    """Positions, moved so that the first known weekday is right; positions alone where that cannot be."""
    known = next((day - place for place, day in enumerate(weekdays) if day is not None), 0)
    moved = [place + known for place in range(len(weekdays))]
    agrees = all(day in (None, place) for day, place in zip(weekdays, moved, strict=True))
    return moved if agrees and moved[0] >= 0 and moved[-1] < DAYS else list(range(len(weekdays)))


def _named_weeks(names: Sequence[str], weekdays: Sequence[int]) -> tuple[list[Place], tuple[str, ...]]:
    repeats = max(Counter(weekdays).values(), default=1)
    marks = [without_weekday(name) for name in names]
    distinct = list(dict.fromkeys(marks))
    pairs = set(zip(weekdays, marks, strict=True))
    if repeats > 1 and len(distinct) == repeats and len(pairs) == len(names):
        return [Place(day, distinct.index(mark)) for day, mark in zip(weekdays, marks, strict=True)], tuple(distinct)
    seen: Counter[int] = Counter()
    places = []
    for day in weekdays:
        places.append(Place(day, seen[day]))
        seen[day] += 1
    return places, ("",) * repeats


def _draft_days(names: Sequence[str], laid: Sequence[Place], real: Sequence[str]) -> tuple[DraftDay, ...]:
    """One row a weekday; the name is that of the week's day without the mark of its week."""
    is_cycle = len(laid) > len({place.weekday for place in laid})
    found: dict[int, DraftDay] = {}
    for index, (name, place) in enumerate(zip(names, laid, strict=True)):
        mark = without_weekday(name)
        plain = name.replace(mark, "").strip(" -–—,.()") if is_cycle and mark else name
        found.setdefault(place.weekday, DraftDay(place.weekday, real[index] if index < len(real) else plain or name))
    return tuple(found[day] for day in sorted(found))


def _numbers(hours: Sequence[str], used: Collection[str]) -> dict[str, int]:
    """The numbers that the names themselves hold where they rise («1 урок», «T3», «0»), else places in the list.

    An hour without a number among numbered ones, in which nobody has a lesson («RECREO»), is a break and has none.
    """
    stated = {hour: _stated(hour) for hour in hours}
    found = [number for number in stated.values() if number is not None]
    unnumbered = {hour for hour, number in stated.items() if number is None}
    rises = all(one < other for one, other in pairwise(found))
    if found and rises and found[-1] <= HIGHEST_NUMBER and not unnumbered & set(used):
        return {hour: number for hour, number in stated.items() if number is not None}
    return {hour: place for place, hour in enumerate(hours, start=1)}


def _stated(hour: str) -> int | None:
    found = _NUMBER.search(_TIME.sub(" ", hour))
    return int(found.group()) if found and len(found.group()) <= 2 else None  # noqa: PLR2004 no lesson has more figures


def _periods(
    hours: Sequence[str], numbers: dict[str, int], step: int, real_hours: Sequence[str]
) -> tuple[DraftPeriod, ...]:
    """The rows of the bells as far as the names tell them; FET knows no ends of lessons."""
    halves = (0, 1) if step else (0,)
    rows = {}
    for half in halves:
        for place, hour in enumerate(hours):
            if hour in numbers:
                index = place + half * len(hours)
                name = real_hours[index] if index < len(real_hours) else hour
                number = numbers[hour] + half * step
                rows[number] = DraftPeriod(number, name, *_times(name))
    return tuple(rows[number] for number in sorted(rows))


def _times(name: str) -> tuple[time | None, time | None]:
    """«13.30 - 14.30» has both, «08:30» a beginning alone."""
    found = [time(int(hour), int(minute)) for hour, minute in _TIME.findall(name)][:2]
    start = found[0] if found else None
    end = found[1] if len(found) > 1 and found[1] > found[0] else None
    return start, end


def _in_order(hours: Sequence[str]) -> tuple[str, ...]:
    """Hours of an export alone, which lists none: by their times, by their numbers, else as they first appear."""
    times = [_times(hour)[0] for hour in hours]
    if None not in times:
        return tuple(sorted(hours, key=lambda hour: _times(hour)[0] or time()))
    if all(_stated(hour) is not None for hour in hours):
        return tuple(sorted(hours, key=lambda hour: _stated(hour) or 0))
    return tuple(hours)

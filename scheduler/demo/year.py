"""The school year around a given date: quarters, holidays, school days, and when the demonstration opens.

The ministry's dates change every year and are recommended only, hence `is_confirmed` is false for all but the public
holidays fixed by the labour code (article 112).
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.demo.blueprint import HolidaySpec, YearSpec

OPENING = time(10, 20)
MORNING = (time(8, 30), time(12, 0))
_DAY = timedelta(days=1)
_WEEK = 7
_VACATION_SUM = 30
_SATURDAY, _SUNDAY = 6, 7
_AUGUST, _MAY = 8, 5


def school_year(today: date) -> YearSpec:
    """The year that is on, or from June the coming one."""
    first = today.year if (today.month, today.day) > (_MAY, 26) else today.year - 1
    start = _working(date(first, 9, 1))
    end = _working_before(date(first + 1, 5, 26))
    spring = _last_saturday(first + 1, 3)
    winter = (date(first, 12, 31), _sunday_from(date(first + 1, 1, 8)))
    autumn_start = _nearest_saturday(date(first, 10, 25))
    others = (winter[1] - winter[0]).days + 1 + 9
    autumn = (autumn_start, autumn_start + timedelta(days=max(9, _VACATION_SUM - others) - 1))
    breaks = (autumn, winter, (spring, spring + timedelta(days=8)))
    return YearSpec(
        f"{first}/{(first + 1) % 100:02d}", start, end, _terms(start, end, breaks), _holidays(first, breaks)
    )


Breaks = tuple[tuple[date, date], ...]


def _terms(start: date, end: date, breaks: Breaks) -> tuple[tuple[str, date, date], ...]:
    starts = [start, *(last + _DAY for _, last in breaks)]
    ends = [*(first - _DAY for first, _ in breaks), end]
    return tuple((f"{n} четверть", *span) for n, span in enumerate(zip(starts, ends, strict=True), start=1))


def _holidays(first: int, breaks: Breaks) -> tuple[HolidaySpec, ...]:
    names = ("Осенние каникулы", "Зимние каникулы", "Весенние каникулы")
    found = [HolidaySpec(name, *span, is_confirmed=False) for name, span in zip(names, breaks, strict=True)]
    monday = _monday_from(date(first + 1, 2, 15))
    extra = "Дополнительные каникулы, 1 классы"
    found.append(HolidaySpec(extra, monday, monday + 6 * _DAY, is_confirmed=False, grades=(1,)))
    for name, day in (
        ("День народного единства", date(first, 11, 4)),
        ("День защитника Отечества", date(first + 1, 2, 23)),
        ("Международный женский день", date(first + 1, 3, 8)),
        ("Праздник Весны и Труда", date(first + 1, 5, 1)),
        ("День Победы", date(first + 1, 5, 9)),
    ):
        found += _public(name, day)
    return tuple(found)


def _public(name: str, day: date) -> list[HolidaySpec]:
    """The day itself, and the next working day where it falls on a weekend (unless a decree says otherwise)."""
    own = HolidaySpec(name, day, day, is_confirmed=True)
    if day.isoweekday() < _SATURDAY:
        return [own]
    moved = _working(day)
    return [own, HolidaySpec(f"{name}, перенос", moved, moved, is_confirmed=False)]


def is_school_day(year: YearSpec, day: date) -> bool:
    """Whether the whole school has lessons; a rest of some grades does not count."""
    if day.isoweekday() >= _SATURDAY or not year.start <= day <= year.end:
        return False
    return not any(not rest.grades and rest.start <= day <= rest.end for rest in year.holidays)


def next_school_day(day: date) -> date:
    """The first school day on or after a date, in whichever year it falls."""
    while not is_school_day(school_year(day), day):
        day += _DAY
    return day


def opening_moment(now: datetime, zone: str, *, first_start: bool) -> datetime:
    """The moment at which the demonstration opens, given its own clock `now`.

    The first start goes to the morning of the nearest school day, today's included though it may be past. A later
    start never goes back: within a school morning the clock is left as it is, else it waits for the next one.
    """
    local = now.astimezone(ZoneInfo(zone))
    day = local.date()
    if first_start:
        return _opening(next_school_day(day), zone)
    if is_school_day(school_year(day), day) and MORNING[0] <= local.time() <= MORNING[1]:
        return now
    is_past = local.time() > OPENING
    return _opening(next_school_day(day + _DAY if is_past else day), zone)


def _opening(day: date, zone: str) -> datetime:
    return datetime.combine(day, OPENING, ZoneInfo(zone))


def _working(day: date) -> date:
    while day.isoweekday() >= _SATURDAY:
        day += _DAY
    return day


def _working_before(day: date) -> date:
    while day.isoweekday() >= _SATURDAY:
        day -= _DAY
    return day


def _sunday_from(day: date) -> date:
    return day + timedelta(days=_SUNDAY - day.isoweekday())


def _monday_from(day: date) -> date:
    return day + timedelta(days=(1 - day.isoweekday()) % _WEEK)


def _nearest_saturday(day: date) -> date:
    ahead = (_SATURDAY - day.isoweekday()) % _WEEK
    return day + timedelta(days=ahead if ahead <= 3 else ahead - _WEEK)  # noqa: PLR2004 - half a week


def _last_saturday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - _DAY
    return last - timedelta(days=(last.isoweekday() - _SATURDAY) % _WEEK)

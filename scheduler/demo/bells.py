"""The demo school's bells: regular, shortened and remote, for grade 1, the first and the second shift.

Chosen so that a teacher's hours which do not meet by regular bells do not meet by shortened or remote ones either.
Breaks are at least 10 minutes with two of 20 (grade 1: a dynamic pause of 40 too), the second shift ends by 19:00 and,
on remote days, by 18:00; activities begin at least 30 minutes after the last possible lesson.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from scheduler.demo.blueprint import Bells, BellSpec

Hours = tuple[tuple[int, time, time], ...]

REGULAR, SHORTENED, REMOTE = "regular", "shortened", "remote"
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001 - only its clock is used


def _hours(start: str, minutes: int, breaks: Sequence[int]) -> Hours:
    """Periods of `minutes` each, one more than there are breaks."""
    clock = datetime.combine(_MIDNIGHT, time.fromisoformat(start))
    found = []
    for number, pause in enumerate((*breaks, 0), start=1):
        end = clock + timedelta(minutes=minutes)
        found.append((number, clock.time(), end.time()))
        clock = end + timedelta(minutes=pause)
    return tuple(found)


def _with_activities(lessons: Hours, *spans: str) -> Hours:
    extra = (tuple(time.fromisoformat(part) for part in span.split("-")) for span in spans)
    return lessons + tuple((number, start, end) for number, (start, end) in enumerate(extra, start=len(lessons) + 1))


_SHORT_BREAKS = (10, 20, 20, 10, 10, 10)
_REMOTE_BREAKS = (15, 20, 20, 15, 15, 15)

REGULAR_HOURS: dict[Bells, Hours] = {
    Bells.FIRST: _with_activities(_hours("08:00", 45, _SHORT_BREAKS), "15:10-15:50", "16:00-16:40"),
    Bells.SECOND: _hours("12:50", 40, _SHORT_BREAKS),
    Bells.GRADE_ONE: _with_activities(_hours("08:00", 35, (20, 40, 20, 15)), "13:00-13:35"),
}
SPRING_GRADE_ONE = _with_activities(_hours("08:00", 40, (15, 40, 20, 10)), "13:20-14:00")
SHORTENED_HOURS: dict[Bells, Hours] = {
    Bells.FIRST: _with_activities(_hours("08:00", 30, _SHORT_BREAKS), "13:20-13:50", "14:00-14:30"),
    Bells.SECOND: _hours("12:50", 30, _SHORT_BREAKS),
    Bells.GRADE_ONE: _with_activities(_hours("08:00", 25, (15, 40, 20, 10)), "12:00-12:25"),
}
REMOTE_HOURS: dict[Bells, Hours] = {
    Bells.FIRST: _with_activities(_hours("09:00", 30, _REMOTE_BREAKS), "14:40-15:10", "15:25-15:55"),
    Bells.SECOND: _hours("12:40", 30, _REMOTE_BREAKS),
    Bells.GRADE_ONE: _with_activities(_hours("09:00", 25, (20, 40, 20, 15)), "13:10-13:35"),
}
_NAMES = {Bells.FIRST: "1 смена", Bells.SECOND: "2 смена", Bells.GRADE_ONE: "1 классы"}


def bell_schedules(january: date) -> tuple[BellSpec, ...]:
    """All schedules; grade 1 changes from 35 to 40 minutes with `january`, the first day after the winter holidays."""
    found = [BellSpec(f"Обычные, {_NAMES[bells]}", REGULAR, bells, hours) for bells, hours in REGULAR_HOURS.items()]
    found.append(
        BellSpec("Обычные, 1 классы, с января", REGULAR, Bells.GRADE_ONE, SPRING_GRADE_ONE, valid_from=january)
    )
    for title, kind, columns in (
        ("Сокращённые", SHORTENED, SHORTENED_HOURS),
        ("Дистанционные", REMOTE, REMOTE_HOURS),
    ):
        found += [BellSpec(f"{title}, {_NAMES[bells]}", kind, bells, hours) for bells, hours in columns.items()]
    return tuple(found)


def meet(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Whether two spans of the clock overlap; touching is not overlapping."""
    return one[0] < other[1] and other[0] < one[1]


def hour(bells: Bells, period: int) -> tuple[time, time]:
    """Start and end of a period by the regular bells of autumn."""
    _, start, end = REGULAR_HOURS[bells][period - 1]
    return start, end

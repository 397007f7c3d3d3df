"""Which bell schedule is in force for a class on a date. Holds no times but those of the periods given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.rules.facts import ClassFacts


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """One lesson hour of a bell schedule."""

    number: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class BellAssignmentFacts:
    """Where a bell schedule is in force; None means everywhere. `id` grows: of two alike the later one wins."""

    id: int
    schedule_id: int
    class_ids: frozenset[int] | None = None
    shift: int | None = None
    weekday: int | None = None
    date_from: date | None = None
    date_to: date | None = None

    @property
    def is_dated(self) -> bool:
        return self.date_from is not None or self.date_to is not None

    def holds(self, klass: ClassFacts, day: date, weekday: int) -> bool:
        """Whether it speaks of this class on this date; `weekday` is the one that the date follows."""
        return (
            (self.class_ids is None or klass.id in self.class_ids)
            and self.shift in (None, klass.shift)
            and self.weekday in (None, weekday)
            and (self.date_from is None or self.date_from <= day)
            and (self.date_to is None or day <= self.date_to)
        )

    @property
    def weight(self) -> tuple[bool, bool, bool, bool, int]:
        """The most specific wins: dates, then weekday, then classes, then shift, then the later one."""
        named = (self.is_dated, self.weekday is not None, self.class_ids is not None, self.shift is not None)
        return (*named, self.id)


def schedule_in_force(
    assignments: Iterable[BellAssignmentFacts], klass: ClassFacts, day: date, *, weekday: int | None = None
) -> int | None:
    """The bell schedule of a class on a date, None where nobody assigned one.

    `weekday` (1 Monday … 7 Sunday) is stated for a working Saturday that follows another day.
    """
    followed = weekday or day.isoweekday()
    fitting = [one for one in assignments if one.holds(klass, day, followed)]
    return max(fitting, key=lambda one: one.weight).schedule_id if fitting else None


def periods_on(
    assignments: Iterable[BellAssignmentFacts],
    periods: Mapping[int, Sequence[PeriodFacts]],
    klass: ClassFacts,
    day: date,
    *,
    weekday: int | None = None,
) -> tuple[PeriodFacts, ...]:
    """The hours of a class on a date in the order of the clock."""
    schedule_id = schedule_in_force(assignments, klass, day, weekday=weekday)
    if schedule_id is None:
        return ()
    return tuple(sorted(periods.get(schedule_id, ()), key=lambda one: (one.start, one.number)))

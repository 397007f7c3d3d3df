"""Which bells ring for a class on a date, and at what time a lesson number stands."""

from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period


@dataclass(frozen=True, slots=True)
class Hour:
    """A lesson hour: number, start and end."""

    number: int
    start: time
    end: time
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bells:
    """All bell schedules of a school with where they are in force, read once."""

    assignments: tuple[BellAssignment, ...]
    hours: dict[int, tuple[Hour, ...]]

    def on(self, day: date, *, class_id: int | None, shift: int) -> tuple[Hour, ...]:
        """The hours in force; the most specific assignment wins: dates, then class, then weekday, then shift."""
        fitting = [row for row in self.assignments if _fits(row, day, class_id, shift)]
        if not fitting:
            return ()
        return self.hours[max(fitting, key=_weight).bell_schedule_id]

    def hour(self, day: date, number: int, *, class_id: int | None, shift: int) -> Hour | None:
        """The hour of that number, if the bells in force have it."""
        return next((hour for hour in self.on(day, class_id=class_id, shift=shift) if hour.number == number), None)


def load_bells(session: Session, school_id: int) -> Bells:
    """The bells of a school; remote ones are left to remote days."""
    hours: dict[int, list[Hour]] = {}
    for row in session.scalars(sa.select(Period).where(Period.school_id == school_id).order_by(Period.number)):
        hours.setdefault(row.bell_schedule_id, []).append(Hour(row.number, row.start, row.end, row.name))
    assignments = session.scalars(
        sa.select(BellAssignment)
        .join(BellSchedule, BellSchedule.id == BellAssignment.bell_schedule_id)
        .where(BellAssignment.school_id == school_id, BellSchedule.kind != BellKind.REMOTE)
        .order_by(BellAssignment.id)
    )
    found = tuple(row for row in assignments if row.bell_schedule_id in hours)
    return Bells(found, {key: tuple(value) for key, value in hours.items()})


def _fits(row: BellAssignment, day: date, class_id: int | None, shift: int) -> bool:
    return (
        row.class_id in (None, class_id)
        and row.shift in (None, shift)
        and row.weekday in (None, day.isoweekday())
        and (row.date_from is None or row.date_from <= day)
        and (row.date_to is None or day <= row.date_to)
    )


def _weight(row: BellAssignment) -> tuple[bool, bool, bool, bool, int]:
    dated = row.date_from is not None or row.date_to is not None
    return (dated, row.class_id is not None, row.weekday is not None, row.shift is not None, row.id)

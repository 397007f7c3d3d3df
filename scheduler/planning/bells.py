"""Which bells ring for a class on a date, read from the tables; the choice itself is a pure rule."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period
from scheduler.rules.bells import BellAssignmentFacts, PeriodFacts, periods_on
from scheduler.rules.facts import ClassFacts

NO_CLASS = 0

Hour = PeriodFacts


@dataclass(frozen=True, slots=True)
class Bells:
    """All bell schedules of a school with where they are in force, read once."""

    assignments: tuple[BellAssignmentFacts, ...]
    hours: dict[int, tuple[Hour, ...]]

    def on(self, day: date, *, class_id: int | None, shift: int, weekday: int | None = None) -> tuple[Hour, ...]:
        """The hours in force in the order of the clock; `weekday` where the date follows another day's timetable."""
        klass = ClassFacts(class_id or NO_CLASS, "", None, shift)
        return periods_on(self.assignments, self.hours, klass, day, weekday=weekday)

    def hour(
        self, day: date, number: int, *, class_id: int | None, shift: int, weekday: int | None = None
    ) -> Hour | None:
        """The hour of that number, if the bells in force have it."""
        hours = self.on(day, class_id=class_id, shift=shift, weekday=weekday)
        return next((hour for hour in hours if hour.number == number), None)


def load_bells(session: Session, school_id: int) -> Bells:
    """The bells of a school; remote ones are left to remote days."""
    hours: dict[int, list[Hour]] = {}
    for row in session.scalars(sa.select(Period).where(Period.school_id == school_id).order_by(Period.number)):
        hours.setdefault(row.bell_schedule_id, []).append(Hour(row.number, row.start, row.end))
    rows = session.scalars(
        sa.select(BellAssignment)
        .join(BellSchedule, BellSchedule.id == BellAssignment.bell_schedule_id)
        .where(BellAssignment.school_id == school_id, BellSchedule.kind != BellKind.REMOTE)
        .order_by(BellAssignment.id)
    )
    found = tuple(assignment_facts(row) for row in rows if row.bell_schedule_id in hours)
    return Bells(found, {key: tuple(value) for key, value in hours.items()})


def assignment_facts(row: BellAssignment) -> BellAssignmentFacts:
    """A row as the rule sees it."""
    return BellAssignmentFacts(
        id=row.id,
        schedule_id=row.bell_schedule_id,
        class_ids=frozenset({row.class_id}) if row.class_id else None,
        shift=row.shift,
        weekday=row.weekday,
        date_from=row.date_from,
        date_to=row.date_to,
    )

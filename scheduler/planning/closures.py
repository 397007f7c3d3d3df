"""The closed hours of teachers (another school, the methodical day, an absence): a wish for one needs a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.people import Person, TeacherClosure
from scheduler.planning.errors import ReasonNeededError
from scheduler.planning.hours import closure_words, closures_of, is_closed
from scheduler.planning.values import LessonValues


@dataclass(frozen=True, slots=True)
class ClosedHours:
    """The closed hours of some teachers, read once for however many lessons."""

    closures: Sequence[TeacherClosure]
    names: Mapping[int, str]

    def words(self, values: LessonValues) -> str:
        """Whose closed hours the lesson meets and why; empty where none are met."""
        return " ".join(
            _("%(teacher)s: this hour is closed (%(why)s).", teacher=self.names[row.person_id], why=closure_words(row))
            for row in self.closures
            if row.person_id in values.teacher_ids and is_closed(row, values.date, values.start, values.end)
        )


def load_closed_hours(session: Session, teacher_ids: Iterable[int]) -> ClosedHours:
    """The closed hours of these teachers; reads only."""
    closures = closures_of(session, teacher_ids)
    people = session.scalars(sa.select(Person).where(Person.id.in_({row.person_id for row in closures})))
    return ClosedHours(closures, {person.id: person.short_name for person in people})


def ensure_open(session: Session, values: LessonValues, reason: str) -> None:
    """Raise ReasonNeededError, in words, for an hour that a teacher has closed, unless a reason is given."""
    words = load_closed_hours(session, values.teacher_ids).words(values)
    if words and not reason.strip():
        raise ReasonNeededError(words)

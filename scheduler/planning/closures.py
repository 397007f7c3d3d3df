"""The closed hours of teachers (another school, the methodical day): a wish that falls into them needs a reason."""

from collections.abc import Iterable
from datetime import date, time

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.people import Person, TeacherClosure
from scheduler.planning.errors import ReasonNeededError
from scheduler.planning.hours import closure_words, is_closed
from scheduler.planning.values import LessonValues


def ensure_open(session: Session, values: LessonValues, reason: str) -> None:
    """Raise ReasonNeededError, in words, for an hour that a teacher has closed, unless a reason is given."""
    words = closed_words(session, values.teacher_ids, values.date, (values.start, values.end))
    if words and not reason.strip():
        raise ReasonNeededError(words)


def closed_words(session: Session, teacher_ids: Iterable[int], day: date, hours: tuple[time, time]) -> str:
    """Whose closed hours these are and why; empty where none are met."""
    rows = session.execute(
        sa.select(Person, TeacherClosure)
        .join(TeacherClosure, TeacherClosure.person_id == Person.id)
        .where(Person.id.in_(set(teacher_ids)))
        .order_by(TeacherClosure.id)
    )
    return " ".join(
        _("%(teacher)s: this hour is closed (%(why)s).", teacher=person.short_name, why=closure_words(closure))
        for person, closure in rows
        if is_closed(closure, day, *hours)
    )

"""What waits for consent: new lessons and wished changes, visible to both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from scheduler.models.lessons import ChangeRequest, Lesson, RequestState
from scheduler.rules.facts import LessonState


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """Lessons not yet consented to, and wishes to change lessons that stand."""

    lessons: Sequence[Lesson]
    changes: Sequence[ChangeRequest]

    @property
    def total(self) -> int:
        return len(self.lessons) + len(self.changes)


def open_requests(session: Session, school_id: int) -> OpenRequests:
    """Everything that waits for consent in a school, the soonest first."""
    lessons = session.scalars(
        sa.select(Lesson)
        .where(Lesson.school_id == school_id, Lesson.state == LessonState.WAITING)
        .order_by(Lesson.starts_at)
        .options(joinedload(Lesson.subject), joinedload(Lesson.group))
    ).all()
    changes = session.scalars(
        sa.select(ChangeRequest)
        .where(ChangeRequest.school_id == school_id, ChangeRequest.state == RequestState.ASKED)
        .order_by(ChangeRequest.asked_at)
        .options(joinedload(ChangeRequest.lesson).joinedload(Lesson.subject))
    ).all()
    return OpenRequests(lessons, changes)

"""Who may resolve an absence: whoever books any lesson; chat administrators where all are of their classes."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.school import School
from scheduler.permissions import Action, Grant, may
from scheduler.planning.absences.cases import Case
from scheduler.planning.permission import NotAllowedError, may_consent, person_of


def ensure_may_resolve(session: Session, school: School, actor_id: int | None, cases: Sequence[Case]) -> None:
    """Raise NotAllowedError for lessons outside the actor's classes, and where the school asks for consent first."""
    if actor_id is None:
        return
    grants = person_of(session, school.id, actor_id).grants
    if not may_resolve(grants, cases):
        raise NotAllowedError(_("Some of these lessons are outside your classes. Ask the deputy head."))
    if school.is_consent_required and not may_consent(session, school.id, actor_id):
        raise NotAllowedError(_("In your school changes need consent. Ask the deputy head to enter the absence."))


def may_resolve(grants: Sequence[Grant], cases: Sequence[Case]) -> bool:
    """Whether all of these lessons are entrusted to somebody with these roles."""
    return may(grants, Action.BOOK_ANY_LESSON) or (
        may(grants, Action.BOOK_CLASS_LESSON) and all(_is_of(grants, case.class_ids) for case in cases)
    )


def _is_of(grants: Sequence[Grant], class_ids: frozenset[int]) -> bool:
    return bool(class_ids) and may(grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids)

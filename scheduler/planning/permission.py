"""Whether a person may change a lesson: by the one permission table, on the classes that it concerns."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.classes import GroupPart
from scheduler.models.people import Person
from scheduler.permissions import Action, may
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.values import LessonValues


class NotAllowedError(PlanningError):
    """The person's roles do not reach this."""


def ensure_may_plan(session: Session, school_id: int, actor_id: int | None, values: LessonValues) -> None:
    """Raise NotAllowedError unless the actor may plan this lesson; no actor is the command line of the installation."""
    if actor_id is None:
        return
    actor = person_of(session, school_id, actor_id)
    class_ids = session.scalars(sa.select(GroupPart.class_id).where(GroupPart.group_id == values.group_id)).all()
    allowed = (
        may(actor.grants, Action.BOOK_ANY_LESSON)
        or (actor_id in values.teacher_ids and may(actor.grants, Action.BOOK_OWN_LESSON))
        or (bool(class_ids) and may(actor.grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids))
    )
    if not allowed:
        raise NotAllowedError(_("You may plan your own lessons and those of your class. Ask the deputy head."))


def may_consent(session: Session, school_id: int, actor_id: int | None) -> bool:
    """Whether the actor gives consent, so that the own changes need none."""
    return actor_id is None or may(person_of(session, school_id, actor_id).grants, Action.GIVE_CONSENT)


def person_of(session: Session, school_id: int, person_id: int) -> Person:
    """A person of this school; raises NotThereError for anybody else."""
    person = session.get(Person, person_id)
    if person is None or person.school_id != school_id:
        raise NotThereError(_("This person is not on the school's list."))
    return person

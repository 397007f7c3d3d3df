"""Who may declare and undo remote days: by role, or named for it."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.people import Person, RoleGrant
from scheduler.permissions import ALLOWED, Action, may
from scheduler.planning.permission import NotAllowedError, person_of

ADVISED_DECLARERS = 3
"""One is ill and one has no signal at 6:40: with three there is always somebody."""

FEWEST_DECLARERS = 2
DECLARING = tuple(role for role, actions in ALLOWED.items() if Action.DECLARE_REMOTE_DAY in actions)


def ensure_may_declare(session: Session, school_id: int, actor_id: int | None) -> None:
    """Raise NotAllowedError unless the actor may declare remote days; no actor is the command line."""
    if actor_id is not None and not may(person_of(session, school_id, actor_id).grants, Action.DECLARE_REMOTE_DAY):
        raise NotAllowedError(_("Remote days are declared by the director, the deputy head and who was named for it."))


def declarers(session: Session, school_id: int) -> list[Person]:
    """The people who may declare a remote day and have a sign-in to do it with."""
    of_role = sa.select(RoleGrant.person_id).where(RoleGrant.school_id == school_id, RoleGrant.role.in_(DECLARING))
    query = sa.select(Person).where(
        Person.id.in_(of_role), Person.account_id.is_not(None), Person.is_archived.is_(False)
    )
    return list(session.scalars(query.order_by(Person.last_name, Person.id)))

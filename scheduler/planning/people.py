"""Use cases on people: roles within scopes, and the hours when a teacher is not to be booked."""

from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.database import db, transaction
from scheduler.models.chats import Chat
from scheduler.models.classes import SchoolClass
from scheduler.models.people import ClosureReason, Person, RoleGrant, TeacherClosure
from scheduler.permissions import ALLOWED, Action, Grant, Role, ScopeKind
from scheduler.planning.accounts import ensure_entrusted
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.permission import NotAllowedError, person_of

SCHOOL_WIDE = frozenset({Role.DIRECTOR, Role.DEPUTY_HEAD, Role.SYSTEM_ADMINISTRATOR})
"""Roles that mean nothing within one class or chat."""

INVITERS = tuple(role for role, actions in ALLOWED.items() if Action.INVITE_PEOPLE in actions)


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed hours as wished: every week on `weekday` (1 Monday), or on dates; without times the whole day."""

    reason: ClosureReason
    weekday: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    start: time | None = None
    end: time | None = None
    note: str = ""


def grant_role(person_id: int, grant: Grant, *, school_id: int, actor_id: int | None) -> None:
    """Entrust a role within a scope; the same once more changes nothing.

    Raises `NotThereError` for a person, class or chat of another school, `NotAllowedError` where somebody who is no
    director makes one, `PlanningError` for a role that has no such scope.
    """
    ensure_may_grant(grant.role, school_id=school_id, actor_id=actor_id)
    with transaction() as session:
        person = person_of(session, school_id, person_id)
        _ensure_scope(session, school_id, grant)
        ensure_entrusted(session, actor_id, person)
        if grant in person.grants:
            return
        person.roles.append(RoleGrant(school_id=school_id, role=grant.role, scope=grant.scope, scope_id=grant.scope_id))
        _note(session, person, "grant", actor_id=actor_id, grant=grant)


def ensure_may_grant(role: Role, *, school_id: int, actor_id: int | None) -> None:
    """Raise `NotAllowedError` where somebody who is no director would make one; None is the command line."""
    if role is not Role.DIRECTOR or actor_id is None:
        return
    actor = db.session.get(Person, actor_id)
    if actor is None or actor.school_id != school_id or role not in {grant.role for grant in actor.grants}:
        raise NotAllowedError(_("A director's sign-in and roles are changed by a director only."))


def _ensure_scope(session: Session, school_id: int, grant: Grant) -> None:
    if grant.scope is ScopeKind.SCHOOL:
        return
    if grant.role in SCHOOL_WIDE:
        raise PlanningError(_("This role is for the whole school."))
    model: type[SchoolClass | Chat] = SchoolClass if grant.scope is ScopeKind.CLASS else Chat
    found = session.scalar(sa.select(model.school_id).where(model.id == grant.scope_id))
    if found != school_id:
        raise NotThereError(_("There is no such class or chat in this school."))


def revoke_role(grant_id: int, *, school_id: int, actor_id: int | None) -> int:
    """Take a role back; answers whose it was. The last person who can invite others keeps the role."""
    with transaction() as session:
        row = session.get(RoleGrant, grant_id)
        if row is None or row.school_id != school_id:
            raise NotThereError(_("This role has been taken back already."))
        person = row.person
        ensure_entrusted(session, actor_id, person)
        _ensure_not_last(session, row)
        _note(session, person, "revoke", actor_id=actor_id, grant=Grant(row.role, row.scope, row.scope_id))
        person.roles.remove(row)
        return person.id


def _ensure_not_last(session: Session, row: RoleGrant) -> None:
    if row.role not in INVITERS:
        return
    others = session.scalar(
        sa.select(sa.func.count(RoleGrant.id))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.school_id == row.school_id,
            RoleGrant.role.in_(INVITERS),
            RoleGrant.id != row.id,
            ~Person.is_archived,
        )
    )
    if not others:
        raise PlanningError(_("Nobody else could invite people then. Entrust this role to somebody else first."))


def _note(session: Session, person: Person, action: str, *, actor_id: int | None, grant: Grant) -> None:
    values = {"role": grant.role.value, "scope": grant.scope.value, "scope_id": grant.scope_id}
    record(session, person.school_id, action, actor_id=actor_id, subject=("person", person.id), after=values)


def add_closure(person_id: int, wish: Closure, *, school_id: int, actor_id: int | None) -> int:
    """Close hours of a teacher for booking; lessons that stand already stay. Answers the row's number."""
    _ensure_sensible(wish)
    with transaction() as session:
        person = person_of(session, school_id, person_id)
        row = TeacherClosure(
            school_id=school_id, person_id=person.id, weekday=wish.weekday, date_from=wish.date_from,
            date_to=wish.date_to, start=wish.start, end=wish.end, reason=wish.reason, note=wish.note,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record(session, school_id, "close_hours", actor_id=actor_id, subject=("person", person.id))
        return row.id


def _ensure_sensible(wish: Closure) -> None:
    if (wish.weekday is None) == (wish.date_from is None):
        raise PlanningError(_("Choose either a day of the week or dates."))
    if wish.date_to is not None and (wish.date_from is None or wish.date_to < wish.date_from):
        raise PlanningError(_("The last day is before the first."))
    if (wish.start is None) != (wish.end is None):
        raise PlanningError(_("Give both times, or none for the whole day."))
    if wish.start is not None and wish.end is not None and wish.end <= wish.start:
        raise PlanningError(_("The end is before the beginning."))


def remove_closure(closure_id: int, *, school_id: int, actor_id: int | None) -> int:
    """Open closed hours again; answers whose they were."""
    with transaction() as session:
        row = session.get(TeacherClosure, closure_id)
        if row is None or row.school_id != school_id:
            raise NotThereError(_("These hours are open already."))
        person_id = row.person_id
        session.delete(row)
        record(session, school_id, "open_hours", actor_id=actor_id, subject=("person", person_id))
        return person_id

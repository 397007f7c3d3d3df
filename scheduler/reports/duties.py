"""Who places the texts of each chat: who has taken it over for a decision, else those entrusted with it; reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.people import Person, RoleGrant
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.remote_told import ChatTakeover
from scheduler.permissions import ALLOWED, Action, Role, ScopeKind

NARROWEST = (ScopeKind.CHAT, ScopeKind.CLASS, ScopeKind.SCHOOL)
"""Whose duty a chat is: whoever was entrusted with it alone, then with its class, then with the whole school."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody whose duty a chat is; `has_taken_over` where it is another one's by right."""

    person_id: int
    name: str
    has_taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of a school's chats on some dates."""

    by_scope: Mapping[tuple[ScopeKind, int | None], Sequence[Keeper]]
    leaders: Sequence[Keeper]
    taken: Mapping[int, Sequence[tuple[date, date, Keeper]]]

    def of(self, chat_id: int, class_id: int | None, dates: Collection[date] = ()) -> Sequence[Keeper]:
        """Whose duty the chat is; where nobody is entrusted with it, the heads'."""
        for first, last, keeper in self.taken.get(chat_id, ()):
            if any(first <= day <= last for day in dates):
                return [keeper]
        own = {ScopeKind.CHAT: chat_id, ScopeKind.CLASS: class_id, ScopeKind.SCHOOL: None}
        for scope in NARROWEST:
            found = self.by_scope.get((scope, own[scope])) if scope is not ScopeKind.CLASS or class_id else None
            if found:
                return found
        return self.leaders


def duties_of(session: Session, school_id: int, *, remote_day_id: int | None = None) -> Duties:
    """Everybody's duties, in two queries; with one decision named, only its own takeovers count."""
    by_scope: dict[tuple[ScopeKind, int | None], list[Keeper]] = defaultdict(list)
    leaders: list[Keeper] = []
    for row in session.execute(_grants(school_id)):
        keeper = Keeper(row.Person.id, row.Person.short_name)
        if row.role is Role.CHAT_ADMINISTRATOR:
            by_scope[row.scope, row.scope_id].append(keeper)
        elif row.scope is ScopeKind.SCHOOL:
            leaders.append(keeper)
    return Duties(by_scope, leaders, _taken(session, school_id, remote_day_id))


def _grants(school_id: int) -> sa.Select[Person, Role, ScopeKind, int | None]:
    roles = [role for role in Role if Action.MANAGE_CHAT in ALLOWED[role]]
    return (
        sa.select(Person, RoleGrant.role, RoleGrant.scope, RoleGrant.scope_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.school_id == school_id, ~Person.is_archived, RoleGrant.role.in_(roles))
        .order_by(Person.last_name, Person.id)
    )


def _taken(session: Session, school_id: int, remote_day_id: int | None) -> dict[int, list[tuple[date, date, Keeper]]]:
    query = (
        sa.select(ChatTakeover.chat_id, RemoteDay.date_from, RemoteDay.date_to, Person)
        .join(RemoteDay, RemoteDay.id == ChatTakeover.remote_day_id)
        .join(Person, Person.id == ChatTakeover.person_id)
        .where(ChatTakeover.school_id == school_id)
        .order_by(ChatTakeover.taken_at.desc())
    )
    if remote_day_id is None:
        query = query.where(RemoteDay.state == RemoteDayState.APPLIED)
    else:
        query = query.where(RemoteDay.id == remote_day_id)
    found: dict[int, list[tuple[date, date, Keeper]]] = defaultdict(list)
    for chat_id, first, last, person in session.execute(query):
        found[chat_id].append((first, last, Keeper(person.id, person.short_name, has_taken_over=True)))
    return found


def names_of(keepers: Iterable[Keeper]) -> str:
    """«Седова О. Н., Ким А. С.»."""
    return ", ".join(keeper.name for keeper in keepers)

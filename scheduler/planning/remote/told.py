"""What people say about a declared day: who places a chat's texts, that they stand there, which families know."""

from dataclasses import asdict, dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.chats import Chat, ChatKind
from scheduler.models.classes import SchoolClass, class_teacher
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.remote_told import ChatTakeover, ClassTold
from scheduler.permissions import Action, may
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.permission import NotAllowedError, person_of

MOST_FAMILIES = 60
"""A class is never larger: a figure above is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class FamilyCounts:
    """Families told by other ways than the chat, and those that nobody has reached yet."""

    by_phone: int = 0
    by_diary: int = 0
    by_paper: int = 0
    not_told: int = 0


def take_over_chat(school_id: int, remote_day_id: int, chat_id: int, *, actor_id: int) -> None:
    """Place the texts of a chat for this decision in the place of its administrator; whoever takes it last has it.

    Raises NotThereError, and NotAllowedError where the chat is not within the actor's scopes.
    """
    with transaction() as session:
        day = _locked(session, school_id, remote_day_id)
        chat = _chat_of(session, day, chat_id)
        _ensure_may_place(person_of(session, school_id, actor_id), chat)
        row = _takeover(session, day, chat)
        if row is not None and row.person_id == actor_id:
            return
        before = {"person": row.person_id} if row else None
        if row is None:
            row = ChatTakeover(school_id=school_id, remote_day_id=day.id, chat_id=chat.id, person_id=actor_id)
            session.add(row)
        row.person_id, row.taken_at = actor_id, clock.now()
        _record_takeover(session, chat, day, actor_id=actor_id, before=before, after={"person": actor_id})


def give_back_chat(school_id: int, remote_day_id: int, chat_id: int, *, actor_id: int) -> None:
    """Leave the chat to its administrator again; where nobody had taken it nothing changes. Raises as taking over."""
    with transaction() as session:
        day = _locked(session, school_id, remote_day_id)
        chat = _chat_of(session, day, chat_id)
        _ensure_may_place(person_of(session, school_id, actor_id), chat)
        row = _takeover(session, day, chat)
        if row is not None:
            session.delete(row)
            _record_takeover(session, chat, day, actor_id=actor_id, before={"person": row.person_id}, after=None)


def confirm_class(
    school_id: int, remote_day_id: int, class_id: int, *, counts: FamilyCounts | None, is_placed: bool, actor_id: int
) -> None:
    """A class teacher says that the message stands in the class's chat, and how many families were told otherwise.

    Said again it replaces what was said before; what is not said now (`counts` None, `is_placed` false) stays.
    Raises NotThereError, NotAllowedError, and PlanningError for impossible figures or a day taken back.
    """
    with transaction() as session:
        day = _locked(session, school_id, remote_day_id)
        ensure_may_speak_for(session, school_id, class_id, actor_id)
        if day.state is RemoteDayState.UNDONE:
            raise PlanningError(_("This remote day is taken back: nothing has to be confirmed any more."))
        if class_id not in day.class_ids:
            raise NotThereError(_("This remote day does not reach the class."))
        row = _told(session, day, class_id)
        if is_placed and row.placed_at is None:
            row.placed_at, row.placed_by_id = clock.now(), actor_id
        if counts is not None:
            _write_counts(row, counts, actor_id)
        after = {"placed": is_placed, **(asdict(counts) if counts else {})}
        subject = ("school_class", class_id)
        record(session, school_id, "class_told", actor_id=actor_id, subject=subject, after=after)


def ensure_may_speak_for(session: Session, school_id: int, class_id: int, actor_id: int) -> None:
    """Raise unless the actor is a teacher of the class or leads its chats."""
    school_class = session.get(SchoolClass, class_id)
    if school_class is None or school_class.school_id != school_id:
        raise NotThereError(_("There is no such class."))
    if may(person_of(session, school_id, actor_id).grants, Action.MANAGE_CHAT, class_ids=[class_id]):
        return
    own = sa.select(class_teacher.c.class_id).where(
        class_teacher.c.class_id == class_id, class_teacher.c.person_id == actor_id
    )
    if session.scalar(own) is None:
        raise NotAllowedError(_("Only the class teacher and those who lead the class's chats confirm this."))


def _locked(session: Session, school_id: int, remote_day_id: int) -> RemoteDay:
    query = sa.select(RemoteDay).where(RemoteDay.id == remote_day_id, RemoteDay.school_id == school_id)
    day = session.scalar(query.with_for_update())
    if day is None:
        raise NotThereError(_("There is no such remote day."))
    return day


def _chat_of(session: Session, day: RemoteDay, chat_id: int) -> Chat:
    chat = session.get(Chat, chat_id)
    is_reached = chat is not None and (chat.class_id in day.class_ids or chat.kind is ChatKind.TEACHERS)
    if chat is None or chat.school_id != day.school_id or not is_reached:
        raise NotThereError(_("This chat does not belong to the remote day."))
    return chat


def _ensure_may_place(actor: Person, chat: Chat) -> None:
    if may(actor.grants, Action.MANAGE_CHAT, chat_id=chat.id):
        return
    if chat.class_id is None or not may(actor.grants, Action.MANAGE_CHAT, class_ids=[chat.class_id]):
        raise NotAllowedError(_("This is outside the classes and chats that are entrusted to you."))


def _takeover(session: Session, day: RemoteDay, chat: Chat) -> ChatTakeover | None:
    query = sa.select(ChatTakeover).where(ChatTakeover.remote_day_id == day.id, ChatTakeover.chat_id == chat.id)
    return session.scalar(query)


def _record_takeover(
    session: Session,
    chat: Chat,
    day: RemoteDay,
    *,
    actor_id: int,
    before: dict[str, int] | None,
    after: dict[str, int] | None,
) -> None:
    action = "chat_taken_over" if after else "chat_given_back"
    kept = {"remote_day": day.id, **(after or {})}
    record(session, chat.school_id, action, actor_id=actor_id, subject=("chat", chat.id), before=before, after=kept)


def _told(session: Session, day: RemoteDay, class_id: int) -> ClassTold:
    query = sa.select(ClassTold).where(ClassTold.remote_day_id == day.id, ClassTold.class_id == class_id)
    row = session.scalar(query)
    if row is None:
        row = ClassTold(school_id=day.school_id, remote_day_id=day.id, class_id=class_id)
        session.add(row)
    return row


def _write_counts(row: ClassTold, counts: FamilyCounts, actor_id: int) -> None:
    figures = asdict(counts)
    if any(not 0 <= figure <= MOST_FAMILIES for figure in figures.values()):
        raise PlanningError(_("The number of families must be between 0 and %(most)d.", most=MOST_FAMILIES))
    for name, figure in figures.items():
        setattr(row, name, figure)
    row.counted_at, row.counted_by_id = clock.now(), actor_id

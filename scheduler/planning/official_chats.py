"""What people state about the official chats: one kept by hand, one let go, when it sounds, whose bot it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.connect import connect_chat, learn_chat
from scheduler.chats.connections import store_connection
from scheduler.chats.due import IS_LATER
from scheduler.chats.errors import ChatError, NoSuchPostError
from scheduler.chats.posts import may_be_seen
from scheduler.chats.reopen import refresh_chat, reopen_chat, retime
from scheduler.chats.timing import is_loud
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, ChatState, Platform, PostState, Reminder
from scheduler.models.classes import GroupPart
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.models.school import CallWay, School
from scheduler.planning.audit import record
from scheduler.planning.classes import class_of
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.links import change_ways


def connect_official_chat(school_id: int, chat_id: int, *, kind: ChatKind, class_id: int | None, actor_id: int) -> int:
    """Say whose chat a found one is; lessons that are joined by the call of their chat then have their way.

    Answers the number of the connected chat. Raises NotThereError, and TakenError where another chat holds the place.
    """
    connected = _connect(chat_id, kind, class_id, actor_id)
    _let_calls_follow(school_id, actor_id)
    return connected


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """A found chat and whose it is said to be."""

    chat_id: int
    kind: ChatKind
    class_id: int | None


def connect_official_chats(school_id: int, places: Sequence[ChatPlace], *, actor_id: int) -> list[tuple[int, str]]:
    """Say whose several chats are, each for itself; answers those that were refused, with the reason."""
    refused = []
    for place in places:
        try:
            _connect(place.chat_id, place.kind, place.class_id, actor_id)
        except PlanningError as error:
            refused.append((place.chat_id, error.text))
    if len(refused) < len(places):
        _let_calls_follow(school_id, actor_id)
    return refused


def _connect(chat_id: int, kind: ChatKind, class_id: int | None, actor_id: int) -> int:
    try:
        return connect_chat(chat_id, class_id=class_id, kind=kind, actor_id=actor_id)
    except NoSuchPostError as error:
        raise NotThereError(error.text) from error
    except ChatError as error:
        raise TakenError(error.text) from error


def learn_official_chat(chat_id: int) -> None:
    """After an event of the messenger: learn the chat's title and rights, and let the calls held in it follow.

    A bot that was let in again brings back the way to join of the lessons that are called in this chat.
    """
    if not learn_chat(chat_id):
        return
    with Session(db.engine) as session:
        chat = session.get_one(Chat, chat_id)
        is_way = chat.kind is ChatKind.STUDENTS and chat.state is ChatState.CONNECTED
        school_id, is_missed = chat.school_id, is_way and _is_missed(session, chat)
    if is_missed:
        _let_calls_follow(school_id, None)


def _is_missed(session: Session, chat: Chat) -> bool:
    """Whether a coming lesson of the whole class is joined otherwise, or not at all, for want of this chat.

    Asked first, because letting the calls of a whole school follow holds all its days.
    """
    is_in_chat = session.get_one(School, chat.school_id).call_way is CallWay.IN_CHAT
    has_other_way = sa.and_(sa.literal(is_in_chat), Call.way == CallWay.ROOM, Call.is_chosen_by_person.is_(False))
    query = (
        sa.select(Call.id)
        .join(Lesson, Lesson.id == Call.lesson_id)
        .join(GroupPart, GroupPart.group_id == Lesson.group_id)
        .where(
            GroupPart.class_id == chat.class_id,
            GroupPart.division_id.is_(None),
            Lesson.ends_at > clock.now(),
            Call.state != CallState.DROPPED,
            sa.or_(Call.state == CallState.FAILED, has_other_way),
        )
    )
    return session.scalar(query.limit(1)) is not None


def _let_calls_follow(school_id: int, actor_id: int | None) -> None:
    change_ways(school_id, lambda _session: None, action="chat_ways", actor_id=actor_id)


def make_by_hand_chat(school_id: int, *, kind: ChatKind, class_id: int | None, actor_id: int | None) -> int:
    """A chat where no bot is let in: the product keeps its texts, people place them. Answers the chat's number.

    The row that the order made for this chat is taken, where there is one. Raises PlanningError for a class chat
    without a class, TakenError where a chat is connected in this place.
    """
    if (kind is ChatKind.TEACHERS) != (class_id is None):
        raise PlanningError(_("Name the class of the chat; the teachers' chat has none."))
    with transaction() as session:
        label = shown_class(class_of(session, school_id, class_id).label) if class_id is not None else ""
        chat = _place(session, school_id, kind, class_id)
        chat.platform, chat.state = Platform.BY_HAND, ChatState.CONNECTED
        chat.connection_id = chat.external_id = None
        chat.title = chat.title or _title(kind, label)
        session.add(chat)
        session.flush()
        session.refresh(chat, ["school_class"])
        reopen_chat(session, chat)
        _note(session, chat, "chat_by_hand", actor_id)
    _let_calls_follow(school_id, actor_id)
    return chat.id


def _place(session: Session, school_id: int, kind: ChatKind, class_id: int | None) -> Chat:
    same = sa.select(Chat).where(
        Chat.school_id == school_id, Chat.kind == kind, Chat.class_id.is_not_distinct_from(class_id)
    )
    found = list(session.scalars(same.order_by(Chat.id)))
    if any(chat.state is ChatState.CONNECTED for chat in found):
        raise TakenError(_("Another chat is connected in this place. Disconnect it first."))
    return found[0] if found else Chat(school_id=school_id, kind=kind, class_id=class_id, title="")


def _title(kind: ChatKind, label: str) -> str:
    titles = {
        ChatKind.TEACHERS: "Учителя",
        ChatKind.STUDENTS: f"{label}, ученики",
        ChatKind.PARENTS: f"{label}, родители",
    }
    return titles[kind]


def let_go(school_id: int, chat_id: int, *, actor_id: int | None) -> None:
    """The chat is no longer an official one: nothing more is posted there, what stands in it stays."""
    with transaction() as session:
        chat = _chat(session, school_id, chat_id)
        is_found = chat.external_id is not None
        chat.state = ChatState.FOUND if is_found else ChatState.UNCONNECTED
        if is_found:
            chat.kind, chat.class_id = None, None
        else:
            chat.platform = Platform.MAX
        for part in _coming(session, school_id, chat_id):
            if not may_be_seen(part) and part.state is not PostState.SENDING:
                part.state = PostState.WITHDRAWN
        _note(session, chat, "chat_let_go", actor_id)
    _let_calls_follow(school_id, actor_id)


@dataclass(frozen=True, slots=True)
class ChatWish:
    """How a chat wants to be told: None leaves sound and evening hour to what is usual, and reminds of nothing."""

    sounds: bool | None = None
    evening_hour: time | None = None
    reminder_minutes: int | None = None


def change_chat(school_id: int, chat_id: int, wish: ChatWish, *, actor_id: int | None) -> None:
    """Whether and when the chat sounds, and how long before a video lesson it is reminded.

    What waits for the evening is due at the new hour; reminders to come are made or withdrawn.
    """
    with transaction() as session:
        chat = _chat(session, school_id, chat_id)
        school = session.get_one(School, school_id)
        is_reminded_otherwise = chat.reminder_minutes != wish.reminder_minutes
        chat.sounds, chat.evening_hour = wish.sounds, wish.evening_hour
        chat.reminder_minutes = wish.reminder_minutes
        session.flush()
        if is_reminded_otherwise:
            refresh_chat(session, school, chat)
        _sound_anew(session, chat)
        retime(session, school, [chat])
        _note(session, chat, "chat_settings", actor_id)


def _sound_anew(session: Session, chat: Chat) -> None:
    grade = chat.school_class.grade if chat.school_class else None
    for part in _coming(session, chat.school_id, chat.id):
        if part.posted_hash is None:
            is_decision = part.bulletin.is_remote_day and not part.bulletin.remote_words.get(IS_LATER)
            loud = is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=is_decision)
            part.is_loud = loud and part.number == 1
    waiting = sa.update(Reminder).where(Reminder.chat_id == chat.id, Reminder.posted_hash.is_(None))
    loud = is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=False)
    session.execute(waiting.values(is_loud=loud))


def _coming(session: Session, school_id: int, chat_id: int) -> list[BulletinPart]:
    """The parts of days that are not past, in any zone."""
    since = clock.now().date()
    query = (
        sa.select(BulletinPart)
        .join(Bulletin)
        .where(Bulletin.school_id == school_id, Bulletin.chat_id == chat_id, Bulletin.date >= since)
        .with_for_update(of=BulletinPart)
    )
    return list(session.scalars(query))


def enter_bot_token(school_id: int, token: str, *, actor_id: int | None) -> None:
    """Keep the token of the school's bot, encrypted; it is never shown again. Raises PlanningError for a blank one."""
    if not token.strip():
        raise PlanningError(_("Paste the bot's token."))
    connection_id = store_connection(school_id, token.strip())
    with transaction() as session:
        record(session, school_id, "bot_token", actor_id=actor_id, subject=("connection", connection_id))


def _chat(session: Session, school_id: int, chat_id: int) -> Chat:
    chat = session.get(Chat, chat_id)
    if chat is None or chat.school_id != school_id:
        raise NotThereError(_("There is no such chat."))
    return chat


def _note(session: Session, chat: Chat, action: str, actor_id: int | None) -> None:
    after = {"kind": chat.kind, "class_id": chat.class_id, "sounds": chat.sounds}
    record(session, chat.school_id, action, actor_id=actor_id, subject=("chat", chat.id), after=after)

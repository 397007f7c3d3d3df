"""Learns chats from the messenger's events and connects them to classes after a person said so; posts nothing."""

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.chats.by_hand import record_chat
from scheduler.chats.connections import messenger_of
from scheduler.chats.errors import ChatError, NoSuchPostError
from scheduler.chats.limits import reserve
from scheduler.chats.messenger import DeliveryError, Kind, Rights
from scheduler.chats.outcome import close_chat
from scheduler.chats.reopen import reopen_chat, resume_posts
from scheduler.database import db, transaction, wake_after_commit
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection
from scheduler.models.classes import SchoolClass

Update = dict[str, Any]


def handle_update(connection_id: int, update: Update) -> None:
    """Act on one event of a messenger. The same event again, or out of order, does no harm; unknown ones are ignored.

    The messenger itself is not asked here: the engine is woken for the chat's title and the bot's rights.
    """
    act = _ACTS.get(str(update.get("update_type")))
    if act is not None and isinstance(update.get("chat_id"), int) and not update.get("is_channel"):
        act(connection_id, update["chat_id"], update)


def _added(connection_id: int, external_id: int, _update: Update) -> None:
    with transaction() as session:
        chat = _known(session, connection_id, external_id)
        if chat is None:
            school_id = session.get_one(Connection, connection_id).school_id
            chat = Chat(school_id=school_id, connection_id=connection_id, external_id=external_id, title="")
            chat.state = ChatState.FOUND
            session.add(chat)
        elif chat.state is ChatState.REMOVED:
            chat.state = ChatState.CONNECTED if chat.kind is not None else ChatState.FOUND
            reopen_chat(session, chat)
        session.flush()
        wake_after_commit(session, "chat", chat.id)


def _known(session: Session, connection_id: int, external_id: int) -> Chat | None:
    query = sa.select(Chat).where(Chat.connection_id == connection_id, Chat.external_id == external_id)
    rows = list(session.scalars(query.order_by(Chat.kind.is_(None), Chat.id)))
    for copy in rows[1:]:  # found by an event while somebody was connecting it
        if copy.kind is None:
            session.delete(copy)
    return rows[0] if rows else None


def _removed(connection_id: int, external_id: int, _update: Update) -> None:
    with transaction() as session:
        chat = _known(session, connection_id, external_id)
        chat_id = chat.id if chat else None
    if chat_id is not None:
        close_chat(chat_id)


def _renamed(connection_id: int, external_id: int, update: Update) -> None:
    with transaction() as session:
        chat = _known(session, connection_id, external_id)
        if chat is not None and update.get("title"):
            chat.title = str(update["title"])


def _rights_changed(connection_id: int, external_id: int, _update: Update) -> None:
    with transaction() as session:
        chat = _known(session, connection_id, external_id)
        if chat is not None:
            wake_after_commit(session, "chat", chat.id)


_ACTS: dict[str, Callable[[int, int, Update], None]] = {
    "bot_added": _added,
    "bot_removed": _removed,
    "chat_title_changed": _renamed,
    "bot_admin_permissions_changed": _rights_changed,
}


def learn_chat(chat_id: int) -> bool:
    """Ask the messenger for a chat's title and the bot's rights there; False where it does not tell now."""
    with Session(db.engine) as session:
        chat = session.get_one(Chat, chat_id)
        connection_id, external_id = chat.connection_id, chat.external_id
    if connection_id is None or external_id is None:
        return False
    try:
        messenger = messenger_of(connection_id)
        time.sleep(reserve(connection_id))
        info = messenger.info(external_id)
        time.sleep(reserve(connection_id))
        rights = messenger.rights(external_id)
    except DeliveryError as error:
        if error.kind is Kind.GONE:
            close_chat(chat_id)
        return False
    with transaction() as session:
        chat = session.get_one(Chat, chat_id)
        chat.title = info.title or chat.title
        chat.can_read = rights.can_read
        if chat.state is ChatState.CONNECTED:
            resume_posts(session, chat, _regained(rights))
    return True


def _regained(rights: Rights) -> set[str]:
    """The problems of parked posts that these rights end."""
    return ({"unreadable"} if rights.can_read else set()) | ({"rights"} if rights.is_admin else set())


def unlearnt_chats() -> list[int]:
    """Chats whose title is not known yet, for the sweep: the messenger did not answer when they were found."""
    with Session(db.engine) as session:
        query = sa.select(Chat.id).where(Chat.state == ChatState.FOUND, Chat.title == "").order_by(Chat.id)
        return list(session.scalars(query))


def connect_chat(chat_id: int, *, class_id: int | None, kind: ChatKind, actor_id: int | None) -> int:
    """A person says whose chat it is; what it should show becomes due. Answers the number of the connected chat.

    The row that stands for this official chat (made with the order, without a messenger's number) takes the found
    one in. Raises NoSuchPostError, and ChatError where another chat holds the place.
    """
    with transaction() as session:
        chat = session.get(Chat, chat_id)
        if chat is None or chat.external_id is None:
            raise NoSuchPostError(_("There is no such chat."))
        if (kind is ChatKind.TEACHERS) != (class_id is None):
            raise ChatError(_("Name the class of the chat; the teachers' chat has none."))
        if class_id is not None and session.get_one(SchoolClass, class_id).school_id != chat.school_id:
            raise NoSuchPostError(_("There is no such class."))
        official = _official(session, chat, class_id, kind)
        if official is not None:
            chat = _take_in(session, official, chat)
        chat.kind, chat.class_id, chat.state = kind, class_id, ChatState.CONNECTED
        session.flush()
        session.refresh(chat, ["school_class"])
        record_chat(session, chat, "chat_connected", actor_id=actor_id, after={"kind": kind.value, "class": class_id})
        reopen_chat(session, chat)
        return chat.id


def _official(session: Session, chat: Chat, class_id: int | None, kind: ChatKind) -> Chat | None:
    same = sa.select(Chat).where(
        Chat.school_id == chat.school_id, Chat.kind == kind, Chat.class_id.is_not_distinct_from(class_id)
    )
    others = list(session.scalars(same.where(Chat.id != chat.id).order_by(Chat.id)))
    if any(other.state is ChatState.CONNECTED for other in others):
        raise ChatError(_("Another chat is connected in this place. Disconnect it first."))
    return others[0] if others else None


def _take_in(session: Session, official: Chat, found: Chat) -> Chat:
    values = found.platform, found.connection_id, found.external_id, found.title, found.can_read
    if found.kind is None:
        session.delete(found)
    else:
        found.external_id, found.state = None, ChatState.UNCONNECTED
    session.flush()
    official.platform, official.connection_id, official.external_id, official.title, official.can_read = values
    return official

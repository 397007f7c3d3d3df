"""Stores the official chats of the demo school and makes those of the sandbox there, with their members."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.config import Settings
from scheduler.database import transaction
from scheduler.demo.blueprint import ChatSpec, ChatWay
from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.demo.store import Ids, insert
from scheduler.models.calls import CallToken
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection, Platform
from scheduler.models.secrets import encrypt

_STATES = {
    ChatWay.SANDBOX: ChatState.UNCONNECTED,
    ChatWay.BY_HAND: ChatState.CONNECTED,
    ChatWay.UNCONNECTED: ChatState.UNCONNECTED,
}


class Messenger(Protocol):
    """Where people's chats are made: the sandbox over HTTP, or a stand-in of tests."""

    def titles(self) -> dict[str, int]:
        """Chats that stand there already, by title."""

    def make(self, chats: list[dict[str, Any]]) -> list[int]:
        """Make chats with the bot as administrator; answers their numbers in order."""


def store_chats(session: Session, ids: Ids, plan: SchoolPlan, settings: Settings) -> None:
    """The bot, the call token and every official chat; those of the sandbox are connected later."""
    insert(
        session, Connection, ids,
        [{
            "platform": Platform.MAX, "token": encrypt(settings.max_token),
            "webhook_key": secrets.token_urlsafe(16), "webhook_secret": secrets.token_urlsafe(32),
        }],
    )  # fmt: skip
    insert(session, CallToken, ids, [{"token": encrypt(settings.vk_token), "stored_at": clock.now()}])
    reference = f"Приказ от 28.08.{plan.year.start.year} № 114-о «Об официальных чатах»"
    rows = [
        {
            "platform": Platform.BY_HAND if chat.way is ChatWay.BY_HAND else Platform.MAX, "title": chat.title,
            "kind": ChatKind(chat.kind), "class_id": ids.classes.get(chat.class_label or ""),
            "state": _STATES[chat.way], "order_reference": reference,
        }
        for chat in plan.chats
    ]  # fmt: skip
    insert(session, Chat, ids, rows)


def connect_chats(school_id: int, chats: Iterable[ChatSpec], messenger: Messenger) -> int:
    """Make in the messenger what is not there yet and connect it; answers how many chats were connected now.

    Repeated after a broken start it makes no chat twice: titles are unique.
    """
    wanted = {chat.title: chat for chat in chats if chat.way is ChatWay.SANDBOX}
    open_titles = [title for title in _unconnected(school_id) if title in wanted]
    if not open_titles:
        return 0
    known = messenger.titles()
    missing = [title for title in open_titles if title not in known]
    if missing:
        known |= dict(zip(missing, messenger.make([_ordered(wanted[title]) for title in missing]), strict=True))
    _connect(school_id, {title: known[title] for title in open_titles})
    return len(open_titles)


def _ordered(chat: ChatSpec) -> dict[str, Any]:
    members = [{"user_id": one.user_id, "name": one.name} for one in chat.members]
    return {"platform": "max", "title": chat.title, "members": members, "bot_admin": True}


def _unconnected(school_id: int) -> list[str]:
    with transaction() as session:
        query = sa.select(Chat.title).where(
            Chat.school_id == school_id, Chat.platform == Platform.MAX, Chat.external_id.is_(None)
        )
        return list(session.scalars(query.order_by(Chat.id)))


def _connect(school_id: int, numbers: Mapping[str, int]) -> None:
    with transaction() as session:
        connection_id = session.scalar(sa.select(Connection.id).where(Connection.school_id == school_id))
        for chat in session.scalars(sa.select(Chat).where(Chat.school_id == school_id, Chat.title.in_(numbers))):
            chat.external_id, chat.connection_id = numbers[chat.title], connection_id
            chat.state, chat.can_read = ChatState.CONNECTED, True

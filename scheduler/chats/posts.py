"""What parts, notices and reminders have in common as rows: whether anybody may have seen them, what they wait for."""

from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, object_session

from scheduler import clock
from scheduler.chats.bulletins import digest
from scheduler.chats.own_texts import OwnTexts, load_own_texts
from scheduler.database import wake_after_commit
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Notice, Platform, PostState, Reminder

Post = BulletinPart | Notice | Reminder
PostModel = type[BulletinPart] | type[Notice] | type[Reminder]
MODELS: dict[str, PostModel] = {"part": BulletinPart, "notice": Notice, "reminder": Reminder}
PENDING = (PostState.WANTED, PostState.SENDING)


def load(session: Session, kind: str, post_id: int) -> Post | None:
    """A post by its number, with its chat and bot read at once."""
    model = MODELS[kind]
    to_chat = {
        BulletinPart: joinedload(BulletinPart.bulletin).joinedload(Bulletin.chat),
        Notice: joinedload(Notice.chat),
        Reminder: joinedload(Reminder.chat),
    }[model]
    return cast("Post | None", session.get(model, post_id, options=[to_chat.joinedload(Chat.connection)]))


def into_chats(model: PostModel, chat_ids: sa.ScalarSelect[int] | sa.Select[int]) -> sa.ColumnElement[bool]:
    """Whether a post goes into one of these chats."""
    if model is Notice or model is Reminder:
        return model.chat_id.in_(chat_ids)
    return BulletinPart.bulletin_id.in_(sa.select(Bulletin.id).where(Bulletin.chat_id.in_(chat_ids)))


def kind_of(post: Post) -> str:
    return next(kind for kind, model in MODELS.items() if isinstance(post, model))


def chat_of(post: Post) -> Chat:
    return post.bulletin.chat if isinstance(post, BulletinPart) else post.chat


def day_of(post: Post) -> date:
    """The school's date that a post tells of."""
    return post.bulletin.date if isinstance(post, BulletinPart) else post.date


def may_be_seen(post: Post) -> bool:
    """Whether the post stands in the chat, or may stand there for all that is known."""
    return post.posted_hash is not None or post.is_uncertain or post.generation > 1


def set_text(post: Post, text: str, buttons: list[Any]) -> None:
    post.text, post.buttons = text, buttons
    post.wanted_hash = digest(text, buttons)


def settle(post: Post, chat: Chat, *, due_at: datetime) -> None:
    """Give the post the state that follows from its texts and its chat.

    A post whose last sending has no known answer keeps its state: whoever resolves that compares the texts anew.
    """
    if post.state is PostState.SENDING or (post.state is PostState.PARKED and post.is_uncertain):
        return
    post.problem = ""
    if post.posted_hash == post.wanted_hash:
        post.state = PostState.POSTED
        return
    post.state = _state_for(chat)
    if post.state is PostState.PARKED:
        post.problem = "gone"
    post.attempts = 0
    post.due_at = due_at


def _state_for(chat: Chat) -> PostState:
    if chat.platform is Platform.BY_HAND:
        return PostState.BY_HAND
    if chat.state is ChatState.CONNECTED:
        return PostState.WANTED
    return PostState.PARKED if chat.state is ChatState.REMOVED else PostState.UNCONNECTED


def wake_due(session: Session, post: Post) -> None:
    """Wake the engine where the post can go now; the sweep finds it at the end of a pause."""
    is_free = post.lease_until is None
    if is_free and post.state is PostState.WANTED and post.due_at <= clock.now():
        wake_after_commit(session, kind_of(post), post.id)


def outgoing_text(post: Post) -> str:
    """The text as it is sent: a message that replaces another one says so in its last line."""
    if post.generation == 1:
        return post.text
    session = object_session(post)
    own = load_own_texts(session, post.school_id) if session is not None else OwnTexts()
    return f"{post.text}\n{own.render('replaces')}"


def outgoing_buttons(post: Post) -> list[Any]:
    """The buttons with the mark in their addresses, by which a message of ours is recognised."""
    return [[{**button, "url": marked(button["url"], post.mark)} for button in row] for row in post.buttons]


def marked(url: str, mark: str) -> str:
    """The address with the mark as its `m`."""
    return f"{url}{'&' if '?' in url else '?'}m={mark}"

"""What people do where the product cannot: place a text themselves, say that it stands there, ask to post it again."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.errors import ChatError, NoSuchPostError
from scheduler.chats.posts import MODELS, Post, chat_of, load, settle, wake_due
from scheduler.database import transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Chat, Platform, PostState

WAITS_FOR_A_PERSON = (PostState.BY_HAND, PostState.PARKED, PostState.UNCONNECTED)


def mark_placed(part_id: int, *, actor_id: int | None, kind: str = "part", seen: str | None = None) -> None:
    """A person says that the wanted text stands in the chat: placed by hand, or seen there after an unknown outcome.

    A later change asks for it again. `seen` is the hash of the text that the person was shown; said twice it counts
    once. Raises NoSuchPostError, and ChatError where the post waits for nobody or its text is another one by now.
    """
    with transaction() as session:
        _place(session, _locked(session, kind, part_id), actor_id, seen)


def place_texts(chat_id: int, seen: Mapping[tuple[str, int], str], *, actor_id: int | None) -> int:
    """Everything of one chat that a person was shown, by kind and number, stands there now.

    Answers how many of these texts were written anew meanwhile and still wait; the others are noted all the same.
    Raises NoSuchPostError where one of them belongs to another chat.
    """
    left = 0
    with transaction() as session:
        for (kind, post_id), text_hash in sorted(seen.items()):
            post = _locked(session, kind, post_id)
            if chat_of(post).id != chat_id:
                raise NoSuchPostError(_("There is no such post."))
            if post.wanted_hash != text_hash:
                left += 1
            else:
                _place(session, post, actor_id, text_hash)
    return left


def _place(session: Session, post: Post, actor_id: int | None, seen: str | None) -> None:
    if seen is not None and seen != post.wanted_hash:
        raise ChatError(_("The text has changed meanwhile. Place the one that stands here now."))
    if seen is not None and post.state is PostState.POSTED:
        return
    if post.state not in WAITS_FOR_A_PERSON:
        raise ChatError(_("This text is placed by the product itself."))
    if chat_of(post).platform is not Platform.BY_HAND:
        # Which message it is remains unknown, so a change is posted anew and names what it replaces.
        post.generation += 1
    mark, replaced = post.mark, post.posted_hash is not None
    post.message_id = None
    post.posted_hash, post.posted_text = post.wanted_hash, post.text
    post.posted_at, post.edited_at = clock.now(), None
    post.state, post.problem = PostState.POSTED, ""
    post.is_uncertain, post.looks = False, 0
    record_chat(session, chat_of(post), "post_placed", actor_id=actor_id, after={"post": mark, "again": replaced})


def post_again(part_id: int, *, actor_id: int | None, kind: str = "part") -> None:
    """A person wants the text posted once more: after a problem was removed, or where the message was taken away.

    Raises NoSuchPostError, and ChatError where the chat is closed to the bot or the post is on its way.
    """
    with transaction() as session:
        post = _locked(session, kind, part_id)
        chat = chat_of(post)
        if post.state is PostState.SENDING:
            raise ChatError(_("This message is being sent just now."))
        if post.posted_hash is not None and post.message_id is not None:
            post.generation += 1
        post.message_id = post.posted_hash = None
        post.is_uncertain, post.looks = False, 0
        post.state = PostState.WANTED
        settle(post, chat, due_at=clock.now())
        if post.state not in (PostState.WANTED, PostState.BY_HAND):
            raise ChatError(_("The chat is not connected: connect it first."))
        record_chat(session, chat_of(post), "post_again", actor_id=actor_id, after={"post": post.mark})
        wake_due(session, post)


def _locked(session: Session, kind: str, post_id: int) -> Post:
    model = MODELS[kind]
    session.scalars(sa.select(model).where(model.id == post_id).with_for_update(of=model)).first()
    post = load(session, kind, post_id)
    if post is None:
        raise NoSuchPostError(_("There is no such post."))
    return post


def record_chat(
    session: Session, chat: Chat, action: str, *, actor_id: int | None, after: dict[str, object] | None = None
) -> None:
    """Who did what with a chat and when, in the transaction of the deed."""
    event = AuditEvent(
        school_id=chat.school_id, at=clock.now(), person_id=actor_id, action=action, subject_kind="chat",
        subject_id=chat.id, after=after,
    )  # fmt: skip
    session.add(event)

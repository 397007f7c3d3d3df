"""What people do where the product cannot: place a text themselves, say that it stands there, ask to post it again."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.errors import ChatError, NoSuchPostError
from scheduler.chats.posts import MODELS, Post, chat_of, load, settle, wake_due
from scheduler.database import transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Chat, Platform, PostState


def mark_placed(part_id: int, *, actor_id: int | None, kind: str = "part") -> None:
    """A person says that the wanted text stands in the chat: placed by hand, or seen there after an unknown outcome.

    A later change asks for it again. Raises NoSuchPostError, and ChatError where the post waits for nobody.
    """
    with transaction() as session:
        post = _locked(session, kind, part_id)
        if post.state not in (PostState.BY_HAND, PostState.PARKED):
            raise ChatError(_("This text is placed by the product itself."))
        if chat_of(post).platform is not Platform.BY_HAND:
            # Which message it is remains unknown, so a change is posted anew and names what it replaces.
            post.generation += 1
        post.message_id = None
        post.posted_hash, post.posted_text = post.wanted_hash, post.text
        post.posted_at, post.edited_at = clock.now(), None
        post.state, post.problem = PostState.POSTED, ""
        post.is_uncertain, post.looks = False, 0
        _record(session, post, "post_placed", actor_id)


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
        _record(session, post, "post_again", actor_id)
        wake_due(session, post)


def _locked(session: Session, kind: str, post_id: int) -> Post:
    model = MODELS[kind]
    session.scalars(sa.select(model).where(model.id == post_id).with_for_update(of=model)).first()
    post = load(session, kind, post_id)
    if post is None:
        raise NoSuchPostError(_("There is no such post."))
    return post


def _record(session: Session, post: Post, action: str, actor_id: int | None) -> None:
    record_chat(session, chat_of(post), action, actor_id=actor_id, after={"post": post.mark})


def record_chat(
    session: Session, chat: Chat, action: str, *, actor_id: int | None, after: dict[str, object] | None = None
) -> None:
    """Who did what with a chat and when, in the transaction of the deed."""
    event = AuditEvent(
        school_id=chat.school_id, at=clock.now(), person_id=actor_id, action=action, subject_kind="chat",
        subject_id=chat.id, after=after,
    )  # fmt: skip
    session.add(event)

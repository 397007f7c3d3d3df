"""What an answer means for the rows, stored under the lease's token: a worker that lost it stores nothing."""

import random

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.connections import token_mark
from scheduler.chats.job import Job
from scheduler.chats.lease import give_back, held, pause
from scheduler.chats.messenger import DeliveryError, Kind, Seen, Sent
from scheduler.chats.pace import pace
from scheduler.chats.posts import MODELS, PENDING, Post, into_chats, wake_due
from scheduler.database import transaction, wake_after_commit
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Connection, Delivery, Notice, PostState

LONGEST_KEPT = 300
PARKING = {Kind.GONE: "gone", Kind.RIGHTS: "rights", Kind.BAD_REQUEST: "refused"}

UNSURE = "unsure"
"""Stands for the posted text while an edit is on its way, and where two may arrive in either order."""

log = structlog.get_logger(__name__)


def succeeded(job: Job, attempt_id: int, sent: Sent) -> bool:
    """The message stands. False where the lease was lost meanwhile: the answer comes late."""
    with transaction() as session:
        _answer(session, attempt_id, "sent" if job.message_id is None else "edited", status=200)
        post = held(session, job.lease)
        if post is not None:
            stands(session, post, sent.message_id, job.wanted_hash, text=job.text)
    if job.attempts:
        end_pauses(job.connection_id)
    return post is not None


def found(job: Job, seen: Seen) -> bool:
    """A message of ours whose sending had no known answer stands in the chat; False where the lease was lost."""
    with transaction() as session:
        post = held(session, job.lease)
        if post is None:
            return False
        is_same = seen.text.strip() == job.text.strip() and seen.url in _urls(job)
        stands(session, post, seen.message_id, job.wanted_hash if is_same else "unlike", text=seen.text)
        return True


def _urls(job: Job) -> list[str]:
    return [button["url"] for row in job.buttons for button in row]


def stands(session: Session, post: Post, message_id: str, posted_hash: str, *, text: str) -> None:
    """The message is there with this text. An edit that followed one of unknown outcome is made once more later:
    the earlier one may still arrive after it.
    """
    now = clock.now()
    is_new, is_unsure = post.message_id is None, post.message_id is not None and post.looks > 0
    post.message_id, post.posted_hash, post.posted_text = message_id, UNSURE if is_unsure else posted_hash, text
    post.posted_at, post.edited_at = (now, None) if is_new else (post.posted_at, now)
    post.is_uncertain, post.looks, post.attempts, post.problem = False, 0, 0, ""
    post.state = PostState.POSTED if post.wanted_hash == post.posted_hash else PostState.WANTED
    post.due_at = now
    give_back(post)
    if is_unsure:
        pause(session, post, pace().request)
    wake_due(session, post)
    _wake_followers(session, post)


def _wake_followers(session: Session, post: Post) -> None:
    """The next part and the day's notices waited for this one."""
    if not isinstance(post, BulletinPart):
        return
    session.flush()
    now, bulletin_id = clock.now(), post.bulletin_id
    part = sa.select(BulletinPart.id).where(
        BulletinPart.bulletin_id == bulletin_id,
        BulletinPart.number == post.number + 1,
        BulletinPart.state == PostState.WANTED,
        BulletinPart.due_at <= now,
    )
    notice = sa.select(Notice.id).join(
        Bulletin, sa.and_(Bulletin.chat_id == Notice.chat_id, Bulletin.date == Notice.date)
    )
    notice = notice.where(Bulletin.id == bulletin_id, Notice.state == PostState.WANTED, Notice.due_at <= now)
    for kind, waiting in (("part", part), ("notice", notice)):
        for post_id in session.scalars(waiting):
            wake_after_commit(session, kind, post_id)


def failed(job: Job, attempt_id: int, error: DeliveryError) -> None:
    """The messenger refused, or nobody knows."""
    with transaction() as session:
        _answer(session, attempt_id, error.kind.value, status=error.status, text=error.text)
        post = held(session, job.lease)
        if post is None:
            return
        _apply(session, post, job, error)
        wake_due(session, post)
    if error.kind is Kind.GONE:
        close_chat(job.chat_id)


def _apply(session: Session, post: Post, job: Job, error: DeliveryError) -> None:
    give_back(post)
    if error.kind is Kind.UNKNOWN and job.message_id is None:
        pause(session, post, pace().look_pause)  # stays `sending`: the next worker looks first
        return
    post.is_uncertain = False
    post.looks = 1 if error.kind is Kind.UNKNOWN else post.looks
    post.state = PostState.WANTED
    if error.kind in PARKING:
        park(post, PARKING[error.kind])
    elif error.kind is Kind.AUTH:
        refuse_connection(session, job)
    elif error.kind in (Kind.MISSING, Kind.LATE) and job.message_id is not None:
        _replace(post)
    else:
        pause(session, post, error.retry_after if error.retry_after is not None else backoff(post.attempts))


def _replace(post: Post) -> None:
    """Its message was deleted by a person, or is too old to edit: a new one names what it replaces."""
    post.generation += 1
    post.message_id = None
    post.posted_hash = None
    post.due_at = clock.now()


def park(post: Post, problem: str) -> None:
    """The post waits for a person."""
    post.state = PostState.PARKED
    post.problem = problem
    log.warning("post_parked", target=post.mark, problem=problem)


def close_chat(chat_id: int) -> None:
    """The bot is in the chat no more: everything that waits for it waits for a person now.

    A transaction of its own, which takes the posts in the order of their numbers: two workers may find out at once.
    """
    with transaction() as session:
        session.get_one(Chat, chat_id).state = ChatState.REMOVED
        for post in waiting_posts(session, chat_id):
            post.state = PostState.PARKED
            post.problem = "gone"


def waiting_posts(session: Session, chat_id: int) -> list[Post]:
    """All that is on its way into a chat, locked."""
    found: list[Post] = []
    for model in MODELS.values():
        query = sa.select(model).where(into_chats(model, sa.select(sa.literal(chat_id))), model.state.in_(PENDING))
        found += session.scalars(query.order_by(model.id).with_for_update(of=model))
    return found


def refuse_connection(session: Session, job: Job) -> None:
    """The token is refused: nothing more is sent by this bot until a new one is stored. Told once.

    Where a new one was stored meanwhile, the refusal was the old one's.
    """
    connection = session.get_one(Connection, job.connection_id, with_for_update=True)
    if token_mark(connection) == job.token_mark and not connection.is_refused:
        connection.is_refused = True
        log.error("token_refused", connection_id=connection.id, school_id=connection.school_id)


def end_pauses(connection_id: int) -> None:
    """The messenger answers again: what was put off because it did not is due now, not after each post's own pause.

    Rows that another worker holds just now are passed over; they need no waking.
    """
    with transaction() as session:
        chats = sa.select(Chat.id).where(Chat.connection_id == connection_id)
        for kind, model in MODELS.items():
            pausing = sa.select(model.id).where(
                into_chats(model, chats),
                model.state == PostState.WANTED,
                model.lease_token.is_(None),
                model.lease_until.is_not(None),
            )
            ids = list(session.scalars(pausing.order_by(model.id).with_for_update(skip_locked=True)))
            session.execute(sa.update(model).where(model.id.in_(ids)).values(lease_until=None))
            for post_id in ids:
                wake_after_commit(session, kind, post_id)


def put_off(job: Job) -> None:
    """Give the lease back with nothing done."""
    with transaction() as session:
        post = held(session, job.lease)
        if post is not None:
            give_back(post)


def note_right(post: Post) -> None:
    """The chat shows what it should after all: a change was taken back before it was posted."""
    model = type(post)
    still_so = (model.id == post.id, model.state == post.state, model.posted_hash == model.wanted_hash)
    with transaction() as session:
        session.execute(sa.update(model).where(*still_so).values(state=PostState.POSTED))


def withdraw(post: Post) -> None:
    """Nobody saw it, and its moment has passed."""
    model = type(post)
    with transaction() as session:
        still_so = (model.id == post.id, model.state == post.state, model.is_uncertain.is_(False))
        session.execute(sa.update(model).where(*still_so).values(state=PostState.WITHDRAWN))
    log.warning("reminder_too_late", target=post.mark)


def backoff(attempts: int) -> float:
    """Seconds: doubling, with jitter so that many posts do not come back at once."""
    most = min(pace().backoff_most, pace().backoff_first * 2 ** max(0, min(attempts, 16) - 1))
    return float(most * random.uniform(0.5, 1))


def _answer(session: Session, attempt_id: int, outcome: str, *, status: int | None, text: str = "") -> None:
    values = {"outcome": outcome, "status": status, "answer": text[:LONGEST_KEPT]}
    session.execute(sa.update(Delivery).where(Delivery.id == attempt_id).values(values))

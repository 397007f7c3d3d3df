"""One step towards a chat showing a post: claim it, write down the attempt, ask the messenger, write down the answer.

What an unknown outcome asks for stands in `recover`, what an answer means for the rows in `outcome`.
"""

import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats import limits, outcome, recover
from scheduler.chats.connections import messenger_of
from scheduler.chats.job import Job, Step
from scheduler.chats.lease import give_back, held, take
from scheduler.chats.messenger import DeliveryError, Messenger, Sent
from scheduler.chats.pace import pace
from scheduler.chats.posts import PENDING, Post, chat_of, load, outgoing_buttons, outgoing_text
from scheduler.database import transaction
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Delivery, Notice, PostState


def make_step(kind: str, post_id: int) -> bool:
    """One step of one post; may be repeated by anybody at any time."""
    job = _claim(kind, post_id)
    if job is None:
        return False
    if not wait_for_turn(job):
        outcome.put_off(job)
        return False
    if job.step is Step.LOOK:
        recover.look(job)
        return True
    return _attempt(job)


def _claim(kind: str, post_id: int) -> Job | None:
    with transaction() as session:
        lease = take(session, kind, post_id, pace().lease)
        post = load(session, kind, post_id) if lease else None
        if lease is None or post is None:
            return None
        step = _next_step(session, post)
        if step is None:
            give_back(post)
            return None
        chat = chat_of(post)
        return Job(
            lease=lease,
            step=step,
            school_id=post.school_id,
            chat_id=chat.id,
            external_id=chat.external_id or 0,
            connection_id=chat.connection_id or 0,
            can_read=chat.can_read,
            text=outgoing_text(post),
            buttons=outgoing_buttons(post),
            mark=post.mark,
            is_loud=post.is_loud,
            message_id=post.message_id,
            wanted_hash=post.wanted_hash,
            attempted_at=post.attempted_at,
            attempts=post.attempts,
        )


def _next_step(session: Session, post: Post) -> Step | None:
    chat = chat_of(post)
    if post.state not in PENDING or post.due_at > clock.now() or not _is_reachable(chat):
        return None
    if post.state is PostState.SENDING and post.is_uncertain:
        return Step.LOOK
    if post.posted_hash == post.wanted_hash:
        post.state = PostState.POSTED
        return None
    if post.message_id is not None:
        return Step.EDIT
    return None if _is_blocked(session, post) else Step.SEND


def _is_reachable(chat: Chat) -> bool:
    connection = chat.connection
    return (
        chat.state is ChatState.CONNECTED
        and chat.external_id is not None
        and connection is not None
        and not connection.is_refused
    )


def _is_blocked(session: Session, post: Post) -> bool:
    """A new part waits for those before it, a notice for the parts of its day that are on their way."""
    query = sa.select(BulletinPart.id).join(Bulletin).where(BulletinPart.state.in_(PENDING))
    if isinstance(post, Notice):
        is_on_its_way = sa.or_(
            BulletinPart.due_at <= clock.now(), BulletinPart.attempts > 0, BulletinPart.state == PostState.SENDING
        )
        query = query.where(Bulletin.chat_id == post.chat_id, Bulletin.date == post.date, is_on_its_way)
    else:
        query = query.where(
            Bulletin.id == post.bulletin_id, BulletinPart.number < post.number, BulletinPart.message_id.is_(None)
        )
    return session.scalar(query.limit(1)) is not None


def _attempt(job: Job) -> bool:
    attempt_id = _begin(job)
    if attempt_id is None:
        return False
    try:
        messenger = messenger_of(job.connection_id)
        sent = _ask(job, messenger)
    except DeliveryError as error:
        outcome.failed(job, attempt_id, error)
    else:
        outcome.succeeded(job, attempt_id, sent, messenger)
    return True


def _ask(job: Job, messenger: Messenger) -> Sent:
    if job.message_id is None:
        return messenger.send(job.external_id, job.text, job.buttons, loud=job.is_loud)
    messenger.edit(job.message_id, job.text, job.buttons)
    return Sent(job.message_id, clock.now())


def wait_for_turn(job: Job) -> bool:
    """Wait for the rate limiter outside of any transaction; False where too little of the lease would be left."""
    chat_id = None if job.step is Step.LOOK else job.chat_id
    seconds = limits.reserve(job.connection_id, chat_id)
    if not job.lease.has_left(seconds + pace().request):
        return False
    time.sleep(seconds)
    return job.lease.has_left(pace().request)


def _begin(job: Job) -> int | None:
    """Write `sending` and the attempt in a commit of their own; None where the lease or the wanted text changed."""
    with transaction() as session:
        post = held(session, job.lease)
        if post is None:
            return None
        if post.wanted_hash != job.wanted_hash:
            give_back(post)
            return None
        is_send = job.step is Step.SEND
        post.state = PostState.SENDING
        post.is_uncertain = is_send
        post.attempted_at = clock.now()
        post.attempts += 1
        attempt = Delivery(
            school_id=job.school_id,
            chat_id=job.chat_id,
            target=job.mark,
            verb=job.step.value,
            at=post.attempted_at,
        )
        session.add(attempt)
        session.flush()
        return attempt.id

"""One step towards a chat showing a post: claim it, write down the attempt, ask the messenger, write down the answer.

What an unknown outcome asks for stands in `recover`, what an answer means for the rows in `outcome`.
"""

import time
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats import outcome, recover
from scheduler.chats.connections import messenger_of, token_mark
from scheduler.chats.job import Job, Step
from scheduler.chats.lease import take
from scheduler.chats.limits import reserve
from scheduler.chats.messenger import DeliveryError, Messenger, Sent
from scheduler.chats.overtaken import settle_late_answer
from scheduler.chats.pace import pace
from scheduler.chats.posts import MODELS, PENDING, Post, chat_of, load, outgoing_buttons, outgoing_text
from scheduler.database import db, transaction
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Delivery, Notice, PostState, Reminder

STILL_OF_USE = timedelta(minutes=5)
"""So long after the lesson's start a reminder that could not go out before is better than none."""

UNSYNCHRONISED = {"synchronize_session": False}


def make_step(kind: str, post_id: int) -> bool:
    """One step of one post; may be repeated by anybody at any time."""
    with Session(db.engine) as session:
        post = load(session, kind, post_id)
        step = _next_step(session, post) if post else None
        job = _claim(post, step) if post and step else None
    if job is None:
        return False
    if not _wait_for_turn(job):
        outcome.put_off(job)
        return False
    if job.step is Step.LOOK:
        recover.look(job)
        return True
    return _attempt(job)


def _claim(post: Post, step: Step) -> Job | None:
    """Lease the post and reserve the moment of the request, in one commit.

    What was read before is a condition of the lease, so that the lock is held for two statements only.
    """
    chat = chat_of(post)
    with transaction() as session:
        lease = take(session, post)
        if lease is None:
            return None
        wait = reserve(chat.connection_id or 0, None if step is Step.LOOK else chat.id, session=session)
    return Job(
        lease=lease,
        step=step,
        school_id=post.school_id,
        chat_id=chat.id,
        external_id=chat.external_id or 0,
        connection_id=chat.connection_id or 0,
        token_mark=token_mark(chat.connection),
        can_read=chat.can_read,
        text=outgoing_text(post),
        buttons=outgoing_buttons(post),
        mark=post.mark,
        is_loud=post.is_loud,
        message_id=post.message_id,
        wanted_hash=post.wanted_hash,
        attempted_at=post.attempted_at,
        attempts=post.attempts,
        is_resumed=post.state is PostState.SENDING,
        wait=wait,
    )


def _next_step(session: Session, post: Post) -> Step | None:
    chat = chat_of(post)
    if post.state not in PENDING or post.due_at > clock.now() or not _is_reachable(chat):
        return None
    if post.state is PostState.SENDING and post.is_uncertain:
        return Step.LOOK
    if post.posted_hash == post.wanted_hash:
        outcome.note_right(post)
        return None
    if post.message_id is not None:
        return Step.EDIT
    if isinstance(post, Reminder) and post.starts_at + STILL_OF_USE < clock.now():
        outcome.withdraw(post)
        return None
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
    elif isinstance(post, BulletinPart) and post.number > 1:
        query = query.where(
            Bulletin.id == post.bulletin_id, BulletinPart.number < post.number, BulletinPart.message_id.is_(None)
        )
    else:
        return False
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
        if not outcome.succeeded(job, attempt_id, sent):
            settle_late_answer(job, sent, messenger)
    return True


def _ask(job: Job, messenger: Messenger) -> Sent:
    if job.message_id is None:
        return messenger.send(job.external_id, job.text, job.buttons, loud=job.is_loud)
    messenger.edit(job.message_id, job.text, job.buttons)
    return Sent(job.message_id, clock.now())


def _wait_for_turn(job: Job) -> bool:
    """Wait for the reserved moment outside of any transaction; False where too little of the lease would be left."""
    if not job.lease.has_left(job.wait + pace().request):
        return False
    time.sleep(job.wait)
    return job.lease.has_left(pace().request)


def _begin(job: Job) -> int | None:
    """Write `sending` and the attempt in a commit of their own; None where the lease or the wanted text changed."""
    model, now = MODELS[job.lease.kind], clock.now()
    values = {
        "state": PostState.SENDING,
        "is_uncertain": job.step is Step.SEND,
        "attempted_at": now,
        "attempts": job.attempts + 1,
    }
    if job.step is Step.EDIT:
        values["posted_hash"] = outcome.UNSURE  # a plan that goes back to the old text must not take it as still there
        values |= {"looks": 1} if job.is_resumed else {}
    is_ours = (model.id == job.lease.post_id, model.lease_token == job.lease.token)
    with transaction() as session:
        still_wanted = (model.wanted_hash == job.wanted_hash, model.state.in_(PENDING))
        update = sa.update(model).where(*is_ours, *still_wanted)
        begun = session.execute(update.values(values), execution_options=UNSYNCHRONISED)
        if cast("CursorResult[tuple[()]]", begun).rowcount != 1:
            free = sa.update(model).where(*is_ours).values(lease_token=None, lease_until=None)
            session.execute(free, execution_options=UNSYNCHRONISED)
            return None
        attempt = Delivery(
            school_id=job.school_id, chat_id=job.chat_id, target=job.mark, verb=job.step.value, at=now
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        return attempt.id

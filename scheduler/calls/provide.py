"""Makes the wanted links, in the worker: lease, ask outside a transaction, store under the lease's token.

Never called in a page request. What stays possible: a process frozen between VK's answer and the commit leaves a
room that nobody uses; another link is made, and the join page holds one.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import choose, fallback
from scheduler.calls.failing import after_failure
from scheduler.calls.loading import load_audiences, load_ground
from scheduler.calls.provider import CallError, Failure, LinkMaker, MadeCall
from scheduler.calls.require import OPENS_BEFORE, drop, settle, wants_call
from scheduler.calls.tokens import token_of
from scheduler.calls.vk import VkLinks
from scheduler.database import db, transaction, wake_after_commit
from scheduler.models.calls import Call, CallState, CallToken
from scheduler.models.chats import Chat, ChatState
from scheduler.models.lessons import Lesson
from scheduler.models.rates import reserve_moment
from scheduler.models.school import CallWay
from scheduler.models.school_day import locked_days
from scheduler.models.secrets import SecretError, decrypt

LEASE = timedelta(seconds=60)
"""Longer than the time-outs of one request (`vk.TIMEOUT`) and the two commits around it."""

PER_TOKEN = 3.0
"""Requests a second of a person's token (published limits of VK)."""

LOOK_AGAIN = timedelta(minutes=5)
OLDEST = timedelta(days=1)
"""Anything due longer ago belongs to a lesson that is over."""

log = structlog.get_logger(__name__)

Tell = Callable[[Session, Lesson], None]
"""What to do in the same transaction, under the day's lock, when posts and calendars must name another way."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One leased attempt; the token of VK is never shown."""

    call_id: int
    lease: str
    attempt: int
    token_id: int | None = None
    token: str | None = field(default=None, repr=False)


def due_calls(limit: int = 50) -> list[int]:
    """Calls that should be looked at now, the next lesson first; the sweep hands them to `provide_call`."""
    now = clock.now()
    waiting = sa.and_(
        Call.state.in_((CallState.WANTED, CallState.FAILED)), Call.due_at <= now, Call.due_at > now - OLDEST
    )
    abandoned = sa.and_(Call.state == CallState.MAKING, Call.lease_until < _true_now())
    lost_chat = sa.and_(Call.state == CallState.READY, Call.url.is_(None), Chat.state == ChatState.REMOVED)
    query = (
        sa.select(Call.id)
        .join(Lesson, Lesson.id == Call.lesson_id)
        .outerjoin(Chat, Chat.id == Call.chat_id)
        .where(sa.or_(waiting, abandoned, lost_chat), Lesson.ends_at > now)
        .order_by(Lesson.starts_at, Call.id)
        .limit(limit)
    )
    db.session.rollback()
    return list(db.session.scalars(query))


def provide_call(call_id: int, tell: Tell) -> None:
    """Make one wanted link, if it is due and nobody else is making it. Failures are stored, never raised.

    Where that ends in another way than posts and calendars name, `tell` brings them along.
    """
    task = _take(call_id, tell)
    if task is None:
        return
    try:
        maker = _maker(task)
        time.sleep(reserve_moment({f"vk:{task.token_id}": PER_TOKEN}))
        made = maker.make()
    except CallError as error:
        log.warning("call_failed", call_id=call_id, failure=error.failure.value, code=error.code)
        _store_failure(task, error, tell)
        return
    if _store_link(task, made):
        log.info("call_made", call_id=call_id)
        return
    with suppress(CallError):  # the lesson changed meanwhile: nobody will learn of this room
        maker.finish(made.external_id)


def _true_now() -> datetime:
    """The time without the demonstration's offset: a lease must not end because somebody moved the clock."""
    return clock.now() - timedelta(seconds=clock.offset())


def _take(call_id: int, tell: Tell) -> _Task | None:
    """Lease the call in a commit of its own; None where there is nothing to ask."""
    with transaction() as session:
        call = under_its_day(session, call_id)
        if call is None or not (_is_due(call) or _has_lost_chat(session, call)):
            return None
        was = call.shown_way
        is_to_ask = _settle_or_lease(session, call)
        session.flush()
        if CallWay.IN_CHAT in {was, call.shown_way} and call.shown_way is not was:
            tell(session, call.lesson)
        return _with_token(session, call) if is_to_ask else None


def under_its_day(session: Session, call_id: int) -> Call | None:
    """The call, locked after its lesson's day: planners lock in this order too. None where the lesson just moved."""
    place = sa.select(Call.school_id, Lesson.date).join(Lesson, Lesson.id == Call.lesson_id).where(Call.id == call_id)
    found = session.execute(place).first()
    if found is None:
        return None
    days = locked_days(session, found.school_id, [found.date])
    call = session.get(Call, call_id, with_for_update=True, populate_existing=True)
    return call if call is not None and call.lesson.date in days else None


def _settle_or_lease(session: Session, call: Call) -> bool:
    """Whether VK is to be asked now; then the lease is taken."""
    lesson, now = call.lesson, clock.now()
    if not wants_call(lesson) or lesson.ends_at <= now:
        drop(call)
        return False
    if call.way is not CallWay.VK:
        _choose_again(session, call, lesson)
        return False
    if _has_lost_chat(session, call):
        call.chat_id = None
    if call.has_way and now >= lesson.starts_at - OPENS_BEFORE:
        call.state, call.lease_token, call.lease_until = CallState.READY, None, None
        return False
    call.state, call.attempts = CallState.MAKING, call.attempts + 1
    call.lease_token, call.lease_until = secrets.token_hex(8), _true_now() + LEASE
    return True


def _has_lost_chat(session: Session, call: Call) -> bool:
    """Whether the call is to be in a chat that the messenger has taken away since."""
    if call.state is not CallState.READY or call.url or call.chat_id is None:
        return False
    return session.get_one(Chat, call.chat_id).state is ChatState.REMOVED


def _is_due(call: Call) -> bool:
    if call.state is CallState.MAKING:
        return call.lease_until is None or call.lease_until < _true_now()
    return call.state in (CallState.WANTED, CallState.FAILED) and call.due_at <= clock.now()


def _with_token(session: Session, call: Call) -> _Task:
    stored = token_of(session, call.school_id)
    task = _Task(call.id, call.lease_token or "", call.attempts)
    if stored is None:
        return task
    is_over = stored.is_refused or (stored.expires_at is not None and stored.expires_at <= clock.now())
    token = "" if is_over else _readable(stored)
    return _Task(task.call_id, task.lease, task.attempt, stored.id, token)


def _readable(stored: CallToken) -> str:
    try:
        return decrypt(stored.token)
    except SecretError:
        log.warning("call_token_unreadable", school_id=stored.school_id)
        return ""


def _maker(task: _Task) -> LinkMaker:
    if task.token is None:
        raise CallError(Failure.NO_TOKEN)
    if not task.token:
        raise CallError(Failure.EXPIRED_TOKEN)
    return VkLinks(current_app.config["SETTINGS"].vk_api_url, task.token)


def _choose_again(session: Session, call: Call, lesson: Lesson) -> None:
    """A lesson that nothing was found for: a chat or a room may be there now."""
    now = clock.now()
    audience = load_audiences(session, [lesson])[lesson.id]
    settle(call, lesson, choose(audience, load_ground(session, call.school_id)), now=now, is_moved=False)
    if call.state is CallState.FAILED:
        call.due_at = now + LOOK_AGAIN
    if call.state is CallState.WANTED:
        wake_after_commit(session, "call", call.id)


def _leased(session: Session, task: _Task) -> Call | None:
    """The call, if it is still ours: a changed lesson or another worker ends a lease."""
    query = sa.select(Call).where(
        Call.id == task.call_id, Call.lease_token == task.lease, Call.state == CallState.MAKING
    )
    return session.scalars(query.with_for_update()).first()


def _store_link(task: _Task, made: MadeCall) -> bool:
    with transaction() as session:
        call = _leased(session, task)
        if call is None:
            return False
        call.url, call.external_id, call.made_at = made.url, made.external_id, clock.now()
        call.room_id = call.chat_id = call.lease_token = call.lease_until = None
        call.state, call.problem = CallState.READY, ""
        return True


def _store_failure(task: _Task, error: CallError, tell: Tell) -> None:
    with transaction() as session:
        under_its_day(session, task.call_id)
        if error.failure is Failure.EXPIRED_TOKEN and task.token:
            session.execute(sa.update(CallToken).where(CallToken.id == task.token_id).values(is_refused=True))
        call = _leased(session, task)
        if call is None:
            return
        lesson = call.lesson
        audience = load_audiences(session, [lesson])[lesson.id]
        found = fallback(audience, load_ground(session, call.school_id))
        following = after_failure(error, task.attempt, found, now=clock.now(), starts_at=lesson.starts_at)
        call.state, call.due_at, call.problem = following.state, following.due_at, following.problem
        call.lease_token = call.lease_until = None
        call.room_id = call.url = call.chat_id = None
        if found is not None:
            call.room_id, call.url, call.chat_id = found.room_id, found.url, found.chat_id
        session.flush()
        if call.shown_way is not call.way:
            tell(session, lesson)

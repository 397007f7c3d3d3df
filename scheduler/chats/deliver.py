"""Delivers what is due: one post for the engine, all of them for `scheduler deliver`, and the list for the sweep."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.attempt import make_step
from scheduler.chats.lease import is_free
from scheduler.chats.notices import end_quiet
from scheduler.chats.overview import ChatOutcome, chat_outcomes, parked_chats
from scheduler.chats.posts import MODELS, PENDING, PostModel
from scheduler.database import database_now, db, transaction
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Connection, PostState

THREADS = 8
BATCH = 200
IDLE = 0.05
PATIENCE = 480

Due = list[tuple[str, int]]


def deliver_part(part_id: int) -> bool:
    """Send or edit a bulletin's part where it is due; False where there was nothing to do or others do it."""
    return make_step("part", part_id)


def deliver_notice(notice_id: int) -> bool:
    """The same for a notice, which goes after its day's bulletin."""
    return make_step("notice", notice_id)


def deliver_reminder(reminder_id: int) -> bool:
    """The same for a reminder."""
    return make_step("reminder", reminder_id)


def due_posts(limit: int = BATCH) -> Due:
    """What can be delivered now: parts in the order of their due times and numbers, then notices and reminders.

    Posts whose lease or pause has run out are among them; those of refused bots and of closed chats are not.
    """
    found: Due = []
    with Session(db.engine) as session:
        now, free = clock.now(), database_now(session)
        for kind, model in MODELS.items():
            due = _pending(model).where(model.due_at <= now, is_free(model, free)).order_by(*_order(model))
            found += [(kind, row) for row in session.scalars(due.limit(limit - len(found)))]
    return found


def _order(model: PostModel) -> tuple[Any, ...]:
    return (model.due_at, BulletinPart.number, model.id) if model is BulletinPart else (model.due_at, model.id)


def _pending(model: PostModel) -> sa.Select[int]:
    """The posts of this kind that are on their way into chats that can be reached."""
    ids = sa.select(model.id)
    is_part = model is BulletinPart
    query = ids.join(Bulletin).join(Chat, Chat.id == Bulletin.chat_id) if is_part else ids.join(Chat)
    return query.join(Connection).where(model.state.in_(PENDING), *_REACHABLE)


_REACHABLE = (Chat.state == ChatState.CONNECTED, Chat.external_id.is_not(None), Connection.is_refused.is_(False))


def is_anything_under_way() -> bool:
    """Whether waiting makes sense: something is due, leased, tried before or of unknown outcome.

    What is due only later does not count.
    """
    now = clock.now()
    with Session(db.engine) as session:
        return any(
            session.scalar(
                _pending(model)
                .where(
                    sa.or_(
                        model.due_at <= now,
                        model.lease_until.is_not(None),
                        model.attempts > 0,
                        model.state == PostState.SENDING,
                    )
                )
                .limit(1)
            )
            is not None
            for model in MODELS.values()
        )


def deliver_until_done(school_id: int | None = None, *, patience: float = PATIENCE) -> list[ChatOutcome]:
    """Deliver beside running workers until every due part and notice is posted, parked, by hand or unconnected.

    Waits for leases and back-offs, and ends the quiet time of joined notices. Gives up after `patience` seconds; what
    is then still wanted says so in its chat's state. Returns the chats of the school, or of all schools.
    """
    before = parked_chats()
    with transaction() as session:
        end_quiet(session)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy hides it; threads need it
    give_up = time.monotonic() + patience
    with ThreadPoolExecutor(THREADS) as pool:
        while time.monotonic() < give_up:
            due = due_posts()
            if not due and not is_anything_under_way():
                break
            if not any(pool.map(lambda post: _deliver_within(app, *post), due)):
                time.sleep(IDLE)
    return chat_outcomes(school_id, parked_before=before)


def _deliver_within(app: Flask, kind: str, post_id: int) -> bool:
    with app.app_context():
        return make_step(kind, post_id)

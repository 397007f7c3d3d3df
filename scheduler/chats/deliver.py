"""Delivers what is due: one post for the engine, all of them for `scheduler deliver`, and the list for the sweep."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.attempt import make_step
from scheduler.chats.notices import end_quiet
from scheduler.chats.overview import ChatOutcome, chat_outcomes, parked_chats
from scheduler.chats.posts import PENDING
from scheduler.database import database_now, db, transaction
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Connection, Notice, PostState

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


def due_posts(limit: int = BATCH) -> Due:
    """What can be delivered now: parts in the order of their due times and numbers, then notices.

    Posts whose lease has run out are among them; those of refused bots and of closed chats are not.
    """
    with Session(db.engine) as session:
        now, free = clock.now(), database_now(session)
        parts = _parts().where(BulletinPart.due_at <= now, _is_free(BulletinPart, free))
        parts = parts.order_by(BulletinPart.due_at, BulletinPart.number, BulletinPart.id)
        found: Due = [("part", row) for row in session.scalars(parts.limit(limit))]
        notices = _notices().where(Notice.due_at <= now, _is_free(Notice, free))
        notices = notices.order_by(Notice.due_at, Notice.id)
        found += [("notice", row) for row in session.scalars(notices.limit(limit - len(found)))]
        return found


def _parts() -> sa.Select[int]:
    query = sa.select(BulletinPart.id).join(Bulletin).join(Chat, Chat.id == Bulletin.chat_id).join(Connection)
    return query.where(BulletinPart.state.in_(PENDING), *_REACHABLE)


def _notices() -> sa.Select[int]:
    query = sa.select(Notice.id).join(Chat, Chat.id == Notice.chat_id).join(Connection)
    return query.where(Notice.state.in_(PENDING), *_REACHABLE)


_REACHABLE = (Chat.state == ChatState.CONNECTED, Chat.external_id.is_not(None), Connection.is_refused.is_(False))


def _is_free(model: type[BulletinPart] | type[Notice], free: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(model.lease_until.is_(None), model.lease_until < free)


def _is_under_way(model: type[BulletinPart] | type[Notice], now: datetime) -> sa.ColumnElement[bool]:
    """Due, leased, tried before or with an unknown outcome: something that will end by itself."""
    return sa.or_(
        model.due_at <= now, model.lease_until.is_not(None), model.attempts > 0, model.state == PostState.SENDING
    )


def is_anything_under_way() -> bool:
    """Whether waiting makes sense: what is due only later does not count."""
    now = clock.now()
    with Session(db.engine) as session:
        parts = session.scalar(_parts().where(_is_under_way(BulletinPart, now)).limit(1))
        return parts is not None or session.scalar(_notices().where(_is_under_way(Notice, now)).limit(1)) is not None


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

"""The stored bytes of a feed: one query tells whether they are still right, and only then is anything made anew."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.contents import Contents, contents_of
from scheduler.calendars.texts import store_texts
from scheduler.database import db, transaction
from scheduler.models.calendars import Feed, FeedBody

KEPT_IN_MEMORY = 128
_log = structlog.get_logger()

# Sent past SQLAlchemy's compiling and result rows, which cost more than the whole answer does. The revisions of a set
# only grow, and a changed set raises the feed's own: so their sum names one state.
_STATE = (
    "SELECT f.id, f.revision, f.alarm_minutes, s.timezone, b.revisions,"
    " (SELECT count(*) FROM feed_calendar j WHERE j.feed_id = f.id),"
    " (SELECT sum(c.revision) FROM feed_calendar j JOIN calendar c ON c.id = j.calendar_id WHERE j.feed_id = f.id)"
    " FROM feed f JOIN school s ON s.id = f.school_id LEFT JOIN feed_body b ON b.feed_id = f.id"
    " WHERE f.revoked_at IS NULL AND f.token = "
)
_STATE_SQLITE, _STATE_POSTGRES = f"{_STATE}:token", f"{_STATE}%(token)s"


@dataclass(frozen=True, slots=True)
class FeedState:
    """What one query tells: `key` names the state that the bytes must be of, `stored_key` the one they are of."""

    feed_id: int
    key: str
    stored_key: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a feed, as text/calendar in UTF-8; `etag` depends on the content alone."""

    etag: str
    modified_at: datetime
    gzipped: bytes


class Memory:
    """The last used bodies of this process; each is good for as long as the feed's key stays the same."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Body] = OrderedDict()
        self._lock = Lock()

    def get(self, state: FeedState) -> Body | None:
        with self._lock:
            body = self._kept.get((state.feed_id, state.key))
            if body is not None:
                self._kept.move_to_end((state.feed_id, state.key))
            return body

    def put(self, state: FeedState, body: Body) -> None:
        with self._lock:
            self._kept[state.feed_id, state.key] = body
            if len(self._kept) > KEPT_IN_MEMORY:
                self._kept.popitem(last=False)


def memory_of(app: Flask) -> Memory:
    """The memory of an application; each has its own, as it has its own database."""
    memory: Memory = app.extensions.setdefault("feed_bodies", Memory())
    return memory


def body_of(token: str) -> tuple[int, Body] | None:
    """The number and the present bytes of the feed with this token; None where there is none or it was replaced."""
    state = feed_state(db.engine, token)
    if state is None:
        return None
    memory = memory_of(current_app)
    body = memory.get(state)
    if body is None:
        body = _stored(state) if state.stored_key == state.key else None
        body = body or _made(state)
        memory.put(state, body)
    return state.feed_id, body


def feed_state(engine: sa.Engine, token: str) -> FeedState | None:
    """The one query of a request that meets nothing changed."""
    if "\0" in token:  # no text of PostgreSQL can hold it
        return None
    is_sqlite = engine.dialect.name == "sqlite"
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(_STATE_SQLITE if is_sqlite else _STATE_POSTGRES, {"token": token})
        row = cursor.fetchone()
    finally:
        connection.close()
    if row is None:
        return None
    feed_id, revision, alarm, zone, stored_key, joined, revisions = row
    return FeedState(feed_id, f"{revision}.{joined}.{revisions or 0}.{window_start(zone, alarm)}", stored_key)


def window_start(zone: str, alarm: int | None) -> date:
    """The date that a feed's window is counted from: this week's Monday, so that the bytes stay the same for a week.

    A feed with reminders counts from today: none may stand on a past lesson, where some clients ring again.
    """
    today = clock.today(zone)
    return today if alarm is not None else today - timedelta(days=today.weekday())


def _stored(state: FeedState) -> Body | None:
    with Session(db.engine) as session:
        row = session.scalar(sa.select(FeedBody).where(FeedBody.feed_id == state.feed_id))
        if row is None or row.revisions != state.key:
            return None
        return Body(row.etag, row.modified_at, row.gzipped)


def _made(state: FeedState) -> Body:
    """Make the bytes anew. The key was read before the lessons, so they are never older than it says."""
    with Session(db.engine) as session:
        feed = session.get_one(Feed, state.feed_id)
        contents = contents_of(session, feed)
        old = session.scalar(sa.select(FeedBody).where(FeedBody.feed_id == feed.id))
        body = _body(contents.text, old)
        seen = old.revisions if old else None
        school_id = feed.school_id
    try:
        _keep(state, school_id, body, contents=contents, seen=seen)
    except sa.exc.OperationalError:
        # a busy database must not keep a reader from an answer that is right; the next request stores it
        _log.warning("feed_not_stored", feed_id=state.feed_id)
    return body


def _body(text: str, old: FeedBody | None) -> Body:
    plain = text.encode()
    etag = hashlib.sha256(plain).hexdigest()[:32]
    if old is not None and old.etag == etag:
        return Body(etag, old.modified_at, old.gzipped)
    modified_at = clock.now().replace(microsecond=0)
    if old is not None:
        # HTTP dates have whole seconds: two states within one must not share theirs
        modified_at = max(modified_at, old.modified_at + timedelta(seconds=1))
    return Body(etag, modified_at.astimezone(UTC), gzip.compress(plain, 6, mtime=0))


def _keep(state: FeedState, school_id: int, body: Body, *, contents: Contents, seen: str | None) -> None:
    store_texts(contents.rendered)
    values = {
        "revisions": state.key,
        "etag": body.etag,
        "modified_at": body.modified_at,
        "gzipped": body.gzipped,
    }
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(FeedBody).values(school_id=school_id, feed_id=state.feed_id, **values)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["feed_id"], set_=values, where=FeedBody.__table__.c.revisions == seen
            )
        )

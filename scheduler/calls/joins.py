"""Counts how often join pages have led into a call, with nothing about who came; a class comes all at once.

The counts are gathered in the process and stored together every few seconds, so that thirty pupils are one write.
What a process that is killed had not stored is lost: the figure says that a lesson was attended, not by how many.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from flask import Flask, Response, current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.joins import LessonJoins

PAUSE = 3.0
"""Seconds between two writes of one process."""
EXTENSION = "lesson_joins"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Counted:
    """What was gathered for one lesson."""

    school_id: int
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(slots=True)
class JoinCounter:
    """The gathered counts of one process."""

    app: Flask
    _waiting: dict[int, Counted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stored_at: float = float("-inf")

    def note(self, school_id: int, lesson_id: int) -> None:
        """Somebody was led into the call of a lesson just now."""
        now = clock.now()
        with self._lock:
            one = self._waiting.setdefault(lesson_id, Counted(school_id, 0, now, now))
            one.count, one.last_at = one.count + 1, now

    def is_due(self) -> bool:
        """Whether something waits and the last write is long enough ago."""
        return bool(self._waiting) and time.monotonic() - self._stored_at >= PAUSE

    def store(self) -> None:
        """Write what waits; where the database refuses, it waits for the next time."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            self._stored_at = time.monotonic()
        if not waiting:
            return
        try:
            with self.app.app_context(), transaction() as session:
                for lesson_id in sorted(waiting):
                    _add(session, lesson_id, waiting[lesson_id])
        except SQLAlchemyError as error:
            log.warning("joins_not_stored", kind=type(error).__name__, lessons=len(waiting))
            self._take_back(waiting)

    def _take_back(self, waiting: dict[int, Counted]) -> None:
        with self._lock:
            for lesson_id, one in waiting.items():
                newer = self._waiting.get(lesson_id)
                if newer is not None:
                    one.count, one.last_at = one.count + newer.count, newer.last_at
                self._waiting[lesson_id] = one


def _add(session: Session, lesson_id: int, one: Counted) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"first_at": one.first_at, "last_at": one.last_at, "count": one.count}
    wanted = insert(LessonJoins).values(school_id=one.school_id, lesson_id=lesson_id, **values)
    more = {"count": LessonJoins.count + one.count, "last_at": one.last_at}
    session.execute(wanted.on_conflict_do_update(index_elements=["lesson_id"], set_=more))


def init_joins(app: Flask) -> None:
    """Keep the counter with the application; after any answer was sent, what is due is stored."""
    counter = app.extensions[EXTENSION] = JoinCounter(app)

    def store_soon(response: Response) -> Response:
        if counter.is_due():
            response.call_on_close(counter.store)
        return response

    app.after_request(store_soon)


def note_join(school_id: int, lesson_id: int) -> None:
    """Count one pupil, or a teacher, who was led into the call."""
    current_app.extensions[EXTENSION].note(school_id, lesson_id)

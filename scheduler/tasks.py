"""The task engine: it only wakes, retries and spreads work; each task is a few lines that call one use case.

What is to be done stands in the database; a lost wake-up is found by the sweep. The same tasks run on a file of the
instance folder (no server needed) and on Redis (any number of workers), chosen by REDIS_URL alone.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from scheduler.calendars.render import render_calendar
from scheduler.calls.provide import due_calls
from scheduler.chats.connect import unlearnt_chats
from scheduler.chats.deliver import deliver_notice, deliver_part, due_posts
from scheduler.chats.polling import poll_once
from scheduler.config import Settings
from scheduler.database import db, register_wake
from scheduler.models.chats import Connection, Platform
from scheduler.planning.links import provide
from scheduler.planning.official_chats import learn_official_chat

SWEEP_SECONDS = 2.0
SEEN_SECONDS = 8.0
WORKERS = 8
LINK_WORKERS = 2
"""Links wait for their provider's own limits; in a queue of their own they never hold up a post."""

_POLLED = sa.select(Connection.id).where(Connection.platform == Platform.MAX, Connection.is_refused.is_(False))

log = structlog.get_logger(__name__)

WORK: dict[str, Callable[[int], object]] = {
    "call": provide,
    "part": deliver_part,
    "notice": deliver_notice,
    "feed": render_calendar,
    "chat": learn_official_chat,
}


@dataclass(slots=True)
class Engine:
    """The application's queue, and what the sweep has handed over lately."""

    app: Flask
    huey: Huey
    links: Huey
    work: Callable[[str, int], object]
    link: Callable[[str, int], object]
    _seen: dict[tuple[str, int], float] = field(default_factory=dict)

    def wake(self, rows: frozenset[tuple[str, int]]) -> None:
        """Hand rows over to the workers."""
        for kind, row_id in sorted(rows):
            (self.link if kind == "call" else self.work)(kind, row_id)

    def sweep(self) -> int:
        """Hand over what is due and was not handed over in the last seconds; answers how many."""
        with self.app.app_context():
            due = [("call", row_id) for row_id in due_calls()] + [("chat", row_id) for row_id in unlearnt_chats()]
            due += due_posts()
            db.session.remove()
        now = time.monotonic()
        self._seen = {row: at for row, at in self._seen.items() if now - at < SEEN_SECONDS}
        fresh = [row for row in due if row not in self._seen]
        self._seen |= dict.fromkeys(fresh, now)
        self.wake(frozenset(fresh))
        return len(fresh)


class _Embedded(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer inside a process that handles its signals itself."""

    def _set_signal_handlers(self) -> None:
        return


def init_tasks(app: Flask) -> None:
    """Connect the wake-up after a commit with the engine."""
    settings: Settings = app.config["SETTINGS"]
    huey, links = _queue(settings, "zvonok"), _queue(settings, "zvonok-links")

    def work(kind: str, row_id: int) -> None:
        with app.app_context():
            try:
                WORK[kind](row_id)
            finally:
                db.session.remove()

    engine = Engine(app, huey, links, huey.task(name="work")(work), links.task(name="link")(work))
    app.extensions["scheduler_engine"] = engine
    register_wake(app, engine.wake)


def _queue(settings: Settings, name: str) -> Huey:
    serializer = SignedSerializer(secret=settings.secret_key)
    if settings.redis_url:
        return RedisHuey(name, url=settings.redis_url, results=False, serializer=serializer)
    path = str(settings.instance / "engine.sqlite3")
    return SqliteHuey(name, filename=path, results=False, serializer=serializer, timeout=30)


def run_worker(app: Flask, stop: threading.Event, *, workers: int = WORKERS) -> None:
    """Work until `stop` is set: the queue's consumer, the sweep, and the messenger's events where they are polled."""
    engine: Engine = app.extensions["scheduler_engine"]
    consumers = [_consumer(engine.huey, workers), _consumer(engine.links, LINK_WORKERS)]
    settings: Settings = app.config["SETTINGS"]
    if settings.long_polling:
        threading.Thread(target=_poll, args=(app, stop), daemon=True, name="updates").start()
    while not stop.is_set():
        _sweep_once(engine)
        stop.wait(SWEEP_SECONDS)
    for consumer in consumers:
        consumer.stop(graceful=True)


def _consumer(queue: Huey, workers: int) -> Consumer:
    consumer = _Embedded(queue, workers=workers, periodic=False, initial_delay=0.02, max_delay=0.25, backoff=1.3)
    consumer.start()
    return consumer


def _sweep_once(engine: Engine) -> None:
    try:
        engine.sweep()
    except Exception:  # the worker outlives a database that is away for a while; the next sweep tries again
        log.exception("sweep failed")


def _poll(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        with app.app_context():
            try:
                connections = list(db.session.scalars(_POLLED))
                for connection_id in connections:
                    poll_once(connection_id)
            except Exception:  # as the sweep: the messenger may be away for an hour
                log.exception("polling failed")
                connections = []
            finally:
                db.session.remove()
        stop.wait(0.5 if connections else 5.0)

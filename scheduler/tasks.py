"""The task engine: it only wakes, retries and spreads work; each task is a few lines that call one use case.

What is to be done stands in the database; a lost wake-up is found by the sweep. The same tasks run on a file of the
instance folder (no server needed) and on Redis (any number of workers), chosen by REDIS_URL alone.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import Flask
from huey import Huey
from huey.api import TaskWrapper

from scheduler import clock
from scheduler.calendars.render import render_calendar
from scheduler.calls.provide import due_calls
from scheduler.calls.stand_in import late_calls
from scheduler.chats.connect import unlearnt_chats
from scheduler.chats.deliver import deliver_notice, deliver_part, deliver_reminder, due_posts
from scheduler.chats.messenger import DeliveryError
from scheduler.chats.polling import poll_once
from scheduler.chats.set_back import keep_due
from scheduler.config import Settings
from scheduler.database import Rows, db, register_wake
from scheduler.models.chats import Connection, Platform
from scheduler.planning.links import provide, stand_in_for
from scheduler.planning.official_chats import learn_official_chat
from scheduler.queues import enqueue_all, open_queue, start_consumer

SWEEP_SECONDS = 2.0
SEEN_SECONDS = 8.0
ENDING_SECONDS = 3.0
WORKERS = 8
LINK_WORKERS = 2
LINKS_AHEAD = 4
"""So many links wait in their queue: a slow provider must not let a later lesson stand before a sooner one."""

SET_BACK = timedelta(seconds=5)
"""Smaller corrections of the clock are waited for."""

CALM_SECONDS = 10.0
"""So long rendering ahead of the readers waits for posts that are due; a reader who comes first renders himself."""

_POLLED = sa.select(Connection.id).where(Connection.platform == Platform.MAX, Connection.is_refused.is_(False))

log = structlog.get_logger(__name__)

WORK: dict[str, Callable[[int], object]] = {
    "call": provide,
    "late_call": stand_in_for,
    "part": deliver_part,
    "notice": deliver_notice,
    "reminder": deliver_reminder,
    "feed": render_calendar,
    "chat": learn_official_chat,
}
QUEUES = {"posts": WORKERS, "links": LINK_WORKERS, "bodies": 1}
"""Links wait for their provider's limits, feeds and what is to be learnt of chats for a calm moment: in queues of
their own they hold up no post."""

QUEUE_OF = {"call": "links", "feed": "bodies", "chat": "bodies"}


@dataclass(slots=True)
class Engine:
    """The application's queues, and what the sweep has handed over lately."""

    app: Flask
    queues: dict[str, Huey]
    tasks: dict[str, TaskWrapper]
    _seen: dict[tuple[str, int], float] = field(default_factory=dict)
    _clocks: tuple[datetime, float] | None = None

    def wake(self, rows: Rows) -> None:
        """Hand rows over to the workers, in their order."""
        found: dict[str, list[tuple[str, int]]] = {}
        for kind, row_id in rows:
            found.setdefault(QUEUE_OF.get(kind, "posts"), []).append((kind, row_id))
        for name, own in found.items():
            enqueue_all(self.queues[name], [self.tasks[name].s(*row) for row in own])

    def sweep(self) -> int:
        """Hand over what is due and was not handed over in the last seconds; answers how many."""
        with self.app.app_context():
            self._look_at_clocks()
            late = (("late_call", row_id) for row_id in late_calls())
            due = [*self._due_links(), *late, *(("chat", row_id) for row_id in unlearnt_chats()), *due_posts()]
            db.session.remove()
        now = time.monotonic()
        self._seen = {row: at for row, at in self._seen.items() if now - at < SEEN_SECONDS}
        fresh = tuple(row for row in due if row not in self._seen)
        self._seen |= dict.fromkeys(fresh, now)
        self.wake(fresh)
        return len(fresh)

    def _look_at_clocks(self) -> None:
        """Notice that the wall clock was set back since the last sweep: the monotonic one does not jump."""
        now, steady = clock.now(), time.monotonic()
        if self._clocks is not None:
            expected = self._clocks[0] + timedelta(seconds=steady - self._clocks[1])
            if now < expected - SET_BACK:
                log.warning("clock_set_back", seconds=(expected - now).total_seconds(), kept=keep_due(expected, now))
        self._clocks = now, steady

    def _due_links(self) -> Rows:
        room = LINKS_AHEAD - self.queues["links"].pending_count()
        return tuple(("call", row_id) for row_id in due_calls()[: max(0, room)])


def init_tasks(app: Flask) -> None:
    """Connect the wake-up after a commit with the engine."""
    settings: Settings = app.config["SETTINGS"]

    def work(kind: str, row_id: int) -> None:
        with app.app_context():
            try:
                if QUEUE_OF.get(kind) == "bodies":
                    _await_calm()
                WORK[kind](row_id)
            finally:
                db.session.remove()

    queues = {name: open_queue(settings, f"zvonok-{name}") for name in QUEUES}
    engine = Engine(app, queues, {name: queue.task(name="work")(work) for name, queue in queues.items()})
    app.extensions["scheduler_engine"] = engine
    register_wake(app, engine.wake)


def _await_calm() -> None:
    """Posts go first: a phone waits for them, a feed is read within hours, and learning a chat asks the same bot."""
    patience = time.monotonic() + CALM_SECONDS
    while due_posts(1) and time.monotonic() < patience:
        time.sleep(CALM_SECONDS / 20)


def run_worker(app: Flask, stop: threading.Event, *, workers: int = WORKERS) -> None:
    """Work until `stop` is set: the queues' consumers, the sweep, and the messenger's events where they are polled."""
    engine: Engine = app.extensions["scheduler_engine"]
    threads = QUEUES | {"posts": workers}
    consumers = [start_consumer(queue, threads[name]) for name, queue in engine.queues.items()]
    settings: Settings = app.config["SETTINGS"]
    if settings.long_polling:
        threading.Thread(target=_poll, args=(app, stop), daemon=True, name="updates").start()
    while not stop.is_set():
        _sweep_once(engine)
        stop.wait(SWEEP_SECONDS)
    for consumer in consumers:
        consumer.stop(graceful=True)


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
            except DeliveryError as error:  # the messenger may be away for an hour, or the whole product is ending
                if not stop.wait(ENDING_SECONDS):
                    log.warning("polling_failed", problem=error.text)
                connections = []
            except Exception:  # as the sweep
                log.exception("polling failed")
                connections = []
            finally:
                db.session.remove()
        stop.wait(0.5 if connections else 5.0)

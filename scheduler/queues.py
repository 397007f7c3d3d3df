"""The queues of the engine: a file of the instance folder, or Redis. They hold wake-ups only and may lose any."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from huey import Huey, RedisHuey
from huey.api import Task
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

from scheduler.config import Settings

BUSY_SECONDS = 30


class _FileStorage(SqliteStorage):  # type: ignore[misc]  # huey has no types
    """Waits for no disk at a commit: a wake-up that is lost with the power is found by the sweep."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        return connection


class EmbeddedConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer inside a process that handles its signals itself."""

    def _set_signal_handlers(self) -> None:
        return


def open_queue(settings: Settings, name: str) -> Huey:
    """The queue of this name, the same one for every process of the installation."""
    serializer = SignedSerializer(secret=settings.secret_key)
    if settings.redis_url:
        return RedisHuey(name, url=settings.redis_url, results=False, serializer=serializer)
    path = str(settings.instance / "engine.sqlite3")
    return Huey(
        name, storage_class=_FileStorage, filename=path, results=False, serializer=serializer, timeout=BUSY_SECONDS
    )


def start_consumer(queue: Huey, workers: int) -> Consumer:
    """Threads of this process that work on the queue until `stop`."""
    consumer = EmbeddedConsumer(queue, workers=workers, periodic=False, initial_delay=0.02, max_delay=0.25, backoff=1.3)
    consumer.start()
    return consumer


def enqueue_all(queue: Huey, tasks: Sequence[Task]) -> None:
    """Put all tasks in at once, in their order: a whole school's wake-up is one write."""
    rows: list[Any] = [queue.serialize_task(task) for task in tasks]
    storage = queue.storage
    if not rows:
        return
    if isinstance(storage, SqliteStorage):
        with storage.db(commit=True) as cursor:
            values = [(storage.name, storage.to_blob(row), 0) for row in rows]
            cursor.executemany("insert into task (queue, data, priority) values (?, ?, ?)", values)
    else:
        storage.conn.lpush(storage.queue_key, *rows)

"""The engine wakes, retries by sweeping, and is the same on a file and on Redis."""

import threading
import time
from datetime import UTC, datetime

import pytest
import redis

from scheduler import clock, create_app, tasks
from scheduler.database import db, transaction, wake_after_commit
from scheduler.tasks import run_worker
from tests.conftest import REDIS, missing, settings_for
from tests.factories import make_school


@pytest.fixture
def redis_url():
    connection = redis.Redis.from_url(REDIS)
    try:
        connection.ping()
    except redis.ConnectionError:
        missing("no Redis: set TEST_REDIS_URL")
    connection.flushdb()
    yield REDIS
    connection.flushdb()
    connection.close()


@pytest.fixture(params=["file", pytest.param("redis", marks=pytest.mark.redis)])
def worked(request, tmp_path, monkeypatch):
    """An application whose worker runs in threads, and the rows that it worked on."""
    done = []
    monkeypatch.setattr(tasks, "WORK", {"call": done.append})
    monkeypatch.setattr(tasks, "SWEEP_SECONDS", 0.05)
    env = {"REDIS_URL": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    app = create_app(settings_for(tmp_path, MAX_LONG_POLLING="0", **env))
    stop = threading.Event()
    with app.app_context():
        db.create_all()
        thread = threading.Thread(target=run_worker, args=(app, stop), kwargs={"workers": 2})
        thread.start()
        yield app, done
        stop.set()
        thread.join(10)
        db.engine.dispose()
    assert not thread.is_alive()


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


def test_woken_rows_are_worked_on(worked):
    _app, done = worked
    with transaction() as session:
        wake_after_commit(session, "call", 7)
        wake_after_commit(session, "call", 8)
    wait_for(lambda: sorted(done) == [7, 8])


def test_sweep_finds_what_a_lost_wake_up_left(worked, monkeypatch):
    _app, done = worked
    monkeypatch.setattr(tasks, "due_calls", lambda: [5])
    wait_for(lambda: done == [5])
    time.sleep(0.3)
    assert done == [5]


def test_worker_outlives_a_failing_sweep(worked, monkeypatch):
    _app, done = worked

    def fail():
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "due_calls", fail)
    time.sleep(0.2)
    monkeypatch.setattr(tasks, "due_calls", lambda: [6])
    wait_for(lambda: done == [6])


def test_updates_are_polled_until_the_end(tmp_path, monkeypatch):
    polled = []
    monkeypatch.setattr(tasks, "poll_once", polled.append)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    app = create_app(settings_for(tmp_path))
    stop = threading.Event()
    with app.app_context():
        db.create_all()
        make_school()
        thread = threading.Thread(target=run_worker, args=(app, stop), kwargs={"workers": 1})
        thread.start()
        wait_for(lambda: polled)
        stop.set()
        thread.join(10)
        db.engine.dispose()
    assert set(polled) == {1}

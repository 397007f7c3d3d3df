import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import redis

from scheduler.chats.limits import reserve
from scheduler.chats.pace import CONFIG_KEY, Pace
from scheduler.models import rates
from tests.conftest import REDIS, missing


@pytest.fixture
def still(monkeypatch):
    """The database's time stands still, so that waits are exact."""
    monkeypatch.setattr(rates, "database_now", lambda _: datetime(2026, 11, 24, tzinfo=UTC))


def waits(number, chat=None):
    return [reserve(1, chat) for _ in range(number)]


def test_bot_gets_thirty_moments_a_second(app, still):
    assert waits(4) == pytest.approx([0, 1 / 30, 2 / 30, 3 / 30], abs=1e-4)


def test_chat_gets_two_moments_a_second_beside(app, still):
    assert waits(3, chat=7) == pytest.approx([0, 0.5, 1], abs=1e-4)
    assert reserve(1, 8) == pytest.approx(3 / 30, abs=1e-4)


def test_time_that_went_by_is_given_back(app):
    assert reserve(1) == 0
    time.sleep(0.05)
    assert reserve(1) == 0


@pytest.mark.redis
def test_limit_holds_in_redis(app):
    try:
        redis.Redis.from_url(REDIS).flushdb()
    except redis.ConnectionError:
        missing("no Redis: set TEST_REDIS_URL")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], redis_url=REDIS)
    began = time.monotonic()
    last = waits(10)[-1]
    assert last + time.monotonic() - began >= 9 / 30 - 0.01
    assert last <= 9 / 30
    assert 0.3 < waits(2, chat=7)[-1] <= 0.8
    rates._redis(REDIS).close()


def test_pace_may_be_another(app):
    app.config[CONFIG_KEY] = Pace(per_bot=1000, per_chat=1000)
    assert max(waits(5, chat=1)) < 0.02

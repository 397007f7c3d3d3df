from dataclasses import replace

import pytest
import redis

from scheduler.chats.limits import reserve
from scheduler.chats.pace import CONFIG_KEY, Pace
from scheduler.models import rates
from tests.conftest import REDIS, missing


def waits(number, chat=None):
    return [reserve(1, chat) for _ in range(number)]


def test_bot_gets_thirty_moments_a_second(app):
    found = waits(10)
    assert found[0] == 0
    assert found == sorted(found)
    assert found[-1] <= 0.3  # less what the calls themselves took


def test_chat_gets_two_moments_a_second_beside(app):
    assert 0 < waits(2, chat=7)[-1] <= 0.5
    assert reserve(1, 8) <= 0.1


@pytest.mark.redis
def test_limit_holds_in_redis(app, monkeypatch):
    try:
        redis.Redis.from_url(REDIS).flushdb()
    except redis.ConnectionError:
        missing("no Redis: set TEST_REDIS_URL")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], redis_url=REDIS)
    found = waits(10)
    assert found == sorted(found)
    assert found[-1] <= 0.3
    assert waits(2, chat=7)[-1] <= 0.8
    rates._redis(REDIS).close()


def test_pace_may_be_another(app):
    app.config[CONFIG_KEY] = Pace(per_bot=1000, per_chat=1000)
    assert max(waits(5, chat=1)) < 0.02

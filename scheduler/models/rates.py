"""One rate limiter over all processes: in Redis where there is one, else a row of the database a name.

Each caller reserves the next free moment and is told how long to wait for it; nothing here sleeps.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import cast

import redis
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.database import database_now, transaction
from scheduler.models.chats import RateBucket

# Moments are even: one bucket of one token, so that no window of a second ever holds more than the rate.
_LUA = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local wait = 0
for i, key in ipairs(KEYS) do
  local free = math.max(now, tonumber(redis.call('GET', key) or '0'))
  redis.call('SET', key, string.format('%.6f', free + 1 / ARGV[i]), 'EX', 120)
  wait = math.max(wait, free - now)
end
return string.format('%.6f', wait)
"""


def reserve_moment(wanted: Mapping[str, float]) -> float:
    """Seconds to wait until every one of the named limits (name → requests a second) has a free moment.

    Never more than one reservation a worker is open, so the wait stays below workers ÷ rate.
    """
    url = current_app.config["SETTINGS"].redis_url
    if url:
        return _reserve_in_redis(url, {_key(name): rate for name, rate in wanted.items()})
    with transaction() as session:
        now = database_now(session).timestamp()
        return max(_reserve_row(session, name, rate, now) for name, rate in sorted(wanted.items()))


def _key(name: str) -> str:
    database = current_app.config["SETTINGS"].database_url
    return f"zvonok:rate:{hashlib.sha256(database.encode()).hexdigest()[:12]}:{name}"


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)


def _reserve_in_redis(url: str, wanted: dict[str, float]) -> float:
    script = _redis(url).register_script(_LUA)
    return float(cast("bytes", script(keys=list(wanted), args=list(wanted.values()))))


def _reserve_row(session: Session, name: str, rate: float, now: float) -> float:
    """`filled_at` is the first free moment; the upsert is one statement, so nobody comes between."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    free = sa.case((RateBucket.filled_at < now, now), else_=RateBucket.filled_at)
    upsert = (
        insert(RateBucket)
        .values(key=name, tokens=1, filled_at=now + 1 / rate)
        .on_conflict_do_update(index_elements=["key"], set_={"filled_at": free + 1 / rate})
        .returning(RateBucket.filled_at)
    )
    return max(0.0, session.execute(upsert).scalar_one() - 1 / rate - now)

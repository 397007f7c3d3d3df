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
from sqlalchemy.orm import Session

from scheduler.database import database_now, transaction

FARTHEST = 120
"""Seconds: no limit is reserved so far ahead."""

# Moments are even: one bucket of one token, so that no window of a second ever holds more than the rate.
_LUA = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local wait = 0
for i, key in ipairs(KEYS) do
  local free = math.max(now, tonumber(redis.call('GET', key) or '0'))
  if free > now + 120 then free = now end
  redis.call('SET', key, string.format('%.6f', free + 1 / ARGV[i]), 'EX', 120)
  wait = math.max(wait, free - now)
end
return string.format('%.6f', wait)
"""


def reserve_moment(wanted: Mapping[str, float], *, session: Session | None = None) -> float:
    """Seconds to wait until every one of the named limits (name → requests a second) has a free moment.

    Never more than one reservation a worker is open, so the wait stays below workers ÷ rate. The rows are written in
    the transaction of `session` where one is given: it should do nothing more afterwards, all others wait for it.
    """
    url = current_app.config["SETTINGS"].redis_url
    if url:
        return _reserve_in_redis(url, {_key(name): rate for name, rate in wanted.items()})
    if session is not None:
        return _reserve_rows(session, wanted)
    with transaction() as own:
        return _reserve_rows(own, wanted)


def _key(name: str) -> str:
    database = current_app.config["SETTINGS"].database_url
    return f"zvonok:rate:{hashlib.sha256(database.encode()).hexdigest()[:12]}:{name}"


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)


def _reserve_in_redis(url: str, wanted: dict[str, float]) -> float:
    script = _redis(url).register_script(_LUA)
    return float(cast("bytes", script(keys=list(wanted), args=list(wanted.values()))))


def _reserve_rows(session: Session, wanted: Mapping[str, float]) -> float:
    """`filled_at` is the first free moment; the upsert is one statement, so nobody comes between."""
    now = database_now(session).timestamp()
    names = sorted(wanted)
    values: dict[str, float | str] = {"now": now, "farthest": now + FARTHEST}
    for place, name in enumerate(names):
        values |= {f"key{place}": name, f"step{place}": 1 / wanted[name]}
    reserved: list[tuple[str, float]] = [
        (row.key, row.filled_at) for row in session.execute(_upsert(len(names)), values)
    ]
    return max(0.0, *(filled_at - 1 / wanted[key] - now for key, filled_at in reserved))


@cache
def _upsert(rows: int) -> sa.TextClause:
    """Written out, because it runs before every request; the same on both databases.

    A free moment further ahead than `FARTHEST` was written before the database's clock was set back.
    """
    values = ", ".join(f"(:key{place}, :step{place}, :now + :step{place})" for place in range(rows))
    return sa.text(
        f"INSERT INTO rate_bucket AS known (key, tokens, filled_at) VALUES {values} "  # noqa: S608 - only places
        "ON CONFLICT (key) DO UPDATE SET filled_at = excluded.tokens + CASE "
        "WHEN known.filled_at < :now OR known.filled_at > :farthest THEN :now ELSE known.filled_at END "
        "RETURNING key, filled_at"
    )

"""One rate limiter per bot and per chat over all processes: in Redis where there is one, else a row of the database.

Each caller reserves the next free moment and is told how long to wait for it; nothing here sleeps.
"""

import hashlib
from functools import cache
from typing import cast

import redis
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.chats.lease import database_now
from scheduler.chats.pace import pace
from scheduler.database import transaction
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


def reserve(connection_id: int, chat_id: int | None = None) -> float:
    """Seconds to wait before the next request of a bot, into a chat where one is named.

    Never more than one reservation a worker is open, so the wait stays below workers ÷ rate.
    """
    wanted = {f"bot:{connection_id}": pace().per_bot}
    if chat_id is not None:
        wanted[f"chat:{chat_id}"] = pace().per_chat
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

"""How often somebody may knock: moving windows in this process's memory, or in Redis for all processes."""

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter


def init_rate_limits(app: Flask) -> None:
    """One store an application, so that tests and schools do not meet in it."""
    settings = app.config["SETTINGS"]
    store = storage_from_string(settings.redis_url or "memory://")
    app.extensions["scheduler_limits"] = MovingWindowRateLimiter(store)


def hit(limit: str, *key: str) -> bool:
    """Count one try, for example `hit("10 per minute", "sign-in", address)`; False when it is one too many."""
    return bool(_limiter().hit(_item(limit), *key))


def is_open(limit: str, *key: str) -> bool:
    """Whether a try would pass, without counting it."""
    return bool(_limiter().test(_item(limit), *key))


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions["scheduler_limits"]
    return limiter


def _item(limit: str) -> RateLimitItem:
    return parse(limit)

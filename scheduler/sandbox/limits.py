"""Rate limits as token buckets on the monotonic clock. They hold for this process, which is the whole messenger."""

import threading
import time


class Buckets:
    """One bucket a key; a full bucket lets one second's worth through at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._level: dict[str, tuple[float, float]] = {}

    def take(self, key: str, rate: float) -> bool:
        """False where `rate` a second is used up; nothing is taken then."""
        now = time.monotonic()
        with self._lock:
            level, since = self._level.get(key, (rate, now))
            level = min(rate, level + (now - since) * rate)
            allowed = level >= 1
            self._level[key] = (level - 1 if allowed else level, now)
            return allowed

    def apart(self, key: str, seconds: float) -> bool:
        """True where the last allowed time of this key is at least so long ago."""
        now = time.monotonic()
        with self._lock:
            last = self._level.get(key)
            if last and now - last[1] < seconds:
                return False
            self._level[key] = (0.0, now)
            return True

    def clear(self) -> None:
        with self._lock:
            self._level.clear()

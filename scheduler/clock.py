"""The one source of the present moment, with the offset of a demonstration."""

import time as system_time
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OFFSET_FILE = "clock_offset"


class _Source:
    """Where the offset comes from: a fixed number, or a file of the instance folder read anew when it changes."""

    def __init__(self) -> None:
        self.fixed: float | None = None
        self.path: Path | None = None
        self._seen: tuple[int, float] = (-1, 0.0)

    def offset(self) -> float:
        if self.fixed is not None:
            return self.fixed
        if self.path is None or not self.path.exists():
            return 0.0
        stamp = self.path.stat().st_mtime_ns
        if stamp != self._seen[0]:
            self._seen = (stamp, float(self.path.read_text().strip() or 0))
        return self._seen[1]


_source = _Source()


def configure(instance: Path | None, fixed: float | None = None) -> None:
    """Take the offset from `fixed` seconds, else from the instance folder's file; None and None mean the true time."""
    _source.fixed = fixed
    _source.path = instance / OFFSET_FILE if instance else None


def offset() -> float:
    """Seconds by which the product's clock is ahead of the true one."""
    return _source.offset()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.fromtimestamp(system_time.time(), UTC) + timedelta(seconds=offset())


def today(zone: str) -> date:
    """The date it is now in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def to_utc(day: date, wall: time, zone: str) -> datetime:
    """The instant of a local wall-clock time of a date."""
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)

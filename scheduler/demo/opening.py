"""Moves the demonstration's clock into a school morning, and never back."""

from datetime import datetime
from pathlib import Path

from scheduler import clock
from scheduler.config import Settings
from scheduler.demo.year import opening_moment


def open_clock(settings: Settings, zone: str) -> datetime:
    """Set the offset for this start and answer the demonstration's present moment.

    The first start goes to the morning of the nearest school day; a later one keeps the clock within a school
    morning, else moves it forward to the next. An offset fixed by the environment is left as it is.
    """
    path = settings.instance / clock.OFFSET_FILE
    if settings.clock_offset is None:
        is_first = not path.exists()
        now = clock.now()
        moment = opening_moment(now, zone, first_start=is_first)
        _write(path, _offset(path) + (moment - now).total_seconds())
    return clock.now()


def _offset(path: Path) -> float:
    return float(path.read_text().strip() or 0) if path.exists() else 0.0


def _write(path: Path, seconds: float) -> None:
    """Complete before it has its name: other processes read it at any moment."""
    draft = path.with_suffix(".new")
    draft.write_text(f"{seconds:.3f}")
    draft.replace(path)

"""What follows from changed lessons, listed once: calendars, calls, chats; nothing else joins these rooms."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from scheduler.calendars.touch import touch
from scheduler.calls.require import require
from scheduler.chats.stale import mark_stale
from scheduler.models.changes import LessonChange


def draw(session: Session, school_id: int, changes: Sequence[LessonChange]) -> None:
    """Write the wanted rows that follow, in the change's own transaction: all of it is there or none."""
    if not changes:
        return
    session.flush()
    require(session, school_id, changes)
    draw_told(session, school_id, changes)


def draw_told(session: Session, school_id: int, changes: Sequence[LessonChange]) -> None:
    """What follows where the way to join is settled already: what calendars and chats tell of it."""
    session.flush()
    touch(session, school_id, changes)
    session.flush()
    mark_stale(session, school_id, changes)

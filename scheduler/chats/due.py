"""When the bulletin of one chat about one day is due: by its decision, and the chat's and school's hours."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from scheduler import clock
from scheduler.chats.lines import LessonLine
from scheduler.chats.timing import bulletin_due, hours_of, later_due
from scheduler.models.chats import Bulletin, Chat
from scheduler.models.school import School

IS_LATER = "is_later"


def moment_of(
    school: School, chat: Chat, bulletin: Bulletin, lines: Iterable[LessonLine], *, is_later: bool
) -> datetime:
    """The product's instant. `is_later` where the chat is told another day of the same decision at once.

    A remote day is told at once whatever its date, the classes whose lessons begin soonest first.
    """
    now = clock.now()
    starts = [line.start for line in lines if line.is_planned]
    first = _instant(school, bulletin.date, min(starts)) if starts else None
    if is_later:
        return later_due(now, bulletin.date, hours=hours_of(school, chat), first_start=first)
    if bulletin.is_remote_day:
        return now - timedelta(seconds=2) + _minutes(min(starts, default=time())) * timedelta(milliseconds=1)
    return bulletin_due(now, bulletin.date, hours=hours_of(school, chat), first_start=first)


def _instant(school: School, day: date, start: time) -> datetime:
    return clock.to_utc(day, start, school.timezone)


def _minutes(start: time) -> int:
    return start.hour * 60 + start.minute

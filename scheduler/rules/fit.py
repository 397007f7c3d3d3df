"""Fits a lesson into the norms of a remote one instead of refusing it. Breaks and days are judged elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.rules.facts import ClassFacts, Device
from scheduler.rules.lesson_length import remote_minutes
from scheduler.rules.pack import GRADE_WHERE_UNKNOWN, RulePack
from scheduler.rules.spans import seconds


@dataclass(frozen=True, slots=True)
class Fitted:
    """Times of a remote lesson and the minutes of it that may be a call; the rest is self-study."""

    start: time
    end: time
    online_minutes: int


def fit_remote(start: time, end: time, *, classes: Collection[ClassFacts], day: date, pack: RulePack) -> Fitted:
    """Keep the start, end at the pack's length of a remote lesson, hold the call within the screen norm of a lesson.

    Of several classes the strictest counts; without any (a group of no class) the row of grades 5–9 does.
    """
    length = min(seconds(end) - seconds(start), remote_minutes(classes, day, pack) * 60)
    screen = [pack.screen_row(klass).lesson.limit for klass in classes]
    call = min(screen, default=pack.screen[Device.PC][GRADE_WHERE_UNKNOWN].lesson.limit)
    finish = datetime.combine(day, start) + timedelta(seconds=length)
    return Fitted(start, finish.time(), min(call, length // 60))

"""What became of a day's remote lessons: planned, held, links that failed; for the director in the evening. Reads only.

A private group's lessons are its own and stand in no figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.models.calls import Call, CallState
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.joins import LessonJoins
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import CallWay
from scheduler.rules.facts import LessonMode, LessonState

SEEN_FROM = 2
"""So many entries through the join page mean that more than one person came: a lesson seen to be held."""


class Fate(StrEnum):
    """What became of a lesson; `UNKNOWN` is over and neither marked nor seen, `AHEAD` is not over yet."""

    MARKED = "marked"
    SEEN = "seen"
    UNKNOWN = "unknown"
    AHEAD = "ahead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DayLesson:
    """A remote lesson of the day; `has_failed` where there was no way to join it, `problem` says why."""

    lesson: Lesson
    fate: Fate
    joins: int
    has_failed: bool
    problem: str

    @property
    def is_call(self) -> bool:
        return self.lesson.mode.has_call

    @property
    def is_held(self) -> bool:
        return self.fate in (Fate.MARKED, Fate.SEEN)


@dataclass(frozen=True, slots=True)
class Evening:
    """The day's lessons in order of time."""

    lessons: Sequence[DayLesson]

    def count(self, *fates: Fate, is_call: bool) -> int:
        """How many of these fates, among the calls or among the work on one's own."""
        return sum(one.fate in fates and one.is_call is is_call for one in self.lessons)

    def planned(self, *, is_call: bool) -> int:
        """Everything that was to take place."""
        return self.count(Fate.MARKED, Fate.SEEN, Fate.UNKNOWN, Fate.AHEAD, is_call=is_call)

    def held(self, *, is_call: bool) -> int:
        return self.count(Fate.MARKED, Fate.SEEN, is_call=is_call)

    @property
    def failed(self) -> list[DayLesson]:
        return [one for one in self.lessons if one.has_failed]

    @property
    def unknown_calls(self) -> list[DayLesson]:
        return [one for one in self.lessons if one.is_call and one.fate is Fate.UNKNOWN]

    @property
    def is_over(self) -> bool:
        """Whether the last lesson of the day has ended."""
        return bool(self.lessons) and all(one.fate is not Fate.AHEAD for one in self.lessons)


def evening_of(session: Session, school_id: int, day: date) -> Evening:
    """The summary of one date, in a few queries however many lessons it has."""
    query = (
        sa.select(Lesson, LessonJoins.count, Call)
        .join(Lesson.group)
        .outerjoin(LessonJoins, LessonJoins.lesson_id == Lesson.id)
        .outerjoin(Call, Call.lesson_id == Lesson.id)
        .where(
            Lesson.school_id == school_id,
            Lesson.date == day,
            Lesson.mode != LessonMode.IN_PERSON,
            Lesson.state != LessonState.WAITING,
            ~Lesson.is_refused,
            StudyGroup.is_private.is_(False),
        )
        .options(
            joinedload(Lesson.subject),
            selectinload(Lesson.teaching).joinedload(LessonTeacher.person),
            selectinload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return Evening([_told(lesson, joins or 0, call) for lesson, joins, call in session.execute(query)])


def _told(lesson: Lesson, joins: int, call: Call | None) -> DayLesson:
    fate = _fate(lesson, joins)
    has_way = call is not None and (call.has_way or call.state is CallState.READY or call.way is CallWay.IN_CHAT)
    is_due = lesson.starts_at <= clock.now() or (call is not None and call.state is CallState.FAILED)
    is_lost = not has_way and joins < SEEN_FROM and is_due
    has_failed = lesson.mode.has_call and fate is not Fate.CANCELLED and is_lost
    return DayLesson(lesson, fate, joins, has_failed, call.problem if call is not None and has_failed else "")


def _fate(lesson: Lesson, joins: int) -> Fate:
    if lesson.state is LessonState.CANCELLED:
        return Fate.CANCELLED
    if lesson.state is LessonState.HELD:
        return Fate.MARKED
    if joins >= SEEN_FROM:
        return Fate.SEEN
    return Fate.UNKNOWN if lesson.ends_at <= clock.now() else Fate.AHEAD

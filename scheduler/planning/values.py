"""A lesson as somebody wishes it to be, apart from any row; use cases turn it into rows under the day's lock."""

from dataclasses import dataclass, field
from datetime import date, time

from scheduler.models.lessons import Lesson
from scheduler.rules.facts import LessonKind, LessonMode, LessonState


@dataclass(frozen=True, slots=True)
class LessonValues:
    """Everything about a lesson that a person can set; times are the school's wall clock."""

    subject_id: int
    group_id: int
    date: date
    start: time
    end: time
    course_id: int | None = None
    period: int | None = None
    teacher_ids: frozenset[int] = frozenset()
    room_ids: frozenset[int] = frozenset()
    kind: LessonKind = LessonKind.LESSON
    mode: LessonMode = LessonMode.CALL
    state: LessonState = LessonState.PLANNED
    online_minutes: int | None = None
    is_joined_together: bool = False
    title: str = ""
    topic: str = ""
    homework: str = ""
    materials: str = ""
    offline_task: str = ""
    cancel_reason: str = ""


@dataclass(frozen=True, slots=True)
class Wished:
    """One change: the values that a lesson shall have; without a `lesson_id` a new one is made."""

    values: LessonValues
    lesson_id: int | None = None
    series_id: int | None = None
    stands_in: dict[int, int] = field(default_factory=dict)


def values_of(lesson: Lesson) -> LessonValues:
    """The present values of a row, to be changed with `dataclasses.replace`."""
    return LessonValues(
        subject_id=lesson.subject_id,
        group_id=lesson.group_id,
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        course_id=lesson.course_id,
        period=lesson.period,
        teacher_ids=frozenset(row.person_id for row in lesson.teaching),
        room_ids=frozenset(room.id for room in lesson.rooms),
        kind=lesson.kind,
        mode=lesson.mode,
        state=lesson.state,
        online_minutes=lesson.online_minutes,
        is_joined_together=lesson.is_joined_together,
        title=lesson.title,
        topic=lesson.topic,
        homework=lesson.homework,
        materials=lesson.materials,
        offline_task=lesson.offline_task,
        cancel_reason=lesson.cancel_reason,
    )

"""What a change did to a lesson: the values before beside the row after; consequences are drawn from these."""

from dataclasses import dataclass
from datetime import date, time

from scheduler.models.lessons import Lesson
from scheduler.rules.facts import LessonMode, LessonState


@dataclass(frozen=True, slots=True)
class LessonSnapshot:
    """A lesson's values at one moment, kept while the row itself goes on changing."""

    lesson_id: int
    group_id: int
    class_ids: frozenset[int]
    is_private: bool
    teacher_ids: frozenset[int]
    room_ids: frozenset[int]
    date: date
    start: time
    end: time
    period: int | None
    mode: LessonMode
    state: LessonState
    title: str
    texts: tuple[str, ...] = ()
    online_minutes: int | None = None
    is_joined_together: bool = False


@dataclass(frozen=True, slots=True)
class LessonChange:
    """A lesson as it stands now and as it stood before (None where it is new)."""

    before: LessonSnapshot | None
    lesson: Lesson


def snapshot(lesson: Lesson) -> LessonSnapshot:
    """The lesson's present values."""
    return LessonSnapshot(
        lesson_id=lesson.id,
        group_id=lesson.group_id,
        class_ids=frozenset(part.class_id for part in lesson.group.parts),
        is_private=lesson.group.is_private,
        teacher_ids=frozenset(row.person_id for row in lesson.teaching),
        room_ids=frozenset(room.id for room in lesson.rooms),
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        period=lesson.period,
        mode=lesson.mode,
        state=lesson.state,
        title=lesson.shown_title,
        texts=(lesson.topic, lesson.homework, lesson.materials, lesson.offline_task),
        online_minutes=lesson.online_minutes,
        is_joined_together=lesson.is_joined_together,
    )

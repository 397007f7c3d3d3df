"""Lessons read under the lock of their days: what was read before the lock may be stale and is never written back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school_day import SchoolDay, locked_days
from scheduler.planning.errors import NotThereError, StaleError


@dataclass(frozen=True, slots=True)
class Locked:
    """The days that a transaction holds, and the lessons to be changed as they stand under that lock."""

    days: dict[date, SchoolDay]
    lessons: dict[int, Lesson]

    def lesson(self, lesson_id: int) -> Lesson:
        return self.lessons[lesson_id]


def lock(
    session: Session, school_id: int, *, lesson_ids: Iterable[int] = (), dates: Iterable[date | None] = ()
) -> Locked:
    """Lock the days of these lessons and the further dates, then read the lessons.

    Raises NotThereError for a lesson of another school, StaleError for one that was moved away meanwhile.
    """
    ids = set(lesson_ids)
    wanted = {day for day in dates if day is not None}
    if ids:
        of_lessons = sa.select(Lesson.date).where(Lesson.id.in_(ids), Lesson.school_id == school_id)
        wanted |= set(session.scalars(of_lessons))
    days = locked_days(session, school_id, wanted)
    lessons = _read(session, school_id, ids) if ids else {}
    if len(lessons) != len(ids):
        raise NotThereError(_("This lesson is no longer there."))
    if any(lesson.date not in days for lesson in lessons.values()):
        raise StaleError(_("The lesson has just been moved by somebody else. Look at it again."))
    return Locked(days, lessons)


def _read(session: Session, school_id: int, ids: set[int]) -> dict[int, Lesson]:
    rows = session.scalars(
        sa.select(Lesson)
        .where(Lesson.id.in_(ids), Lesson.school_id == school_id)
        .options(
            selectinload(Lesson.teaching).options(
                joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)
            ),
            selectinload(Lesson.rooms),
            selectinload(Lesson.group).selectinload(StudyGroup.parts),
            selectinload(Lesson.subject),
        )
        .execution_options(populate_existing=True)
    )
    return {lesson.id: lesson for lesson in rows}

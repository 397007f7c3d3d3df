"""Which call a group joins when it was joined with another for the time its teacher is away; reads only."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from scheduler.models.absence import Absence, AbsenceLesson, AbsenceState
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.rules.facts import LessonState


def lesson_of_call(session: Session, lesson: Lesson) -> int:
    """The other group's lesson while both stand at one hour under one teacher, else the lesson itself."""
    twin, mine, theirs = aliased(Lesson), aliased(LessonTeacher), aliased(LessonTeacher)
    query = (
        sa.select(twin.id)
        .join(AbsenceLesson, AbsenceLesson.joined_id == twin.id)
        .join(Absence, Absence.id == AbsenceLesson.absence_id)
        .join(mine, mine.lesson_id == AbsenceLesson.lesson_id)
        .join(theirs, sa.and_(theirs.lesson_id == twin.id, theirs.person_id == mine.person_id))
        .where(
            AbsenceLesson.lesson_id == lesson.id,
            Absence.state == AbsenceState.APPLIED,
            twin.state == LessonState.PLANNED,
            twin.mode == lesson.mode,
            twin.date == lesson.date,
            twin.start == lesson.start,
        )
        .order_by(AbsenceLesson.id.desc())
        .limit(1)
    )
    return session.scalar(query) or lesson.id

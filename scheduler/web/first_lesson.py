"""The first remote lesson as the first steps offer it: of a connected class, in an hour that breaks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import url_for

from scheduler import clock
from scheduler.database import db
from scheduler.models.chats import Chat, ChatKind, ChatState
from scheduler.models.classes import GroupPart, SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.nearest import Sought, hours_without_way, nearest_hours
from scheduler.rules.facts import LessonKind, LessonMode, LessonState

TRIED = 5
MIDDLE = 5  # the little ones have fewer minutes of calls a day, so a first lesson is tried with older ones


@dataclass(frozen=True, slots=True)
class OfferedLesson:
    """A course's lesson in a free hour; `path` opens the booking form with it."""

    course: Course
    class_id: int
    date: date
    period: int

    @property
    def path(self) -> str:
        values = {"class": self.class_id, "course": self.course.id, "date": self.date, "period": self.period}
        return f"{url_for('lessons.new')}?{urlencode(values)}"


def offered_lesson(school: School) -> OfferedLesson | None:
    """The soonest free hour of a few whole classes whose pupils' chats are connected; None where there is none.

    The sooner the better: what is of today or tomorrow stands in the chat at once.
    """
    found = (
        _offer(school, db.session.get_one(Course, course_id), class_id) for class_id, course_id in _tried(school.id)
    )
    return min((offer for offer in found if offer is not None), key=lambda offer: offer.date, default=None)


def lesson_to_turn(school: School) -> Lesson | None:
    """A class's last lesson of the next school day, to be held as a video lesson where no new one finds an hour."""
    return db.session.scalar(
        sa.select(Lesson)
        .join(GroupPart, GroupPart.group_id == Lesson.group_id)
        .join(SchoolClass, SchoolClass.id == GroupPart.class_id)
        .join(Chat, Chat.class_id == SchoolClass.id)
        .where(
            Lesson.school_id == school.id,
            Lesson.date > clock.today(school.timezone),
            Lesson.mode == LessonMode.IN_PERSON,
            Lesson.state == LessonState.PLANNED,
            Lesson.kind == LessonKind.LESSON,
            Lesson.subject.has(is_physical_education=False),
            Lesson.group.has(is_private=False),
            Lesson.teaching.any(),
            GroupPart.division_id.is_(None),
            SchoolClass.grade.is_not(None),
            Chat.kind == ChatKind.STUDENTS,
            Chat.state == ChatState.CONNECTED,
        )
        .order_by(Lesson.date, SchoolClass.grade < MIDDLE, SchoolClass.grade, SchoolClass.id, Lesson.start.desc())
        .limit(1)
    )


def _tried(school_id: int) -> Sequence[sa.Row[int, int]]:
    """A few classes, each with one course that has a teacher: without one no chat shows a lesson."""
    query = (
        sa.select(SchoolClass.id, sa.func.min(Course.id))
        .join(Chat, Chat.class_id == SchoolClass.id)
        .join(GroupPart, GroupPart.class_id == SchoolClass.id)
        .join(Course, Course.group_id == GroupPart.group_id)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.grade.is_not(None),
            Chat.kind == ChatKind.STUDENTS,
            Chat.state == ChatState.CONNECTED,
            GroupPart.division_id.is_(None),
            ~Course.is_archived,
            Course.subject.has(kind=LessonKind.LESSON, is_physical_education=False),
            Course.teachers.any(),
            Course.group.has(is_private=False),
        )
        .group_by(SchoolClass.id)
        .order_by(SchoolClass.grade < MIDDLE, SchoolClass.grade, SchoolClass.id)
        .limit(TRIED)
    )
    return db.session.execute(query).all()


def _offer(school: School, course: Course, class_id: int) -> OfferedLesson | None:
    sought = Sought(course.id, clock.today(school.timezone))
    hours = hours_without_way(db.session(), school.id, sought, count=1)
    hours = hours or nearest_hours(db.session(), school.id, sought, count=1)
    return OfferedLesson(course, class_id, hours[0].date, hours[0].hour.number) if hours else None

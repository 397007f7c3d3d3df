"""The first remote lesson as the first steps offer it: of a connected class, in an hour that breaks nothing."""

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
from scheduler.models.school import School
from scheduler.planning.nearest import Sought, hours_without_way, nearest_hours
from scheduler.rules.facts import LessonKind

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
    """The nearest free hour of one whole class whose pupils' chat is connected; None where there is none."""
    row = db.session.execute(
        sa.select(Course, GroupPart.class_id)
        .join(GroupPart, GroupPart.group_id == Course.group_id)
        .join(SchoolClass, SchoolClass.id == GroupPart.class_id)
        .join(Chat, Chat.class_id == SchoolClass.id)
        .where(
            Course.school_id == school.id,
            ~Course.is_archived,
            Course.subject.has(kind=LessonKind.LESSON, is_physical_education=False),
            Course.teachers.any(),
            Course.group.has(is_private=False),
            SchoolClass.grade.is_not(None),
            GroupPart.division_id.is_(None),
            Chat.kind == ChatKind.STUDENTS,
            Chat.state == ChatState.CONNECTED,
        )
        .order_by(SchoolClass.grade < MIDDLE, SchoolClass.grade, Chat.id, Course.weekly_hours.desc(), Course.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    course, class_id = row
    sought = Sought(course.id, clock.today(school.timezone))
    hours = hours_without_way(db.session(), school.id, sought, count=1)
    hours = hours or nearest_hours(db.session(), school.id, sought, count=1)
    return OfferedLesson(course, class_id, hours[0].date, hours[0].hour.number) if hours else None

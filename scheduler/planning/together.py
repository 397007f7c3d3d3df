"""A room where a class can join a remote lesson together, so that nobody has to go home for it."""

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.classes import GroupPart
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson, lesson_room
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonState


def room_to_join_in(
    session: Session, course_id: int, day: date, hours: tuple[time, time], *, lesson_id: int | None = None
) -> Room | None:
    """The room that the course, else its class, uses most, of those free then; None where there is none.

    A lesson that stands (`lesson_id`) does not take up its own room, and keeps it where it has one.
    """
    standing = session.get(Lesson, lesson_id) if lesson_id else None
    if standing is not None and standing.rooms and (standing.date, standing.start) == (day, hours[0]):
        return standing.rooms[0]
    course = session.get_one(Course, course_id)
    classes = sa.select(GroupPart.class_id).where(GroupPart.group_id == course.group_id)
    groups = sa.select(GroupPart.group_id).where(GroupPart.class_id.in_(classes))
    own = sa.func.sum(sa.case((Lesson.course_id == course_id, 1), else_=0))
    usual = (
        sa.select(lesson_room.c.room_id)
        .join(Lesson, Lesson.id == lesson_room.c.lesson_id)
        .where(Lesson.group_id.in_(groups), lesson_room.c.room_id.not_in(_taken(course.school_id, day, hours)))
        .group_by(lesson_room.c.room_id)
        .order_by(own.desc(), sa.func.count().desc(), lesson_room.c.room_id)
        .limit(1)
    )
    room_id = session.scalar(usual)
    return session.get(Room, room_id) if room_id is not None else None


def _taken(school_id: int, day: date, hours: tuple[time, time]) -> sa.Select[tuple[int]]:
    start, end = hours
    return (
        sa.select(lesson_room.c.room_id)
        .join(Lesson, Lesson.id == lesson_room.c.lesson_id)
        .where(
            Lesson.school_id == school_id,
            Lesson.date == day,
            Lesson.start < end,
            Lesson.end > start,
            Lesson.state != LessonState.CANCELLED,
        )
    )

"""The nearest hours that really work for the class and the teacher: each is judged before it is offered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.people import TeacherClosure
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.bells import Hour, load_bells
from scheduler.planning.carry_out import values_of_course
from scheduler.planning.fitting import fitted
from scheduler.planning.hours import closure_words, is_closed, next_school_days
from scheduler.planning.judging import judge
from scheduler.planning.resources import wished_resource
from scheduler.planning.scene import Scene, load_scene
from scheduler.planning.values import LessonValues
from scheduler.rules.facts import Finding, LessonMode, Severity

SEARCHED_DAYS = 10


@dataclass(frozen=True, slots=True)
class OfferedHour:
    """An hour that can be booked as it stands."""

    date: date
    hour: Hour


def nearest_hours(
    session: Session, school_id: int, course_id: int, start: date, *, mode: LessonMode = LessonMode.CALL, count: int = 3
) -> list[OfferedHour]:
    """The first hours from `start` on, ten school days ahead at most, which break nothing."""
    school, course = session.get_one(School, school_id), session.get_one(Course, course_id)
    found: list[OfferedHour] = []
    scenes: dict[date, Scene] = {}
    for values, hour in _candidates(session, school, course, start, mode):
        monday = week_of(values.date)[0]
        if monday not in scenes:
            scenes[monday] = load_scene(session, school_id, [values.date], wished=[values])
        if not _judged(session, school, scenes[monday], values):
            found.append(OfferedHour(values.date, hour))
        if len(found) == count:
            break
    return found


def why_not(session: Session, school_id: int, course_id: int, day: date, number: int) -> tuple[list[Finding], str]:
    """What speaks against one hour: the findings, and the teacher's closed hours in words."""
    school, course = session.get_one(School, school_id), session.get_one(Course, course_id)
    hour = _hours(session, school, course, day).get(number)
    if hour is None:
        return [], ""
    values = _values(session, course, day, hour, LessonMode.CALL)
    scene = load_scene(session, school_id, [day], wished=[values])
    return _judged(session, school, scene, values, hardest=False), _closed(session, course, day, hour)


def _judged(
    session: Session, school: School, scene: Scene, values: LessonValues, *, hardest: bool = True
) -> list[Finding]:
    wished = scene.facts(values, None, join_resource=wished_resource(session, school, values))
    findings = judge(school, scene, [*scene.lessons, wished])
    return [one for one in findings if one.severity is Severity.LAW] if hardest else findings


def _candidates(
    session: Session, school: School, course: Course, start: date, mode: LessonMode
) -> Iterator[tuple[LessonValues, Hour]]:
    local_now = clock.now().astimezone(ZoneInfo(school.timezone)).replace(tzinfo=None)
    for day in next_school_days(session, school.id, max(start, local_now.date()), SEARCHED_DAYS):
        for hour in sorted(_hours(session, school, course, day).values(), key=lambda one: one.start):
            if datetime.combine(day, hour.start) > local_now and not _closed(session, course, day, hour):
                yield _values(session, course, day, hour, mode), hour


def _hours(session: Session, school: School, course: Course, day: date) -> dict[int, Hour]:
    class_id = min((part.class_id for part in course.group.parts), default=None)
    klass = session.get(SchoolClass, class_id) if class_id else None
    hours = load_bells(session, school.id).on(day, class_id=class_id, shift=klass.shift if klass else 1)
    return {hour.number: hour for hour in hours}


def _values(session: Session, course: Course, day: date, hour: Hour, mode: LessonMode) -> LessonValues:
    values = LessonValues(
        **values_of_course(course), date=day, start=hour.start, end=hour.end, period=hour.number, mode=mode
    )
    return fitted(session, replace(values, offline_task="—"))


def _closed(session: Session, course: Course, day: date, hour: Hour) -> str:
    ids = [person.id for person in course.teachers]
    rows = session.scalars(sa.select(TeacherClosure).where(TeacherClosure.person_id.in_(ids)))
    return next((closure_words(row) for row in rows if is_closed(row, day, hour.start, hour.end)), "")

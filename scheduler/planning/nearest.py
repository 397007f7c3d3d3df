"""The nearest hours that really work for the class and the teacher: each is judged before it is offered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.people import TeacherClosure
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.bells import Bells, Hour, load_bells
from scheduler.planning.carry_out import values_of_course
from scheduler.planning.errors import NotThereError
from scheduler.planning.fitting import classes_of, fitted_for
from scheduler.planning.hours import closure_words, is_closed, next_school_days
from scheduler.planning.judging import judge
from scheduler.planning.resources import wished_resource
from scheduler.planning.scene import Scene, load_scene
from scheduler.planning.values import LessonValues
from scheduler.rules.facts import ClassFacts, Finding, LessonMode, Severity

SEARCHED_DAYS = 10
ANY_HOUR = time(0, 0)


@dataclass(frozen=True, slots=True)
class OfferedHour:
    """An hour that can be booked as it stands."""

    date: date
    hour: Hour


@dataclass(frozen=True, slots=True)
class _Search:
    """What all hours of one search share, read once however many are looked at."""

    school: School
    wish: LessonValues
    classes: tuple[ClassFacts, ...]
    bells: Bells
    class_id: int | None
    shift: int
    closures: Sequence[TeacherClosure]
    resource: str | None

    def hours(self, day: date) -> list[Hour]:
        """In the order of the clock."""
        hours = self.bells.on(day, class_id=self.class_id, shift=self.shift)
        return sorted(hours, key=lambda hour: hour.start)

    def values(self, day: date, hour: Hour) -> LessonValues:
        wish = replace(self.wish, date=day, start=hour.start, end=hour.end, period=hour.number)
        return fitted_for(wish, self.classes)

    def closed(self, day: date, hour: Hour) -> str:
        """The teacher's closed hours in words."""
        return next((closure_words(row) for row in self.closures if is_closed(row, day, hour.start, hour.end)), "")

    def findings(self, scene: Scene, values: LessonValues) -> list[Finding]:
        wished = scene.facts(values, None, join_resource=self.resource)
        return judge(self.school, scene, [*scene.lessons, wished])


def nearest_hours(
    session: Session, school_id: int, course_id: int, start: date, *, mode: LessonMode = LessonMode.CALL, count: int = 3
) -> list[OfferedHour]:
    """The first hours from `start` on, ten school days ahead at most, which break nothing.

    Raises NotThereError for a course of another school.
    """
    search = _search(session, school_id, course_id, start, mode)
    found: list[OfferedHour] = []
    scenes: dict[date, Scene] = {}
    for day, hour in _candidates(session, search, start):
        values, monday = search.values(day, hour), week_of(day)[0]
        if monday not in scenes:
            scenes[monday] = load_scene(session, school_id, [day], wished=[values])
        if not any(one.severity is Severity.LAW for one in search.findings(scenes[monday], values)):
            found.append(OfferedHour(day, hour))
        if len(found) == count:
            break
    return found


def why_not(session: Session, school_id: int, course_id: int, day: date, number: int) -> tuple[list[Finding], str]:
    """What speaks against one hour: the findings, and the teacher's closed hours in words."""
    search = _search(session, school_id, course_id, day, LessonMode.CALL)
    hour = next((one for one in search.hours(day) if one.number == number), None)
    if hour is None:
        return [], ""
    values = search.values(day, hour)
    scene = load_scene(session, school_id, [day], wished=[values])
    return search.findings(scene, values), search.closed(day, hour)


def _search(session: Session, school_id: int, course_id: int, day: date, mode: LessonMode) -> _Search:
    school, course = session.get_one(School, school_id), session.get(Course, course_id)
    if course is None or course.school_id != school_id:
        raise NotThereError(_("There is no such line in the curriculum plan."))
    wish = LessonValues(**values_of_course(course), date=day, start=ANY_HOUR, end=ANY_HOUR, mode=mode, offline_task="—")
    class_id = min((part.class_id for part in course.group.parts), default=None)
    klass = session.get(SchoolClass, class_id) if class_id else None
    closed = sa.select(TeacherClosure).where(TeacherClosure.person_id.in_(wish.teacher_ids))
    return _Search(
        school=school,
        wish=wish,
        classes=classes_of(session, course.group_id),
        bells=load_bells(session, school_id),
        class_id=class_id,
        shift=klass.shift if klass else 1,
        closures=session.scalars(closed.order_by(TeacherClosure.id)).all(),
        resource=wished_resource(session, school, wish),
    )


def _candidates(session: Session, search: _Search, start: date) -> Iterator[tuple[date, Hour]]:
    local_now = clock.now().astimezone(ZoneInfo(search.school.timezone)).replace(tzinfo=None)
    for day in next_school_days(session, search.school.id, max(start, local_now.date()), SEARCHED_DAYS):
        for hour in search.hours(day):
            if datetime.combine(day, hour.start) > local_now and not search.closed(day, hour):
                yield day, hour

"""The nearest hours that really work for the class and the teacher: each is judged before it is offered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.people import TeacherClosure
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.bells import Bells, Hour, load_bells
from scheduler.planning.carry_out import values_of_course
from scheduler.planning.errors import NotThereError
from scheduler.planning.fitting import classes_of, fitted_for
from scheduler.planning.hours import Cell, CellState, closure_words, closures_of, is_closed, next_school_days
from scheduler.planning.judging import judge
from scheduler.planning.resources import wished_resource
from scheduler.planning.scene import Scene, load_scene
from scheduler.planning.values import LessonValues
from scheduler.planning.words import short_text
from scheduler.rules.facts import ClassFacts, Finding, LessonMode, Severity

SEARCHED_DAYS = 10
ANY_HOUR = time(0, 0)


class Place(StrEnum):
    """Where a lesson stands among those its pupils have at school on the day; `BETWEEN` also where there are none."""

    FIRST = "first"
    BETWEEN = "between"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class OfferedHour:
    """An hour that can be booked as it stands; `place` says whether it is the pupils' first or last of that day."""

    date: date
    hour: Hour
    place: Place = Place.BETWEEN


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
    moved: Lesson | None = None
    """The lesson that is to stand elsewhere; what it takes up now is free for it."""

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
        moved_id = self.moved.id if self.moved else None
        wished = scene.facts(values, moved_id, join_resource=self.resource)
        others = [one for one in scene.lessons if moved_id is None or one.id != moved_id]
        return judge(self.school, scene, [*others, wished])

    def stands(self, day: date, hour: Hour) -> bool:
        """Whether the lesson to be moved is in this hour already."""
        return self.moved is not None and (self.moved.date, self.moved.start) == (day, hour.start)


@dataclass(frozen=True, slots=True)
class Sought:
    """For what an hour is looked: a course's lesson in some mode, from a day on; `moving` is the lesson it now is."""

    course_id: int
    start: date
    mode: LessonMode = LessonMode.CALL
    moving: int | None = None


def nearest_hours(session: Session, school_id: int, sought: Sought, *, count: int = 3) -> list[OfferedHour]:
    """The first hours, ten school days ahead at most, which break nothing.

    Raises NotThereError for a course of another school.
    """
    return list(islice(_offers(session, _search(session, school_id, sought), sought.start, avoided=frozenset()), count))


def hours_without_way(session: Session, school_id: int, sought: Sought, *, count: int = 4) -> list[OfferedHour]:
    """Hours in which nobody has to hurry between home and school: of the first day first or last, or moved.

    What a warning REMOTE_GAP offers; nothing blocks in any of them.
    """
    search = _search(session, school_id, sought)
    return list(islice(_offers(session, search, sought.start, avoided=frozenset({"REMOTE_GAP"})), count))


def _offers(session: Session, search: _Search, start: date, *, avoided: frozenset[str]) -> Iterator[OfferedHour]:
    scenes: dict[date, Scene] = {}
    for day, hour in _candidates(session, search, start):
        if search.stands(day, hour):
            continue
        values, monday = search.values(day, hour), week_of(day)[0]
        if monday not in scenes:
            scenes[monday] = load_scene(session, search.school.id, [day], wished=[values])
        findings = search.findings(scenes[monday], values)
        if not any(one.severity is Severity.LAW or one.rule in avoided for one in findings):
            yield OfferedHour(day, hour, _place(scenes[monday], values))


def _place(scene: Scene, values: LessonValues) -> Place:
    class_ids = scene.groups[values.group_id].class_ids
    at_school = [
        one for one in scene.lessons
        if one.date == values.date and not one.mode.is_remote and one.group.class_ids & class_ids
    ]  # fmt: skip
    if not at_school:
        return Place.BETWEEN
    if all(one.start >= values.end for one in at_school):
        return Place.FIRST
    return Place.LAST if all(one.end <= values.start for one in at_school) else Place.BETWEEN


def close_hours(session: Session, school_id: int, course_id: int, cells: Iterable[Cell]) -> None:
    """Close those free cells of a week in which the course cannot stand, with the reason in a few words."""
    free = [cell for cell in cells if cell.state is CellState.FREE]
    if not free:
        return
    search = _search(session, school_id, Sought(course_id, free[0].day))
    values = [search.values(cell.day, cell.hour) for cell in free]
    scene = load_scene(session, school_id, [free[0].day], wished=values[:1])
    for cell, wish in zip(free, values, strict=True):
        cell.why = search.closed(cell.day, cell.hour) or _hardest(search.findings(scene, wish))
        cell.state = CellState.CLOSED if cell.why else CellState.FREE


def _hardest(findings: Sequence[Finding]) -> str:
    return next((short_text(one) for one in findings if one.severity is Severity.LAW), "")


def _search(session: Session, school_id: int, sought: Sought) -> _Search:
    school, course = session.get_one(School, school_id), session.get(Course, sought.course_id)
    if course is None or course.school_id != school_id:
        raise NotThereError(_("There is no such line in the curriculum plan."))
    of_course = values_of_course(course)
    wish = LessonValues(
        **of_course, date=sought.start, start=ANY_HOUR, end=ANY_HOUR, mode=sought.mode, offline_task="—"
    )
    class_id = min((part.class_id for part in course.group.parts), default=None)
    klass = session.get(SchoolClass, class_id) if class_id else None
    return _Search(
        school=school,
        wish=wish,
        classes=classes_of(session, course.group_id),
        bells=load_bells(session, school_id),
        class_id=class_id,
        shift=klass.shift if klass else 1,
        closures=closures_of(session, wish.teacher_ids),
        resource=wished_resource(session, school, wish),
        moved=session.get(Lesson, sought.moving) if sought.moving else None,
    )


def _candidates(session: Session, search: _Search, start: date) -> Iterator[tuple[date, Hour]]:
    local_now = clock.now().astimezone(ZoneInfo(search.school.timezone)).replace(tzinfo=None)
    for day in next_school_days(session, search.school.id, max(start, local_now.date()), SEARCHED_DAYS):
        for hour in search.hours(day):
            if datetime.combine(day, hour.start) > local_now and not search.closed(day, hour):
                yield day, hour

"""The week of a class, a teacher or a room: what stands, what is free, and why the rest is closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, session, url_for

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import SchoolClass, class_teacher
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import School
from scheduler.models.timetable import Room
from scheduler.permissions import Action, Role
from scheduler.planning.hours import WeekGrid, WeekOf, week_grid
from scheduler.planning.nearest import close_hours
from scheduler.planning.requests import open_requests
from scheduler.web.access import current_person, current_school, get_in_school, requires, visitor_may
from scheduler.web.lesson_choices import offered_courses

blueprint = Blueprint("week", __name__)

SHOWN = "week_of"


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose week is on the page, and its address."""

    of: WeekOf
    title: str
    query: dict[str, int]


@blueprint.get("/week")
@requires(Action.VIEW_STAFF_PAGES)
def index() -> str:
    """The grid of one ISO week; on a phone one day of it."""
    school = current_school()
    day = _asked_day(school)
    shown = shown_week(school)
    session[SHOWN] = shown.query
    courses = offered_courses(school.id, current_person(), request.args) if "class" in shown.query else []
    course_id = _course_id(courses)
    grid = judged_grid(school.id, day, shown.of, course_id)
    picked = picked_day(grid, day)
    return render_template(
        "week/index.html",
        grid=grid,
        shown=shown,
        picked=picked,
        today=clock.today(school.timezone),
        earlier=_address(shown, day - timedelta(weeks=1)),
        later=_address(shown, day + timedelta(weeks=1)),
        choices=_choices(school),
        courses=courses,
        course_id=course_id,
        can_book=visitor_may_book(),
        away=_away_path(shown, picked),
        waiting=open_requests(db.session(), school.id),
    )


def judged_grid(school_id: int, day: date, of: WeekOf, course_id: int | None) -> WeekGrid:
    """The grid; of a course that is to be planned, the hours where it cannot stand are closed with the reason."""
    grid = week_grid(db.session(), school_id, day, of)
    if course_id is not None:
        close_hours(db.session(), school_id, course_id, [cell for _hour, cells in grid.rows for cell in cells])
    return grid


def picked_day(grid: WeekGrid, day: date) -> date:
    """The one day that a phone shows."""
    return day if any(one.date == day for one in grid.days) else grid.days[0].date


def _away_path(shown: Shown, day: date) -> str:
    """Where the absence of the teacher whose week it is can be entered; empty for whom it does not concern."""
    person_id = shown.query.get("teacher")
    if person_id is None or not any(map(visitor_may, (Action.BOOK_ANY_LESSON, Action.BOOK_CLASS_LESSON))):
        return ""
    values: dict[str, Any] = {"person": person_id, "from": day.isoformat(), "to": day.isoformat()}
    return url_for("absences.new", **values)


def visitor_may_book() -> bool:
    """Whether free hours invite: those who may only look are not led to a form."""
    return any(map(visitor_may, (Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)))


def _course_id(courses: list[tuple[int, str]]) -> int | None:
    """The course asked for; else, for a teacher, the first of the own: the hours are to be those that really work."""
    wished = request.args.get("course", 0, int)
    if wished in dict(courses):
        return wished
    if "course" in request.args or not courses or visitor_may(Action.BOOK_ANY_LESSON):
        return None
    return courses[0][0]


def _address(shown: Shown, day: date) -> str:
    values: dict[str, Any] = {**shown.query, "date": day.isoformat()}
    return url_for("week.index", **values)


def _asked_day(school: School) -> date:
    text = request.args.get("date", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        today = clock.today(school.timezone)
        ahead = 8 - today.isoweekday() if today.isoweekday() > max(school.days_per_week, 5) else 0
        return today + timedelta(days=ahead)


def shown_week(school: School) -> Shown:
    for name, make in (("class", _of_class), ("teacher", _of_teacher), ("room", _of_room)):
        if name in request.args:
            return make(request.args.get(name, 0, int))
    kept = session.get(SHOWN)
    if isinstance(kept, dict) and len(kept) == 1:
        found = _kept(school, kept)
        if found is not None:
            return found
    return _usual(school)


def _kept(school: School, query: dict[str, int]) -> Shown | None:
    ((name, row_id),) = query.items()
    model = {"class": SchoolClass, "teacher": Person, "room": Room}[name]
    row = db.session.get(model, row_id)
    if row is None or row.school_id != school.id:
        return None
    return {"class": _of_class, "teacher": _of_teacher, "room": _of_room}[name](row_id)


def _usual(school: School) -> Shown:
    person = current_person()
    own = db.session.scalar(sa.select(class_teacher.c.class_id).where(class_teacher.c.person_id == person.id).limit(1))
    if own is not None:
        return _of_class(own)
    if any(grant.role is Role.TEACHER for grant in person.grants):
        return _of_teacher(person.id)
    first = db.session.scalar(
        sa.select(SchoolClass.id)
        .where(SchoolClass.school_id == school.id, SchoolClass.is_archived.is_(False))
        .order_by(SchoolClass.grade, SchoolClass.label)
        .limit(1)
    )
    return _of_class(first) if first is not None else _of_teacher(person.id)


def _of_class(class_id: int) -> Shown:
    row = get_in_school(SchoolClass, class_id)
    return Shown(WeekOf(class_id=row.id), row.label, {"class": row.id})


def _of_teacher(person_id: int) -> Shown:
    row = get_in_school(Person, person_id)
    return Shown(WeekOf(teacher_id=row.id), row.short_name, {"teacher": row.id})


def _of_room(room_id: int) -> Shown:
    row = get_in_school(Room, room_id)
    return Shown(WeekOf(room_id=row.id), row.name, {"room": row.id})


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose weeks can be looked at."""

    classes: tuple[SchoolClass, ...]
    teachers: tuple[Person, ...]
    rooms: tuple[Room, ...]


def _choices(school: School) -> Choices:
    classes = db.session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == school.id, SchoolClass.is_archived.is_(False))
        .order_by(SchoolClass.grade, SchoolClass.label)
    )
    teachers = db.session.scalars(
        sa.select(Person)
        .where(Person.school_id == school.id, Person.id.in_(_teacher_ids(school.id)))
        .order_by(Person.last_name, Person.first_name)
    )
    rooms = db.session.scalars(sa.select(Room).where(Room.school_id == school.id).order_by(Room.name))
    return Choices(tuple(classes), tuple(teachers), tuple(rooms))


def _teacher_ids(school_id: int) -> sa.Select[int]:
    return sa.select(RoleGrant.person_id).where(RoleGrant.school_id == school_id, RoleGrant.role == Role.TEACHER)

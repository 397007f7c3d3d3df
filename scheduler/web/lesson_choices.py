"""What a lesson's form offers: the courses that its user may plan, the rooms of the school."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.datastructures import MultiDict

from scheduler.database import db
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.courses import Course, course_teacher
from scheduler.models.names import shown_class
from scheduler.models.people import Person
from scheduler.models.timetable import Room
from scheduler.permissions import ALLOWED, Action, ScopeKind, may
from scheduler.planning.bells import load_bells
from scheduler.web.formats import wall


def offered_courses(school_id: int, person: Person, whose: MultiDict[str, str]) -> list[tuple[int, str]]:
    """Courses of the class or teacher whose week is shown, of those that the person may plan."""
    query = (
        sa.select(Course)
        .where(Course.school_id == school_id, Course.is_archived.is_(False))
        .options(
            joinedload(Course.subject),
            joinedload(Course.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
            selectinload(Course.teachers),
        )
    )
    class_id, teacher_id = whose.get("class", 0, int), whose.get("teacher", 0, int)
    if class_id:
        query = query.where(Course.group_id.in_(sa.select(GroupPart.group_id).where(GroupPart.class_id == class_id)))
    elif teacher_id:
        query = query.where(Course.id.in_(_taught_by(teacher_id)))
    elif not _plans_for_all(person):
        query = query.where(sa.or_(Course.id.in_(_taught_by(person.id)), Course.group_id.in_(_led_groups(person))))
    courses = [course for course in db.session.scalars(query).unique() if _may_plan(person, course)]
    if not courses and (class_id or teacher_id):
        return offered_courses(school_id, person, MultiDict())
    return [(course.id, course_name(course)) for course in sorted(courses, key=course_name)]


def _taught_by(person_id: int) -> sa.Select[tuple[int]]:
    return sa.select(course_teacher.c.course_id).where(course_teacher.c.person_id == person_id)


def _plans_for_all(person: Person) -> bool:
    roles = {grant.role for grant in person.grants if grant.scope is ScopeKind.SCHOOL}
    return any(Action.BOOK_ANY_LESSON in ALLOWED[role] or Action.BOOK_CLASS_LESSON in ALLOWED[role] for role in roles)


def _led_groups(person: Person) -> sa.Select[int]:
    """Groups of the classes within which the person has a role: a chat administrator plans for all of its teachers."""
    class_ids = {grant.scope_id for grant in person.grants if grant.scope is ScopeKind.CLASS}
    return sa.select(GroupPart.group_id).where(GroupPart.class_id.in_(class_ids))


def _may_plan(person: Person, course: Course) -> bool:
    class_ids = {part.class_id for part in course.group.parts}
    return (
        may(person.grants, Action.BOOK_ANY_LESSON)
        or (any(one.id == person.id for one in course.teachers) and may(person.grants, Action.BOOK_OWN_LESSON))
        or (bool(class_ids) and may(person.grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids))
    )


def course_name(course: Course) -> str:
    """«Алгебра, 7 «А» (Иванова Е. П.)»."""
    teachers = ", ".join(person.short_name for person in course.teachers)
    return f"{course.subject.name}, {group_name(course.group)}" + (f" ({teachers})" if teachers else "")


def group_name(group: StudyGroup) -> str:
    """A whole class as «7 «А»», any other group by its own name; home teaching by its class, never by the pupil."""
    is_whole = len(group.parts) == 1 and group.parts[0].division_id is None
    if not is_whole:
        return shown_class(group.name)
    name = shown_class(group.parts[0].school_class.label)
    return f"{name}, {_('individual lesson')}" if group.is_private else name


def offered_rooms(school_id: int) -> list[tuple[int, str]]:
    """The rooms of the school."""
    rows: Iterable[Room] = db.session.scalars(sa.select(Room).where(Room.school_id == school_id).order_by(Room.name))
    return [(room.id, room.name) for room in rows]


def hour_choices(school_id: int, course_id: int | None, day: date | None) -> dict[str, str]:
    """The hours by the bells of that day for the course's class, «4 — 11:25», after the choice of none of them."""
    words = {"": _("another time")}
    course = db.session.get(Course, course_id) if course_id else None
    if course is None or day is None:
        return words
    klass = min((part.school_class for part in course.group.parts), key=lambda row: row.id, default=None)
    hours = load_bells(db.session(), school_id).on(
        day, class_id=klass.id if klass else None, shift=klass.shift if klass else 1
    )
    return words | {str(hour.number): f"{hour.number} — {wall(hour.start)}" for hour in hours}

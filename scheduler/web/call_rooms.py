"""The list of standing links as a form: one field an owner, what was typed kept, what is wrong beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from scheduler.calls.room import LinkRefusedError, checked_room_url
from scheduler.database import db
from scheduler.models.calls import RoomOwner, StandingRoom
from scheduler.models.classes import GroupPart, SchoolClass
from scheduler.models.courses import Course
from scheduler.models.names import shown_class
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import CallWay, School
from scheduler.permissions import Role


@dataclass(frozen=True, slots=True)
class RoomRow:
    """An owner with its link as it stands or as it was typed; `way` only for a course, None: as the school."""

    owner: tuple[RoomOwner, int]
    name: str
    url: str
    way: CallWay | None = None
    error: str = ""
    is_changed: bool = False

    @property
    def field(self) -> str:
        return f"room-{self.owner[1]}"


def room_rows(school_id: int, kind: RoomOwner, class_id: int | None = None) -> list[RoomRow]:
    """The owners of one kind with their links; courses only of one class, there are hundreds."""
    query = sa.select(StandingRoom).where(StandingRoom.school_id == school_id, StandingRoom.owner_kind == kind)
    urls = {room.owner_id: room.url for room in db.session.scalars(query)}
    if kind is RoomOwner.COURSE:
        return [
            RoomRow((kind, course.id), _course_name(course), urls.get(course.id, ""), course.call_way)
            for course in _courses(school_id, class_id)
        ]
    owners = class_names(school_id) if kind is RoomOwner.CLASS else _teachers(school_id)
    return [RoomRow((kind, owner_id), name, urls.get(owner_id, "")) for owner_id, name in owners.items()]


def class_names(school_id: int) -> dict[int, str]:
    """The classes by id, in school order."""
    query = sa.select(SchoolClass).where(SchoolClass.school_id == school_id, ~SchoolClass.is_archived)
    rows = db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label))
    return {row.id: shown_class(row.label) for row in rows}


def _teachers(school_id: int) -> dict[int, str]:
    query = sa.select(Person).where(
        Person.school_id == school_id, ~Person.is_archived, Person.roles.any(RoleGrant.role == Role.TEACHER)
    )
    return {row.id: row.short_name for row in db.session.scalars(query.order_by(Person.last_name, Person.first_name))}


def _courses(school_id: int, class_id: int | None) -> list[Course]:
    groups = sa.select(GroupPart.group_id).where(GroupPart.school_id == school_id, GroupPart.class_id == class_id)
    query = sa.select(Course).where(Course.school_id == school_id, ~Course.is_archived, Course.group_id.in_(groups))
    return sorted(db.session.scalars(query).unique(), key=lambda course: (course.subject.name, course.id))


def _course_name(course: Course) -> str:
    teachers = ", ".join(person.short_name for person in course.teachers)
    name = f"{course.subject.name} — {course.group.name}"
    return f"{name} ({teachers})" if teachers else name


def typed_rows(school: School, rows: list[RoomRow], form: Mapping[str, str]) -> list[RoomRow]:
    """The rows as they were typed, each judged on its own; fields that were not sent stay as they are."""
    typed = []
    for row in rows:
        told = _judged(school, replace(row, way=_typed_way(row, form)), form.get(row.field, row.url).strip())
        typed.append(replace(told, is_changed=(told.url, told.way) != (row.url, row.way)))
    return typed


def _typed_way(row: RoomRow, form: Mapping[str, str]) -> CallWay | None:
    told = form.get(f"way-{row.owner[1]}")
    if told is None or row.owner[0] is not RoomOwner.COURSE:
        return row.way
    return CallWay(told) if told in {way.value for way in CallWay} else None


def _judged(school: School, row: RoomRow, text: str) -> RoomRow:
    if not text or text == row.url:
        return replace(row, url=text)
    try:
        return replace(row, url=checked_room_url(text, school.call_hosts))
    except LinkRefusedError as error:
        return replace(row, url=text, error=error.text)

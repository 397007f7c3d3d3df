"""Stores the demo school's subjects, courses, rooms, bells and weekly base timetable."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.demo.bells import SHORTENED
from scheduler.demo.blueprint import Bells, BellSpec
from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.demo.store import Ids, insert
from scheduler.models.courses import Course, Subject, course_teacher
from scheduler.models.names import name_key
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, Room, TimetableSlot, slot_room

_SHIFTS = {Bells.FIRST: 1, Bells.SECOND: 2}


def store_courses(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Subjects, and each line of the curriculum plan and of the extracurricular plan with its teachers."""
    subjects = [
        {
            "name": one.name, "name_key": name_key(one.name), "short": one.short, "kind": one.kind,
            "is_physical_education": one.is_physical_education,
        }
        for one in plan.subjects
    ]  # fmt: skip
    ids.subjects = dict(zip((one.name for one in plan.subjects), insert(session, Subject, ids, subjects), strict=True))
    courses = [
        {
            "subject_id": ids.subjects[one.subject], "group_id": ids.groups[one.group],
            "weekly_hours": one.weekly_hours, "source_id": one.key,
        }
        for one in plan.courses
    ]  # fmt: skip
    ids.courses = dict(zip((one.key for one in plan.courses), insert(session, Course, ids, courses), strict=True))
    teaching = [
        {"course_id": ids.courses[one.key], "person_id": ids.people[key]}
        for one in plan.courses
        for key in one.teachers
    ]
    session.execute(sa.insert(course_teacher), teaching)


def store_slots(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Rooms and the weekly hours in them."""
    rooms = [{"name": name, "name_key": name_key(name)} for name in plan.rooms]
    ids.rooms = dict(zip(plan.rooms, insert(session, Room, ids, rooms), strict=True))
    slots = [
        {
            "course_id": ids.courses[one.course], "weekday": one.weekday, "period": one.period,
            "valid_from": one.valid_from,
        }
        for one in plan.slots
    ]  # fmt: skip
    numbers = insert(session, TimetableSlot, ids, slots)
    places = [{"slot_id": n, "room_id": ids.rooms[one.room]} for n, one in zip(numbers, plan.slots, strict=True)]
    session.execute(sa.insert(slot_room), places)


def store_bells(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Bells and where they are in force; shortened ones lie ready and are in force nowhere."""
    named = [{"name": one.name, "kind": BellKind(one.kind)} for one in plan.bells]
    numbers = insert(session, BellSchedule, ids, named)
    periods = [
        {"bell_schedule_id": number, "number": n, "start": start, "end": end}
        for number, one in zip(numbers, plan.bells, strict=True)
        for n, start, end in one.periods
    ]
    insert(session, Period, ids, periods)
    in_force = [
        {"bell_schedule_id": number, "date_from": one.valid_from, "date_to": one.valid_to, **where}
        for number, one in zip(numbers, plan.bells, strict=True)
        if one.kind != SHORTENED
        for where in _in_force(one, ids, plan)
    ]
    insert(session, BellAssignment, ids, in_force)


def _in_force(bells: BellSpec, ids: Ids, plan: SchoolPlan) -> Iterator[dict[str, Any]]:
    """By shift; grade 1 by class."""
    if bells.bells in _SHIFTS:
        yield {"shift": _SHIFTS[bells.bells], "class_id": None}
        return
    for item in plan.classes:
        if item.bells is bells.bells:
            yield {"shift": None, "class_id": ids.classes[item.label]}

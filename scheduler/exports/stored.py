"""A stored school as the neutral draft: its base timetable of today with all that it rests on.

Only what lessons and the weekly plan need is taken; lists of people are for `roster`. Constant number of queries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from math import lcm

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.exports.audiences import AudienceTable, load_audiences
from scheduler.imports.draft import (
    Draft,
    DraftClass,
    DraftCourse,
    DraftDay,
    DraftPeriod,
    DraftRoom,
    DraftSlot,
    DraftSubject,
    DraftTeacher,
    Unplaced,
)
from scheduler.imports.findings import weekday_name
from scheduler.imports.names import stable_id
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import School
from scheduler.models.timetable import Period, Room, TimetableSlot
from scheduler.permissions import Role
from scheduler.planning.bells import load_bells
from scheduler.rules.facts import LessonKind

FIRST_SHIFT = 1
USUAL_DAY = 3  # Monday often has bells of its own


@dataclass(frozen=True, slots=True)
class StoredSchool:
    """The draft of a school, and what a print needs beyond it: the shift of each class, the bells of each shift."""

    name: str
    day: date
    draft: Draft
    shifts: Mapping[str, int]
    bells: Mapping[int, tuple[DraftPeriod, ...]]


def load_school(session: Session, school_id: int) -> StoredSchool:
    """The school's base timetable in force today. Private groups are in it and marked so."""
    school = session.get_one(School, school_id)
    day = clock.today(school.timezone)
    classes, courses = _classes(session, school_id), _courses(session, school_id)
    table = load_audiences(session, school_id, {row.id for row in classes})
    courses = [row for row in courses if row.group_id in table.audiences]
    slots = _slots(session, courses, day)
    bells = _bells(session, school_id, day, {row.shift for row in classes})
    draft = _draft(session, school, table, classes=classes, courses=courses, slots=slots, periods=bells[FIRST_SHIFT])
    return StoredSchool(school.name, day, draft, {key_of(row): row.shift for row in classes}, bells)


def key_of(row: SchoolClass | Subject | Room | Person | Course) -> str:
    """A key that no row of another school has: made into lasting ids where a row has none of its own."""
    return f"{row.school_id}.{row.id}"


def _classes(session: Session, school_id: int) -> list[SchoolClass]:
    rows = session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
        .options(selectinload(SchoolClass.class_teachers))
    )
    return sorted(rows, key=lambda row: (row.grade is None, row.grade or 0, row.label, row.id))


def _courses(session: Session, school_id: int) -> list[Course]:
    rows = session.scalars(
        sa.select(Course)
        .where(Course.school_id == school_id, Course.is_archived.is_(False))
        .options(selectinload(Course.teachers))
        .order_by(Course.id)
    )
    return list(rows)


def _slots(session: Session, courses: Iterable[Course], day: date) -> list[TimetableSlot]:
    known = {row.id: row.school_id for row in courses}
    if not known:
        return []
    rows = session.scalars(
        sa.select(TimetableSlot)
        .where(
            TimetableSlot.school_id.in_(set(known.values())),
            sa.or_(TimetableSlot.valid_from.is_(None), TimetableSlot.valid_from <= day),
            sa.or_(TimetableSlot.valid_to.is_(None), TimetableSlot.valid_to >= day),
        )
        .options(selectinload(TimetableSlot.rooms))
        .order_by(TimetableSlot.weekday, TimetableSlot.period, TimetableSlot.id)
    )
    return [row for row in rows if row.course_id in known]


def _bells(session: Session, school_id: int, day: date, shifts: set[int]) -> dict[int, tuple[DraftPeriod, ...]]:
    """The hours of each shift on a usual day, where nothing narrower than the shift is assigned."""
    bells = load_bells(session, school_id)
    names = _period_names(session, school_id)
    return {
        shift: tuple(
            DraftPeriod(hour.number, names.get((hour.number, hour.start), "") or str(hour.number), hour.start, hour.end)
            for hour in sorted(
                bells.on(day, class_id=None, shift=shift, weekday=USUAL_DAY), key=lambda hour: hour.number
            )
        )
        for shift in {FIRST_SHIFT, *shifts}
    }


def _period_names(session: Session, school_id: int) -> dict[tuple[int, time], str]:
    rows = session.execute(sa.select(Period.number, Period.start, Period.name).where(Period.school_id == school_id))
    return {(number, start): name for number, start, name in rows}


def _draft(
    session: Session,
    school: School,
    table: AudienceTable,
    *,
    classes: list[SchoolClass],
    courses: list[Course],
    slots: list[TimetableSlot],
    periods: tuple[DraftPeriod, ...],
) -> Draft:
    cycle = lcm(*(len(slot.weeks) for slot in slots), 1)
    drafted = tuple(_slot(slot, cycle) for slot in slots)
    used = {course.group_id for course in courses}
    return Draft(
        kind="school",
        shape="stored",
        lessons_read=len(courses),
        cycle_weeks=cycle,
        days=_days(school, slots),
        week_names=("",) * cycle,
        periods=periods,
        classes=tuple(_class(row, is_private=row.id in table.private_classes) for row in classes),
        teachers=_teachers(session, school.id, courses, classes),
        subjects=_subjects(session, school.id),
        rooms=_rooms(session, school.id),
        divisions=tuple(table.divisions.values()),
        audiences=tuple(audience for group_id, audience in table.audiences.items() if group_id in used),
        courses=tuple(_course(row, table) for row in courses),
        slots=drafted,
        unplaced=_unplaced(courses, drafted),
    )


def _days(school: School, slots: Iterable[TimetableSlot]) -> tuple[DraftDay, ...]:
    last = max([school.days_per_week, *(slot.weekday for slot in slots)])
    return tuple(DraftDay(day, weekday_name(day).capitalize()) for day in range(last))


def _class(row: SchoolClass, *, is_private: bool) -> DraftClass:
    return DraftClass(
        key_of(row),
        row.label,
        row.grade,
        stable_id(row.source_id),
        tuple(key_of(person) for person in row.class_teachers if not person.is_archived),
        is_private=is_private,
        shift=row.shift,
    )


def _teachers(
    session: Session, school_id: int, courses: Iterable[Course], classes: Iterable[SchoolClass]
) -> tuple[DraftTeacher, ...]:
    """Who has the role of a teacher, teaches a course or leads a class."""
    found = {person.id: person for course in courses for person in course.teachers}
    found |= {one.id: one for row in classes for one in row.class_teachers if not one.is_archived}
    staff = session.scalars(
        sa.select(Person).where(
            Person.school_id == school_id,
            Person.is_archived.is_(False),
            Person.roles.any(RoleGrant.role == Role.TEACHER),
        )
    )
    found |= {person.id: person for person in staff}
    people = sorted(found.values(), key=lambda person: (person.full_name, person.id))
    return tuple(DraftTeacher(key_of(one), one.full_name, one.short_name, stable_id(one.source_id)) for one in people)


def _subjects(session: Session, school_id: int) -> tuple[DraftSubject, ...]:
    rows = session.scalars(sa.select(Subject).where(Subject.school_id == school_id).order_by(Subject.name, Subject.id))
    return tuple(
        DraftSubject(key_of(row), row.name, row.short, stable_id(row.source_id), row.kind is LessonKind.EXTRACURRICULAR)
        for row in rows
    )


def _rooms(session: Session, school_id: int) -> tuple[DraftRoom, ...]:
    rows = session.scalars(sa.select(Room).where(Room.school_id == school_id).order_by(Room.name, Room.id))
    return tuple(DraftRoom(key_of(row), row.name, row.name, stable_id(row.source_id)) for row in rows)


def _course(row: Course, table: AudienceTable) -> DraftCourse:
    ids = (stable_id(part) for part in (row.source_id or "").split(","))
    return DraftCourse(
        key_of(row),
        f"{row.school_id}.{row.subject_id}",
        table.audiences[row.group_id].key,
        tuple(key_of(person) for person in row.teachers),
        row.weekly_hours,
        tuple(found for found in ids if found),
    )


def _slot(row: TimetableSlot, cycle: int) -> DraftSlot:
    weeks = frozenset(week for week in range(cycle) if row.weeks[week % len(row.weeks)] == "1")
    rooms = tuple(key_of(room) for room in sorted(row.rooms, key=lambda room: room.name))
    return DraftSlot(f"{row.school_id}.{row.course_id}", row.weekday - 1, row.period, weeks, rooms)


def _unplaced(courses: Iterable[Course], slots: Iterable[DraftSlot]) -> tuple[Unplaced, ...]:
    placed = {slot.course_key for slot in slots}
    return tuple(Unplaced(key_of(row), row.weekly_hours) for row in courses if key_of(row) not in placed)

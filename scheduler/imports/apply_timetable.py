"""Bells and weekly slots of a draft. Slots are the base timetable only: lessons change when it is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from scheduler import clock
from scheduler.imports.apply_courses import AppliedCourses
from scheduler.imports.applying import Applying
from scheduler.imports.findings import place_in_week, whole_file
from scheduler.models.courses import Course
from scheduler.models.school import AcademicYear, School
from scheduler.models.timetable import (
    BellAssignment,
    BellKind,
    BellSchedule,
    ImportRun,
    Period,
    Room,
    TimetableSlot,
)

SATURDAY, SUNDAY = 5, 6
SIX_DAYS = 6
SEPTEMBER = 9
SlotKey = tuple[int, int, int, str]


@dataclass(slots=True)
class _WantedSlot:
    """All that stands at one hour of one course: weeks and rooms of double cards are joined."""

    course: Course
    weeks: set[int] = field(default_factory=set)
    rooms: dict[int, Room] = field(default_factory=dict)


def apply_bells(work: Applying) -> None:
    """The bells of the file become the school's regular ones at the first import.

    Later only missing numbers are added: times that a person changed stay, and a difference is told.
    """
    schedule = _regular_bells(work)
    is_first = not work.session.scalar(
        sa.select(sa.func.count()).where(ImportRun.school_id == work.school_id, ImportRun.undone_at.is_(None))
    )
    known = {period.number: period for period in schedule.periods}
    _ask_for_bells(work, frozenset(known))
    for draft in work.draft.periods:
        if draft.start is None or draft.end is None:
            continue
        period = known.get(draft.number)
        if period is None:
            values = {"number": draft.number, "name": draft.name, "start": draft.start, "end": draft.end}
            schedule.periods.append(Period(school_id=work.school_id, **values))
        elif (period.start, period.end) == (draft.start, draft.end):
            continue
        elif is_first:
            period.start, period.end, period.name = draft.start, draft.end, draft.name
        else:
            work.findings.info(
                whole_file(),
                _("Lesson %(number)s has other times in the file; the school's own were kept.", number=draft.number),
            )
    work.session.flush()


def _ask_for_bells(work: Applying, known: frozenset[int]) -> None:
    """A source without bell times stands on the school's own; what these lack is asked for."""
    missing = [row.number for row in work.draft.periods if row.start is None and row.number not in known]
    if missing:
        numbers = ", ".join(map(str, missing))
        work.findings.warn(
            whole_file(),
            _("The file does not say when lessons %(numbers)s begin and end: add them to the school's bells before "
              "you publish.", numbers=numbers),
        )  # fmt: skip


def _regular_bells(work: Applying) -> BellSchedule:
    """The schedule in force where nothing more special is; made when there is none."""
    row = work.session.scalar(
        sa.select(BellSchedule)
        .join(BellAssignment, BellAssignment.bell_schedule_id == BellSchedule.id)
        .where(
            BellSchedule.school_id == work.school_id,
            BellSchedule.kind == BellKind.REGULAR,
            BellAssignment.class_id.is_(None),
            BellAssignment.shift.is_(None),
            BellAssignment.weekday.is_(None),
            BellAssignment.date_from.is_(None),
            BellAssignment.date_to.is_(None),
        )
        .order_by(BellAssignment.id.desc())
        .limit(1)
    )
    if row is not None:
        return row
    row = BellSchedule(school_id=work.school_id, name=_("Regular"), kind=BellKind.REGULAR)
    work.session.add(row)
    work.session.flush()
    work.session.add(BellAssignment(school_id=work.school_id, bell_schedule_id=row.id))
    return row


def apply_slots(work: Applying, courses: AppliedCourses, rooms: Mapping[str, Room]) -> None:
    """The slots of imported courses become those of the file; slots of courses made by hand stay."""
    wanted = _wanted(work, courses, rooms)
    touched = {course.id for course in (*courses.by_key.values(), *courses.gone)}
    for slot in _standing(work, touched):
        key = (slot.course_id, slot.weekday, slot.period, slot.weeks)
        wish = wanted.pop(key, None)
        if wish is None:
            work.session.delete(slot)
            work.counts["slots_gone"] += 1
        elif {room.id for room in slot.rooms} != set(wish.rooms):
            slot.rooms = list(wish.rooms.values())
            work.counts["slots_other_room"] += 1
    for (_course_id, weekday, period, weeks), wish in wanted.items():
        slot = TimetableSlot(school_id=work.school_id, course=wish.course, weekday=weekday, period=period, weeks=weeks)
        slot.rooms = list(wish.rooms.values())
        work.session.add(slot)
        work.counts["slots_new"] += 1
    work.session.flush()


def placed_courses(work: Applying, courses: AppliedCourses) -> AppliedCourses:
    """Only the courses whose hours the draft states: those that it does not place keep theirs."""
    keys = {slot.course_key for slot in work.draft.slots}
    return AppliedCourses({key: row for key, row in courses.by_key.items() if key in keys}, ())


def _wanted(work: Applying, courses: AppliedCourses, rooms: Mapping[str, Room]) -> dict[SlotKey, _WantedSlot]:
    hours: dict[tuple[int, int, int], _WantedSlot] = {}
    for slot in work.draft.slots:
        course = courses.by_key[slot.course_key]
        wish = hours.setdefault((course.id, slot.weekday + 1, slot.period), _WantedSlot(course))
        wish.weeks |= slot.weeks
        wish.rooms.update({rooms[key].id: rooms[key] for key in slot.room_keys if key in rooms})
    return {(*hour, _mask(wish.weeks, work.draft.cycle_weeks)): wish for hour, wish in hours.items()}


def _mask(weeks: Iterable[int], cycle: int) -> str:
    """«1» is every week, else a mark for each week of the cycle from the left."""
    marked = set(weeks)
    if len(marked) == cycle:
        return "1"
    return "".join("1" if week in marked else "0" for week in range(cycle))


def _standing(work: Applying, course_ids: set[int]) -> Iterable[TimetableSlot]:
    rows = work.session.scalars(
        sa.select(TimetableSlot)
        .where(TimetableSlot.school_id == work.school_id)
        .options(selectinload(TimetableSlot.rooms))
        .order_by(TimetableSlot.id)
    )
    return [row for row in rows if row.course_id in course_ids]


def apply_calendar(work: Applying, school: School) -> None:
    """What the timetable needs of the school's calendar: six days where it has Saturdays, a first week of the cycle."""
    weekdays = {slot.weekday for slot in work.draft.slots}
    if SATURDAY in weekdays and school.days_per_week < SIX_DAYS:
        school.days_per_week = SIX_DAYS
        work.findings.warn(whole_file(), _("The file has lessons on Saturday: the school's week now has six days."))
    if SUNDAY in weekdays:
        work.findings.warn(place_in_week(SUNDAY, 1), _("Lessons on Sunday are kept but are never published."))
    if work.draft.cycle_weeks > 1 and school.cycle_anchor is None:
        school.cycle_anchor = _first_monday(work, school)
        work.findings.warn(
            whole_file(),
            _("The timetable changes from week to week. The first week is counted from %(day)s; if that is wrong, "
              "change it in the school's settings.", day=format_date(school.cycle_anchor, "d MMMM yyyy")),
        )  # fmt: skip


def _first_monday(work: Applying, school: School) -> date:
    """The Monday of the week in which the school year began."""
    today = clock.today(school.timezone)
    year = work.session.scalar(
        sa.select(AcademicYear)
        .where(AcademicYear.school_id == work.school_id, AcademicYear.start <= today, AcademicYear.end >= today)
        .limit(1)
    )
    start = year.start if year else date(today.year - (today.month < SEPTEMBER), SEPTEMBER, 1)
    return start - timedelta(days=start.weekday())

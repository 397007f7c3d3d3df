"""What the weekly base timetable says for given dates: the lessons as they should stand, before any is made."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Course
from scheduler.models.school import School
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.bells import Bells, load_bells
from scheduler.planning.calendar_days import SchoolCalendar, load_calendar
from scheduler.rules.facts import LessonKind


@dataclass(frozen=True, slots=True)
class WantedLesson:
    """One lesson that the base timetable asks for; `nth` is its order among those of its course that day."""

    course_id: int
    subject_id: int
    group_id: int
    date: date
    period: int
    start: time
    end: time
    kind: LessonKind
    teacher_ids: tuple[int, ...]
    room_ids: tuple[int, ...]
    nth: int = 1


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot with what its lessons take from the course, read once."""

    row: TimetableSlot
    class_id: int | None
    shift: int
    teacher_ids: tuple[int, ...]
    room_ids: tuple[int, ...]


def wanted_lessons(session: Session, school: School, dates: Sequence[date]) -> tuple[list[WantedLesson], set[str]]:
    """The lessons of those dates, and in words the hours that no bell schedule knows («7А: 9-й урок»)."""
    calendar, bells = load_calendar(session, school.id), load_bells(session, school.id)
    by_weekday: dict[int, list[_Slot]] = defaultdict(list)
    labels: dict[int, str] = {}
    for slot in _slots(session, school.id, labels):
        by_weekday[slot.row.weekday].append(slot)
    wanted: list[WantedLesson] = []
    without_bells: set[str] = set()
    for day in dates:
        weekday = calendar.weekday(day)
        if weekday is None:
            continue
        slots = [slot for slot in by_weekday[weekday] if _is_in_force(slot.row, day, calendar)]
        wanted += _of_day(day, slots, bells, labels, without_bells)
    return wanted, without_bells


def _of_day(
    day: date, slots: Iterable[_Slot], bells: Bells, labels: dict[int, str], without_bells: set[str]
) -> list[WantedLesson]:
    found: list[WantedLesson] = []
    for slot in slots:
        hour = bells.hour(day, slot.row.period, class_id=slot.class_id, shift=slot.shift)
        if hour is None:
            without_bells.add(f"{labels.get(slot.class_id or 0, '—')}: {slot.row.period}")
            continue
        course = slot.row.course
        found.append(
            WantedLesson(
                course_id=course.id,
                subject_id=course.subject_id,
                group_id=course.group_id,
                date=day,
                period=slot.row.period,
                start=hour.start,
                end=hour.end,
                kind=course.subject.kind,
                teacher_ids=slot.teacher_ids,
                room_ids=slot.room_ids,
            )
        )
    return _numbered(found)


def _numbered(lessons: list[WantedLesson]) -> list[WantedLesson]:
    counts: dict[int, int] = defaultdict(int)
    numbered = []
    for wish in sorted(lessons, key=lambda one: (one.start, one.period)):
        counts[wish.course_id] += 1
        nth = counts[wish.course_id]
        numbered.append(wish if nth == 1 else _with_nth(wish, nth))
    return numbered


def _with_nth(wish: WantedLesson, nth: int) -> WantedLesson:
    values = {name: getattr(wish, name) for name in WantedLesson.__slots__}
    return WantedLesson(**values | {"nth": nth})


def _is_in_force(slot: TimetableSlot, day: date, calendar: SchoolCalendar) -> bool:
    if (slot.valid_from and day < slot.valid_from) or (slot.valid_to and day > slot.valid_to):
        return False
    return slot.weeks[calendar.week_index(day, len(slot.weeks))] == "1"


def _slots(session: Session, school_id: int, labels: dict[int, str]) -> list[_Slot]:
    shifts: dict[int, int] = {}
    for class_id, shift, label in session.execute(
        sa.select(SchoolClass.id, SchoolClass.shift, SchoolClass.label).where(SchoolClass.school_id == school_id)
    ):
        shifts[class_id], labels[class_id] = shift, label
    first_class = _first_classes(session, school_id)
    rows = session.scalars(
        sa.select(TimetableSlot)
        .where(TimetableSlot.school_id == school_id)
        .options(selectinload(TimetableSlot.course).selectinload(Course.teachers), selectinload(TimetableSlot.rooms))
        .order_by(TimetableSlot.weekday, TimetableSlot.period, TimetableSlot.id)
    )
    return [
        _Slot(
            row,
            first_class.get(row.course.group_id),
            shifts.get(first_class.get(row.course.group_id, 0), 1),
            tuple(person.id for person in row.course.teachers),
            tuple(room.id for room in row.rooms),
        )
        for row in rows
        if not row.course.is_archived
    ]


def _first_classes(session: Session, school_id: int) -> dict[int, int]:
    rows = session.execute(
        sa.select(StudyGroup.id, sa.func.min(GroupPart.class_id))
        .join(GroupPart, GroupPart.group_id == StudyGroup.id)
        .where(StudyGroup.school_id == school_id)
        .group_by(StudyGroup.id)
    )
    return {row[0]: row[1] for row in rows}

"""The week as a grid of hours: what stands in each, what is free, and why the rest is closed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.models.absence import Absence, AbsenceState
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher, lesson_room
from scheduler.models.people import ClosureReason, TeacherClosure
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.bells import Bells, Hour, load_bells
from scheduler.planning.calendar_days import SchoolCalendar, load_calendar
from scheduler.rules.facts import LessonState


class CellState(StrEnum):
    TAKEN = "taken"
    FREE = "free"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class WeekOf:
    """Whose week is shown: exactly one of the three."""

    class_id: int | None = None
    teacher_id: int | None = None
    room_id: int | None = None


@dataclass(slots=True)
class Cell:
    """One hour of one day by that day's bells: its lessons, or free, or closed with the reason in words."""

    day: date
    hour: Hour
    lessons: list[Lesson] = field(default_factory=list)
    state: CellState = CellState.FREE
    why: str = ""
    is_past: bool = False
    has_bells: bool = True
    is_usual: bool = True
    """Whether the times are those in the margin of the week."""


@dataclass(frozen=True, slots=True)
class Day:
    """A column of the grid; `note` names the holiday."""

    date: date
    is_today: bool
    note: str = ""
    outside: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """Rows are lesson hours, columns are days."""

    days: tuple[Day, ...]
    rows: tuple[tuple[Hour, tuple[Cell, ...]], ...]

    @property
    def lessons(self) -> list[Lesson]:
        """All lessons shown, in the order of time."""
        inside = [lesson for _hour, cells in self.rows for cell in cells for lesson in cell.lessons]
        outside = [lesson for day in self.days for lesson in day.outside]
        return sorted({*inside, *outside}, key=lambda one: (one.date, one.start, one.id))


def week_grid(session: Session, school_id: int, day: date, of: WeekOf) -> WeekGrid:
    """The grid of the ISO week of `day` for a class, a teacher or a room; reads only."""
    school = session.get_one(School, school_id)
    calendar, bells = load_calendar(session, school_id), load_bells(session, school_id)
    klass = session.get(SchoolClass, of.class_id) if of.class_id else None
    dates = [one for one in week_of(day) if one.isoweekday() <= max(school.days_per_week, 5) or calendar.weekday(one)]
    lessons = week_lessons(session, school_id, dates, of)
    by_day = _hours_by_day(bells, calendar, dates, klass, lessons)
    hours = _rows(by_day)
    closures = closures_of(session, [of.teacher_id]) if of.teacher_id else ()
    cells = {(one, hour.number): _cell(one, hour, by_day[one].get(hour.number)) for one in dates for hour in hours}
    outside = _place(cells, lessons)
    local_now = clock.now().astimezone(ZoneInfo(school.timezone)).replace(tzinfo=None)
    for cell in cells.values():
        _judge(cell, calendar, closures, local_now)
    today = local_now.date()
    days = tuple(Day(one, one == today, calendar.why_no_lessons(one), tuple(outside[one])) for one in dates)
    return WeekGrid(days, tuple((hour, tuple(cells[one, hour.number] for one in dates)) for hour in hours))


def week_lessons(session: Session, school_id: int, dates: Sequence[date], of: WeekOf) -> list[Lesson]:
    """The lessons of those dates for a class (private groups apart), a teacher or a room, with what pages show."""
    query = (
        sa.select(Lesson)
        .where(Lesson.school_id == school_id, Lesson.date.in_(dates))
        .order_by(Lesson.date, Lesson.start, Lesson.id)
        .options(
            selectinload(Lesson.teaching).options(
                joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)
            ),
            selectinload(Lesson.rooms),
            joinedload(Lesson.subject),
            joinedload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
        )
    )
    if of.class_id is not None:
        of_class = sa.select(GroupPart.group_id).where(GroupPart.class_id == of.class_id)
        open_groups = sa.select(StudyGroup.id).where(StudyGroup.id.in_(of_class), StudyGroup.is_private.is_(False))
        query = query.where(Lesson.group_id.in_(open_groups))
    elif of.teacher_id is not None:
        query = query.where(
            Lesson.id.in_(sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id == of.teacher_id))
        )
    else:
        query = query.where(
            Lesson.id.in_(sa.select(lesson_room.c.lesson_id).where(lesson_room.c.room_id == of.room_id))
        )
    return list(session.scalars(query).unique())


def _hours_by_day(
    bells: Bells,
    calendar: SchoolCalendar,
    dates: Iterable[date],
    klass: SchoolClass | None,
    lessons: Iterable[Lesson],
) -> dict[date, dict[int, Hour]]:
    """The hours of each date by the bells in force then, and those that only a lesson names."""
    found: dict[date, dict[int, Hour]] = {day: {} for day in dates}
    shifts = [klass.shift] if klass else [1, 2]
    for day, hours in found.items():
        for shift in shifts:
            followed = calendar.weekday(day)
            for hour in bells.on(day, class_id=klass.id if klass else None, shift=shift, weekday=followed):
                hours.setdefault(hour.number, hour)
    for lesson in lessons:
        if lesson.period is not None:
            found[lesson.date].setdefault(lesson.period, Hour(lesson.period, lesson.start, lesson.end))
    return found


def _rows(by_day: dict[date, dict[int, Hour]]) -> list[Hour]:
    """One hour for each number: the one that most days of the week have."""
    seen: dict[int, Counter[Hour]] = defaultdict(Counter)
    for hours in by_day.values():
        for number, hour in hours.items():
            seen[number][hour] += 1
    usual = (counted.most_common(1)[0][0] for counted in seen.values())
    return sorted(usual, key=lambda hour: (hour.start, hour.number))


def _cell(day: date, usual: Hour, own: Hour | None) -> Cell:
    """The hour of one date with that date's own times."""
    return Cell(day, own or usual, has_bells=own is not None, is_usual=own in (None, usual))


def _place(cells: dict[tuple[date, int], Cell], lessons: Iterable[Lesson]) -> dict[date, list[Lesson]]:
    outside: dict[date, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        cell = cells.get((lesson.date, lesson.period if lesson.period is not None else -1))
        if cell is None:
            outside[lesson.date].append(lesson)
        else:
            cell.lessons.append(lesson)
    return outside


def _judge(cell: Cell, calendar: SchoolCalendar, closures: Sequence[TeacherClosure], local_now: datetime) -> None:
    if any(lesson.state is not LessonState.CANCELLED for lesson in cell.lessons):
        cell.state = CellState.TAKEN
        return
    cell.why = _why_closed(cell, calendar, closures, local_now)
    cell.state = CellState.CLOSED if cell.why else CellState.FREE


def _why_closed(cell: Cell, calendar: SchoolCalendar, closures: Sequence[TeacherClosure], local_now: datetime) -> str:
    holiday = calendar.holiday(cell.day)
    if holiday is not None:
        return holiday.name
    if calendar.weekday(cell.day) is None:
        return str(_("no lessons"))
    cell.is_past = datetime.combine(cell.day, cell.hour.start) <= local_now
    if cell.is_past:
        return str(_("past"))
    if not cell.has_bells:
        return str(_("the bells of this day have no such lesson"))
    closure = next((row for row in closures if is_closed(row, cell.day, cell.hour.start, cell.hour.end)), None)
    return closure_words(closure) if closure else ""


def is_closed(row: TeacherClosure, day: date, start: time, end: time) -> bool:
    """Whether a teacher's closed hours meet this hour."""
    if row.weekday is not None and row.weekday != day.isoweekday():
        return False
    if (row.date_from and day < row.date_from) or (row.date_to and day > row.date_to):
        return False
    return (row.start is None or row.start < end) and (row.end is None or start < row.end)


def closure_words(row: TeacherClosure) -> str:
    """Why a teacher is not to be booked."""
    words = {
        ClosureReason.SECOND_SCHOOL: _("works in another school"),
        ClosureReason.METHODICAL_DAY: _("methodical day"),
        ClosureReason.OTHER: _("closed hours"),
    }
    return row.note or words[row.reason]


def closures_of(session: Session, person_ids: Iterable[int]) -> list[TeacherClosure]:
    """Their closed hours; the days of an absence in force come as such too, made here and never stored."""
    ids = set(person_ids)
    stored = sa.select(TeacherClosure).where(TeacherClosure.person_id.in_(ids)).order_by(TeacherClosure.id)
    in_force = sa.and_(Absence.person_id.in_(ids), Absence.state == AbsenceState.APPLIED)
    away = sa.select(Absence.person_id, Absence.date_from, Absence.date_to).where(in_force).order_by(Absence.id)
    return [
        *session.scalars(stored),
        *(
            TeacherClosure(
                person_id=row.person_id, date_from=row.date_from, date_to=row.date_to,
                reason=ClosureReason.OTHER, note=_("marked as away"),
            )
            for row in session.execute(away)
        ),
    ]  # fmt: skip


def next_school_days(session: Session, school_id: int, start: date, count: int) -> list[date]:
    """The next dates with lessons, the first included if it is one."""
    calendar = load_calendar(session, school_id)
    found: list[date] = []
    for ahead in range(60):
        day = start + timedelta(days=ahead)
        if calendar.weekday(day) is not None:
            found.append(day)
        if len(found) == count:
            break
    return found

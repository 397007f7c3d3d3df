"""FET, as its own file, as its exports, or as a folder of both, to the neutral draft (import-formats A2).

It puts the parts together and says what is missing; each part is read in its own fet_… module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.clashes import find_clashes
from scheduler.imports.draft import (
    Draft,
    DraftAudience,
    DraftCourse,
    DraftRoom,
    DraftSlot,
    DraftSubject,
    DraftTeacher,
    Unplaced,
)
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.fet_calendar import FetCalendar, read_calendar
from scheduler.imports.fet_model import FetActivity, FetData, Hour
from scheduler.imports.fet_sets import read_sets
from scheduler.imports.fet_source import read_data
from scheduler.imports.fet_students import FetStudents, read_classes
from scheduler.imports.findings import FindingList, whole_file
from scheduler.imports.lesson_remarks import remark_on_lessons
from scheduler.imports.names import is_extracurricular, is_placeholder
from scheduler.imports.source import SourceFile

MOST_PLACES = 500_000


def read_fet(files: Sequence[SourceFile]) -> Draft:
    """The draft of a source. Raises ImportRefusedError, in the user's words, for what holds no lessons or does harm."""
    findings = FindingList()
    data = read_data(files, findings)
    draft = _draft(data, findings)
    findings.extend(find_clashes(draft))
    return replace(draft, findings=findings.as_tuple())


@dataclass(slots=True)
class FetLesson:
    """One activity on its way into the draft."""

    course_key: str
    audience: DraftAudience
    hours: Decimal
    cards: int = 0
    placed: Decimal = Decimal(0)


def _draft(data: FetData, findings: FindingList) -> Draft:
    active = [one for one in data.activities.values() if one.is_active]
    _remark_on_source(data, len(data.activities) - len(active), findings)
    tree = read_sets(data.years, active)
    classes = read_classes(tree, findings)
    students = FetStudents(tree, classes)
    calendar = read_calendar(data, _used_hours(data), findings)
    placing = _Placing(data, calendar, students, findings)
    for activity in active:
        placing.take(activity)
    if not placing.courses:
        raise ImportRefusedError(_("Not one lesson of the file can be read. Export the timetable from FET once more."))
    draft = Draft(
        kind="fet",
        shape=data.mode,
        lessons_read=len(data.activities),
        cycle_weeks=calendar.cycle,
        days=calendar.days,
        week_names=calendar.week_names,
        periods=calendar.periods,
        classes=classes,
        teachers=_teachers(data, findings),
        subjects=_subjects(data),
        rooms=_rooms(data),
        groups=students.groups(),
        divisions=students.divisions(),
        audiences=students.all_audiences(),
        courses=tuple(placing.courses.values()),
        slots=tuple(placing.slots),
        unplaced=tuple(Unplaced(row.course_key, row.hours) for row in placing.lessons if not row.cards),
    )
    remark_on_lessons(draft, placing.lessons, findings)
    return draft


def _used_hours(data: FetData) -> set[str]:
    """The hours in which a lesson begins or stands; those it lasts into are numbered with it anyway."""
    return {hour for _day, hour in data.starts.values()} | {hour for at in data.cells.values() for _day, hour in at}


def _remark_on_source(data: FetData, inactive: int, findings: FindingList) -> None:
    if inactive:
        findings.info(
            whole_file(),
            ngettext(
                "%(num)s activity is switched off in FET and was left out.",
                "%(num)s activities are switched off in FET and were left out.",
                inactive,
            ),
        )
    if data.terms > 1:
        findings.warn(
            whole_file(),
            _("The file holds the lessons of several terms: they were taken together. Export one term only."),
        )
    if data.placed:
        findings.info(
            whole_file(),
            _("FET knows no ends of lessons: please fill in the bells in the school's settings."),
        )


class _Placing:
    """Turns activities into courses and slots; activities of one subject, audience and teachers are one course."""

    def __init__(self, data: FetData, calendar: FetCalendar, students: FetStudents, findings: FindingList) -> None:
        self.courses: dict[str, DraftCourse] = {}
        self.slots: dict[DraftSlot, None] = {}
        self.lessons: list[FetLesson] = []
        self._data = data
        self._calendar = calendar
        self._students = students
        self._findings = findings

    def take(self, activity: FetActivity) -> None:
        audience = self._students.audience(activity.students)
        hours = Decimal(activity.hours) / (self._calendar.cycle * max(self._data.terms, 1))
        key = f"{activity.subject}#{audience.key}#{','.join(sorted(activity.teachers))}"
        course = self.courses.get(key) or DraftCourse(
            key, activity.subject, audience.key, activity.teachers, Decimal(0)
        )
        self.courses[key] = replace(course, weekly_hours=(course.weekly_hours + hours).quantize(Decimal("0.001")))
        lesson = FetLesson(key, audience, hours)
        self.lessons.append(lesson)
        for at in self._hours_of(activity):
            self._place(activity, at, lesson)

    def _hours_of(self, activity: FetActivity) -> Iterable[Hour]:
        if activity.id in self._data.cells:
            return self._data.cells[activity.id]
        if activity.id not in self._data.starts:
            return ()
        day, first = self._data.starts[activity.id]
        hours = self._calendar.following(first, activity.hours)
        if len(hours) < activity.hours:
            self._findings.warn(activity.where, _("A lesson lasts beyond the last hour of the day; it was cut there."))
        return ((day, hour) for hour in hours)

    def _place(self, activity: FetActivity, at: Hour, lesson: FetLesson) -> None:
        day, hour = at
        place = self._calendar.places[day]
        if hour not in self._calendar.numbers:
            self._findings.warn(activity.where, _("A part of a lesson falls into a break and was left out."))
            return
        lesson.cards += 1
        lesson.placed += Decimal(1) / (self._calendar.cycle * max(self._data.terms, 1))
        slot = DraftSlot(
            lesson.course_key,
            place.weekday,
            self._calendar.number(hour, place),
            frozenset({place.week}),
            self._data.activity_rooms.get(activity.id, ()),
            frozenset() if place.term is None else frozenset({place.term}),
        )
        if slot in self.slots:
            self._findings.warn(activity.where, _("The same lesson stands twice at one hour; it was taken once."))
        self.slots[slot] = None
        if len(self.slots) > MOST_PLACES:
            raise ImportRefusedError(_("The file holds more lessons than any school has."))


def _teachers(data: FetData, findings: FindingList) -> tuple[DraftTeacher, ...]:
    rows = []
    for row in data.teachers.values():
        placeholder = is_placeholder(row.name)
        if placeholder:
            findings.info(whole_file(), _("“%(name)s” is a vacancy, not a teacher.", name=row.name))
        rows.append(DraftTeacher(row.name, row.full or row.name, row.name if row.full else "", None, placeholder))
    return tuple(rows)


def _subjects(data: FetData) -> tuple[DraftSubject, ...]:
    return tuple(
        DraftSubject(
            row.name,
            row.full or row.name,
            row.name if row.full else "",
            is_extracurricular=is_extracurricular(row.full or row.name),
        )
        for row in data.subjects.values()
    )


def _rooms(data: FetData) -> tuple[DraftRoom, ...]:
    """A virtual room stands for a set of real ones: it is no place unless a lesson names it itself."""
    used = {room for rooms in data.activity_rooms.values() for room in rooms}
    return tuple(
        DraftRoom(row.name, row.full or row.name, is_placeholder=row.is_virtual and row.name not in used)
        for row in data.rooms.values()
    )

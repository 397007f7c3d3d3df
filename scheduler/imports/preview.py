"""What a file would bring, before anything is stored: counts, remarks, and the week of any class as it was read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from scheduler.database import db, rehearsal
from scheduler.imports.apply_people import person_key
from scheduler.imports.draft import Draft, DraftPeriod, DraftSlot, Finding
from scheduler.imports.recognise import read_source
from scheduler.imports.remembering import remembered
from scheduler.imports.renaming import safe_class_key, safe_name_key
from scheduler.imports.report import facts
from scheduler.imports.rosters.apply import write_roster
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.people import Person


@dataclass(frozen=True, slots=True)
class PreviewLesson:
    """One lesson in a cell of the grid. `weeks` are 1-based weeks of the cycle, empty where it is every week."""

    subject: str
    audience: str
    teachers: tuple[str, ...]
    rooms: tuple[str, ...]
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One lesson number with its bells; `cells` stand in the order of the grid's weekdays."""

    period: DraftPeriod
    cells: tuple[tuple[PreviewLesson, ...], ...]


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """The week of a class as read: weekdays (0 Monday) across, lesson numbers down."""

    label: str
    weekdays: tuple[int, ...]
    rows: tuple[PreviewRow, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of one kind are new to the school, and how many it already has."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A file as read. Nothing is stored; applying takes the same file once more."""

    file_name: str
    draft: Draft
    facts: Mapping[str, Any]
    classes: Counted
    teachers: Counted
    subjects: Counted

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.draft.findings

    def week_grid(self, class_key: str) -> WeekGrid:
        """The grid of a class by its key in the draft. Raises KeyError for another key."""
        return week_grid(self.draft, class_key)


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """A list of people as read. `counts` are what applying it would make and change, tried and taken back."""

    file_name: str
    draft: RosterDraft
    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


def preview(school_id: int, data: bytes, file_name: str, *, kind: str | None = None) -> ImportPreview | RosterPreview:
    """Read a file and compare it with the school. Raises ImportRefusedError where the file cannot be read."""
    draft = read_source(data, file_name, kind=kind, answers=remembered(school_id))
    if isinstance(draft, RosterDraft):
        return _roster_preview(school_id, draft, file_name)
    return _timetable_preview(school_id, draft, file_name)


def _roster_preview(school_id: int, draft: RosterDraft, file_name: str) -> RosterPreview:
    with rehearsal() as session:
        done = write_roster(session, school_id, draft)
        return RosterPreview(file_name, draft, facts(draft), dict(done.counts), done.findings.as_tuple())


def _timetable_preview(school_id: int, draft: Draft, file_name: str) -> ImportPreview:
    people = [row.name for row in draft.teachers if not row.is_placeholder]
    return ImportPreview(
        file_name=file_name,
        draft=draft,
        facts=facts(draft),
        classes=_counted(school_id, SchoolClass.label_key, (row.name for row in draft.classes), safe_class_key),
        teachers=_counted(school_id, Person.name_key, people, person_key),
        subjects=_counted(school_id, Subject.name_key, (row.name for row in draft.subjects), safe_name_key),
    )


def _counted(
    school_id: int,
    column: sa.orm.InstrumentedAttribute[str],
    names: Iterable[str],
    key_of: Callable[[str], str],
) -> Counted:
    owner = column.class_
    known = set(db.session.scalars(sa.select(column).where(owner.school_id == school_id)))
    keys = {key_of(name) for name in names}
    return Counted(len(keys - known), len(keys & known))


def week_grid(draft: Draft, class_key: str) -> WeekGrid:
    """The week of one class of a draft, with every lesson a part of it has."""
    cells: dict[tuple[int, int], list[PreviewLesson]] = defaultdict(list)
    for slot in draft.slots_of_class(class_key):
        cells[slot.weekday, slot.period].append(_lesson(draft, slot))
    weekdays = tuple(sorted({day.weekday for day in draft.days}))
    known = {period.number: period for period in draft.periods}
    numbers = sorted({*known, *(number for _day, number in cells)})
    rows = tuple(
        PreviewRow(
            known.get(number) or DraftPeriod(number, str(number)),
            tuple(tuple(cells[day, number]) for day in weekdays),
        )
        for number in numbers
    )
    return WeekGrid(draft.class_by_key[class_key].name, weekdays, rows)


def _lesson(draft: Draft, slot: DraftSlot) -> PreviewLesson:
    course = draft.course_by_key[slot.course_key]
    is_every = len(slot.weeks) == draft.cycle_weeks
    return PreviewLesson(
        subject=draft.subject_by_key[course.subject_key].name,
        audience=draft.audience_by_key[course.audience_key].label,
        teachers=tuple(draft.teacher_by_key[key].name for key in course.teacher_keys),
        rooms=tuple(draft.room_by_key[key].name for key in slot.room_keys),
        weeks=() if is_every else tuple(sorted(week + 1 for week in slot.weeks)),
    )

"""What a file would bring, before anything is stored: counts, remarks, and the week of any class as it was read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.database import rehearsal
from scheduler.imports.apply import write_draft
from scheduler.imports.apply_people import person_key
from scheduler.imports.difference import Difference, difference
from scheduler.imports.draft import Draft, DraftPeriod, DraftSlot, Finding
from scheduler.imports.picture import Table
from scheduler.imports.recognise import AnyDraft, read_source
from scheduler.imports.remembering import remembered
from scheduler.imports.renaming import safe_class_key, safe_name_key
from scheduler.imports.report import facts
from scheduler.imports.rosters.apply import RosterWork
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.school_drafts import SchoolDraft
from scheduler.imports.school_work import SchoolWork
from scheduler.models.school import School
from scheduler.planning.forecast import Forecast, forecast


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
    """A file as read, applied and taken back. Nothing is stored; applying takes the same file once more.

    `difference` is told to a school that has a timetable already, `ahead` of the lessons it has published.
    """

    file_name: str
    draft: Draft
    facts: Mapping[str, Any]
    classes: Counted
    teachers: Counted
    subjects: Counted
    is_same: bool
    difference: Difference
    ahead: Forecast | None
    findings: tuple[Finding, ...]

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
    is_same: bool
    difference: Difference
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SchoolPreview:
    """Bells or a calendar as read. `counts` are what applying it would make and change, tried and taken back."""

    file_name: str
    draft: SchoolDraft
    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    is_same: bool
    difference: Difference
    findings: tuple[Finding, ...]


AnyPreview = ImportPreview | RosterPreview | SchoolPreview


def preview(
    school_id: int, data: bytes, file_name: str, *, kind: str | None = None, layout: str | None = None
) -> AnyPreview:
    """Read a file and compare it with the school. Raises ImportRefusedError where the file cannot be read."""
    draft = read_source(data, file_name, kind=kind, layout=layout, answers=remembered(school_id))
    return preview_draft(school_id, draft, file_name)


def preview_draft(school_id: int, draft: AnyDraft, file_name: str) -> AnyPreview:
    """What applying the draft would do, found out by doing it and taking it back. Raises NotThereError."""
    with rehearsal() as session:
        work, before, after = write_draft(session, school_id, draft)
        is_same, lines, findings = before == after, difference(before, after), work.findings.as_tuple()
        if isinstance(work, RosterWork):
            return RosterPreview(file_name, work.draft, facts(draft), dict(work.counts), is_same, lines, findings)
        if isinstance(work, SchoolWork):
            return SchoolPreview(file_name, work.draft, facts(draft), dict(work.counts), is_same, lines, findings)
        read, figures = work.draft, facts(draft)
        school = session.get_one(School, school_id)
        ahead = forecast(session, school) if read.has_timetable and not is_same else None
    return ImportPreview(
        file_name=file_name,
        draft=read,
        facts=figures,
        classes=_counted(before["school_class"], "label_key", (row.name for row in read.classes), safe_class_key),
        teachers=_counted(before["person"], "name_key", _people(read), person_key),
        subjects=_counted(before["subject"], "name_key", (row.name for row in read.subjects), safe_name_key),
        is_same=is_same,
        difference=lines,
        ahead=ahead,
        findings=findings,
    )


def _people(draft: Draft) -> Iterable[str]:
    return (row.name for row in draft.teachers if not row.is_placeholder)


def _counted(known_rows: Table, column: str, names: Iterable[str], key_of: Callable[[str], str]) -> Counted:
    known, keys = {row[column] for row in known_rows.values()}, {key_of(name) for name in names}
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

"""Tables of teachers: «Педагогическая нагрузка» (who teaches what, to whom, how much) and lists with rooms and classes.

Columns are told by what stands in them. A load becomes courses without slots; a list becomes teachers alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from scheduler.imports.draft import Draft, DraftPart
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.build import HALVES, DraftBuilder
from scheduler.imports.grids.class_lists import ClassHours, class_list, is_class_list
from scheduler.imports.grids.class_words import guess_class
from scheduler.imports.grids.place_words import is_person, is_room, people_in, room_name, split_rooms
from scheduler.imports.grids.timetable import remark_on_classes, remark_on_subjects, subject_questions
from scheduler.imports.grids.words import heading_of
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.imports.subject_names import known_subject, spelling_key

FEWEST = 3
HALF = Decimal("0.5")
_NOTE = re.compile(r"\s*\(([^()]*)\)?\s*$")
_HOURS = re.compile(r"час|всего|нагрузка|итого|кол-во", re.IGNORECASE)
_LIST = re.compile(r"\s*[,;\n]\s*")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the teacher, the subject, the classes, the rooms and the hours stand."""

    teacher: int
    classes: int
    subject: int | None
    room: int | None
    hours: int | None


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One row: a teacher with subjects, classes and rooms."""

    teacher: str
    subjects: tuple[str, ...]
    entries: tuple[ClassHours, ...]
    rooms: tuple[str, ...]
    place: str


@dataclass(slots=True)
class LoadTable:
    """The rows of all sheets, and what a person should look at."""

    rows: list[LoadRow] = field(default_factory=list)
    findings: FindingList = field(default_factory=FindingList)

    @property
    def score(self) -> float:
        return float(sum(max(1, len(row.entries)) for row in self.rows))

    @property
    def has_hours(self) -> bool:
        entries = [entry for row in self.rows for entry in row.entries]
        return sum(entry.hours is not None for entry in entries) * 3 > len(entries)

    @property
    def says_who_teaches(self) -> bool:
        """True where most rows have a subject and, on the whole, several classes: nobody leads that many."""
        taught = [row for row in self.rows if row.subjects]
        return len(taught) * 2 > len(self.rows) and sum(len(row.entries) for row in taught) * 2 > 3 * len(taught)


def read_load(sheets: Sequence[Sheet]) -> LoadTable:
    """The tables of teachers in the visible sheets; no rows where there is none."""
    table = LoadTable()
    for sheet in sheets:
        columns = None if sheet.is_hidden else _columns_of(sheet)
        if columns is not None:
            _read_sheet(sheet, columns, table)
    return table


def _columns_of(sheet: Sheet) -> _Columns | None:
    teacher = _best(sheet, lambda cell: is_person(cell.text))
    classes = _best(sheet, lambda cell: is_class_list(cell.text), but=(teacher,))
    if teacher is None or classes is None:
        return None
    subject = _best(sheet, lambda cell: _is_subjects(cell.text), but=(teacher, classes), least=2)
    room = _best(sheet, lambda cell: is_room(cell.text) and _has_heading(sheet, cell, "room"),
                 but=(teacher, classes, subject), least=1)  # fmt: skip
    hours = _best(sheet, lambda cell: _number_of(cell) is not None and _is_headed(sheet, cell, _HOURS),
                  but=(teacher, classes, subject, room))  # fmt: skip
    return _Columns(teacher, classes, subject, room, hours)


def _best(
    sheet: Sheet, suits: Callable[[Cell], bool], *, but: Sequence[int | None] = (), least: int = FEWEST
) -> int | None:
    """The column where most cells are of a kind, and at least half of those that stand there."""
    found: tuple[int, int] | None = None
    for column, cells in sheet.columns.items():
        number = 0 if column in but else sum(suits(cell) for cell in cells)
        if number >= least and number * 2 >= len(cells) - 2 and (found is None or number > found[0]):
            found = (number, column)
    return found[1] if found else None


def _has_heading(sheet: Sheet, cell: Cell, kind: str) -> bool:
    return any(heading_of(other.text) == kind for other in sheet.columns[cell.column])


def _is_headed(sheet: Sheet, cell: Cell, words: re.Pattern[str]) -> bool:
    return any(words.search(other.text) for other in sheet.columns[cell.column])


def _is_subjects(text: str) -> bool:
    names = [name for name in _LIST.split(text) if name]
    return bool(names) and any(known_subject(name) for name in names)


def _number_of(cell: Cell) -> float | None:
    return cell.number if cell.number is not None and 0 < cell.number <= 60 else None  # noqa: PLR2004 - a teacher's week


def _read_sheet(sheet: Sheet, columns: _Columns, table: LoadTable) -> None:
    teacher = subject = ""
    for row in sorted(sheet.rows):
        who = sheet.at(row, columns.teacher)
        if who is not None and is_person(who.text):
            teacher, subject = _teacher(sheet, who, table.findings), ""
        what = sheet.seen_at(row, columns.subject) if columns.subject is not None else None
        if what is not None and heading_of(what.text) is None:
            subject = what.text
        cell = sheet.at(row, columns.classes)
        if cell is None or not teacher or cell.is_hidden:
            continue
        entries = _entries(sheet, cell, columns, table.findings)
        if entries:
            table.rows.append(
                LoadRow(teacher, _subjects(subject), entries, _rooms(sheet, row, columns), place_of(sheet, cell))
            )


def _teacher(sheet: Sheet, cell: Cell, findings: FindingList) -> str:
    """The name; a note behind it («уволена») is told, a vacancy stays one whoever held it."""
    name = " ".join(cell.text.split())
    if "ваканс" in name.lower():
        findings.info(place_of(sheet, cell), _("A vacancy stands in the place of a teacher: “%(text)s”.", text=name))
        return "Вакансия"
    note = _NOTE.search(name)
    if note and not people_in(note[1]):
        findings.warn(place_of(sheet, cell), _("Beside the teacher's name stands “%(text)s”.", text=note[1]))
        name = name[: note.start()]
    found = people_in(name)
    return found[0] if found else name


def _subjects(text: str) -> tuple[str, ...]:
    if not text or known_subject(text):
        return (text,) if text else ()
    return tuple(" ".join(name.split()) for name in _LIST.split(text) if name.strip())


def _rooms(sheet: Sheet, row: int, columns: _Columns) -> tuple[str, ...]:
    cell = sheet.seen_at(row, columns.room) if columns.room is not None else None
    return tuple(room_name(room) for room in split_rooms(cell.text)) if cell is not None and is_room(cell.text) else ()


def _entries(sheet: Sheet, cell: Cell, columns: _Columns, findings: FindingList) -> tuple[ClassHours, ...]:
    where = place_of(sheet, cell)
    if isinstance(cell.moment, date):
        return _damaged(sheet, cell, columns, findings)
    entries = class_list(cell.text)
    if len(entries) == 1 and entries[0].hours is None:
        entries = (replace(entries[0], hours=_hours_beside(sheet, cell, columns, findings), doubt=""),)
    for entry in entries:
        _remark(where, entry, findings)
    if not entries and heading_of(cell.text) is None and cell.row > 0:
        findings.info(where, _("“%(text)s” is no list of classes and was not read.", text=cell.text[:80]))
    return entries


def _damaged(sheet: Sheet, cell: Cell, columns: _Columns, findings: FindingList) -> tuple[ClassHours, ...]:
    guess = guess_class(cell, frozenset())
    if guess is None:
        return ()
    findings.warn(
        place_of(sheet, cell),
        _("Instead of a class there is the date “%(value)s”. It looks like class %(guess)s and was taken as it; please "
          "put it right in the table if it is another.", value=cell.text, guess=guess.name),
    )  # fmt: skip
    return (ClassHours((guess,), None, _hours_beside(sheet, cell, columns, findings), cell.text),)


def _hours_beside(sheet: Sheet, cell: Cell, columns: _Columns, findings: FindingList) -> Decimal | None:
    """The hours of a single class in the column of hours; «4/3» that became a date is 4 hours and then 3."""
    other = sheet.at(cell.row, columns.hours) if columns.hours is not None else None
    if other is None:
        return None
    if isinstance(other.moment, date):
        first, second = other.moment.month, other.moment.day
        findings.warn(
            place_of(sheet, other),
            _("Instead of hours there is the date “%(value)s”: taken as %(first)s hours in one half of the year and "
              "%(second)s in the other.", value=other.text, first=first, second=second),
        )  # fmt: skip
        return Decimal(first + second) / 2
    number = _number_of(other)
    return Decimal(str(number)).quantize(HALF) if number is not None and number <= 15 else None  # noqa: PLR2004


def _remark(where: str, entry: ClassHours, findings: FindingList) -> None:
    words = {
        "half": _("“%(text)s” was taken as half an hour a week.", text=entry.text),
        "bracket": _("“%(text)s” has a bracket left open; please check group and hours.", text=entry.text),
        "many": _("“%(text)s” has more hours than a week holds; they were left out.", text=entry.text),
    }
    if entry.doubt in words:
        findings.warn(where, words[entry.doubt])


def load_draft(table: LoadTable) -> Draft:
    """The draft of a load or a list: no slots, so that a timetable in force stays."""
    builder = DraftBuilder()
    halves = _halves(table)
    for row in table.rows:
        _add_row(builder, row, halves, table)
    remark_on_subjects(builder, table.findings)
    remark_on_classes(builder, set(builder.classes), table.findings)
    read = sum(len(row.entries) for row in table.rows) if table.has_hours else 0
    draft = builder.draft(shape="load" if table.has_hours else "teachers", lessons_read=read)
    return replace(draft, has_timetable=False, questions=subject_questions(builder), findings=table.findings.as_tuple())


def _halves(table: LoadTable) -> dict[tuple[str, str], int]:
    """How many parts each class is split into for a subject: the highest group that anybody teaches."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in table.rows:
        for entry in row.entries:
            for label in entry.labels:
                key = (label.key, _subject_key(row))
                found[key] = max(found[key], entry.group or 0)
    return found


def _subject_key(row: LoadRow) -> str:
    return spelling_key("".join(row.subjects))


def _add_row(builder: DraftBuilder, row: LoadRow, halves: dict[tuple[str, str], int], table: LoadTable) -> None:
    teacher = builder.add_teacher(row.teacher)
    subjects = [builder.add_subject(name) for name in row.subjects]
    rooms = [builder.add_room(name) for name in row.rooms]
    classes = [builder.add_class(label) for entry in row.entries for label in entry.labels]
    builder.teach(teacher, subjects=subjects, classes=classes, rooms=rooms)
    if not table.has_hours or not subjects:
        return
    missing = [entry.text for entry in row.entries if entry.hours is None and entry.doubt != "many"]
    if missing:
        table.findings.warn(row.place, _("No hours are stated for %(classes)s.", classes=", ".join(missing)))
    for entry in row.entries:
        parts = [_part(builder, entry, label.key, halves[label.key, _subject_key(row)]) for label in entry.labels]
        subject = subjects[0] if len(subjects) == 1 else builder.add_subject(str(_(" or ")).join(row.subjects))
        builder.course(subject, builder.audience(parts), [teacher], entry.hours or Decimal(0))


def _part(builder: DraftBuilder, entry: ClassHours, class_key: str, groups: int) -> DraftPart:
    if entry.group is None:
        return DraftPart(class_key)
    return builder.half(class_key, entry.group, max(HALVES, groups))

"""The door of the kind «grid»: opens a table, tries what it could be, and takes what explains most of it."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from scheduler.imports.draft import Draft, Finding, FindingLevel
from scheduler.imports.errors import UnclearTableError
from scheduler.imports.findings import whole_file
from scheduler.imports.grids.hours_tables import HoursTable, hours_draft, read_hours
from scheduler.imports.grids.load_tables import LoadTable, load_draft, read_load
from scheduler.imports.grids.readings import RIVAL, readings, ways_in_words, with_clashes
from scheduler.imports.grids.timetable import Timetable, draft_of, read_timetable
from scheduler.imports.grids.walk import is_known_lesson
from scheduler.imports.sheets.cells import Sheet
from scheduler.imports.sheets.text_tables import read_sheet
from scheduler.imports.sheets.workbook import read_workbook

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
FEWEST_LESSONS = 3
FEWEST_ROWS = 2
CLEAR = 0.4
KNOWN_SHARE = 0.15


def open_table(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a spreadsheet or of a table as text. Raises ImportRefusedError in words."""
    return (read_sheet(data),) if is_text_table(data) else read_workbook(data)


def is_text_table(data: bytes) -> bool:
    """Whether a table is a text (CSV, TSV), not a workbook."""
    return not data.startswith(_WORKBOOKS)


def read_grid(data: bytes) -> Draft:
    """The draft of a table with a timetable. Raises ImportRefusedError where no lesson can be told."""
    return read_sheets(open_table(data))


def looks_like_grid(sheets: Sequence[Sheet]) -> bool:
    """Whether a table says who is taught what: lessons, hours, or teachers with their subjects and classes.

    A mere list of people names one class beside each, or none.
    """
    found = _found(sheets)
    if isinstance(found, LoadTable):
        return found.has_hours or found.says_who_teaches
    return found is not None


def read_sheets(sheets: Sequence[Sheet]) -> Draft:
    """What explains most of the cells is taken: a timetable, a load of teachers, or a plan of hours."""
    found = _found(sheets)
    match found:
        case Timetable():
            return _with_doubt(with_clashes(draft_of(found)), sheets, found.score, "timetable")
        case LoadTable():
            return _with_doubt(load_draft(found), sheets, found.score, "load")
        case HoursTable():
            return _with_doubt(hours_draft(found), sheets, found.score, "hours")
    text = _("No timetable was found in the table: it needs the names of classes, the days of the week and the "
             "numbers of lessons. If they are there, remove titles above them and choose the file again.")  # fmt: skip
    weak = readings(sheets)
    if weak:
        text = f"{text} {_('Or say how it is to be read: %(ways)s.', ways=ways_in_words(weak))}"
    raise UnclearTableError(text, tuple(way.name for way in weak))


def _with_doubt(draft: Draft, sheets: Sequence[Sheet], score: float, taken: str) -> Draft:
    """Where much of the table was left, other ways that would find half as much are told."""
    if score > CLEAR * sum(cell.number is None for sheet in sheets for cell in sheet):
        return draft
    rivals = [way for way in readings(sheets) if not way.name.startswith(taken) and way.score > RIVAL * score]
    if not rivals:
        return draft
    text = _("The table can be read in another way too: %(ways)s.", ways=ways_in_words(rivals))
    return replace(draft, findings=(Finding(FindingLevel.WARNING, whole_file(), text), *draft.findings))


def _found(sheets: Sequence[Sheet]) -> Timetable | LoadTable | HoursTable | None:
    timetable = read_timetable(sheets)
    texts = sum(cell.number is None for sheet in sheets for cell in sheet)
    if is_timetable(timetable) and timetable.score > CLEAR * texts:
        return timetable
    load, hours = read_load(sheets), read_hours(sheets)
    tables: list[tuple[float, Timetable | LoadTable | HoursTable]] = [
        (timetable.score if is_timetable(timetable) else 0, timetable),
        (load.score if len(load.rows) >= FEWEST_ROWS else 0, load),
        (hours.score if len(hours.lines) >= FEWEST_LESSONS else 0, hours),
    ]
    score, best = max(tables, key=lambda item: item[0])
    return best if score else None


def is_timetable(table: Timetable) -> bool:
    """False for a few cells by chance, and for texts that are hardly ever a subject (a roster, a list of fees)."""
    known = sum(is_known_lesson(row.subject) or bool(row.teacher) for row in table.lessons)
    return len(table.lessons) >= FEWEST_LESSONS and known >= KNOWN_SHARE * len(table.lessons)

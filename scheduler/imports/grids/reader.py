"""The door of the kind «grid»: opens a table, tries what it could be, and takes what explains most of it."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from scheduler.imports.clashes import find_clashes
from scheduler.imports.draft import Draft
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.timetable import draft_of, read_timetable
from scheduler.imports.sheets.cells import Sheet
from scheduler.imports.sheets.text_tables import read_text_table
from scheduler.imports.sheets.workbook import read_workbook

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
FEWEST_LESSONS = 3


def open_table(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a spreadsheet or of a table as text. Raises ImportRefusedError in words."""
    return read_workbook(data) if data.startswith(_WORKBOOKS) else read_text_table(data)


def read_grid(data: bytes) -> Draft:
    """The draft of a table with a timetable. Raises ImportRefusedError where no lesson can be told."""
    return read_sheets(open_table(data))


def read_sheets(sheets: Sequence[Sheet]) -> Draft:
    table = read_timetable(sheets)
    if len(table.lessons) < FEWEST_LESSONS:
        raise ImportRefusedError(
            _("No timetable was found in the table: it needs the names of classes, the days of the week and the "
              "numbers of lessons. If they are there, remove titles above them and choose the file again."),
        )  # fmt: skip
    draft = draft_of(table)
    findings = FindingList()
    findings.extend(table.findings.as_tuple())
    findings.extend(find_clashes(draft))
    return replace(draft, findings=findings.as_tuple())

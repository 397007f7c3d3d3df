"""The first rows of a sheet as a person sees them, with the word for what was recognised in a cell. Stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.grids.marks import Marks
from scheduler.imports.grids.place_words import is_person
from scheduler.imports.rosters.table import find_heading
from scheduler.imports.sheets.cells import Cell, Sheet, column_letters
from scheduler.imports.subject_names import known_subject

ROWS, COLUMNS = 16, 14
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell as it is shown; `mark` is the word for what it was taken for, empty where it was not recognised."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """The letters of the columns and the numbered rows of the beginning of a sheet; `marks` counts the whole sheet."""

    name: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[SeenCell, ...]], ...]
    marks: tuple[tuple[str, int], ...]


def seen_sheets(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets that hold anything."""
    return [sheet for sheet in sheets if sheet.cells]


def see(sheet: Sheet) -> SeenSheet:
    """The beginning of one sheet; empty rows and columns before the first cell are left out."""
    top, left = min(sheet.rows, default=0), min(sheet.columns, default=0)
    columns = range(left, min(sheet.width, left + COLUMNS))
    marks = Marks(sheet)
    heads = find_heading(sheet)
    head_row = heads.first_row - 1 if heads else -1
    return SeenSheet(
        name=sheet.name,
        letters=tuple(column_letters(column) for column in columns),
        rows=tuple(
            (row + 1, tuple(_seen(sheet.at(row, column), marks, head_row) for column in columns))
            for row in range(top, min(sheet.height, top + ROWS))
        ),
        marks=(
            (_("names of classes"), len(marks.labels)),
            (_("days of the week"), len(set(marks.days.values()))),
            (_("numbers of lessons"), len(marks.numbers)),
            (_("known subjects"), sum(known_subject(cell.text) is not None for cell in sheet)),
            (_("headings of a list of people"), len(heads.columns) if heads else 0),
        ),
    )


def _seen(cell: Cell | None, marks: Marks, head_row: int) -> SeenCell:
    if cell is None:
        return SeenCell("")
    text = cell.text if len(cell.text) <= LONGEST_TEXT else cell.text[: LONGEST_TEXT - 1] + "…"
    return SeenCell(text, _mark(cell, marks, head_row))


def _mark(cell: Cell, marks: Marks, head_row: int) -> str:
    at = (cell.row, cell.column)
    kinds = (
        (cell.row == head_row or at in marks.headings, _("heading")),
        (at in marks.labels, _("class (mark)")),
        (at in marks.days, _("day (mark)")),
        (at in marks.bells, _("time (mark)")),
        (at in marks.weeks, _("week (mark)")),
        (at in marks.numbers, _("number of a lesson")),
        (known_subject(cell.text) is not None, _("subject (mark)")),
        (is_person(cell.text), _("person (mark)")),
    )
    return next((str(words) for is_so, words in kinds if is_so), "")

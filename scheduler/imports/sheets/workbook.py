"""XLSX, XLS and ODS to neutral sheets. Values come from calamine; spans and hidden rows from the file's own XML.

A sheet is measured before calamine opens it: one cell in the farthest corner would otherwise fill the memory. The old
XLS cannot be measured from outside, so it is read in a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

import python_calamine as calamine

from scheduler.imports.sheets import apart
from scheduler.imports.sheets.cells import Cell, Position, Sheet, address_of, make_sheet
from scheduler.imports.sheets.guard import broken_file, refuse_large
from scheduler.imports.sheets.measure import MOST_CELLS, Looks, look_into, too_many_cells

Value = int | float | str | bool | date | time | datetime | timedelta
CalamineErrors = (
    calamine.CalamineError,
    calamine.WorksheetNotFound,
    calamine.XmlError,
    calamine.ZipError,
    calamine.PasswordError,
    ValueError,
    OSError,
    EOFError,
    OverflowError,
)
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
LONGEST_TEXT = 2000
LONGEST_SECONDS = 30
_OVERFLOW_NAMES = frozenset({"PanicException"})


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """All sheets, hidden ones too, in their order. Raises ImportRefusedError in words."""
    refuse_large(data)
    if data.startswith(OLD_WORKBOOK):
        return tuple(_old_sheets(data))
    looks = look_into(data)
    try:
        return tuple(_sheets(data, looks))
    except CalamineErrors as error:
        raise broken_file() from error
    except BaseException as error:
        if type(error).__name__ not in _OVERFLOW_NAMES:  # a panic of the library derives from BaseException
            raise
        raise broken_file() from error


def _old_sheets(data: bytes) -> Iterator[Sheet]:
    command = [sys.executable, "-I", apart.__file__, str(MOST_CELLS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST_SECONDS, check=True)
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        raise broken_file() from error
    if "error" in found:
        raise too_many_cells() if found["error"] == apart.LARGE else broken_file()
    for sheet in found["sheets"]:
        rows = ([apart.restored(value) for value in values] for values in sheet["rows"])
        cells = [cell for row, values in enumerate(rows) for cell in _cells(row, values, Looks())]
        merged = [(tuple(first), tuple(last)) for first, last in sheet["merged"] or ()]
        yield make_sheet(sheet["name"].strip(), cells, _sane(merged), is_hidden=sheet["is_hidden"])


def _sheets(data: bytes, looks: dict[str, Looks]) -> Iterator[Sheet]:
    book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        table = book.get_sheet_by_name(meta.name)
        if table.total_height * table.total_width > MOST_CELLS:
            raise too_many_cells()
        look = looks.get(meta.name, Looks())
        rows = table.to_python(skip_empty_area=False)
        cells = [cell for row, values in enumerate(rows) for cell in _cells(row, values, look)]
        merged = look.merged if table.merged_cell_ranges is None else table.merged_cell_ranges
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        yield make_sheet(meta.name.strip(), cells, _sane(merged), is_hidden=hidden)


def _sane(merged: Sequence[tuple[Position, Position]]) -> Iterator[tuple[Position, Position]]:
    """The ranges that are one; a range over whole columns merges nothing that a person sees."""
    for first, last in merged:
        height, width = last[0] - first[0] + 1, last[1] - first[1] + 1
        if height > 0 and width > 0 and height * width <= MOST_CELLS // 100:
            yield first, last


def _cells(row: int, values: Sequence[Value], look: Looks) -> Iterator[Cell]:
    for column, value in enumerate(values):
        if value == "" or value is None:
            continue
        cell = cell_of(row, column, value, is_hidden=row in look.hidden_rows or column in look.hidden_columns)
        if cell.text:
            yield cell


def cell_of(row: int, column: int, value: Value, *, is_hidden: bool = False) -> Cell:
    """A cell with its text as a person would write it: 412.0 is 412, a date is 03.04.2024."""
    text, number, moment = shown(value)
    return Cell(row, column, text, address_of(row, column), number, moment, is_hidden=is_hidden)


def shown(value: Value) -> tuple[str, float | None, date | time | None]:
    """The text of a value, and the number or moment that it really is."""
    match value:
        case bool() | timedelta():
            return str(value), None, None
        case int() | float():
            return _figure(value), float(value), None
        case datetime():
            return f"{value:%d.%m.%Y}", None, value.date()
        case date():
            return f"{value:%d.%m.%Y}", None, value
        case time():
            return f"{value.hour}:{value:%M}", None, value
        case _:
            return clean_text(value), None, None


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def clean_text(value: str) -> str:
    """Lines stay lines; blanks around and doubled, and signs no one sees, go."""
    plain = value[:LONGEST_TEXT].replace("\u00a0", " ").replace("\u00ad", "").replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(letter for letter in plain if letter in "\n\t" or letter.isprintable())
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)

"""Looks into packed spreadsheets before they are opened: how large each sheet is, what is hidden, what is merged.

calamine tells neither hidden rows nor the spans of ODS, and makes room for every cell up to the farthest one.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException
from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets.cells import Position
from scheduler.imports.sheets.guard import broken_file, member_bytes, open_archive

MOST_CELLS = 2_000_000
FAR = 1_048_576
LETTERS = 26
Element = Any


@dataclass(slots=True)
class Looks:
    """What the XML of one sheet says beside the values."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Raises ImportRefusedError where the sheet grows beyond any school's."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            raise too_many_cells()


def too_many_cells() -> ImportRefusedError:
    return ImportRefusedError(
        _("A sheet of the file reaches over more than two million cells. Delete the empty rows and columns behind the "
          "table and choose the file again."),
    )  # fmt: skip


def look_into(data: bytes) -> dict[str, Looks]:
    """Looks by sheet name; none for the old XLS, whose sheets cannot reach as far."""
    if not data.startswith(b"PK"):
        return {}
    archive = open_archive(data)
    names = set(archive.namelist())
    try:
        if "content.xml" in names:
            return dict(_ods(member_bytes(archive, "content.xml")))
        return dict(_xlsx(archive, names))
    except DefusedXmlException as error:
        raise ImportRefusedError(_("The file holds instructions that could do harm. It was not opened.")) from error
    except (ParseError, UnicodeDecodeError, ValueError, LookupError) as error:
        raise broken_file() from error


def _events(data: bytes) -> Iterator[tuple[str, Element]]:
    yield from SafeXml.iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _values(element: Element) -> dict[str, str]:
    return {_local(name): value for name, value in element.attrib.items()}


def _xlsx(archive: ZipFile, names: set[str]) -> Iterator[tuple[str, Looks]]:
    for name in names:
        if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/"):
            member_bytes(archive, name)
    for name, path in _sheet_paths(archive, names):
        if path in names:
            yield name, _xlsx_sheet(member_bytes(archive, path))


def _sheet_paths(archive: ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    book = next((name for name in ("xl/workbook.xml",) if name in names), None)
    links = "xl/_rels/workbook.xml.rels"
    if book is None or links not in names:
        raise broken_file()
    targets = {}
    for _event, element in _events(member_bytes(archive, links)):
        values = _values(element)
        if "Target" in values:
            targets[values.get("Id", "")] = values["Target"]
    for event, element in _events(member_bytes(archive, book)):
        if event == "start" and _local(element.tag) == "sheet":
            values = _values(element)
            target = targets.get(values.get("id", ""), "")
            yield values.get("name", ""), posixpath.normpath(posixpath.join("xl", target)).removeprefix("/")


def _xlsx_sheet(data: bytes) -> Looks:
    looks, row, column = Looks(), -1, -1
    for event, element in _events(data):
        tag = _local(element.tag)
        if event == "end":
            element.clear()
        elif tag == "row":
            row, column = _row_number(element, row, looks), -1
        elif tag == "c":
            column = _column_number(element.get("r", ""), column)
            looks.reach(max(row, 0), column)
        elif tag == "col" and element.get("hidden") in {"1", "true"}:
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            looks.hidden_columns.update(range(first - 1, min(last, FAR)))
    return looks


def _row_number(element: Element, before: int, looks: Looks) -> int:
    row = int(element.get("r", before + 2)) - 1
    if element.get("hidden") in {"1", "true"}:
        looks.hidden_rows.add(row)
    return row


def _column_number(reference: str, before: int) -> int:
    letters = reference.rstrip("0123456789")
    if not letters:
        return before + 1
    column = 0
    for letter in letters.upper():
        column = column * LETTERS + ord(letter) - ord("A") + 1
        if not 0 < column <= FAR:
            raise too_many_cells()
    return column - 1


def _ods(data: bytes) -> Iterator[tuple[str, Looks]]:
    table = _OdsTable("")
    for event, element in _events(data):
        tag = _local(element.tag)
        if event == "start" and tag == "table":
            table = _OdsTable(_values(element).get("name", ""))
        elif event == "end" and tag == "table":
            yield table.name, table.looks
        elif tag == "table-row":
            table.row(event, _values(element))
        elif event == "end" and tag in {"table-cell", "covered-table-cell"}:
            table.cell(_values(element), is_filled=len(element) > 0 or "value-type" in _values(element))
            element.clear()


class _OdsTable:
    """Counts along one table of an ODS: rows and cells carry how often they repeat, not where they stand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.looks = Looks()
        self._row = 0
        self._column = 0
        self._repeats = 1

    def row(self, event: str, values: dict[str, str]) -> None:
        if event == "start":
            self._column, self._repeats = 0, _times(values, "number-rows-repeated")
            if values.get("visibility", "visible") != "visible" and self._repeats < FAR // 2:
                self.looks.hidden_rows.update(range(self._row, self._row + self._repeats))
            return
        self._row += self._repeats

    def cell(self, values: dict[str, str], *, is_filled: bool) -> None:
        times = _times(values, "number-columns-repeated")
        if is_filled:
            self.looks.reach(self._row + self._repeats - 1, self._column + times - 1)
        down, across = _times(values, "number-rows-spanned"), _times(values, "number-columns-spanned")
        if down * across > 1:
            first = (self._row, self._column)
            self.looks.merged.append((first, (self._row + down - 1, self._column + across - 1)))
        self._column += times


def _times(values: dict[str, str], name: str) -> int:
    return max(1, min(int(values.get(name, "1")), FAR))

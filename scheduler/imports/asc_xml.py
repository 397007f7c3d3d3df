"""The rows of an aSc Timetables XML file, safely: no entities, no depth, no flood of rows.

Knows that tables are children of the root and rows their children (import-formats A1); what a row means is for
asc_tables and asc_lessons.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from scheduler.imports.decoding import decode_xml
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.names import clean_name
from scheduler.imports.safe_xml import parse_safely

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 100_000
DEEPEST = 6
ROW_DEPTH = 3
TABLE_DEPTH = 2
PROGRAM = "aSc Timetables"
TABLES = frozenset(
    {
        "days", "daysdefs", "weeksdefs", "termsdefs", "periods", "dayperiods", "subjects", "teachers", "classrooms",
        "grades", "classes", "groups", "students", "lessons", "cards",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its attributes by name, and the line of the file it stands in."""

    values: Mapping[str, str]
    line: int

    def text(self, name: str) -> str:
        return clean_name(self.values.get(name))

    def ids(self, name: str) -> tuple[str, ...]:
        """A comma list of ids, each once."""
        parts = (part.strip() for part in self.values.get(name, "").split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def flag(self, name: str, *, proposed: bool) -> bool:
        """What the row states by 1 or 0 (our own exports do), else what is proposed."""
        return {"1": True, "0": False}.get(self.values.get(name, ""), proposed)

    def number(self, name: str) -> int | None:
        text = self.values.get(name, "").strip()
        return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else None


@dataclass
class AscDocument:
    """The tables of one file. `corrected_to` is the encoding it was read in against its own declaration."""

    root: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    has_html_links: bool = False
    corrected_to: str | None = None

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    @property
    def options(self) -> frozenset[str]:
        return frozenset(part.strip() for part in self.root.get("options", "").split(","))


def read_document(data: bytes) -> AscDocument:
    """Raises ImportRefusedError for what is no aSc timetable, damaged, hostile or too large."""
    if len(data) > LARGEST_FILE:
        raise ImportRefusedError(
            _("The file is larger than %(limit)s MB. A timetable in XML is far smaller: please check which file it is.",
              limit=LARGEST_FILE // 1024 // 1024),
        )  # fmt: skip
    decoded = decode_xml(data)
    target = _RowCollector()
    parse_safely(decoded.text, target, program=PROGRAM)
    target.document.corrected_to = decoded.corrected_to
    return target.document


class _RowCollector:
    """The parser's target: keeps the rows of known tables and refuses what grows without bound."""

    def __init__(self) -> None:
        self.document = AscDocument()
        self.parser: Any = None
        self._depth = 0
        self._table = ""
        self._row_count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ImportRefusedError(
                _("The file is nested deeper than any timetable. Export it again from aSc Timetables."),
            )
        if self._depth == 1:
            self._open_root(tag, attributes)
        elif self._depth == TABLE_DEPTH:
            self._table = tag
            self.document.has_html_links |= "htmlexportlink" in attributes.get("columns", "")
        elif self._depth == ROW_DEPTH and self._table in TABLES:
            self._keep_row(attributes)

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        """Nothing is built at the end; the parser asks for the method."""

    def _open_root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "timetable":
            raise ImportRefusedError(
                _("This is an XML file, but not a timetable of aSc Timetables (it begins with “%(tag)s”). "
                  "In aSc Timetables choose File → Export → aSc Timetables 2012 XML.", tag=clean_name(tag)[:40]),
            )  # fmt: skip
        self.document.root = attributes

    def _keep_row(self, attributes: dict[str, str]) -> None:
        self._row_count += 1
        if self._row_count > MOST_ROWS:
            raise ImportRefusedError(
                _("The file holds more than %(limit)s rows, more than any school. Please check which file it is.",
                  limit=MOST_ROWS),
            )  # fmt: skip
        self.document.has_html_links |= "htmlexportlink" in attributes
        row = Row(attributes, self.parser.CurrentLineNumber)
        self.document.tables.setdefault(self._table, []).append(row)

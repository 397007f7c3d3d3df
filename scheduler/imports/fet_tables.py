"""The CSV exports of FET: `*_timetable.csv`, `activities.csv`, `students.csv` and the lists (import-formats A2).

A table is told by its headings, which are English in every language, in any order; a timetable may come without them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.fet_model import FetData, FetName, FetSet
from scheduler.imports.findings import FindingList, line_place
from scheduler.imports.names import clean_name
from scheduler.imports.sheets.text_tables import LOST, TextTable, read_text_table
from scheduler.imports.source import SourceFile

BARE_TIMETABLE = (
    "activity id", "day", "hour", "students sets", "subject", "teachers", "activity tags", "room", "comments",
)  # fmt: skip
MOST_SPLIT = 60


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row by its headings."""

    values: Mapping[str, str]
    line: int

    def text(self, heading: str) -> str:
        return clean_name(self.values.get(heading))

    def number(self, heading: str) -> int | None:
        text = self.text(heading)
        return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 nine figures are enough


@dataclass(frozen=True, slots=True)
class FetTable:
    """One export with its rows; `kind` is timetable, plan, students, teachers, subjects, rooms or other."""

    kind: str
    file_name: str
    rows: tuple[NamedRow, ...]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of `activities.csv`: what is wanted a week, in pieces of so many periods."""

    students: str
    subject: str
    teachers: str
    pieces: tuple[int, ...]
    where: str


def read_fet_table(file: SourceFile, findings: FindingList) -> FetTable:
    """Raises ImportRefusedError where the file is no text."""
    table = read_text_table(file.data)
    for line in table.damaged_lines:
        findings.warn(line_place(line), _("Some letters of this line are lost: the file is damaged."))
    headings = [cell.strip("\"' ").casefold() for cell in table.rows[0]] if table.rows else []
    if "activity id" not in headings and headings and headings[0].isdecimal():
        return FetTable("timetable", file.name, tuple(_named_rows(table, BARE_TIMETABLE, first=0)))
    return FetTable(_kind(frozenset(headings)), file.name, tuple(_named_rows(table, headings, first=1)))


def _kind(headings: frozenset[str]) -> str:
    signs = (
        ({"activity id", "day", "hour"}, "timetable"),
        ({"students sets", "subject", "total duration"}, "plan"),
        ({"year", "group", "subgroup"}, "students"),
        ({"room"}, "rooms"),
        ({"teacher"}, "teachers"),
        ({"subject"}, "subjects"),
    )
    return next((kind for wanted, kind in signs if wanted <= headings), "other")


def _named_rows(table: TextTable, headings: Sequence[str], *, first: int) -> Iterator[NamedRow]:
    for row, line in zip(table.rows[first:], table.lines[first:], strict=True):
        yield NamedRow(dict(zip(headings, (cell.replace(LOST, "?") for cell in row), strict=False)), line)


def add_lists(data: FetData, tables: Sequence[FetTable]) -> None:
    """The lists of teachers, subjects and rooms, and the three levels of pupils."""
    lists = {"teacher": data.teachers, "subject": data.subjects, "room": data.rooms}
    for heading, names in lists.items():
        for row in _rows_of(tables, f"{heading}s"):
            if name := row.text(heading):
                names.setdefault(name, FetName(name))
    if not data.years:
        data.years = _years(_rows_of(tables, "students"))


def _rows_of(tables: Sequence[FetTable], kind: str) -> Iterator[NamedRow]:
    return (row for table in tables if table.kind == kind for row in table.rows)


def _years(rows: Iterator[NamedRow]) -> list[FetSet]:
    """One row a node: a year alone, then with its group, then with its subgroup."""
    years: dict[str, dict[str, dict[str, int]]] = {}
    sizes: dict[tuple[str, str], int] = {}
    for row in rows:
        year, group, subgroup = row.text("year"), row.text("group"), row.text("subgroup")
        if not year:
            continue
        groups = years.setdefault(year, {})
        if group:
            subgroups = groups.setdefault(group, {})
            sizes.setdefault((year, group), row.number("number of students per group") or 0)
            if subgroup:
                subgroups[subgroup] = row.number("number of students per subgroup") or 0
    return [
        FetSet(
            year,
            inner=tuple(
                FetSet(group, sizes[year, group], tuple(FetSet(name, size) for name, size in subgroups.items()))
                for group, subgroups in groups.items()
            ),
        )
        for year, groups in years.items()
    ]


def plan_rows(tables: Sequence[FetTable], findings: FindingList) -> list[PlanRow]:
    """The rows of `activities.csv`."""
    found = []
    for row in _rows_of(tables, "plan"):
        pieces = _pieces(row)
        if not pieces or not row.text("subject"):
            findings.error(line_place(row.line), _("A row of the plan without hours or a subject was left out."))
            continue
        students, subject, teachers = (row.text(name) for name in ("students sets", "subject", "teachers"))
        found.append(PlanRow(students, subject, teachers, pieces, line_place(row.line)))
    return found


def _pieces(row: NamedRow) -> tuple[int, ...]:
    """«4+4+4+4», or empty for one piece of the whole duration."""
    parts = [part.strip() for part in row.text("split duration").split("+") if part.strip()]
    if parts and all(part.isdecimal() for part in parts):
        numbers = tuple(int(part) for part in parts)
    else:
        whole = row.number("total duration")
        numbers = () if whole is None else (whole,)
    return numbers if len(numbers) <= MOST_SPLIT and all(1 <= number <= MOST_SPLIT for number in numbers) else ()

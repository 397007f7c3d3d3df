"""The rows of a sheet that lists people: where its headings are, which class a row is in, who stands in it.

Classes may be a column, a row between the pupils («7 «А» класс»), or the name of the sheet. Merged cells count for
every row they cover.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.imports.findings import line_place
from scheduler.imports.grids.class_words import ClassLabel, class_in_title, class_of
from scheduler.imports.rosters.draft import Name
from scheduler.imports.rosters.headings import Meaning, Piece, Who, meaning_of, role_in
from scheduler.imports.rosters.names import labels_in, name_of, of_pieces, several
from scheduler.imports.sheets.cells import Cell, Sheet, place_of

HEADING_ROWS = 40
SHUFFLED_ROWS = 20_000
_HEADING_WORD = re.compile(r"(?i)^\W*(?:класс|фамилия|имя|отчество|фио|ф\.\s?и\.\s?о|ученик|учитель|родитель|обучающ)")
NAMES = frozenset({Piece.FULL, Piece.LAST, Piece.FIRST})
PLACES = frozenset({Piece.CLASS, Piece.CLASSES, Piece.GRADE, Piece.GROUP, Piece.ROLE})


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its number, with its meaning and its heading as written."""

    number: int
    meaning: Meaning
    heading: str

    @property
    def is_telling(self) -> bool:
        """Whether it tells two namesakes apart: a birth date, never a telephone that a family shares."""
        return bool(re.search(r"(?i)рожд|снилс|свидет", self.heading))


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings: the columns, and the first row under it."""

    columns: tuple[Column, ...]
    first_row: int

    def of(self, *pieces: Piece) -> Iterator[Column]:
        return (column for column in self.columns if column.meaning.piece in pieces)


@dataclass(slots=True)
class PeopleRow:
    """One row: names by whom they belong to, as the file has them, and what tells namesakes apart (never kept)."""

    where: str
    label: ClassLabel | None = None
    damaged_class: Cell | None = None
    classes: tuple[ClassLabel, ...] = ()
    people: dict[Who, list[str]] = field(default_factory=dict)
    groups: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()


def find_heading(sheet: Sheet) -> Heading | None:
    """The row with the most headings that are known; None where the sheet lists no people."""
    rows = sorted(sheet.rows)
    return _best(sheet, rows[:HEADING_ROWS]) or _best(sheet, _telling_rows(sheet, rows[HEADING_ROWS:SHUFFLED_ROWS]))


def _best(sheet: Sheet, rows: Iterable[int]) -> Heading | None:
    found = [_heading_at(sheet, row) for row in rows]
    usable = [(_worth(one), one) for one in found if _worth(one)]
    return max(usable, key=lambda pair: (pair[0], -pair[1].first_row))[1] if usable else None


def _telling_rows(sheet: Sheet, rows: Iterable[int]) -> Iterator[int]:
    """Rows far down that may be headings all the same: somebody sorted the table with them."""
    return (row for row in rows if sum(bool(_HEADING_WORD.search(cell.text)) for cell in sheet.rows[row]) > 1)


def _heading_at(sheet: Sheet, row: int) -> Heading:
    columns = []
    last = row
    for number in range(min(sheet.width, 200)):
        cell = sheet.seen_at(row, number)
        if cell is None or len(cell.text) > 80:  # noqa: PLR2004 no heading is longer
            continue
        above = sheet.seen_at(row - 1, number) if cell.row == row and row else None
        is_group = above is not None and above.columns > 1 and meaning_of(above.text).who is not Who.ANYBODY
        heading = " ".join(cell.text.split())
        full = f"{' '.join(above.text.split())} {heading}" if above is not None and is_group else heading
        columns.append(Column(number, meaning_of(full), full if is_group else heading))
        last = max(last, cell.row + cell.rows - 1)
    return Heading(tuple(columns), last + 1)


def _worth(heading: Heading) -> int:
    """How many columns are understood; a single word «класс» over a timetable is no list of people."""
    names = [one for one in heading.columns if one.meaning.piece in NAMES]
    known = [one for one in heading.columns if one.meaning.piece is not Piece.OTHER]
    distinct = {(one.meaning.piece, one.meaning.who) for one in known}
    is_people = any(one.meaning.who is not Who.ANYBODY or one.meaning.piece in NAMES for one in names)
    return len(distinct) if names and is_people and len(distinct) > 1 - _is_telling(names) else 0


def _is_telling(names: Sequence[Column]) -> int:
    """«ФИО ученика» alone tells enough; «Имя» alone does not."""
    return int(any(one.meaning.piece is Piece.FULL for one in names))


def has_strange_columns(sheet: Sheet, heading: Heading) -> bool:
    """Whether words stand in columns whose headings say nothing, such as names under a spoilt heading."""
    known = {column.number for column in heading.columns if column.meaning.piece is not Piece.OTHER}
    below = (cell for cell in sheet if cell.row >= heading.first_row and cell.column not in known)
    return sum(sum(map(str.isalpha, cell.text)) > 1 for cell in below) > 1


def read_rows(sheet: Sheet, heading: Heading) -> Iterator[PeopleRow]:
    """The rows under the headings, each with the class it stands under."""
    label = _label_of_sheet(sheet, heading)
    is_sorted_in = heading.first_row > HEADING_ROWS + 1
    for row in sorted(number for number in sheet.rows if is_sorted_in or number >= heading.first_row):
        if row == heading.first_row - 1:
            continue
        section = _section(sheet, row)
        if section is not None:
            label = section
            continue
        found = _read(sheet, row, heading)
        if found is None:
            continue
        found.label = found.label or (None if found.damaged_class else label)
        yield found


def _label_of_sheet(sheet: Sheet, heading: Heading) -> ClassLabel | None:
    titles = [cell.text for cell in sheet if cell.row < heading.first_row - 1]
    found = (class_in_title(text) for text in titles if len(text) < 120)  # noqa: PLR2004 a title, no paragraph
    return next((one for one in found if one), None) or class_of(sheet.name)


def _section(sheet: Sheet, row: int) -> ClassLabel | None:
    """A row that names a class and nobody."""
    cells = sheet.rows[row]
    texts = {cell.text for cell in cells}
    if len(texts) > 2 or any(cell.moment for cell in cells):  # noqa: PLR2004 a class and how many are in it
        return None
    others = (cell.text for cell in cells[1:] if cell.text != cells[0].text)
    if any(name_of(text) and meaning_of(text).who is not Who.CLASS_TEACHER for text in others):
        return None
    text = re.sub(r"(?i)^класс\s*[:№]?\s*|\(\s*\d+\s*чел[^)]*\)|[,–—-]?\s*\d+\s*(?:чел|уч)\w*\.?", " ", cells[0].text)
    return class_in_title(text.strip()) or class_in_title(cells[0].text)


def _read(sheet: Sheet, row: int, heading: Heading) -> PeopleRow | None:
    cells = {column.number: sheet.seen_at(row, column.number) for column in heading.columns}
    texts = {number: cell.text if cell else "" for number, cell in cells.items()}
    found = PeopleRow(", ".join(text for text in (sheet.name and place_of(sheet), line_place(row + 1)) if text))
    found.people = _people(heading, texts)
    found.classes = tuple(label for column in heading.of(Piece.CLASSES) for label in labels_in(texts[column.number]))
    found.groups = tuple(
        (column.heading, texts[column.number]) for column in heading.of(Piece.GROUP) if texts[column.number]
    )
    found.evidence = tuple(texts[column.number] for column in heading.of(Piece.PERSONAL) if column.is_telling)
    found.label, found.damaged_class = _class_of_row(heading, cells)
    return found if any(found.people.values()) else None


def _class_of_row(heading: Heading, cells: Mapping[int, Cell | None]) -> tuple[ClassLabel | None, Cell | None]:
    texts = dict.fromkeys((Piece.CLASS, Piece.GRADE, Piece.LETTER), "")
    for column in heading.of(*texts):
        cell = cells[column.number]
        if cell is not None and cell.moment is not None:
            return None, cell
        texts[column.meaning.piece] = texts[column.meaning.piece] or (cell.text if cell else "")
    text = texts[Piece.CLASS]
    if texts[Piece.LETTER]:
        text = f"{texts[Piece.GRADE] or text}{texts[Piece.LETTER]}"
    label = class_of(text) or class_in_title(text) or class_of(f"{text} класс")
    return label or (ClassLabel(text, None) if text and len(text) <= 20 else None), None  # noqa: PLR2004 a label


def _people(heading: Heading, texts: Mapping[int, str]) -> dict[Who, list[str]]:
    """The names of the row by whom the headings say they belong to; a column of roles decides for the rest."""
    people: dict[Who, list[str]] = {}
    for who in Who:
        own = [column for column in heading.columns if column.meaning.who is who]
        whole = [texts[column.number] for column in own if column.meaning.piece is Piece.FULL]
        people[who] = [part for text in whole for part in several(text) if name_of(part)]
        people[who] += [name.full for name in _from_pieces(own, texts)]
    roles = (role_in(texts[column.number]) for column in heading.of(Piece.ROLE))
    if role := next((one for one in roles if one), None):
        people[role] = [*people[role], *people.pop(Who.ANYBODY)]
    return people


def _from_pieces(columns: Sequence[Column], texts: Mapping[int, str]) -> Iterator[Name]:
    """People in columns of their own for surname, first name and patronymic; a repeated piece begins the next one."""
    person: dict[Piece, str] = {}
    for column in [*columns, None]:
        piece = column.meaning.piece if column else Piece.LAST
        if column and piece not in (Piece.LAST, Piece.FIRST, Piece.MIDDLE):
            continue
        if person and (column is None or piece in person):
            name = of_pieces(*(person.get(one, "") for one in (Piece.LAST, Piece.FIRST, Piece.MIDDLE)))
            person = {}
            if name is not None:
                yield name
        if column:
            person[piece] = texts[column.number]

"""The neutral table: what stands in a cell, where, how far it is merged, whether a reader of the sheet sees it.

Every format of tables ends here, so that whoever recognises a layout knows no format.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property

from flask_babel import gettext as _

Position = tuple[int, int]
LETTERS = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something. Rows and columns count from 0; `text` is clean of blanks around.

    `moment` is set where the program of the sheet keeps a date or a time of day: it may have made it of a text.
    """

    row: int
    column: int
    text: str
    address: str
    number: float | None = None
    moment: date | time | None = None
    rows: int = 1
    columns: int = 1
    is_hidden: bool = False

    def turned(self) -> "Cell":
        """The same cell in the table with rows and columns exchanged; it keeps its address."""
        return replace(self, row=self.column, column=self.row, rows=self.columns, columns=self.rows)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file; a table as text has no name. `cells` holds the top left cell of what is merged."""

    name: str
    cells: Mapping[Position, Cell]
    is_hidden: bool = False
    covered: Mapping[Position, Position] = field(default_factory=dict)

    @cached_property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells.values()), default=0)

    @cached_property
    def width(self) -> int:
        return max((cell.column + cell.columns for cell in self.cells.values()), default=0)

    @cached_property
    def rows(self) -> Mapping[int, tuple[Cell, ...]]:
        """The cells of each row that has any, from left to right."""
        found: dict[int, list[Cell]] = {}
        for position in sorted(self.cells):
            found.setdefault(position[0], []).append(self.cells[position])
        return {row: tuple(cells) for row, cells in found.items()}

    @cached_property
    def columns(self) -> Mapping[int, tuple[Cell, ...]]:
        """The cells of each column that has any, from the top."""
        found: dict[int, list[Cell]] = {}
        for position in sorted(self.cells):
            found.setdefault(position[1], []).append(self.cells[position])
        return {column: tuple(cells) for column, cells in sorted(found.items())}

    @cached_property
    def ordered(self) -> tuple[Cell, ...]:
        """All cells row by row."""
        return tuple(self.cells[position] for position in sorted(self.cells))

    @cached_property
    def wide(self) -> tuple[Cell, ...]:
        """The cells that are merged over several columns."""
        return tuple(cell for cell in self.ordered if cell.columns > 1)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that begins here."""
        return self.cells.get((row, column))

    def seen_at(self, row: int, column: int) -> Cell | None:
        """The cell that a reader sees here: the merged one where it is covered."""
        place = (row, column)
        return self.cells.get(self.covered.get(place, place))

    def turned(self) -> "Sheet":
        """The table with rows and columns exchanged."""
        return Sheet(
            self.name,
            {(column, row): cell.turned() for (row, column), cell in self.cells.items()},
            self.is_hidden,
            {(column, row): (first[1], first[0]) for (row, column), first in self.covered.items()},
        )

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.ordered)


def column_letters(column: int) -> str:
    """0 is A, 26 is AA, as every program of tables shows it."""
    letters, rest = "", column + 1
    while rest:
        rest, figure = divmod(rest - 1, LETTERS)
        letters = chr(ord("A") + figure) + letters
    return letters


def address_of(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def place_of(sheet: Sheet | str, cell: Cell | str | None = None) -> str:
    """«Лист «5 класс», ячейка C7», as every finding on a table names its place."""
    name = sheet if isinstance(sheet, str) else sheet.name
    address = cell.address if isinstance(cell, Cell) else cell
    if name and address:
        return str(_("Sheet “%(sheet)s”, cell %(cell)s", sheet=name, cell=address))
    if name:
        return str(_("Sheet “%(sheet)s”", sheet=name))
    return str(_("Cell %(cell)s", cell=address)) if address else str(_("the whole file"))


def make_sheet(
    name: str,
    cells: Iterable[Cell],
    merged: Iterable[tuple[Position, Position]] = (),
    *,
    is_hidden: bool = False,
) -> Sheet:
    """A sheet with its merged ranges (first and last position of each) put on their cells."""
    found = {(cell.row, cell.column): cell for cell in cells}
    covered: dict[Position, Position] = {}
    for first, last in merged:
        cell = found.get(first)
        if cell is None:
            continue
        found[first] = replace(cell, rows=last[0] - first[0] + 1, columns=last[1] - first[1] + 1)
        covered.update(_covered(first, last, found))
    return Sheet(name, found, is_hidden, covered)


def _covered(first: Position, last: Position, found: Mapping[Position, Cell]) -> Iterator[tuple[Position, Position]]:
    for row in range(first[0], last[0] + 1):
        for column in range(first[1], last[1] + 1):
            if (row, column) not in found:
                yield (row, column), first

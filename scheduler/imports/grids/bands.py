"""Cuts a sheet into bands (a heading line and the rows under it) and blocks (the columns of one class in a band).

Works on tables whose lesson numbers go down; the reader turns a table whose numbers go across.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.imports.grids.columns import number_columns, time_columns
from scheduler.imports.grids.marks import HeadLine, Marks
from scheduler.imports.sheets.cells import Cell


@dataclass(frozen=True, slots=True)
class Block:
    """The columns under one heading cell; `numbers` is the column that counts its lessons, own or shared."""

    head: Cell
    columns: tuple[int, ...]
    numbers: int | None
    times: int | None


@dataclass(frozen=True, slots=True)
class Band:
    """A heading line and the rows that belong to it. `kind` is what heads the columns: class, day or teacher."""

    kind: str
    line: HeadLine
    rows: range
    blocks: tuple[Block, ...]
    numbers: tuple[int, ...] = ()


def bands_of(marks: Marks, kind: str, lines: Sequence[HeadLine]) -> Iterator[Band]:
    """A band ends where the next line begins that heads some of the same columns."""
    for place, line in enumerate(lines):
        below = (other.row for other in lines[place + 1 :] if _overlap(line, other))
        rows = range(line.row + 1, next(below, marks.sheet.height))
        numbers = number_columns(marks, rows, range(marks.sheet.width))
        blocks = tuple(_blocks(marks, line, rows, numbers))
        if blocks:
            yield Band(kind, line, rows, blocks, numbers)


def _overlap(line: HeadLine, other: HeadLine) -> bool:
    return line.first_column <= other.last_column and other.first_column <= line.last_column


def _blocks(marks: Marks, line: HeadLine, rows: range, numbers: tuple[int, ...]) -> Iterator[Block]:
    """Headings stand over or one beside their columns: where each has its own number column, that one decides."""
    times = time_columns(marks, rows, range(marks.sheet.width))
    starts = _starts(marks, line, numbers)
    service = {*numbers, *times, *marks.day_columns}
    for place, (start, head) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else _end(marks, starts)
        columns = tuple(column for column in range(start, end) if column not in service)
        reach = range(start, end)
        yield Block(head, columns, _nearest(numbers, reach), _nearest(times, reach))


def _starts(marks: Marks, line: HeadLine, numbers: Sequence[int]) -> list[tuple[int, Cell]]:
    """The first column of each heading's block."""
    segments = [_widened(marks, column) for column in numbers]
    starts: list[tuple[int, Cell]] = []
    for head in line.cells:
        mine = [start for start in segments if start <= head.column]
        start = mine[-1] if mine else head.column
        is_taken = bool(starts) and starts[-1][0] >= start
        starts.append((head.column if is_taken else start, head))
    return starts if len({start for start, _head in starts}) == len(starts) else [(c.column, c) for c in line.cells]


def _widened(marks: Marks, column: int) -> int:
    """Days and times left of the numbers belong to them."""
    while column > 0 and (column - 1 in marks.day_columns or _is_time_column(marks, column - 1)):
        column -= 1
    return column


def _is_time_column(marks: Marks, column: int) -> bool:
    cells = marks.sheet.columns.get(column, ())
    return bool(cells) and sum((cell.row, cell.column) in marks.bells for cell in cells) * 2 > len(cells)


def _end(marks: Marks, starts: Sequence[tuple[int, Cell]]) -> int:
    """The last block is as wide as most others, or as its merged heading."""
    widths = Counter(after[0] - before[0] for before, after in pairwise(starts))
    if not widths:
        return marks.sheet.width
    start, head = starts[-1]
    usual = max(widths, key=lambda width: (widths[width], width))
    return min(marks.sheet.width, max(start + usual, head.column + head.columns))


def _nearest(columns: Sequence[int], reach: range) -> int | None:
    """The column inside the block, else the last one left of it, else the first one right."""
    inside = [column for column in columns if column in reach]
    left = [column for column in columns if column < reach.start]
    if inside:
        return inside[0]
    if left:
        return left[-1]
    return columns[0] if columns else None

"""Finds the columns of times in a sheet: ranges in one column, or a beginning and an end beside each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from scheduler.imports.bells.times import TimeCell, time_cell
from scheduler.imports.grids.words import HIGHEST_NUMBER, numbers_of, plain
from scheduler.imports.sheets.cells import Cell, Sheet

FEWEST = 2
WIDEST_GAP = 2
STEADY = 0.6
MOST_COLUMNS = 200
_HEADING = re.compile(
    r"^(?:№|n|no|#)?\s*(?:п/?п|уроки?|урока|номер(?: урока)?|время.*|звонки|начало.*|конец.*|окончание.*|перемен[аы].*|"
    r"продолж.*|длительн.*|занятие|период|часы|режим|мин\w*\.?|пара|с|по|до)?$"
)
_BREAK = re.compile(r"перемен|завтрак|обед|питани|пауза|зарядк|линейк|прогулк|полдник|уборк")
_NUMBERED = re.compile(r"^урок\s*(?:№\s*)?(\d{1,2})$|^(?:№\s*)?(\d{1,2})\s*-?(?:ый|ой|ий|й)\s+урок$")


@dataclass(frozen=True, slots=True)
class Moment:
    """The times of one row of a track with the cells they stand in; the end may stand in a cell of its own."""

    start: Cell
    end: Cell | None
    first: TimeCell
    last: TimeCell | None


@dataclass(slots=True)
class Track:
    """One column of bells: where its times stand, and the column of lesson numbers that counts them.

    `left` is where its own titles begin: at its numbers, unless those count for another column of bells as well.
    """

    start: int
    end: int
    rows: dict[int, Moment] = field(default_factory=dict)
    numbers: int | None = None
    left: int = 0


def tracks_of(sheet: Sheet) -> list[Track]:
    """All columns of bells of a sheet from left to right; none where it has no times."""
    times = {(cell.row, cell.column): found for cell in sheet if (found := time_cell(cell)) and not cell.is_hidden}
    columns = sorted({column for _row, column in times})[:MOST_COLUMNS]
    ranges = [column for column in columns if _count(times, column, size=2) >= FEWEST]
    points = [
        column
        for column in columns
        if column not in ranges and _count(times, column, size=1) >= FEWEST and _is_of_times(sheet, times, column)
    ]
    tracks = [Track(column, column, _rows(sheet, times, column, None)) for column in ranges]
    tracks += [Track(one, other, _rows(sheet, times, one, other)) for one, other in _pairs(times, points)]
    tracks.sort(key=lambda track: track.start)
    counting = _number_columns(sheet, {row for track in tracks for row in track.rows})
    for track in tracks:
        track.numbers = next((column for column in reversed(counting) if column < track.start), None)
        if track.numbers is None and counting and counting[0] > track.end:
            track.numbers = counting[0]
    for track in tracks:
        counted = [one for one in tracks if one.numbers == track.numbers]
        is_own = len(counted) == 1 and track.numbers is not None
        track.left = min(track.start, track.numbers or 0) if is_own else track.start
    return tracks


def _count(times: dict[tuple[int, int], TimeCell], column: int, *, size: int) -> int:
    return sum(len(found.times) == size or (size == 1 and found.is_bad) for at, found in times.items()
               if at[1] == column)  # fmt: skip


def _is_of_times(sheet: Sheet, times: dict[tuple[int, int], TimeCell], column: int) -> bool:
    """Numbers and dates count as times only among plain ones or under a heading that says so."""
    plainly = sum(found.is_plain for at, found in times.items() if at[1] == column)
    headings = (plain(cell.text) for cell in sheet.columns.get(column, ()) if cell.number is None)
    return plainly >= FEWEST or any(word in low for low in headings for word in ("начал", "конец", "оконч", "время"))


def _pairs(times: dict[tuple[int, int], TimeCell], points: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns of which the left one is earlier in most rows."""
    place = 0
    while place < len(points) - 1:
        one, other = points[place], points[place + 1]
        rows = [
            (found.times, times[row, other].times)
            for (row, column), found in times.items()
            if column == one and found.times and (row, other) in times and times[row, other].times
        ]
        earlier = sum(first[0] < last[0] for first, last in rows)
        if other - one <= WIDEST_GAP and rows and earlier * 2 > len(rows):
            yield one, other
            place += 2
        else:
            place += 1


def _rows(sheet: Sheet, times: dict[tuple[int, int], TimeCell], start: int, end: int | None) -> dict[int, Moment]:
    found: dict[int, Moment] = {}
    for cell in sheet.columns[start]:
        first = times.get((cell.row, start))
        if first is None:
            continue
        other = sheet.at(cell.row, end) if end is not None else None
        found[cell.row] = Moment(cell, other, first, times.get((cell.row, end)) if end is not None else None)
    return found


def _number_columns(sheet: Sheet, rows: Iterable[int]) -> list[int]:
    """Columns that count the rows one by one; minutes of breaks do not."""
    wanted, found = set(rows), []
    for column, cells in sheet.columns.items():
        numbers = [number for cell in cells if cell.row in wanted and (number := number_of(cell)) is not None]
        steps = sum(later - earlier == 1 for earlier, later in pairwise(numbers))
        if len(numbers) >= FEWEST and steps >= STEADY * (len(numbers) - 1):
            found.append(column)
    return found


def number_of(cell: Cell) -> int | None:
    """The lesson number of a row: «3», «3 урок», «Урок 3», «III»; None for anything else."""
    found = _NUMBERED.match(plain(cell.text))
    if found:
        number = int(found[1] or found[2])
        return number if number <= HIGHEST_NUMBER else None
    numbers = numbers_of(cell) if time_cell(cell) is None or cell.number is not None else ()
    return numbers[0] if len(numbers) == 1 and numbers[0] <= HIGHEST_NUMBER else None


def is_heading(text: str) -> bool:
    """True for what heads a column of bells and names no schedule: «№ урока», «Время», «Перемена, мин»."""
    return bool(_HEADING.match(plain(text).strip(" .,:;()")))


def is_break(text: str) -> bool:
    return bool(_BREAK.search(plain(text)))

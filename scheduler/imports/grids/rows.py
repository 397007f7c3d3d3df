"""Goes down the rows of a band and says of each row which day and lesson number it is, and where a grid ends.

Numbers may be merged, missing (a second subgroup), or start anew where a day's name was forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduler.imports.grids.bands import Band, Block
from scheduler.imports.grids.marks import Marks
from scheduler.imports.grids.words import is_dated

LAST_SCHOOL_DAY = 5
ABOVE = 4


@dataclass(frozen=True, slots=True)
class RowPlace:
    """When a row is. `is_second_line`: it has no number of its own; `is_guessed`: its day or number was inferred."""

    row: int
    weekday: int
    periods: tuple[int, ...]
    region: int
    week: int | None
    is_dated: bool
    is_second_line: bool = False
    is_repeated: bool = False
    guess: str = ""


@dataclass(slots=True)
class _Walk:
    """What the rows above say."""

    day_row: int = -1
    day: int | None = None
    shift: int = 0
    last: tuple[int, ...] = ()
    is_open: bool = False
    region: int = 0
    has_ended: bool = False


class Rows:
    """The rows of one block of a band, placed in time."""

    def __init__(
        self, marks: Marks, band: Band, block: Block, *, sheet_day: int | None, sheet_week: int | None
    ) -> None:
        self._marks = marks
        self._band = band
        self._block = block
        self._sheet_day = sheet_day
        self._sheet_week = sheet_week
        self._across = self._day_across()
        self._days = () if self._across is not None else self._days_down()
        self._weeks = sorted((at[0], week) for at, week in marks.weeks.items())
        is_below = band.kind in {"day", "sheet"}
        self._breaks = {at[0] for at in marks.labels if at[1] in marks.class_columns} if is_below else set()

    def _day_across(self) -> int | None:
        """The day in the heading itself or in a row of days above it, the nearest at or left of the block."""
        if self._band.kind == "day":
            return self._marks.days[self._block.head.row, self._block.head.column]
        for line in reversed(self._marks.day_lines):
            left = [cell for cell in line.cells if cell.column <= self._block.head.column]
            if line.row <= self._band.line.row and left:
                return self._marks.days[left[-1].row, left[-1].column]
        return None

    def _days_down(self) -> tuple[tuple[int, int], ...]:
        """(row, day) in order: those in the block's own day column, else all; with the one right above the band."""
        own = range(self._band.line.row - ABOVE, self._band.rows.stop)
        rows = [(at, day) for at, day in self._marks.days_down if at[0] in own]
        left = [(at, day) for at, day in rows if at[1] <= max(self._block.columns, default=0)]
        nearest = max((at[1] for at, _day in left if at[1] in self._marks.day_columns), default=None)
        mine = [(at[0], day) for at, day in left if nearest is None or at[1] == nearest]
        if mine or rows:
            return tuple(sorted(mine or [(at[0], day) for at, day in rows]))
        above = [(at[0], day) for at, day in self._marks.days_down if at[0] < self._band.line.row]
        return tuple(above[-1:])

    def places(self, has_lesson: Callable[[int], bool]) -> Iterator[RowPlace]:
        """Every row that is a lesson's; `has_lesson` tells whether the block has a text of a lesson there."""
        walk = _Walk(day=self._sheet_day if self._across is None else self._across)
        for row in self._band.rows:
            if row in self._breaks:
                walk.last, walk.is_open, walk.has_ended = (), False, False
            self._enter_day(walk, row)
            place = None if walk.has_ended else self._place(walk, row, has_lesson)
            if place is not None:
                yield place

    def _enter_day(self, walk: _Walk, row: int) -> None:
        begun = [(at, day) for at, day in self._days if at <= row]
        if not begun or begun[-1][0] == walk.day_row:
            return
        at, day = begun[-1]
        if walk.day is not None and walk.day_row >= 0 and day <= walk.day:
            walk.region += 1
        walk.day_row, walk.day, walk.shift, walk.last, walk.is_open, walk.has_ended = at, day, 0, (), False, False

    def _place(self, walk: _Walk, row: int, has_lesson: Callable[[int], bool]) -> RowPlace | None:
        is_lesson = has_lesson(row)
        numbers = self._numbers(row)
        if numbers:
            return self._numbered(walk, row, numbers, is_lesson=is_lesson)
        if not is_lesson:
            walk.is_open = False
            return None
        if self._block.numbers is None:
            return self._counted(walk, row)
        if walk.last and walk.is_open:
            return self._made(walk, row, walk.last, is_second_line=True)
        if not walk.last and walk.day is not None and self._is_before_first(row):
            return self._made(walk, row, (0,), guess="zero")
        return None

    def _numbers(self, row: int) -> tuple[int, ...]:
        """The number of a row; a merged pair («1-2 урок») over two rows numbers each of them."""
        column = self._block.numbers
        cell = None if column is None else self._marks.sheet.seen_at(row, column)
        if cell is not None and column is not None and cell.column < column:  # a lesson merged over several classes
            left = [other for other in self._band.numbers if other < cell.column]
            cell = self._marks.sheet.seen_at(row, left[-1]) if left else None
        if cell is None:
            return ()
        numbers = self._marks.numbers.get((cell.row, cell.column), ())
        if len(numbers) > 1 and cell.rows == len(numbers):
            return (numbers[row - cell.row],)
        return numbers

    def _numbered(self, walk: _Walk, row: int, numbers: tuple[int, ...], *, is_lesson: bool) -> RowPlace | None:
        column = self._block.numbers
        is_own = column is not None and self._marks.sheet.at(row, column) is not None
        guess = ""
        if walk.last and numbers[0] < walk.last[0]:
            if not is_lesson or not self._next_day(walk):
                walk.has_ended = True
                return None
            guess = "day"
        is_repeated = is_own and numbers == walk.last and not guess
        if is_repeated and self._skips_next(row, numbers[0]):
            numbers, guess, is_repeated = (numbers[0] + 1,), "gap", False
        walk.last, walk.is_open = numbers, True
        if not is_lesson:
            return None
        is_second = not is_own and self._is_lower_part(row)
        return self._made(walk, row, numbers, is_second_line=is_second, is_repeated=is_repeated, guess=guess)

    def _skips_next(self, row: int, number: int) -> bool:
        """3, 3, 5: the second 3 was meant as 4."""
        below = (self._numbers(later) for later in range(row + 1, min(row + ABOVE, self._band.rows.stop)))
        return next((numbers[0] for numbers in below if numbers), 0) == number + 2

    def _is_lower_part(self, row: int) -> bool:
        cell = self._marks.sheet.seen_at(row, self._block.numbers or 0)
        return cell is not None and cell.row < row and len(self._marks.numbers.get((cell.row, cell.column), ())) == 1

    def _next_day(self, walk: _Walk) -> bool:
        """A day whose name was forgotten follows the one above; not where the days stand across."""
        if walk.day is None or not self._days or walk.day >= LAST_SCHOOL_DAY:
            return False
        walk.day, walk.shift = walk.day + 1, walk.shift + 1
        return True

    def _counted(self, walk: _Walk, row: int) -> RowPlace | None:
        """Without a column of numbers, rows are counted from the first of the day; bells that repeat are one."""
        bells = self._marks.sheet.seen_at(row, self._block.times) if self._block.times is not None else None
        is_same = bells is not None and bells.row < row
        number = (walk.last[0] if walk.last else 0) + (not is_same)
        walk.last, walk.is_open = (max(number, 1),), True
        return self._made(walk, row, walk.last, is_second_line=is_same, guess="number")

    def _is_before_first(self, row: int) -> bool:
        below = (self._numbers(later) for later in range(row + 1, min(row + 3, self._band.rows.stop)))
        return next((numbers for numbers in below if numbers), (0,))[0] == 1

    def _made(
        self,
        walk: _Walk,
        row: int,
        periods: tuple[int, ...],
        *,
        is_second_line: bool = False,
        is_repeated: bool = False,
        guess: str = "",
    ) -> RowPlace | None:
        if walk.day is None:
            return None
        weeks = [week for at, week in self._weeks if at <= row]
        week = weeks[-1] if weeks else self._sheet_week
        dated = self._is_dated(walk.day_row)
        return RowPlace(row, walk.day, periods, walk.region, week, dated, is_second_line, is_repeated, guess)

    def _is_dated(self, day_row: int) -> bool:
        cells = self._marks.sheet.rows.get(day_row, ()) if day_row >= 0 else ()
        return any(
            is_dated(cell.text) and (cell.row, cell.column) not in self._marks.numbers
            for cell in cells
            if (cell.row, cell.column) in self._marks.days or cell.moment is not None
        )

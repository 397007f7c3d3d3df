"""What each cell of a sheet could be, and which lines of it are headings: the ground on which a layout is told."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from scheduler.imports.grids.class_words import ClassLabel, class_of, college_group_of, guess_class
from scheduler.imports.grids.place_words import is_person
from scheduler.imports.grids.words import heading_of, is_bells_alone, numbers_of, week_of, weekday_of
from scheduler.imports.sheets.cells import Cell, Position, Sheet

FEWEST = 2
LONGEST_WEEK_TITLE = 50


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A row whose cells head columns: labels of classes (or teachers), or days."""

    row: int
    cells: tuple[Cell, ...]

    @property
    def first_column(self) -> int:
        return self.cells[0].column

    @property
    def last_column(self) -> int:
        return self.cells[-1].column + self.cells[-1].columns - 1


class Marks:
    """The cells of a sheet sorted by what their text is on its own."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.days: dict[Position, int] = {}
        self.labels: dict[Position, ClassLabel] = {}
        self.numbers: dict[Position, tuple[int, ...]] = {}
        self.headings: dict[Position, str] = {}
        self.bells: set[Position] = set()
        self.weeks: dict[Position, int] = {}
        self.guessed: set[Position] = set()
        for position, cell in sheet.cells.items():
            self._mark(position, cell)
        self._mark_spelt_days()
        self._mark_damaged_labels()

    def _mark(self, position: Position, cell: Cell) -> None:
        numbers = numbers_of(cell)
        day = None if numbers else weekday_of(cell.text)
        label = None if numbers or day is not None else class_of(cell.text)
        heading = heading_of(cell.text)
        week = week_of(cell.text) if len(cell.text) <= LONGEST_WEEK_TITLE else None
        if numbers:
            self.numbers[position] = numbers
        if day is not None:
            self.days[position] = day
        if label is not None:
            self.labels[position] = label
        if heading is not None:
            self.headings[position] = heading
        if week is not None:
            self.weeks[position] = week
        if is_bells_alone(cell.text):
            self.bells.add(position)

    def _mark_spelt_days(self) -> None:
        """A day written down a column, one letter a cell, stands where its first letter does."""
        for cells in self.sheet.columns.values():
            run: list[Cell] = []
            for cell in cells:
                is_letter = len(cell.text) == 1 and cell.text.isalpha()
                if not is_letter or (run and cell.row != run[-1].row + 1):
                    self._mark_run(run)
                    run = []
                if is_letter:
                    run.append(cell)
            self._mark_run(run)

    def _mark_run(self, run: list[Cell]) -> None:
        day = weekday_of("".join(letter.text for letter in run)) if len(run) > FEWEST else None
        if day is not None:
            self.days[run[0].row, run[0].column] = day

    def _mark_damaged_labels(self) -> None:
        """A date among the labels of a row is a label that the program of the sheet took for a date."""
        for cells in self.sheet.rows.values():
            known = frozenset(self.labels[at].key for cell in cells if (at := (cell.row, cell.column)) in self.labels)
            damaged = [cell for cell in cells if cell.moment is not None]
            if len(known) < FEWEST or len(damaged) > len(known):
                continue
            for cell in damaged:
                guess = guess_class(cell, known)
                if guess is not None:
                    self.labels[cell.row, cell.column] = guess
                    self.guessed.add((cell.row, cell.column))
                    known |= {guess.key}

    def is_label(self, cell: Cell) -> bool:
        return (cell.row, cell.column) in self.labels

    def is_service(self, cell: Cell) -> bool:
        """True for a cell that cannot be a lesson: a day, a number, times, a heading, a title of a week."""
        at = (cell.row, cell.column)
        return at in self.days or at in self.numbers or at in self.bells or at in self.headings or at in self.weeks

    @cached_property
    def class_lines(self) -> tuple[HeadLine, ...]:
        """Rows of class labels; where a sheet has none, rows of college groups."""
        down = self.class_columns
        lines = tuple(self._lines(lambda cell: self.is_label(cell) and cell.column not in down, least=1))
        if lines or self.labels:
            return lines
        for position, cell in self.sheet.cells.items():
            group = None if self.is_service(cell) else college_group_of(cell.text)
            if group is not None:
                self.labels[position] = group
        lines = tuple(self._lines(self.is_label, least=FEWEST))
        if not lines:
            self.labels.clear()
        return lines

    @cached_property
    def class_columns(self) -> frozenset[int]:
        """Columns with class labels down them, beside the lessons of each."""
        rows: Counter[int] = Counter()
        beside: Counter[int] = Counter()
        in_row = Counter(row for row, _column in self.labels)
        for row, column in self.labels:
            rows[column] += 1
            beside[column] += in_row[row] == 1 and any(
                not self.is_label(cell) and not self.is_service(cell) for cell in self.sheet.rows[row]
            )
        return frozenset(column for column in rows if rows[column] >= FEWEST and beside[column] * 2 > rows[column])

    @cached_property
    def day_lines(self) -> tuple[HeadLine, ...]:
        """Rows with several days: days side by side."""
        return tuple(self._lines(lambda cell: (cell.row, cell.column) in self.days, least=FEWEST))

    @cached_property
    def people_lines(self) -> tuple[HeadLine, ...]:
        """Rows with many names of persons: teachers side by side."""
        lines = []
        for row, cells in self.sheet.rows.items():
            people = tuple(cell for cell in cells if is_person(cell.text))
            if len(people) > FEWEST and len(people) * 2 > len(cells):
                lines.append(HeadLine(row, people))
        return tuple(lines)

    def _lines(self, belongs: Callable[[Cell], bool], *, least: int) -> Iterator[HeadLine]:
        for row, cells in self.sheet.rows.items():
            mine = tuple(cell for cell in cells if belongs(cell))
            others = sum(not belongs(cell) and not self.is_service(cell) for cell in cells)
            distinct = len({self.days.get((cell.row, cell.column), cell.text) for cell in mine})
            if distinct >= least and others * 2 <= len(mine) and not any(cell.is_hidden for cell in mine):
                yield HeadLine(row, mine)

    @cached_property
    def days_down(self) -> tuple[tuple[Position, int], ...]:
        """The days that head rows: those in no row of days."""
        across = {line.row for line in self.day_lines}
        return tuple(sorted((at, day) for at, day in self.days.items() if at[0] not in across))

    @cached_property
    def day_columns(self) -> frozenset[int]:
        """Columns that hold days and little else."""
        days = Counter(at[1] for at, _day in self.days_down)
        return frozenset(
            column
            for column, times in days.items()
            if times * 2 > sum(not self.is_service(cell) for cell in self.sheet.columns[column])
        )

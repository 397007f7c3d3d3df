"""The board on which a block's weekly timetable is laid: classes' cells, lessons in them, teachers' hours taken.

Hours of different bells that overlap by the clock count as one, by every column of bells at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler.demo.bells import REGULAR_HOURS, REMOTE_HOURS, SHORTENED_HOURS, SPRING_GRADE_ONE, Hours, meet
from scheduler.demo.blueprint import Bells
from scheduler.demo.curriculum import DAY_LENGTHS, HORIZON_GRADES, SPORT, points
from scheduler.demo.staffing import Block, Unit, bells_of

DAYS = 5
MONDAY, THURSDAY = 0, 3
HARD_POINTS = {grade: 7 if grade < 5 else 8 for grade in range(1, 12)}  # noqa: PLR2004 - the primary school's border


@dataclass(frozen=True, slots=True)
class Piece:
    """One weekly hour of a unit, to be put into a cell."""

    unit: Unit
    points: int
    is_hard: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a class's week. `mark` is its hour in a teacher's week, `marks` all hours that overlap with it."""

    day: int
    period: int
    mark: int
    marks: tuple[int, ...]


@dataclass(slots=True)
class ClassWeek:
    """One class: its cells in order and the piece in each; a fixed cell's piece does not move."""

    grade: int
    cells: list[Cell]
    pieces: list[Piece]
    days: list[list[int]] = field(default_factory=list)

    def index_days(self) -> None:
        self.days = [[n for n, cell in enumerate(self.cells) if cell.day == day] for day in range(DAYS)]


def _columns() -> list[dict[Bells, Hours]]:
    return [REGULAR_HOURS, {**REGULAR_HOURS, Bells.GRADE_ONE: SPRING_GRADE_ONE}, SHORTENED_HOURS, REMOTE_HOURS]


def _hour_marks() -> tuple[dict[tuple[Bells, int], int], dict[int, tuple[int, ...]]]:
    """Numbers of the hours of all bells, and for each the numbers of those that it overlaps in any column."""
    names = [(bells, number) for bells in Bells for number, _, _ in REGULAR_HOURS[bells]]
    overlaps: dict[int, set[int]] = {n: {n} for n in range(len(names))}
    for column in _columns():
        spans = [next((s, e) for n, s, e in column[bells] if n == number) for bells, number in names]
        for one, span in enumerate(spans):
            overlaps[one] |= {other for other, there in enumerate(spans) if meet(span, there)}
    return {name: n for n, name in enumerate(names)}, {n: tuple(sorted(found)) for n, found in overlaps.items()}


_MARK, _OVERLAPS = _hour_marks()
_HOURS_A_DAY = len(_MARK)


def cell_of(bells: Bells, day: int, period: int) -> Cell:
    """The cell of a weekday (0 Monday) and period."""
    mark = _MARK[bells, period]
    base = day * _HOURS_A_DAY
    return Cell(day, period, base + mark, tuple(base + other for other in _OVERLAPS[mark]))


def leading_activities(grade: int) -> tuple[int, ...]:
    """Weekdays (0 Monday) whose first hour is an activity of the class teacher with the whole class."""
    return (MONDAY, THURSDAY) if grade in HORIZON_GRADES else (MONDAY,)


def _cells(grade: int) -> list[Cell]:
    found = []
    for day, lessons in enumerate(DAY_LENGTHS[grade]):
        first = 2 if day in leading_activities(grade) else 1
        found += [cell_of(bells_of(grade), day, period) for period in range(first, first + lessons)]
    return found


def _pieces(units: Iterable[Unit], grade: int) -> list[Piece]:
    return [
        Piece(unit, points(unit.subject, grade), points(unit.subject, grade) >= HARD_POINTS[grade])
        for unit in units
        for _ in range(unit.hours)
    ]


class Board:
    """All weeks of a block, and how many lessons stand in each hour of each teacher (`busy[teacher][mark]`)."""

    def __init__(self, block: Block) -> None:
        self.busy = [[0] * (_HOURS_A_DAY * DAYS) for _ in block.teams]
        self.weeks: list[ClassWeek] = []
        self.bonus: dict[int, tuple[Cell, Piece]] = {}
        for number, grade in enumerate(block.grades):
            for day in leading_activities(grade):
                self._take((block.class_teachers[number],), cell_of(bells_of(grade), day, 1), 1)
            self._lay(block, number, grade)

    def _lay(self, block: Block, number: int, grade: int) -> None:
        pieces = _pieces((unit for unit in block.units if unit.class_number == number), grade)
        if grade == 1:
            self._lay_bonus(number, pieces)
        week = ClassWeek(grade, _cells(grade), pieces)
        week.index_days()
        self.weeks.append(week)
        for cell, piece in zip(week.cells, week.pieces, strict=True):
            self._take(piece.unit.teachers, cell, 1)

    def _lay_bonus(self, number: int, pieces: list[Piece]) -> None:
        """Grade 1 has a fifth lesson once a week, and it is physical education (СП 2.4.3648-20)."""
        piece = next(piece for piece in pieces if piece.unit.subject == SPORT)
        pieces.remove(piece)
        cell = cell_of(Bells.GRADE_ONE, (1, 4, 2)[number % 3], 5)
        self.bonus[number] = (cell, piece)
        self._take(piece.unit.teachers, cell, 1)

    def _take(self, teachers: tuple[int, ...], cell: Cell, step: int) -> None:
        for teacher in teachers:
            row = self.busy[teacher]
            for mark in cell.marks:
                row[mark] += step

    def clashes_at(self, week: ClassWeek, place: int) -> int:
        """How many other lessons the teachers of the lesson in a place have then."""
        mark = week.cells[place].mark
        return sum(self.busy[teacher][mark] - 1 for teacher in week.pieces[place].unit.teachers)

    def clashes_moved(self, week: ClassWeek, place: int, target: int) -> int:
        """How many they would have in `target`, once the lesson that stands there has gone."""
        mark = week.cells[target].mark
        leaving = week.pieces[target].unit.teachers
        return sum(self.busy[t][mark] - (t in leaving) for t in week.pieces[place].unit.teachers)

    def swap(self, week: ClassWeek, one: int, other: int) -> None:
        """Exchange the lessons of two places of a class."""
        for place, target in ((one, other), (other, one)):
            self._take(week.pieces[place].unit.teachers, week.cells[place], -1)
            self._take(week.pieces[place].unit.teachers, week.cells[target], 1)
        week.pieces[one], week.pieces[other] = week.pieces[other], week.pieces[one]

"""Lays a block's weekly timetable: clashes are repaired by swaps within a class, then the days are made better.

Min-conflicts with a short memory of undone swaps; deterministic from the seed, no clock is looked at.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scheduler.demo.board import DAYS, MONDAY, THURSDAY, Board, ClassWeek, Piece
from scheduler.demo.curriculum import LABOUR
from scheduler.demo.staffing import Block, staffed_block

_CLASH = 1000
_REPAIRS = 60_000
_POLISHING_PER_CLASS = 2500
_TABU = 12
_WEDNESDAY, _FRIDAY = 2, 4
_TENTH = 10


class NoTimetableError(RuntimeError):
    """The repair did not end; a school of this size and seed cannot be shown."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson in its place: `weekday` is 1 Monday … 5 Friday."""

    unit: int
    weekday: int
    period: int


@dataclass(frozen=True, slots=True)
class BlockTimetable:
    block: Block
    placed: tuple[Placed, ...]


@lru_cache(maxsize=16)
def block_timetable(size: int, seed: int) -> BlockTimetable:
    """The timetable of a block of `size` classes; blocks of one size share it, with teachers of their own."""
    block = staffed_block(size)
    board = Board(block)
    chance = random.Random(f"{seed}/{size}")
    _deal(board, chance)
    _repair(board, chance)
    _polish(board, chance)
    placed = [
        Placed(piece.unit.number, cell.day + 1, cell.period)
        for week in board.weeks
        for cell, piece in zip(week.cells, week.pieces, strict=True)
    ]
    placed += [Placed(piece.unit.number, cell.day + 1, cell.period) for cell, piece in board.bonus.values()]
    return BlockTimetable(block, tuple(sorted(placed, key=lambda item: (item.unit, item.weekday, item.period))))


def _deal(board: Board, chance: random.Random) -> None:
    """Begin with each class's subjects spread over the week in a random order."""
    for week in board.weeks:
        for place in range(len(week.cells)):
            board.swap(week, place, chance.randrange(len(week.cells)))


def _repair(board: Board, chance: random.Random) -> None:
    tabu: dict[tuple[int, int, int], int] = {}
    hot: list[tuple[int, int]] = []
    for step in range(_REPAIRS):
        if not hot:
            hot = _conflicts(board)
            chance.shuffle(hot)
        if not hot:
            return
        number, place = hot.pop()
        week = board.weeks[number]
        if board.clashes_at(week, place) <= 0:
            continue
        target = _best_target(board, week, place, _Memory(tabu, number, step), chance)
        for gone in (place, target):
            tabu[number, week.pieces[gone].unit.number, gone] = step + _TABU + chance.randrange(_TABU)
        board.swap(week, place, target)
        hot += [(number, target), (number, place)]
    raise NoTimetableError(f"{len(_conflicts(board))} lessons still clash")


@dataclass(frozen=True, slots=True)
class _Memory:
    until: dict[tuple[int, int, int], int]
    number: int
    step: int

    def forbids(self, unit: int, place: int) -> bool:
        return self.until.get((self.number, unit, place), 0) > self.step


def _conflicts(board: Board) -> list[tuple[int, int]]:
    return [
        (number, place)
        for number, week in enumerate(board.weeks)
        for place in range(len(week.cells))
        if board.clashes_at(week, place) > 0
    ]


def _best_target(board: Board, week: ClassWeek, place: int, memory: _Memory, chance: random.Random) -> int:
    """The place to swap with that leaves fewest clashes, then the better days; any by chance where all are tabu."""
    unit = week.pieces[place].unit.number
    here = board.clashes_at(week, place)
    best: list[int] = []
    lowest = 0.0
    for target, piece in enumerate(week.pieces):
        if piece.unit.number == unit or memory.forbids(unit, target) or memory.forbids(piece.unit.number, place):
            continue
        clashes = board.clashes_moved(week, place, target) + board.clashes_moved(week, target, place)
        cost = _CLASH * (clashes - here - board.clashes_at(week, target))
        cost += _day_change(week, place, target) if cost <= 0 else 0
        if not best or cost < lowest:
            best, lowest = [target], cost
        elif cost == lowest:
            best.append(target)
    return chance.choice(best or [n for n in range(len(week.cells)) if n != place])


def _polish(board: Board, chance: random.Random) -> None:
    """Swaps that keep every teacher free and make the class's days better or no worse."""
    for week in board.weeks:
        for _ in range(_POLISHING_PER_CLASS):
            one, other = chance.randrange(len(week.cells)), chance.randrange(len(week.cells))
            if week.pieces[one].unit is week.pieces[other].unit:
                continue
            if board.clashes_moved(week, one, other) or board.clashes_moved(week, other, one):
                continue
            if _day_change(week, one, other) <= 0:
                board.swap(week, one, other)


def _day_change(week: ClassWeek, one: int, other: int) -> int:
    """By how much a swap makes the class's week worse (below 0: better)."""
    days = {week.cells[one].day, week.cells[other].day}
    before = _week_cost(week, days)
    pieces = week.pieces
    pieces[one], pieces[other] = pieces[other], pieces[one]
    after = _week_cost(week, days)
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return after - before


def _week_cost(week: ClassWeek, days: set[int]) -> int:
    cost = sum(_day_cost([week.pieces[place] for place in week.days[day]], week.grade) for day in days)
    return cost + (_balance_cost(week) if len(days) > 1 else 0)


def _day_cost(pieces: Sequence[Piece], grade: int) -> int:
    """Same subject twice, hard subjects first or late, more than two hard ones in a row."""
    cost, row, seen = 0, 0, set()
    latest = 2 if grade < 5 else 3  # noqa: PLR2004 - the primary school's border
    for place, piece in enumerate(pieces):
        subject = piece.unit.subject
        if subject in seen:
            cost += _repeat_cost(pieces, place, grade)
        seen.add(subject)
        row = row + 1 if piece.is_hard else 0
        cost += 6 if row > 2 else 0  # noqa: PLR2004 - two in a row are usual
        if piece.is_hard and not 1 <= place <= latest:
            cost += 2 if place else 3
    return cost


def _repeat_cost(pieces: Sequence[Piece], place: int, grade: int) -> int:
    """A double lesson of «Труд» is usual, one of another subject only in grades 10–11."""
    is_double = pieces[place - 1].unit is pieces[place].unit
    if pieces[place].unit.subject == LABOUR:
        return -8 if is_double else 20
    return 4 if is_double and grade >= _TENTH else 40


def _balance_cost(week: ClassWeek) -> int:
    """Wednesday or Thursday is the lightest day by points, and neither Monday nor Friday the heaviest."""
    totals = [sum(week.pieces[place].points for place in week.days[day]) for day in range(DAYS)]
    lightest_other = min(totals[MONDAY], totals[1], totals[_FRIDAY])
    light = max(0, totals[THURSDAY] + 1 - lightest_other)
    heaviest = max(totals[1], totals[_WEDNESDAY])
    heavy = max(0, max(totals[MONDAY], totals[_FRIDAY]) + 1 - heaviest)
    return 6 * (light + heavy)

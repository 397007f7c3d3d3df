"""What a mix may be: rows of the form «of these at most so many», the same for both methods.

Rows: each kind of pupil has no more calls than the class is wished and no more minutes than its budget; at most two
calls in a row and a break between them; no teacher, no pupil and no room of calls in two at once. What stands already
counts in every row and is never blamed on the choice: where it takes all there is, nothing is added.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.rules.breaks import near_pairs
from scheduler.rules.clashes import meeting_pairs
from scheduler.rules.facts import LessonFacts
from scheduler.rules.mix.ground import Day, Ground, clash, hours_of_kind
from scheduler.rules.mix.pupils import Kind

MOST_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Row:
    """The weights of the chosen among these numbers sum up to at most `most`."""

    numbers: tuple[int, ...]
    weights: tuple[int, ...]
    most: int


def rows_of(ground: Ground) -> list[Row]:
    """Everything that holds for a mix, without rows that cannot bind and without the same row twice."""
    tightest: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for row in _all_rows(ground):
        if row.numbers and sum(row.weights) > row.most:
            key = (row.numbers, row.weights)
            tightest[key] = min(row.most, tightest.get(key, row.most))
    return [Row(numbers, weights, most) for (numbers, weights), most in tightest.items()]


def _all_rows(ground: Ground) -> Iterator[Row]:
    for day in ground.days.values():
        for kind in day.kinds:
            yield from _of_pupils(ground, day, kind)
        yield from _breaks(ground, day)
    yield from _one_at_a_time(ground)
    yield from _pairs_of_groups(ground)


def _of_pupils(ground: Ground, day: Day, kind: Kind) -> Iterator[Row]:
    mine = tuple(number for number in day.numbers if kind.attends(ground.calls[number].group))
    standing = [one for one in day.standing if kind.attends(one.group)]
    minutes = tuple(ground.calls[number].screen_minutes for number in mine)
    used = sum(one.screen_minutes for one in standing)
    yield _ones(mine, max(ground.rules.calls(day.klass) - len(standing), 0))
    yield Row(mine, minutes, max(ground.rules.budget(day.klass) - used, 0))
    yield from _in_a_row(ground, hours_of_kind(day, kind))


def _in_a_row(ground: Ground, hours: Sequence[Sequence[LessonFacts]]) -> Iterator[Row]:
    size = MOST_IN_A_ROW + 1
    for first in range(len(hours) - MOST_IN_A_ROW):
        window = hours[first : first + size]
        called = sum(any(one.screen_minutes for one in hour) for hour in window)
        found = [ground.number_of[one.id] for hour in window for one in hour if one.id in ground.number_of]
        yield _ones(tuple(found), max(MOST_IN_A_ROW - called, 0))


def _breaks(ground: Ground, day: Day) -> Iterator[Row]:
    """Between two calls of the same pupils at least the break of the pack, whatever bells each of them follows."""
    calls = [ground.calls[number] for number in day.numbers] + list(day.standing)
    ordered = sorted(calls, key=lambda one: (one.start, one.end, one.id or 0))
    for pair in near_pairs(ordered, ground.rules.pack.limits["BREAK_MIN"].limit * 60):
        found = tuple(sorted(ground.number_of[one.id] for one in pair if one.id in ground.number_of))
        yield _ones(found, len(found) - 1)


def _one_at_a_time(ground: Ground) -> Iterator[Row]:
    """Teachers and rooms of calls: of those running at one moment at most one."""
    sharing: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, call in enumerate(ground.calls):
        for person_id in call.teacher_ids:
            sharing[call.date, "teacher", person_id].append(number)
        if call.join_resource is not None:
            sharing[call.date, "call", call.join_resource].append(number)
    for numbers in sharing.values():
        yield from (_ones(together, 1) for together in _at_one_moment(ground.calls, numbers))


def _at_one_moment(calls: Sequence[LessonFacts], numbers: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """The largest sets that run at one moment."""
    running: list[int] = []
    has_grown = False
    for number in sorted(numbers, key=lambda one: (calls[one].start, one)):
        still = [one for one in running if calls[one].end > calls[number].start]
        if has_grown and len(still) < len(running):
            yield tuple(sorted(running))
        running, has_grown = [*still, number], True
    yield tuple(sorted(running))


def _pairs_of_groups(ground: Ground) -> Iterator[Row]:
    numbers = {id(call): number for number, call in enumerate(ground.calls)}
    for one, other in meeting_pairs(ground.calls):
        if clash(one, other, ground.rules):
            yield _ones(tuple(sorted((numbers[id(one)], numbers[id(other)]))), 1)


def _ones(numbers: tuple[int, ...], most: int) -> Row:
    return Row(numbers, (1,) * len(numbers), most)

"""The plain choice that is always there: the most valuable lesson first, then swaps while they bring something."""

import heapq
from collections.abc import Iterable, Sequence

from scheduler.rules.mix.objective import Objective
from scheduler.rules.mix.problem import Row
from scheduler.rules.mix.state import State

MOST_ROUNDS = 6


def choose_greedily(rows: Sequence[Row], objective: Objective) -> frozenset[int]:
    """The numbers of a good mix; the same problem gives the same mix. It proves nothing."""
    state = State(rows, objective)
    fill(state, range(len(objective.worth)))
    for _round in range(MOST_ROUNDS):
        before = state.value
        for number in range(len(objective.worth)):
            if number not in state.chosen:
                _try_in_place(state, number)
        if state.value == before:
            break
    return frozenset(state.chosen)


def fill(state: State, numbers: Iterable[int]) -> list[int]:
    """Add what fits and brings something, the most valuable first; answers what was added."""
    waiting = [(-state.gain(number), number) for number in numbers if number not in state.chosen]
    heapq.heapify(waiting)
    added: list[int] = []
    while waiting:
        promised, number = heapq.heappop(waiting)
        if not state.takes(number):
            continue
        gain = state.gain(number)
        if -gain != promised:
            heapq.heappush(waiting, (-gain, number))
        elif gain > 0:
            state.add(number)
            added.append(number)
    return added


def _try_in_place(state: State, number: int) -> None:
    """Put the number in for the cheapest that stand in its way, fill what this frees, keep it where the sum grows."""
    before = state.value
    dropped = _make_room(state, number)
    if not state.takes(number):
        _undo(state, [], dropped)
        return
    state.add(number)
    freed = {other for one in dropped for other in state.neighbours(one)} - {number}
    added = fill(state, sorted(freed))
    if state.value <= before:
        _undo(state, [number, *added], dropped)


def _undo(state: State, added: Iterable[int], dropped: Iterable[int]) -> None:
    for one in added:
        state.drop(one)
    for one in dropped:
        state.add(one)


def _make_room(state: State, number: int) -> list[int]:
    dropped: list[int] = []
    while full := state.full_rows(number):
        standing = sorted(one for one in state.rows[full[0]].numbers if one in state.chosen)
        if not standing:
            break
        cheapest = min(standing, key=lambda one: (state.loss(one), one))
        state.drop(cheapest)
        dropped.append(cheapest)
    return dropped

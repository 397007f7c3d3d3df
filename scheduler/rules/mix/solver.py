"""The optional solver: OR-Tools CP-SAT looks for the best mix and proves how much better any other could be.

It is never needed: without the extra `optimiser` the plain choice answers. The same problem gives the same mix: one
seed, one order, and a limit of deterministic time; the limit by the clock is only there for a machine in distress.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from scheduler.rules.mix.objective import Objective, Steps
from scheduler.rules.mix.problem import Row

SEED = 1
MOST_WORK = 2.0
MOST_SECONDS = 7.0
ROUNDING = 1e-3
"""All worth is whole; the solver tells its bound as a float that may lie a hair below the whole number."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The chosen numbers and the value that no mix can exceed."""

    chosen: frozenset[int]
    bound: int


def solver_is_there() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def solve(rows: Sequence[Row], objective: Objective, start: Collection[int]) -> Solved:
    """The best mix found within the limits, at least as good as `start`."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - an optional extra, slow to import

    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"call{number}") for number in range(len(objective.worth))]
    for row in rows:
        _hold(model, row, [chosen[number] for number in row.numbers])
    model.maximize(sum(_terms(model, objective, chosen)))
    for number, variable in enumerate(chosen):
        model.add_hint(variable, number in start)
    solver = _solver(cp_model)
    status = solver.solve(model)
    bound = math.floor(solver.best_objective_bound + ROUNDING)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(frozenset(start), bound)
    found = frozenset(number for number, variable in enumerate(chosen) if solver.value(variable))
    best = max((frozenset(start), found), key=objective.value)
    return Solved(best, bound)


def _solver(cp_model: Any) -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = SEED
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # the mix is close to its linear relaxation: many times faster here
    solver.parameters.max_deterministic_time = MOST_WORK
    solver.parameters.max_time_in_seconds = MOST_SECONDS
    return solver


def _hold(model: Any, row: Row, variables: list[Any]) -> None:
    if row.most == 1 and set(row.weights) == {1}:
        model.add_at_most_one(variables)
    else:
        model.add(sum(weight * one for weight, one in zip(row.weights, variables, strict=True)) <= row.most)


def _terms(model: Any, objective: Objective, chosen: Sequence[Any]) -> list[Any]:
    found = [worth * one for worth, one in zip(objective.worth, chosen, strict=True) if worth]
    for index, steps in enumerate(objective.steps):
        found += _stairs(model, steps, [chosen[number] for number in steps.numbers], f"step{index}")
    for index, term in enumerate(objective.all_of):
        whole = model.new_bool_var(f"together{index}")
        for number in term.numbers:
            model.add_implication(whole, chosen[number])
        found.append(term.gain * whole)
    return found


def _stairs(model: Any, steps: Steps, variables: list[Any], name: str) -> list[Any]:
    """As many steps as there are chosen; gains never grow, so the best sum takes the first steps first."""
    if len(variables) == 1:
        return [steps.gains[0] * variables[0]]
    taken = [model.new_bool_var(f"{name}.{nth}") for nth in range(len(steps.gains))]
    model.add(sum(taken) == sum(variables))
    return [gain * one for gain, one in zip(steps.gains, taken, strict=True)]

"""A mix while it is built: what adding or dropping one call does to rows and value, without counting all anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.rules.mix.objective import Objective
from scheduler.rules.mix.problem import Row


@dataclass(slots=True)
class State:
    """The chosen numbers with the sums that they make."""

    rows: Sequence[Row]
    objective: Objective
    chosen: set[int] = field(default_factory=set)
    value: int = 0
    _filled: list[int] = field(init=False)
    _counts: list[int] = field(init=False)
    _whole: list[int] = field(init=False)
    _rows_of: list[list[tuple[int, int]]] = field(init=False)
    _steps_of: list[list[int]] = field(init=False)
    _all_of: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.objective.worth)
        self._filled = [0] * len(self.rows)
        self._counts = [0] * len(self.objective.steps)
        self._whole = [0] * len(self.objective.all_of)
        self._rows_of = [[] for _ in range(size)]
        self._steps_of = [[] for _ in range(size)]
        self._all_of = [[] for _ in range(size)]
        for index, row in enumerate(self.rows):
            for number, weight in zip(row.numbers, row.weights, strict=True):
                self._rows_of[number].append((index, weight))
        for index, steps in enumerate(self.objective.steps):
            for number in steps.numbers:
                self._steps_of[number].append(index)
        for index, whole in enumerate(self.objective.all_of):
            for number in whole.numbers:
                self._all_of[number].append(index)

    def gain(self, number: int) -> int:
        """What adding the number would bring."""
        found = self.objective.worth[number]
        for index in self._steps_of[number]:
            found += self.objective.steps[index].gains[self._counts[index]]
        for index in self._all_of[number]:
            term = self.objective.all_of[index]
            found += term.gain if self._whole[index] == len(term.numbers) - 1 else 0
        return found

    def full_rows(self, number: int) -> list[int]:
        """The rows that adding the number would break."""
        return [
            index for index, weight in self._rows_of[number] if self._filled[index] + weight > self.rows[index].most
        ]

    def takes(self, number: int) -> bool:
        """Whether the number can be added."""
        return all(self._filled[index] + weight <= self.rows[index].most for index, weight in self._rows_of[number])

    def add(self, number: int) -> None:
        """Choose the number."""
        self.value += self.gain(number)
        self.chosen.add(number)
        self._count(number, 1)

    def drop(self, number: int) -> None:
        """Take the number out again."""
        self.chosen.remove(number)
        self._count(number, -1)
        self.value -= self.gain(number)

    def _count(self, number: int, sign: int) -> None:
        for index, weight in self._rows_of[number]:
            self._filled[index] += sign * weight
        for index in self._steps_of[number]:
            self._counts[index] += sign
        for index in self._all_of[number]:
            self._whole[index] += sign

    def loss(self, number: int) -> int:
        """What dropping the number would cost."""
        before = self.value
        self.drop(number)
        cost = before - self.value
        self.add(number)
        return cost

    def neighbours(self, number: int) -> set[int]:
        """The numbers that share a row with this one."""
        return {other for index, _weight in self._rows_of[number] for other in self.rows[index].numbers}

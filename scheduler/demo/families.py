"""Pupils of the demo school, their parents, and how the classes are divided."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.demo.blueprint import DivisionSpec, PersonSpec
from scheduler.demo.curriculum import HOURS, Split, split_of
from scheduler.demo.names import Names

PUPILS_A_CLASS = 25
_SIBLINGS = 0.08
_TWO_PARENTS = 0.75


@dataclass(frozen=True, slots=True)
class _Family:
    surname: str
    father: str
    parents: tuple[str, ...]


@dataclass(slots=True)
class Families:
    """Everybody's people, each class's pupils, and (parent, child) pairs."""

    people: list[PersonSpec] = field(default_factory=list)
    pupils: dict[str, list[PersonSpec]] = field(default_factory=dict)
    guardians: list[tuple[str, str]] = field(default_factory=list)
    _recent: list[_Family] = field(default_factory=list)

    def fill(self, label: str, names: Names, chance: random.Random) -> None:
        """A class of 25, a few of them brothers and sisters of pupils of other classes."""
        known = [family for family in self._recent if chance.random() < _SIBLINGS][:3]
        found = []
        for number in range(PUPILS_A_CLASS):
            family = known[number] if number < len(known) else self._family(f"{label}-{number + 1}", names, chance)
            is_female = chance.random() < 0.5  # noqa: PLR2004 - as many girls as boys
            child = names.child(f"pupil:{label}-{number + 1}", family.surname, family.father, is_female=is_female)
            found.append(child)
            self.guardians += [(parent, child.key) for parent in family.parents]
        self.people += found
        self.pupils[label] = sorted(found, key=lambda person: person.full_name)

    def _family(self, key: str, names: Names, chance: random.Random) -> _Family:
        surname, father = names.surname(), names.father()
        parents = [names.parent(f"mother:{key}", surname, None, is_female=True)]
        if chance.random() < _TWO_PARENTS:
            parents.append(names.parent(f"father:{key}", surname, father, is_female=False))
        self.people += parents
        family = _Family(surname, father, tuple(person.key for person in parents))
        self._recent = [*self._recent[-60:], family]
        return family


def divisions(label: str, grade: int, pupils: Sequence[PersonSpec]) -> list[DivisionSpec]:
    """The divisions that the grade's subjects need: halves of the list, or boys and girls."""
    wanted = {split.division: split for subject in HOURS[grade] if (split := split_of(subject, grade))}
    return [DivisionSpec(label, split.division, _parts(split, pupils)) for split in wanted.values()]


def _parts(split: Split, pupils: Sequence[PersonSpec]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if split.parts[0].startswith("группа"):
        half = (len(pupils) + 1) // 2
        lists = (pupils[:half], pupils[half:])
    else:
        lists = ([p for p in pupils if not p.is_female], [p for p in pupils if p.is_female])
    return tuple((name, tuple(p.key for p in found)) for name, found in zip(split.parts, lists, strict=True))

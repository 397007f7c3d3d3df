"""Invented people: neutral Russian names with the right endings, every full name at most once."""

import json
import random
from pathlib import Path

from scheduler.demo.blueprint import PersonSpec

_DATA = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))
_SURNAMES: list[str] = _DATA["surnames"].split()
_BOYS: list[str] = _DATA["boys"].split()
_GIRLS: list[str] = _DATA["girls"].split()
_MOTHERS_NAMES: list[str] = _DATA["mothers"].split()
_FATHERS: dict[str, str] = _DATA["patronymics"]


class Names:
    """Gives out people; deterministic from its chance, and no full name is given twice."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def person(self, key: str, *, is_female: bool) -> PersonSpec:
        """An adult with any surname."""
        return self._fresh(key, None, None, _MOTHERS_NAMES if is_female else list(_FATHERS), is_female=is_female)

    def parent(self, key: str, surname: str, first_name: str | None, *, is_female: bool) -> PersonSpec:
        """A parent with the family's surname; a father's first name is settled by the child's patronymic."""
        firsts = [first_name] if first_name else _MOTHERS_NAMES
        return self._fresh(key, surname, None, firsts, is_female=is_female)

    def child(self, key: str, surname: str, father: str, *, is_female: bool) -> PersonSpec:
        """A child of a family."""
        return self._fresh(key, surname, father, _GIRLS if is_female else _BOYS, is_female=is_female)

    def surname(self) -> str:
        """A family's surname, in the masculine form."""
        return self._chance.choice(_SURNAMES)

    def father(self) -> str:
        """A father's first name, of which a patronymic can be made."""
        return self._chance.choice(list(_FATHERS))

    def known(self, key: str, full_name: str, *, is_female: bool) -> PersonSpec:
        """A person whose name is fixed by the demonstration."""
        self._given.add(full_name)
        last, first, middle = full_name.split()
        return PersonSpec(key, last, first, middle, is_female)

    def _fresh(
        self, key: str, surname: str | None, father: str | None, firsts: list[str], *, is_female: bool
    ) -> PersonSpec:
        while True:
            last = gendered(surname or self.surname(), is_female=is_female)
            middle = _FATHERS[father or self.father()] + ("на" if is_female else "ич")
            person = PersonSpec(key, last, self._chance.choice(firsts), middle, is_female)
            if person.full_name not in self._given:
                self._given.add(person.full_name)
                return person


def gendered(surname: str, *, is_female: bool) -> str:
    """«Голубев» → «Голубева»: all surnames here end in -ов, -ев, -ёв or -ин."""
    return surname + "а" if is_female else surname

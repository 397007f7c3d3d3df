"""Guesses from a chat's title whose chat it is; a person confirms. It reads no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.models.chats import ChatKind
from scheduler.models.classes import SchoolClass
from scheduler.models.names import class_key, name_key

_CLASS = re.compile(r"(?<!\w)(\d{1,2})\s*[-–]?\s*[«\"„(]?\s*([A-Za-zА-Яа-яЁё])(?!\w)")
_NUMBER = re.compile(r"(?<![\w№.])(?<!№ )(\d{1,2})(?![\w.])")
_SHORTEST_FREE_LABEL = 3
_WORDS = (
    (ChatKind.PARENTS, ("родител", "мамы", "законные представители")),
    (ChatKind.TEACHERS, ("учител", "педагог", "коллектив", "педсовет", "учительская")),
    (ChatKind.STUDENTS, ("ученик", "учени", "учащ", "обучающ", "дети", "ребята", "класс")),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """None where the title does not tell."""

    class_id: int | None
    kind: ChatKind | None


def suggest_class(title: str, classes: Sequence[SchoolClass]) -> Suggestion:
    """Class and kind by the words of a title: «7 «А» родители», «Чат учеников 7-а», «Учителя школы»."""
    plain = name_key(title)
    found = _class(title, plain, classes)
    kind = next((kind for kind, words in _WORDS if any(word in plain for word in words)), None)
    if found is None:
        return Suggestion(None, kind if kind is ChatKind.TEACHERS else None)
    return Suggestion(found, kind if kind is not ChatKind.TEACHERS else ChatKind.STUDENTS)


def _class(title: str, plain: str, classes: Sequence[SchoolClass]) -> int | None:
    keys = {class_key(number + letter) for number, letter in _CLASS.findall(title)}
    matching = [row.id for row in classes if row.label_key in keys]
    if not matching and not keys:
        bare = set(_NUMBER.findall(title))
        matching = [row.id for row in classes if row.label_key in bare]
    if not matching:
        free = [row for row in classes if len(row.label_key) >= _SHORTEST_FREE_LABEL]
        matching = [row.id for row in free if f" {name_key(row.label)} " in f" {plain} "]
    return matching[0] if len(matching) == 1 else None

"""The grammar of class lists in load tables: «7а(1)-2, 7б(1)-1, 10г-0,5» is class (group) - hours a week.

Commas separate classes, letters of one grade and decimals alike; brackets are left open; «05» is a half.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from scheduler.imports.grids.class_words import ClassLabel, class_of

MOST_HOURS = Decimal(15)
_LATIN = str.maketrans("abcehkmoptxyABCEHKMOPTXY", "авсенкмортхуАВСЕНКМОРТХУ")
_QUOTES = "\"'«»„“”"
_ITEM = re.compile(
    rf"""(?<![\d,.\w])(?P<grade>1[01]|[1-9])\s*[-–]?\s*[{_QUOTES}]?\s*
    (?P<letters>[а-яё]\d?(?![а-яё])(?:\s*[{_QUOTES}]?\s*,\s*[{_QUOTES}]?\s*[а-яё](?![а-яё\d]))*)\s*[{_QUOTES}]?\s*
    (?P<open>\(\s*(?P<group>[1-9])\s*(?:гр\w*\.?|п/г)?\s*(?P<close>\))?)?\s*
    (?:[-–—:=]\s*(?P<hours>\d+(?:[.,]\d+(?!\d|\s*[{_QUOTES}]?(?!ч)[а-яё]))?))?""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOKALIKE_TEN = re.compile(r"(?<![\w])[lI|](?=[01oOоО])")


@dataclass(frozen=True, slots=True)
class ClassHours:
    """One entry of a list: its classes (several sit in one group), the group from 1, the hours a week."""

    labels: tuple[ClassLabel, ...]
    group: int | None
    hours: Decimal | None
    text: str
    doubt: str = ""


def class_list(text: str) -> tuple[ClassHours, ...]:
    """The entries of a list; nothing where a text is no list of classes."""
    plain = _LOOKALIKE_TEN.sub("1", text).translate(_LATIN).replace("\n", " ")
    return tuple(_entry(found) for found in _ITEM.finditer(_spaced(plain)))


def _spaced(text: str) -> str:
    """A comma that begins the next class is told from a decimal one: «0,5,11в» is «0,5, 11в»."""
    return re.sub(r",(?=(?:1[01]|[1-9])\s*[«\"]?[а-яё](?![а-яё]))", ", ", text, flags=re.IGNORECASE)


def _entry(found: re.Match[str]) -> ClassHours:
    letters = re.findall(r"[а-яё]\d?", found["letters"], re.IGNORECASE)
    labels = tuple(label for letter in letters if (label := class_of(f"{found['grade']}{letter}")) is not None)
    hours, doubt = _hours(found["hours"])
    if found["open"] and not found["close"]:
        doubt = doubt or "bracket"
    group = int(found["group"]) if found["group"] else None
    return ClassHours(labels, group, hours, found.group().strip(), doubt)


def _hours(text: str | None) -> tuple[Decimal | None, str]:
    if text is None:
        return None, "none"
    if re.fullmatch(r"0\d", text):
        return Decimal(text[1]) / 10, "half"
    hours = Decimal(text.replace(",", "."))
    return (hours, "") if hours <= MOST_HOURS else (None, "many")


def is_class_list(text: str) -> bool:
    """True where most of a text is classes."""
    entries = class_list(text)
    taken = sum(len(entry.text) for entry in entries)
    return bool(entries) and taken * 3 >= len(text.replace(" ", "")) * 2

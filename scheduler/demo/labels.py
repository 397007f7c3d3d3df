"""Labels of the demo school's classes: grade and letter, or two letters in a municipality."""

from collections.abc import Iterable, Iterator
from itertools import chain, product

LETTERS = "АБВГДЕЖИКЛМНПРСТУФХЦШЭЮЯ"  # those that read well after a number


def letters() -> Iterator[str]:
    """А, Б, … Я, АА, АБ, …"""
    return chain(LETTERS, ("".join(pair) for pair in product(LETTERS, repeat=2)))


def labels(grades: Iterable[int]) -> list[str]:
    """A label for each class in order; the n-th class of a grade has the n-th letter."""
    supply: dict[int, Iterator[str]] = {}
    return [f"{grade}{next(supply.setdefault(grade, letters()))}" for grade in grades]

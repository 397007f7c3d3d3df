"""Collects the remarks of one reading, and words the places they point to. Decides nothing about a source."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from scheduler.imports.draft import Finding, FindingLevel

SHOWN_NAMES = 5


class FindingList:
    """The remarks of one reading, in the order of the source, each said once."""

    def __init__(self) -> None:
        self._rows: dict[Finding, None] = {}

    def error(self, where: str, text: str) -> None:
        self._rows[Finding(FindingLevel.ERROR, where, text)] = None

    def warn(self, where: str, text: str) -> None:
        self._rows[Finding(FindingLevel.WARNING, where, text)] = None

    def info(self, where: str, text: str) -> None:
        self._rows[Finding(FindingLevel.INFO, where, text)] = None

    def extend(self, rows: Iterable[Finding]) -> None:
        self._rows.update(dict.fromkeys(rows))

    def as_tuple(self) -> tuple[Finding, ...]:
        return tuple(self._rows)


def weekday_name(weekday: int) -> str:
    """The day in words, lower case; the source's own names carry dates and blanks."""
    names: tuple[str, ...] = (
        pgettext("in a sentence", "Monday"),
        pgettext("in a sentence", "Tuesday"),
        pgettext("in a sentence", "Wednesday"),
        pgettext("in a sentence", "Thursday"),
        pgettext("in a sentence", "Friday"),
        pgettext("in a sentence", "Saturday"),
        pgettext("in a sentence", "Sunday"),
    )
    return names[weekday]


def place_in_week(weekday: int, first: int, *following: int) -> str:
    """«понедельник, 3-й урок», or «понедельник, уроки 3, 4» where it lasts."""
    day = weekday_name(weekday)
    if not following:
        return str(_("%(day)s, lesson %(number)s", day=day, number=first))
    return str(_("%(day)s, lessons %(numbers)s", day=day, numbers=", ".join(map(str, (first, *following)))))


def line_place(line: int) -> str:
    return str(_("line %(number)s", number=line))


def whole_file() -> str:
    return str(_("the whole file"))


def some_names(names: Iterable[str]) -> str:
    """The first few names and how many more there are: a remark stays readable for a file of two thousand lessons."""
    distinct = list(dict.fromkeys(names))
    text = ", ".join(distinct[:SHOWN_NAMES])
    hidden = len(distinct) - SHOWN_NAMES
    if hidden <= 0:
        return text
    return text + str(ngettext(" and %(num)s more", " and %(num)s more", hidden))

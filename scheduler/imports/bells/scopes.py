"""For whom and when bells are, in the words of a title («2 смена, вторник–пятница, 5–9 классы»), there and back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from scheduler.imports.bells.draft import Scope
from scheduler.imports.findings import weekday_name
from scheduler.imports.grids.class_words import ClassLabel, class_of
from scheduler.imports.grids.words import plain
from scheduler.models.timetable import BellKind

DAYS = 7
HIGHEST_GRADE = 13
_DAY = re.compile(
    r"\b(?:(пн|понедельник\w*)|(вт|вторник\w*)|(ср|сред[ауы]\w*)|(чт|четверг\w*)|(пт|пятниц\w*)|(сб|суббот\w*)|"
    r"(вс|воскресень\w*))\b\.?"
)
_SHIFT = re.compile(
    r"\b([12]|i{1,2}|перв\w+|втор(?:ая|ой|ую))\s*-?\s*(?:я|ая|ой|ю|ую)?\s*смен|\bсмена\s*(?:№\s*)?([12])\b"
)
_GRADES = re.compile(
    r"((?:(?<!\d)\d{1,2}\s*(?:-?(?:х|ых|е|ые|й|го))?\b\s*(?:[-–—,и]|по)?\s*)+)(?:параллел\w*\s*)?кл(?:асс\w*)?\b\.?"
)
_SPAN = re.compile(r"(\d{1,2})(?:-?(?:х|ых|е|ые|й|го)\b)?(?:\s*(?:[-–—]|по)\s*(\d{1,2}))?")
_DATE = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)")
_SHORTENED = re.compile(r"сокращ|предпраздн|укороч")
_REMOTE = re.compile(r"дистанц|дистант|удален")
_RANGE = re.compile(r"^\s*(?:[-–—]|по)\s*$")
CENTURY = 2000


def kind_in(text: str) -> BellKind:
    """Regular unless the words say that the day is shortened or remote."""
    low = plain(text)
    if _REMOTE.search(low):
        return BellKind.REMOTE
    return BellKind.SHORTENED if _SHORTENED.search(low) else BellKind.REGULAR


def scope_in(text: str) -> Scope:
    """What a text narrows; a scope that narrows nothing where it says no word of it."""
    low = text.lower().replace("ё", "е")
    first, last = _dates(low)
    without_dates = _DATE.sub(" ", low)
    return Scope(
        shift=_shift(without_dates),
        weekdays=frozenset(_weekdays(without_dates)),
        grades=frozenset(_grades(without_dates)),
        labels=tuple(_labels(text)),
        date_from=first,
        date_to=last,
    )


def _shift(low: str) -> int | None:
    found = _SHIFT.search(low)
    if found is None:
        return None
    word = found[1] or found[2]
    return 1 if word in {"1", "i"} or word.startswith("перв") else 2


def _weekdays(low: str) -> Iterator[int]:
    found = [(one.start(), one.end(), next(n for n, part in enumerate(one.groups(), 1) if part))
             for one in _DAY.finditer(low)]  # fmt: skip
    for place, (start, _end, day) in enumerate(found):
        yield day
        if place and _RANGE.match(low[found[place - 1][1] : start]):
            yield from range(found[place - 1][2] + 1, day)


def _grades(low: str) -> Iterator[int]:
    for found in _GRADES.finditer(low):
        for first, last in _SPAN.findall(found[1]):
            grades = range(int(first), int(last or first) + 1)
            yield from (grade for grade in grades if grade <= HIGHEST_GRADE)


def _labels(text: str) -> Iterator[ClassLabel]:
    """Classes named one by one: «7А, 7Б», also among other words."""
    for part in re.split(r"[,;\n]|\bи\b", text):
        words = re.sub(r"(?i)\b(?:классы?|класса|кл\.?|для|звонки)\b", " ", part).strip(" .:")
        label = class_of(words)
        if label is not None and any(map(str.isalpha, label.name.replace("класс", ""))):
            yield label


def _dates(low: str) -> tuple[date | None, date | None]:
    found = [moment for parts in _DATE.findall(low) if (moment := _date(*parts))]
    if not found:
        return None, None
    if len(found) == 1 and re.search(r"\bс\s*\d", low):
        return found[0], None
    if len(found) == 1 and re.search(r"\b(?:до|по)\s*\d", low):
        return None, found[0]
    return found[0], found[-1]


def _date(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year) + (CENTURY if len(year) == 2 else 0), int(month), int(day))  # noqa: PLR2004
    except ValueError:
        return None


def joined(scopes: Iterable[Scope]) -> Scope:
    """What several titles over one column say together; of two that speak of one thing the lower one holds."""
    found = Scope()
    for one in scopes:
        found = replace(
            found,
            shift=one.shift or found.shift,
            weekdays=one.weekdays or found.weekdays,
            grades=one.grades or found.grades,
            labels=one.labels or found.labels,
            date_from=one.date_from or found.date_from,
            date_to=one.date_to or found.date_to,
        )
    return found


def scope_words(scope: Scope) -> str:
    """A scope as a person writes it; `scope_in` reads the same out of it."""
    grades = ", ".join(map(str, sorted(scope.grades)))
    parts = [
        _("shift %(shift)s", shift=scope.shift) if scope.shift else "",
        *(label.name for label in scope.labels),
        _("grades %(grades)s", grades=grades) if grades else "",
        *(weekday_name(day - 1) for day in sorted(scope.weekdays)),
        _("from %(day)s", day=f"{scope.date_from:%d.%m.%Y}") if scope.date_from else "",
        _("till %(day)s", day=f"{scope.date_to:%d.%m.%Y}") if scope.date_to else "",
    ]
    return "; ".join(filter(None, parts)) or str(_("every day"))

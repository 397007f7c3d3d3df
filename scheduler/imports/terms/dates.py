"""Dates as school documents write them: 01.09.2026, 1 сентября, «с 26 по 31 октября», years left out or in a title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

AUGUST = 8
CENTURY = 2000
MONTHS = (
    "январ", "феврал", "март", "апрел", "ма[йяе]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
)  # fmt: skip
_MONTH = "|".join(f"(?:{stem})[а-я]*" for stem in MONTHS)
_DATE = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?<![\d.])(?P<day>\d{{1,2}})\s*(?:[./](?P<number>\d{{1,2}})(?:[./](?P<year>\d{{4}}|\d{{2}}))?(?![\d.]*\d)"
    rf"|\s(?P<word>{_MONTH})\b\.?(?:\s+(?P<long>20\d\d))?)"
    rf"|(?<![\d.])(?P<bare>\d{{1,2}})(?=\s*(?:-|–|—|по|и|,)\s*\d{{1,2}}(?:[./]\d{{1,2}}|\s+(?:{_MONTH})))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(20\d\d)\s*[-–—/]\s*(?:20)?(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class LooseDate:
    """A day and month, the year where it is written."""

    day: int
    month: int
    year: int | None = None

    def of_year(self, first: int) -> date | None:
        """The date in the school year that begins in `first`, or in its own; None where there is no such day."""
        year = self.year or (first if self.month >= AUGUST else first + 1)
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def dates_in(text: str) -> list[LooseDate]:
    """The dates of a text in their order; a day without a month has that of the next date."""
    found: list[LooseDate] = []
    bare: list[int] = []
    for match in _DATE.finditer(text.lower()):
        one = _one(match)
        if one is None:
            bare.append(int(match["bare"]))
            continue
        found += [LooseDate(day, one.month, one.year) for day in bare]
        bare = []
        found.append(one)
    return _with_years(found)


def _one(match: re.Match[str]) -> LooseDate | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return LooseDate(day, month, year)
    if match["bare"]:
        return None
    year_text = match["year"] or match["long"]
    year_number = int(year_text) + (CENTURY if len(year_text) == 2 else 0) if year_text else None  # noqa: PLR2004
    month = int(match["number"]) if match["number"] else _month_of(match["word"])
    return LooseDate(int(match["day"]), month, year_number)


def _month_of(word: str) -> int:
    return next(number for number, stem in enumerate(MONTHS, 1) if re.match(stem, word))


def _with_years(found: Sequence[LooseDate]) -> list[LooseDate]:
    """«26.10–02.11.2026»: the year of the last date is that of the first as well, or the one before."""
    rows = list(found)
    for place in range(len(rows) - 2, -1, -1):
        later = rows[place + 1]
        if rows[place].year is None and later.year is not None:
            year = later.year - (rows[place].month > later.month)
            rows[place] = LooseDate(rows[place].day, rows[place].month, year)
    return rows


def without_dates(text: str) -> str:
    """What a text says beside its dates and the little words that lead to them."""
    rest = re.sub(
        rf"(?:\b(?:с|со|по|до|на)\s+)?(?:{_DATE.pattern})(?:\s*(?:года|гг?\b\.?))?", " ", text, flags=re.IGNORECASE
    )
    return re.sub(r"\s+", " ", re.sub(r"[()]", " ", rest)).strip(" .,:;-–—")


def school_year_in(text: str) -> int | None:
    """«2026/2027», «2026–27 учебный год»: the year it begins in."""
    found = _YEARS.search(text)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    return int(found[1])


def school_year_of(day: date) -> int:
    """The year in which the school year of a date began."""
    return day.year - (day.month < AUGUST)

"""Hours a week as plans write them: 3, «0,5», «1/1» (two halves of the year), «2+1», and grades that head columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.imports.grids.words import plain
from scheduler.imports.sheets.cells import Cell, Position, Sheet

MOST_HOURS = Decimal(15)
FEWEST_GRADES = 2
HIGHEST_GRADE = 11
_NUMBER = r"(\d{1,2}(?:[.,]\d{1,2})?)"
_HOURS = re.compile(rf"^{_NUMBER}(?:\s*([/+])\s*{_NUMBER})?\s*(?:ч(?:ас\w*)?\.?)?$")
_GRADE = re.compile(r"^(1[01]|[1-9]|[ivx]{1,4})\s*-?\s*(?:е|й|х|ые|ый)?\s*(?:кл(?:асс\w*)?\.?)?$")
_SPAN = re.compile(r"^(1[01]|[1-9])\s*[-–—]\s*(1[01]|[1-9])\s*-?\s*(?:е|й|х|ые|ый)?\s*(?:кл(?:асс\w*)?\.?)?$")
_HEADING_WORD = re.compile(
    r"класс|предмет|курс|област|всего|итого|назван|наимен|учебн|программ|направлен|час|сумма|п/п"
)
_CLASS_WORD = re.compile(r"класс|\bкл\b")
_ROMAN = {
    roman: number for number, roman in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi"], 1)
}


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week, over the year; `is_halved` where two halves of the year differ, `is_mended` where it was a date."""

    week: Decimal
    is_halved: bool = False
    is_mended: bool = False


def hours_of(cell: Cell) -> Hours | None:
    """The hours of a cell; None where it holds something else, or more than a week has."""
    if isinstance(cell.moment, date):  # «1/2» that the program of the table made a date of
        return Hours(Decimal(cell.moment.day + cell.moment.month) / 2, is_halved=True, is_mended=True)
    if cell.number is not None:
        return _sane(Hours(Decimal(str(round(cell.number, 2)))))
    found = _HOURS.match(plain(cell.text))
    if found is None:
        return None
    first, second = (Decimal(part.replace(",", ".")) if part else None for part in (found[1], found[3]))
    if first is None or second is None:
        return _sane(Hours(first or Decimal(0)))
    if found[2] == "+":
        return _sane(Hours(first + second))
    return _sane(Hours((first + second) / 2, is_halved=first != second))


def _sane(hours: Hours) -> Hours | None:
    return hours if 0 < hours.week <= MOST_HOURS and not (hours.week * 4) % 1 else None


def grades_in(text: str) -> tuple[int, ...]:
    """«5», «V», «5 класс», «5-е классы», «10–11 кл.»; nothing for anything else."""
    low = plain(text).strip(" .")
    span = _SPAN.match(low)
    if span:
        return tuple(range(int(span[1]), int(span[2]) + 1))
    found = _GRADE.match(text.lower().strip(" .")) or _GRADE.match(low)
    if found is None:
        return ()
    number = _ROMAN.get(found[1]) or (int(found[1]) if found[1].isdecimal() else 0)
    return (number,) if 0 < number <= HIGHEST_GRADE else ()


def grade_headings(sheet: Sheet) -> Mapping[Position, tuple[int, ...]]:
    """The cells that head columns of grades: several in one row, where the word «класс» stands there or just above."""
    found: dict[Position, tuple[int, ...]] = {}
    for row, cells in sheet.rows.items():
        graded = [(cell, grades) for cell in cells if (grades := grades_in(cell.text))]
        others = [cell.text for cell in cells if not grades_in(cell.text) and any(map(str.isalpha, cell.text))]
        if not all(_HEADING_WORD.search(plain(text)) for text in others):
            continue
        near = [cell.text for line in range(row - 2, row + 1) for cell in sheet.rows.get(line, ())]
        if len(graded) >= FEWEST_GRADES and any(_CLASS_WORD.search(plain(text)) for text in near):
            numbers = [grades[0] for _cell, grades in graded]
            if numbers == sorted(set(numbers)):
                found.update(((cell.row, cell.column), grades) for cell, grades in graded)
        elif len(graded) == 1 and "кл" in plain(graded[0][0].text):
            found[row, graded[0][0].column] = graded[0][1]
    return found

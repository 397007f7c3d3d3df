"""Times of day as tables write them: 8:30, 8.30, 08-30, 8³⁰, «8 ч 30 мин», «с 8.30 до 9.10», and what becomes of them.

A program of tables keeps 8:30 as a moment or a part of a day, 8.30 as a number, and turns 8.10 into the 8th of October.
"""

import re
from dataclasses import dataclass
from datetime import date, time

from scheduler.imports.sheets.cells import Cell

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_RUN = re.compile(r"(?<=\d)\s*([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})")
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})\s*(?:[:.\-–]|ч(?:ас(?:ов|а)?)?\.?)\s*(\d{2})(?:\s*мин(?:ут)?\.?|:\d{2})?(?!\d|\.\d{2,4})"
)
_BETWEEN = re.compile(r"[\s\-–—/.,;()]|\bс\b|\bсо\b|\bпо\b|\bдо\b|\bч\.?|\bг\.")
HOURS, MINUTES = 24, 60
EARLIEST = 5
DAY = HOURS * MINUTES


@dataclass(frozen=True, slots=True)
class TimeCell:
    """What a cell says of the clock: one moment or a beginning and an end; `is_bad` where the figures are no time.

    `is_plain` is false for a number or a date that only a column of times makes a time; `is_mended` for such a date.
    """

    times: tuple[time, ...] = ()
    is_bad: bool = False
    is_plain: bool = True
    is_mended: bool = False


def time_cell(cell: Cell) -> TimeCell | None:
    """The times of a cell; None where it holds anything else."""
    if isinstance(cell.moment, time):
        return TimeCell((cell.moment.replace(second=0, microsecond=0),))
    if isinstance(cell.moment, date):
        found = _clock(cell.moment.day, cell.moment.month)
        return TimeCell((found,), is_plain=False, is_mended=True) if found else None
    if cell.number is not None and not re.search(r"[:.,]\d\d$", cell.text):
        return _of_number(cell.number)
    return _of_text(cell.text)


def _of_text(text: str) -> TimeCell | None:
    plain = _RAISED_RUN.sub(lambda run: ":" + run[1].translate(RAISED), text.lower())
    found = _TIME.findall(plain)
    rest = _BETWEEN.sub("", _TIME.sub(" ", plain))
    if not 0 < len(found) <= 2 or rest:  # noqa: PLR2004 - a beginning and an end
        return None
    times = [_clock(int(hour), int(minute)) for hour, minute in found]
    if any(one is None for one in times):
        return TimeCell(is_bad=True)
    return TimeCell(tuple(one for one in times if one))


def _of_number(number: float) -> TimeCell | None:
    if 0 < number < 1:
        minutes = round(number * DAY)
        found = _clock(minutes // MINUTES, minutes % MINUTES)
    elif number == int(number):
        found = _clock(int(number) // 100, int(number) % 100) if number >= EARLIEST * 100 else None
    else:
        found = _clock(int(number), round(number % 1 * 100)) if number >= EARLIEST else None
    return TimeCell((found,), is_plain=False) if found else None


def _clock(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < HOURS and minute < MINUTES else None

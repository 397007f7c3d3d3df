"""What a text in a grid is on its own: a weekday, a lesson number, bell times, a heading, a week of the cycle.

Pure; looks at no other cell. The shapes are those of real files (import-formats, A3).
"""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from rapidfuzz import fuzz

from scheduler.imports.sheets.cells import Cell

HIGHEST_NUMBER = 15
TYPO = 85
KEPT = 10_000
LONGEST_TITLE = 70
_LOOK_ALIKE = str.maketrans("ABCEHKMOPTXYabcehkmoptxy", "АВСЕНКМОРТХУавсенкмортху")
_DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_DAY_FORMS = re.compile(
    r"\b(?:(понедельник)|(вторник)|(сред[аыу])|(четверг)|(пятниц[аыу])|(суббот[аыу])|(воскресенье?))а?\b"
)
_SHORT_DAYS = (
    ("пн", "пнд", "пон", "понед", "пнк"),
    ("вт", "втр", "втор"),
    ("ср", "срд", "сре"),
    ("чт", "чтв", "чет", "четв"),
    ("пт", "птн", "пят", "пятн"),
    ("сб", "суб", "сбт", "субб"),
    ("вс", "вск", "воскр"),
)
_DAY_EXTRAS = re.compile(
    r"\b(?:расписание|уроков|занятий|звонков|на|день|недел[яиюь]|год[а]?|г|смена|учебный|"
    r"январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]|классы?|класса)\b"
)
_TIMES = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])\s*[.:\-]\s*([0-5]\d)\s*(?:[-–—]+|до|\n)\s*([01]?\d|2[0-3])\s*[.:\-]\s*([0-5]\d)(?!\d)"
)
_NUMBER = re.compile(r"^(?:№\s*)?(\d{1,2})\s*(?:[.)]|-?(?:й|ый|ой))?\s*(?:урок|ур\.?|пара)?$", re.IGNORECASE)
_PAIR = re.compile(r"^(\d{1,2})\s*[-–—,/]\s*(\d{1,2})\s*(?:-?й)?\s*(?:урок[иа]?|ур\.?|пара)?$", re.IGNORECASE)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_OUTSIDE = re.compile(r"^(?:вд|в/д|внеур\w*)\.?$", re.IGNORECASE)
_WEEK = re.compile(
    r"\b([12]|i{1,2})\s*-?\s*(?:я|ая|ой)?\s*нед(?:ел\w*)?\b|\bнед(?:еля|\.)?\s*(?:№\s*)?([12]|i{1,2})\b", re.IGNORECASE
)
_ODD_WEEK = re.compile(r"\b(?:нечёт\w*|нечет\w*|числител\w*|верхняя)\b", re.IGNORECASE)
_EVEN_WEEK = re.compile(r"\b(?:чёт\w*|чет(?:н\w*|\.|)\b|знаменател\w*|нижняя)", re.IGNORECASE)
_DATED = re.compile(
    r"(?<!\d)(?:[0-3]?\d[./](?:0?[1-9]|1[0-2])(?:[./](?:20)?\d\d)?)(?!\d)|\b\d{1,2}\s+(?:января|февраля|марта|апреля|мая|сентября|октября|ноября|декабря)",
    re.IGNORECASE,
)
_HEADINGS = (
    ("number", re.compile(r"^(?:№|n|no)?\s*(?:п/?п|урок[аи]?|ур\.?|пар[аы]?|№|№\s*урока)$")),
    ("room", re.compile(r"^(?:№\s*)?(?:каб|ауд|к-т)(?:\.|инет\w*|итори\w*)?$|^(?:к|ауд)\.$")),
    ("time", re.compile(r"^(?:время|звонки|расписание звонков|начало.*|часы)$")),
    ("day", re.compile(r"^(?:день|дни)(?:\s*недели)?$")),
    ("teacher", re.compile(r"^(?:фио|ф\. ?и\. ?о).*$|^(?:учит|преподават|педагог)\w*\.?(?:\s.*)?$")),
    ("subject", re.compile(r"^(?:учебн\w+\s+|название\s+|наименование\s+)?(?:предмет\w*|дисциплин\w*)(?:\s.*)?$")),
    ("class", re.compile(r"^класс\w*(?:\s*/\s*кабинет)?$")),
    ("group", re.compile(r"^(?:\d|i+)\s*-?\s*(?:я\s*)?(?:под|п/)?гр?(?:уппа|\.)?$|^(?:под)?гр(?:уппа|\.)? ?\d$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bells:
    """When a lesson begins and ends."""

    start: time
    end: time


def plain(text: str) -> str:
    """Lower case, Cyrillic where a Latin letter only looks so, ё as е, one blank between words."""
    return " ".join(text.translate(_LOOK_ALIKE).lower().replace("ё", "е").split())


@lru_cache(KEPT)
def weekday_of(text: str) -> int | None:
    """0 for Monday. «Расписание на вторник», «Пн», «П О Н Е Д…», «ПОНЕДЕЛНИК» and «Среда 17.01» are days as well."""
    if len(text) > LONGEST_TITLE:
        return None
    low = plain(text).strip(" .,:;*-–—|")
    for day, forms in enumerate(_SHORT_DAYS):
        if low in forms:
            return day
    squeezed = low.replace(" ", "")
    if squeezed in _DAYS:
        return _DAYS.index(squeezed)
    return _day_in_title(low) if " " in low or not low.isalpha() else _misspelt_day(low)


def _day_in_title(low: str) -> int | None:
    found = _DAY_FORMS.search(low)
    if found is None:
        return None
    rest = _DAY_EXTRAS.sub(" ", low[: found.start()] + " " + low[found.end() :])
    if re.search(r"[а-яa-z]{2}", rest):
        return None
    return next(place for place, group in enumerate(found.groups()) if group)


def _misspelt_day(low: str) -> int | None:
    found = _DAY_FORMS.fullmatch(low)
    if found:
        return next(place for place, group in enumerate(found.groups()) if group)
    if len(low) < len("среда"):
        return None
    scores = [fuzz.ratio(low, name) for name in _DAYS]
    return scores.index(max(scores)) if max(scores) >= TYPO else None


def numbers_of(cell: Cell) -> tuple[int, ...]:
    """The lesson numbers a cell states: 3, «3.», «3 урок», «III», «1 - 2 урок»; «ВД» is 0. Else nothing."""
    if isinstance(cell.moment, date):  # «1-2» that the program of the sheet made a date of
        pair = (cell.moment.day, cell.moment.month)
        return pair if pair[1] == pair[0] + 1 else ()
    if cell.moment is not None:
        return ()
    text = plain(_TIMES.sub(" ", cell.text)).strip(" ()")
    if _OUTSIDE.match(text):
        return (0,)
    found = _NUMBER.match(text)
    if found:
        return _within(int(found[1]))
    pair_text = _PAIR.match(text)
    if pair_text:
        first, last = int(pair_text[1]), int(pair_text[2])
        return (first, last) if last == first + 1 and last <= HIGHEST_NUMBER else ()
    roman = re.sub(r"\s*(?:урок|пара)$", "", cell.text.strip(" .").lower())
    return _within(_ROMAN[roman]) if roman in _ROMAN else ()


def _within(number: int) -> tuple[int, ...]:
    return (number,) if number <= HIGHEST_NUMBER else ()


@lru_cache(KEPT)
def bells_of(text: str) -> Bells | None:
    """«09.00-9.40», «8:30 – 9:15», «8-30 - 9-15»."""
    found = _TIMES.search(text)
    if found is None:
        return None
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return Bells(start, end) if start < end else None


def is_bells_alone(text: str) -> bool:
    return bells_of(text) is not None and not re.search(r"[^\W\d_]{2}", _TIMES.sub("", text))


@lru_cache(KEPT)
def heading_of(text: str) -> str | None:
    """What a column holds by its heading: number, room, time, day, teacher, subject, class, group; else None."""
    low = plain(text).strip(" .:") or "?"
    low_dotted = plain(text).strip(" :")
    return next((kind for kind, shape in _HEADINGS if shape.match(low) or shape.match(low_dotted)), None)


@lru_cache(KEPT)
def week_of(text: str) -> int | None:
    """0 or 1 where a title names a week of the cycle («1 неделя», «нечётная», «знаменатель»)."""
    found = _WEEK.search(text)
    if found:
        return 0 if (found[1] or found[2]).lower() in {"1", "i"} else 1
    if _ODD_WEEK.search(text):
        return 0
    return (
        1 if _EVEN_WEEK.search(plain(text)) and "четверг" not in plain(text) and "четверт" not in plain(text) else None
    )


def is_dated(text: str) -> bool:
    """True where a title carries a date of the calendar."""
    return bool(_DATED.search(text))

"""What a name in a school's calendar means: a term, days without lessons, a moved day off, a working Saturday."""

import re
from dataclasses import dataclass

from scheduler.imports.grids.words import plain
from scheduler.models.names import name_key
from scheduler.models.school import HolidayKind

TERM, YEAR, HALF, PART, OTHER = "term", "year", "half", "part", ""
_WORKING = re.compile(r"рабоч\w* (?:суббот|день|выходн)|учебн\w* (?:суббот|день)\b|отработк|рабочие дни|working")
_MOVED = re.compile(r"перенос|перенес|перемещ|transferred")
_HOLIDAY = re.compile(
    r"каникул|праздн|выходн|нерабоч|не ?учебн|без занятий|нов(?:ый|ого) год|рождеств|день (?:народн|защитник|побед|"
    r"росси|республик|знаний|труда)|весны и труда|женск\w* день|8 марта|23 февраля|holiday|vacation|\bbreak\b|day off"
)
_TERM = re.compile(r"четверт[ьи]|триместр|модул[ья]|\bterm\b|\bquarter\b|trimester|учебный период")
_HALF = re.compile(r"полугод|semester")
_YEAR = re.compile(r"учебн\w* год|школьн\w* год|school year|academic year")
_GRADES = re.compile(r"\bкласс|первокласс|\bдля 1\b|\b1-х\b|10\s*-\s*11")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_NUMBERS = {"перв": "1", "втор": "2", "трет": "3", "четверта": "4", "пят": "5", "шест": "6"}
_WEEKDAYS = ("понедельник", "вторник", "сред", "четверг", "пятниц")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`what` is one of the words above or a kind of holiday; `is_of_some` where it is for some classes alone."""

    what: str
    is_of_some: bool = False


def meaning_of(text: str) -> Meaning:
    """What the name of a span says that it is."""
    low = plain(text)
    kinds = (
        (_MOVED, HolidayKind.TRANSFERRED_DAY_OFF.value),
        (_WORKING, HolidayKind.WORKING_SATURDAY.value),
        (_HOLIDAY, HolidayKind.HOLIDAY.value),
        (_TERM, TERM),
        (_HALF, HALF),
        (_YEAR, YEAR),
    )
    what = next((kind for sign, kind in kinds if sign.search(low)), OTHER)
    return Meaning(what, is_of_some=bool(what and _GRADES.search(low)))


def meaning_under(name: str, section: str) -> Meaning:
    """The same, where a title above may say that all under it are days off."""
    own, above = meaning_of(name), meaning_of(section)
    if own.what or above.what not in set(HolidayKind):
        return own
    return above


def followed_weekday(text: str) -> int | None:
    """The weekday (1 Monday) whose timetable a working Saturday follows, where the words name one."""
    low = plain(text)
    found = [number for number, stem in enumerate(_WEEKDAYS, 1) if re.search(rf"\b{stem}", low)]
    return found[0] if len(found) == 1 else None


def term_key(name: str) -> str:
    """«I четверть», «1-я четверть» and «Первая четверть» are one term."""
    words = name_key(name).split()
    numbers = [_number_in(word) for word in words]
    number = next((one for one in numbers if one), "")
    stem = next((word[:5] for word in words if _TERM.match(word) or _HALF.match(word)), "")
    return f"{number} {stem}" if number and stem else name_key(name)


def _number_in(word: str) -> str:
    if word.isdecimal():
        return word
    if word in _ROMAN:
        return _ROMAN[word]
    return next((number for stem, number in _NUMBERS.items() if word.startswith(stem)), "")

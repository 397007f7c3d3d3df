"""Class labels in grids and load tables, with what schools and their programs do to them (import-formats, A3)."""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from scheduler.imports.sheets.cells import Cell
from scheduler.models.names import class_key

HIGHEST_GRADE = 11
NOON = 12
KEPT = 10_000
_LATIN = str.maketrans("ABCEHKMOPTXYabcehkmoptxy", "АВСЕНКМОРТХУавсенкмортху")
_QUOTES = "\"'«»„“”‘’`"
_PROFILES = (
    "физ|хим|био|соц|гум|мат|инж|тех|унив|проф|мед|псих|кадет|экон|ест|инф|лингв|фил|ист|пед|общеобр|баз|угл|инт|спорт"
)
_LABEL = re.compile(
    rf"""^(?P<grade>1[0-2]|0?[1-9])
    (?:\s*[-–—.]?\s*(?:класс\s+)?[{_QUOTES}]*\s*(?P<letter>[А-ЯЁа-яё]|[А-ЯЁ]{{2,3}}|[А-ЯЁа-яё]\d)(?![а-яё])
      |\s*[-–—/]\s*(?P<figure>[1-4]))
    \s*[{_QUOTES}]*\s*
    (?:кл(?:асс)?\.?)?\s*
    (?P<profile>\([^()]*\)?|[-–—,]?\s*(?:{_PROFILES})[А-ЯЁа-яё\s./-]{{0,30}})?$""",
    re.VERBOSE | re.IGNORECASE,
)
_GRADE_ALONE = re.compile(r"^(1[01]|[1-9])\s*(?:-?й\s*)?(?:кл|класс)\.?$", re.IGNORECASE)
_IN_TITLE = re.compile(
    rf"(?<![\w.])(1[01]|[1-9])\s*[-–]?\s*[{_QUOTES}]*\s*([А-ЯЁа-яё])\s*[{_QUOTES}]*\s+класс", re.IGNORECASE
)
_COLLEGE = re.compile(r"^[А-ЯЁ][А-ЯЁа-яё]{0,4}\s?-?\s?\d{1,3}(?:[-/]\d{1,3})?[а-яё]?$|^(?:гр(?:уппа|\.)\s*)\S{1,12}$")
_ALPHABET = "АБВГДЕЖЗИКЛМН"


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """A class as a source names it: the name to store, and its grade where it says so."""

    name: str
    grade: int | None

    @property
    def key(self) -> str:
        return class_key(self.name) or self.name.casefold()


@lru_cache(KEPT)
def class_of(text: str) -> ClassLabel | None:
    """«5 "А" класс», «6 "Е класс», «7-А», «l0д», «11 "И" класс (физ-мат)», «5 класс»; None for anything else."""
    line = " ".join(text.split())
    if not line or len(line) > 60:  # noqa: PLR2004 - no label is longer
        return None
    mended = _mended(line)
    alone = _GRADE_ALONE.match(mended)
    if alone:
        return ClassLabel(f"{int(alone[1])} класс", int(alone[1]))
    found = _LABEL.match(mended)
    if found is None or _is_other(found):
        return None
    return ClassLabel(_name(found), int(found["grade"]))


def _mended(line: str) -> str:
    """A Latin «l» or «I» typed for the figure 1, a letter O for the zero, Latin look-alikes for Cyrillic letters."""
    line = re.sub(r"^[lI|]([OoОо01])", lambda found: "1" + ("0" if found[1] in "OoОо" else found[1]), line)
    line = re.sub(r"^1[OoОо](?=\W?[^\W\d_])", "10", line)
    return line.translate(_LATIN)


def _is_other(found: re.Match[str]) -> bool:
    """«5 час», «2 группа», «1 урок» begin like a label."""
    profile = (found["profile"] or "").strip(" (),-–—").lower()
    letter = found["letter"] or ""
    if len(letter) > 1 and letter.isalpha() and not letter.isupper():
        return True
    rest = f"{letter}{profile}".lower().replace(" ", "")
    starts = ("час", "гр", "ур", "пар", "чел", "смен", "нед", "четв", "полуг", "каб", "этаж", "ин.яз", "иня")
    return rest.startswith(starts) or int(found["grade"]) > HIGHEST_GRADE


def _name(found: re.Match[str]) -> str:
    profile = (found["profile"] or "").strip().strip("(),-–— ")
    grade = int(found["grade"])
    base = f"{grade}{found['letter'].upper()}" if found["letter"] else f"{grade}-{found['figure']}"
    return f"{base} ({profile})" if profile and profile.lower() not in {"класс", "кл"} else base


def class_in_title(text: str) -> ClassLabel | None:
    """The class that a title names: «Расписание уроков 5 «А» класса», or a label alone."""
    found = _IN_TITLE.search(text.translate(_LATIN))
    if found:
        return ClassLabel(f"{int(found[1])}{found[2].upper()}", int(found[1]))
    return class_of(text)


def college_group_of(text: str) -> ClassLabel | None:
    """«ИС-21», «ПКС 1-20», «гр. 101»: looked for only where a sheet has no class of a school."""
    line = " ".join(text.split())
    return ClassLabel(line, None) if _COLLEGE.match(line) else None


def grade_of_moment(moment: date | time) -> int | None:
    """The grade of a class that the program of the sheet made a date or a time of day of; None where it fits none."""
    number = moment.hour % NOON if isinstance(moment, time) else moment.day
    return number if 1 <= number <= HIGHEST_GRADE else None


def guess_class(cell: Cell, neighbours: frozenset[str]) -> ClassLabel | None:
    """The class behind a damaged cell: its grade, and the first letter that the neighbours of this grade lack."""
    grade = grade_of_moment(cell.moment) if cell.moment is not None else None
    if grade is None:
        return None
    free = (letter for letter in _ALPHABET if class_key(f"{grade}{letter}") not in neighbours)
    return ClassLabel(f"{grade}{next(free, 'А')}", grade)

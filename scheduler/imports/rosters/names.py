"""Names of people as lists write them: numbered, in capitals, double, without a patronymic, first name first."""

import re
from collections.abc import Iterator

from scheduler.imports.grids.class_words import ClassLabel, class_of
from scheduler.imports.names import clean_name
from scheduler.imports.rosters.draft import Name
from scheduler.models.names import name_key

_NOISE = re.compile(
    r"^\s*\d+\s*[.)]?\s*|\([^()]*\)|\b(?:мать|отец|мама|папа|опекун|бабушка|дедушка)\b\s*[:–—-]?", re.IGNORECASE
)
_PATRONYMIC = re.compile(r"(?:вич|вна|чна|ична|инична|ьич|оглы|кызы|уулу)$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_INITIALS = re.compile(r"\b([^\W\d_])\.\s*")
_MANY = re.compile(r"[;\n/]|,(?![^()]*\))|\s+и\s+(?=[А-ЯЁ])")
FULL_WORDS = 3
SHORTEST = 2


def name_of(text: str) -> Name | None:
    """The name in a cell; None where there is none («–», «нет», a number)."""
    plain = clean_name(_NOISE.sub(" ", text)).lstrip(" ,;:.-–—").rstrip(" ,;:-–—")
    plain = re.sub(r"\s*[-‐‑–]\s*(?=[^\W\d_])", "-", plain)
    words = [_cased(word) for word in _INITIALS.sub(r"\1. ", plain).split() if _LETTER.search(word)]
    if (
        not words
        or sum(map(str.isalpha, words[0])) < SHORTEST
        or name_key(plain) in {"нет", "отсутствует", "не указан", "не указано", "неизвестно", "вакансия"}
    ):
        return None
    if len(words) == FULL_WORDS and _PATRONYMIC.search(words[1]) and not _PATRONYMIC.search(words[2]):
        words = [words[2], words[0], words[1]]
    last, first, *middle = (*words, "")
    return Name(last, first, " ".join(word for word in middle if word))


def of_pieces(last: str, first: str, middle: str) -> Name | None:
    """The name of three columns; a first column may hold the whole name all the same."""
    if not first and not middle:
        return name_of(last)
    parts = [" ".join(map(_cased, clean_name(part).strip(" -–—").split())) for part in (last, first, middle)]
    return Name(*parts) if parts[0] or parts[1] else None


def _cased(word: str) -> str:
    """«ИВАНОВА-ПЕТРОВА» is «Иванова-Петрова»; initials and names of mixed letters stay."""
    if len(word) > 2 and (word.isupper() or word.islower()) and word not in {"оглы", "кызы", "уулу"}:  # noqa: PLR2004
        return re.sub(r"[^\W\d_]+", lambda found: found.group().capitalize(), word)
    return word


def several(text: str) -> Iterator[str]:
    """The people or children of one cell, each in its own words with the class in brackets."""
    return (part.strip() for part in _MANY.split(text) if part and _LETTER.search(part))


def labels_in(text: str) -> tuple[ClassLabel, ...]:
    """The classes of a list like «9д, 10а,10д»."""
    found = (class_of(part.strip(" .")) for part in re.split(r"[,;\n]+", text))
    return tuple(label for label in found if label is not None)


def label_in_brackets(text: str) -> ClassLabel | None:
    """«Иванова Анна (5Б)» → 5Б."""
    found = re.search(r"\(([^()]{1,20})\)", text) or re.search(r",\s*(\d{1,2}[^,]{0,4})$", text)
    return class_of(found.group(1).strip()) if found else None


def person_key(name: Name) -> str:
    """The normal form under which people are compared: ё as е, no capitals."""
    return name_key(name.full)

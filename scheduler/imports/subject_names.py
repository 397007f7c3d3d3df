"""Which school subject a spelling means. The usual spellings are data (`subjects.json`); unsure ones are proposed.

The list is the Russian curriculum as schools write it, not one school's. What it does not know stays as it is written.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from scheduler.imports.names import clean_name, is_extracurricular

SURE, LIKELY = 100, 88
SHORTEST_GUESS = 6
KEPT = 10_000
_LATIN = str.maketrans("abcehkmoptxyABCEHKMOPTXY", "авсенкмортхуАВСЕНКМОРТХУ")
_SIGNS = re.compile(r"[\W_]+")
_LEVEL = re.compile(r"\s*\(?\b(?:баз\w*|угл\w*|проф\w*|база|б/у|п/у)\b\.?(?:\s*ур\w*\.?)?\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """A subject of the curriculum, and whether it is an activity outside the plan of lessons."""

    name: str
    is_extracurricular: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a spelling means: `name` as it will be stored; `doubt` is the known subject it probably is."""

    name: str
    is_known: bool
    is_extracurricular: bool = False
    doubt: str | None = None


def spelling_key(text: str) -> str:
    """Spellings that differ in case, ё, signs, blanks or Latin look-alikes are one."""
    plain = text.translate(_LATIN) if re.search(r"[а-яё]", text, re.IGNORECASE) else text
    return _SIGNS.sub("", plain.lower().replace("ё", "е"))


@cache
def known_subjects() -> Mapping[str, KnownSubject]:
    """Every known spelling, by its key."""
    rows = json.loads((Path(__file__).parent / "subjects.json").read_text(encoding="utf-8"))
    found: dict[str, KnownSubject] = {}
    for row in rows:
        subject = KnownSubject(row["name"], row.get("extracurricular", False))
        for spelling in (row["name"], *row["also"]):
            found.setdefault(spelling_key(spelling), subject)
    return found


@cache
def _long_keys() -> tuple[str, ...]:
    return tuple(key for key in known_subjects() if len(key) >= SHORTEST_GUESS)


@lru_cache(KEPT)
def known_subject(text: str) -> KnownSubject | None:
    """The subject of a known spelling, the words on its level («углубл.») left aside."""
    key = spelling_key(text)
    return known_subjects().get(key) or known_subjects().get(spelling_key(_LEVEL.sub("", text)))


@lru_cache(KEPT)
def meaning_of(text: str) -> Meaning:
    """What a spelling means. A doubt is a spelling so near to a known one that it is probably a slip of the pen."""
    name = clean_name(text)
    known = known_subject(name)
    if known is not None:
        level = _LEVEL.search(name)
        shown = f"{known.name} {level.group().strip()}" if level and spelling_key(name) not in known_subjects() else ""
        return Meaning(shown or known.name, is_known=True, is_extracurricular=known.is_extracurricular)
    guess = nearest(name)
    outside = is_extracurricular(name)
    return Meaning(name, is_known=False, is_extracurricular=outside, doubt=guess.name if guess else None)


@lru_cache(KEPT)
def nearest(name: str) -> KnownSubject | None:
    """The known subject one or two letters away, if there is one."""
    key = spelling_key(name)
    if len(key) < SHORTEST_GUESS:
        return None
    found = process.extractOne(key, _long_keys(), scorer=fuzz.ratio, score_cutoff=LIKELY)
    return known_subjects()[found[0]] if found else None


def looks_like_subject(text: str) -> bool:
    return known_subject(text) is not None or nearest(text) is not None

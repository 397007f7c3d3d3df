"""Rooms and people in grids: what looks like a room or a teacher's name, and how lists of them are split."""

import re
from functools import lru_cache

MOST_ROOMS = 6
KEPT = 10_000
_REMOTE = re.compile(r"^(?:дист\w*|дистант|онлайн|д/о|удал[её]нно)\.?$", re.IGNORECASE)
_ROOM_WORDS = (
    r"(?:б|м|с|сп|спорт|бол|мал|акт|больш|малый|большой|спортивный|актовый|тренаж|хор|гимн)[\w.]*[\s./-]*(?:зал|з)\b[\s№]*\d*"
    r"|зал\s*№?\s*\d*|[бмс]\.?\s?с\.?\s?з\.?|[бм]сз|с/з\s*\d*|сз\s?\d?|сп\.?\s*зал\s*\d*|спортзал\s*\d*|спорт\.?\s*пл\w*|стадион|бассейн|библ\w*|мастер\w*|каб\.?\s*\S{1,8}"
    r"|ауд\.?\s*\S{1,8}|шк-?\d(?:/\d+)?|лаб\w*|двор|фойе|холл|рекреац\w*|акт\.?\s*зал|актзал|столовая|музей|тир|корпус\s*\d|к\.?\s?\d{1,3}[а-я]?"
)
_ROOM = re.compile(
    rf"^(?:№\s*)?(?:\d{{1,4}}\s?-?[А-Яа-яA-Za-z]?(?:[-.]\d{{1,3}}[а-я]?)?|[А-ЯA-Z]-?\d{{1,4}}[а-я]?|{_ROOM_WORDS})\.?$",
    re.IGNORECASE,
)
_GYM = re.compile(
    r"^(?:\S+\s?)?(?:зал\b|сз\b|[бмс]\.?\s?с\.?\s?з|[бмс]сз|с/з|стадион|бассейн|сп\.|спорт)", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*[/,;\\\n]\s*|\s+(?=\d{2,4}\b)")
_SLASH_WORD = re.compile(r"\bс/з\b", re.IGNORECASE)
_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_INITIALS = r"[А-ЯЁ]\s?\.{1,2}\s?(?:[А-ЯЁ]\s?\.{0,2})?"
_PERSON = re.compile(rf"(?<![\w])(?:{_SURNAME}\s*{_INITIALS}|{_INITIALS}\s*{_SURNAME})(?![а-яё])")
_FULL_NAME = re.compile(rf"^{_SURNAME}\s+{_SURNAME}\s+[А-ЯЁ][а-яё]+(?:вич|вна|чна|ична|ьич|кызы|оглы)\b\.?")
_VACANCY = re.compile(r"ваканс|совместител", re.IGNORECASE)


@lru_cache(KEPT)
def is_room(text: str) -> bool:
    """True where all of a text is rooms: 412, «411Б», «Сп. зал 2», «402/410», «МСЗ», «ШК-3», «дист»."""
    parts = split_rooms(text)
    return 0 < len(parts) <= MOST_ROOMS and all(_ROOM.match(part) or is_remote(part) for part in parts)


def is_remote(text: str) -> bool:
    return bool(_REMOTE.match(text.strip()))


def is_gym(text: str) -> bool:
    """True for a hall in which several classes have lessons at once."""
    return bool(_GYM.match(text.strip()))


def split_rooms(text: str) -> tuple[str, ...]:
    """The rooms of a list: by strokes, commas and lines; «130.123» is a list that lost its comma."""
    kept = _SLASH_WORD.sub("с\u2215з", text.strip().strip("()"))
    kept = re.sub(r"^(\d{3})\.(\d{3})$", r"\1/\2", kept)
    return tuple(part.strip().replace("\u2215", "/") for part in _SPLIT.split(kept) if part.strip())


def room_name(text: str) -> str:
    """One name for one room: «каб. 305» is 305, «Сп. зал 2» and «Сп.зал 2» are one."""
    name = re.sub(r"^(?:каб(?:инет)?|ауд)\.?\s*(?:№\s*)?(?=\d)", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(r"\.\s+(?=\w)", ".", " ".join(name.split()))


def people_in(text: str) -> tuple[str, ...]:
    """The teachers a text names, put as «Иванова А. П.»; double full stops and missing blanks are mended."""
    full = _FULL_NAME.match(text.strip())
    if full:
        return (" ".join(full.group().strip(".").split()),)
    return tuple(mend_person(found.group()) for found in _PERSON.finditer(text))


def without_people(text: str) -> str:
    return _PERSON.sub(" ", text)


@lru_cache(KEPT)
def is_person(text: str) -> bool:
    """True where a text is one person or a vacancy, and little else."""
    line = " ".join(re.sub(r"\([^)]*\)?$", "", text).split()) or text
    if _FULL_NAME.match(line) or _VACANCY.search(text):
        return True
    found = _PERSON.search(line)
    return found is not None and len(found.group()) >= len(line) - 2


@lru_cache(KEPT)
def is_people(text: str) -> bool:
    """True where a text is nothing but persons: one or several by strokes or lines."""
    parts = [part for part in re.split(r"[/,;\n]", text) if part.strip()]
    return bool(parts) and all(is_person(part) for part in parts)


def mend_person(text: str) -> str:
    """«Иванова А..П» and «А.П.Иванова» are «Иванова А. П.»."""
    surname = re.search(_SURNAME, text)
    if surname is None:
        return text.strip()
    letters = re.findall(r"[А-ЯЁ](?=\s?\.|\s*$|\s)", text.replace(surname.group(), " "))
    return " ".join([surname.group(), *(f"{letter}." for letter in letters[:2])])

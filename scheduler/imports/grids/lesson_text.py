"""The grammar of a lesson's texts: subjects, rooms and teachers of a cell, and which half of a class has which.

A stroke splits a class only where both sides are subjects or there are as many rooms: «математика/алгебра» is one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.imports.grids.place_words import (
    is_people,
    is_room,
    people_in,
    room_name,
    split_rooms,
    without_people,
)
from scheduler.imports.subject_names import known_subject, looks_like_subject

_CANCELLED = re.compile(r"^[\s=\-–—_*.xXхХ]+$")
_IN_BRACKETS = re.compile(r"\(([^()]*)(?:\)|$)")
_ROOM_TAIL = re.compile(
    r"^(?P<subject>.*?[^\W\d_].*?)[\s,.]*(?:\bкаб\.?\s*|\bк\.\s*|\bауд\.?\s*|(?<=[\s.а-яё)])№?\s*)"
    r"(?P<rooms>\d{2,4}[а-я]?(?:\s*[/,]\s*\d{2,4}[а-я]?)*)$",
    re.IGNORECASE,
)
_STROKE = re.compile(r"\s*[/\\|]\s*")
_COMMA = re.compile(r"\s*[,;]\s*")
_GROUP_MARK = re.compile(
    r"\s*\(?\b(?P<number>[1-4])\s*-?\s*(?:я\s*)?(?:подгр\w*|гр\w*|п/г|п\.\s?г)\b\.?\)?\s*", re.IGNORECASE
)
_EDGES = " \n\t,.;:/\\-–—(\"'"


@dataclass(frozen=True, slots=True)
class LessonPart:
    """What one part of a class has; `subgroup` counts from 1, None is the whole class."""

    subject: str
    rooms: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    subgroup: int | None = None


@dataclass(slots=True)
class _Texts:
    """The texts of a cell taken apart."""

    subjects: list[str]
    rooms: list[str]
    teachers: list[str]
    strange: str = ""


@dataclass(frozen=True, slots=True)
class ParsedLesson:
    """The parts of a lesson; none where it is cancelled. `strange` is a text that is neither room nor teacher."""

    parts: tuple[LessonPart, ...]
    strange: str = ""
    is_split_by_rooms: bool = False


def is_cancelled(text: str) -> bool:
    """A line of signs in the place of a subject: «=====»."""
    return bool(_CANCELLED.match(text))


def parse_lesson(subject: str, room: str, teacher: str, subgroup: int | None) -> ParsedLesson:
    """The parts of a lesson by its three texts and the subgroup that the layout tells."""
    if is_cancelled(subject) or not re.search(r"[^\W\d_]", subject):
        return ParsedLesson(())
    both = _both_with_rooms(subject)
    if both and subgroup is None:
        return ParsedLesson(both)
    mark = _GROUP_MARK.search(subject)
    if mark and len(_GROUP_MARK.findall(subject)) == 1:
        subject, subgroup = _GROUP_MARK.sub(" ", subject).strip(), int(mark["number"])
    texts = _taken_apart(subject)
    _add_room(texts, room)
    texts.teachers.extend(name for name in _teachers(teacher) if name not in texts.teachers)
    return _parts(texts, subgroup)


def _both_with_rooms(subject: str) -> tuple[LessonPart, ...]:
    """«курс по химии 307/  курс по физике  206»: each side has a subject and a room of its own."""
    sides = _STROKE.split(subject.replace("\n", " "))
    found = [_ROOM_TAIL.match(side.strip()) for side in sides]
    if len(sides) < 2 or not all(found):  # noqa: PLR2004 - two sides
        return ()
    return tuple(
        LessonPart(side["subject"].strip(_EDGES), (room_name(side["rooms"]),), (), number)
        for number, side in enumerate((side for side in found if side), 1)
    )


def _taken_apart(text: str) -> _Texts:
    texts = _Texts([], [], [])
    lines = [line for line in text.split("\n") if line.strip()]
    names = [line for line in lines if not _take_line(texts, line)]
    rest = " ".join(names) if len(names) > 1 and not _all_subjects(names) else "\n".join(names)
    texts.subjects = _subjects(rest, texts)
    return texts


def _take_line(texts: _Texts, line: str) -> bool:
    """True where a whole line is rooms or teachers."""
    if is_room(line) and not known_subject(line):
        texts.rooms.extend(split_rooms(line))
        return True
    if is_people(line):
        texts.teachers.extend(people_in(line) or [line.strip()])
        return True
    return False


def _subjects(text: str, texts: _Texts) -> list[str]:
    text = _without_brackets(text, texts)
    people = people_in(text)
    if people:
        texts.teachers.extend(people)
        text = re.sub(r"\(\s*[,/]*\s*\)?|\s+\)", " ", without_people(text)).strip()
    tail = None if known_subject(text) else _ROOM_TAIL.match(text)
    if tail:
        texts.rooms.extend(split_rooms(tail["rooms"]))
        text = tail["subject"]
    return [name for name in _split_subjects(text.strip(), texts) if name]


def _without_brackets(text: str, texts: _Texts) -> str:
    """Brackets with rooms or teachers are taken out; others belong to the subject."""

    def taken(found: re.Match[str]) -> str:
        inner = found[1].strip()
        if is_room(inner) and not known_subject(inner):
            texts.rooms.extend(split_rooms(inner))
            return " "
        if is_people(inner):
            texts.teachers.extend(people_in(inner) or [inner])
            return " "
        return found.group()

    return _IN_BRACKETS.sub(taken, text)


def _split_subjects(text: str, texts: _Texts) -> list[str]:
    if not text or known_subject(text):
        return [" ".join(text.split())]
    for shape in (re.compile(r"\n"), _STROKE, _COMMA):
        sides = [side.strip(_EDGES) for side in shape.split(text)]
        if len(sides) > 1 and all(sides) and _is_split(sides, texts):
            return [" ".join(side.split()) for side in sides]
    return [" ".join(text.split()).strip(",;/ ")]


def _is_split(sides: Sequence[str], texts: _Texts) -> bool:
    return _all_subjects(sides) or (len(sides) == len(texts.rooms) and any(known_subject(side) for side in sides))


def _all_subjects(names: Sequence[str]) -> bool:
    return all(looks_like_subject(name) for name in names)


def _add_room(texts: _Texts, room: str) -> None:
    if not room.strip():
        return
    if is_people(room) and not is_room(room):
        texts.teachers.extend(people_in(room) or [room.strip()])
        return
    if not is_room(room):
        inner = [part for part in split_rooms(re.sub(r"[()]", "/", without_people(room))) if is_room(part)]
        texts.teachers.extend(people_in(room))
        texts.strange = "" if inner or people_in(room) else room.strip()
        texts.rooms.extend(inner)
        return
    texts.rooms.extend(split_rooms(room))
    if len(texts.subjects) == 1 and not known_subject(texts.subjects[0]):
        texts.subjects = [name for name in _split_subjects(texts.subjects[0], texts) if name]


def _teachers(text: str) -> tuple[str, ...]:
    if not text.strip():
        return ()
    return people_in(text) or tuple(part.strip() for part in re.split(r"[/,;\n]", text) if part.strip())


def _parts(texts: _Texts, subgroup: int | None) -> ParsedLesson:
    rooms = tuple(dict.fromkeys(room_name(room) for room in texts.rooms))
    teachers = tuple(dict.fromkeys(texts.teachers))
    subjects = texts.subjects or [""]
    if not subjects[0]:
        return ParsedLesson((), texts.strange)
    if len(subjects) > 1 and subgroup is None:
        return ParsedLesson(tuple(_dealt(subjects, rooms, teachers)), texts.strange)
    name = " / ".join(subjects)
    if subgroup is None and len(rooms) > 1 and len(teachers) in {0, len(rooms)}:
        names = [name] * len(rooms)
        return ParsedLesson(tuple(_dealt(names, rooms, teachers)), texts.strange, is_split_by_rooms=True)
    return ParsedLesson((LessonPart(name, rooms, teachers, subgroup),), texts.strange)


def _dealt(subjects: Sequence[str], rooms: tuple[str, ...], teachers: tuple[str, ...]) -> list[LessonPart]:
    """One part a subject: rooms and teachers in their order; what is left over goes to the first."""
    return [
        LessonPart(name, _share(rooms, place, len(subjects)), _share(teachers, place, len(subjects)), place + 1)
        for place, name in enumerate(subjects)
    ]


def _share(values: tuple[str, ...], place: int, count: int) -> tuple[str, ...]:
    if len(values) == 1:
        return values
    over = max(len(values) - count, 0)
    return values[: over + 1] if place == 0 else values[over + place : over + place + 1]

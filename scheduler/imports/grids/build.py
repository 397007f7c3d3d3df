"""Lessons of a grid to the neutral draft: halves of classes, joint lessons, courses and slots.

A grid has no ids: everything is keyed by its own name, so that the next import finds it again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _

from scheduler.imports.draft import (
    Draft,
    DraftAudience,
    DraftClass,
    DraftCourse,
    DraftDay,
    DraftDivision,
    DraftPart,
    DraftRoom,
    DraftSlot,
    DraftSubject,
    DraftTeacher,
)
from scheduler.imports.findings import some_names, weekday_name
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.grids.lesson_text import LessonPart
from scheduler.imports.grids.place_words import is_gym
from scheduler.imports.names import is_physical_education, is_placeholder, looks_private
from scheduler.imports.subject_names import Meaning, meaning_of, spelling_key
from scheduler.models.names import name_key

EVERY_WEEK = -1
HALVES = 2
Hour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One part of one class at one hour: `hour` is week (EVERY_WEEK for all), weekday, lesson number."""

    hour: Hour
    class_key: str
    part: LessonPart
    address: str
    is_split_by_rooms: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """What a class, or its part number `number` of `count`, has in one cell. `halves`: parts told by rooms alone."""

    class_key: str
    part: LessonPart
    address: str
    number: int = 0
    count: int = 0
    halves: tuple[LessonPart, ...] = ()


class DraftBuilder:
    """Gathers what the sheets gave; `draft` joins it."""

    def __init__(self) -> None:
        self.classes: dict[str, DraftClass] = {}
        self.subjects: dict[str, DraftSubject] = {}
        self.rooms: dict[str, DraftRoom] = {}
        self.teachers: dict[str, DraftTeacher] = {}
        self.audiences: dict[str, DraftAudience] = {}
        self.divisions: dict[str, DraftDivision] = {}
        self.meanings: dict[str, Meaning] = {}
        self._hours: dict[tuple[str, str, tuple[str, ...]], Decimal] = defaultdict(Decimal)

    def add_class(self, label: ClassLabel) -> str:
        known = self.classes.get(label.key)
        if known is None:
            self.classes[label.key] = DraftClass(
                label.key, label.name, label.grade, is_private=looks_private(label.name)
            )
        return label.key

    def add_subject(self, text: str) -> str:
        """The key of a subject; known spellings share one, a doubtful one keeps its own until it is settled."""
        meaning = meaning_of(text)
        key = spelling_key(meaning.name) or meaning.name
        if key not in self.subjects:
            self.meanings[key] = meaning
            name = meaning.name if meaning.is_known else meaning.name[:1].upper() + meaning.name[1:]
            self.subjects[key] = DraftSubject(key, name, is_extracurricular=meaning.is_extracurricular)
        return key

    def add_room(self, name: str) -> str:
        key = name_key(name) or name.casefold()
        self.rooms.setdefault(key, DraftRoom(key, name, is_shared=is_gym(name)))
        return key

    def add_teacher(self, name: str) -> str:
        key = name_key(name) or name.casefold()
        self.teachers.setdefault(key, DraftTeacher(key, name, is_placeholder=is_placeholder(name)))
        return key

    def teach(self, teacher: str, *, subjects: Iterable[str], classes: Iterable[str], rooms: Iterable[str]) -> None:
        """What a list of teachers says of one, added to what it said before."""
        row = self.teachers[teacher]
        self.teachers[teacher] = replace(
            row,
            subject_keys=tuple(dict.fromkeys((*row.subject_keys, *subjects))),
            class_keys=tuple(dict.fromkeys((*row.class_keys, *classes))),
            room_keys=tuple(dict.fromkeys((*row.room_keys, *rooms))),
        )

    def half(self, class_key: str, number: int, count: int) -> DraftPart:
        """One of `count` parts of a class."""
        names = tuple(_("group %(number)s", number=place + 1) for place in range(count))
        key = f"{class_key}/{count}"
        name = _("Groups") if count <= HALVES else _("Groups (%(count)s)", count=count)
        self.divisions.setdefault(key, DraftDivision(key, class_key, name, names))
        return DraftPart(class_key, key, names[number - 1])

    def audience(self, parts: Iterable[DraftPart]) -> str:
        """The key of the audience of these parts, in the order in which the file names their classes."""
        order = {key: place for place, key in enumerate(self.classes)}
        rows = sorted(set(parts), key=lambda part: (order[part.class_key], part.part or ""))
        key = "|".join(f"{part.class_key}:{part.division_key or ''}:{part.part or ''}" for part in rows)
        if key not in self.audiences:
            names = [self.classes[part.class_key].name for part in rows]
            labels = [f"{name} ({part.part})" if part.part else name for name, part in zip(names, rows, strict=True)]
            is_private = any(self.classes[part.class_key].is_private for part in rows)
            self.audiences[key] = DraftAudience(key, some_names(labels), frozenset(rows), is_private)
        return key

    def club(self, name: str, class_keys: Iterable[str]) -> str:
        """The key of an audience of its own, to which pupils of these classes may come."""
        key = f"club:{name_key(name)}"
        parts = frozenset(map(DraftPart, class_keys))
        self.audiences.setdefault(key, DraftAudience(key, name, parts, is_club=True, stands_apart=True))
        return key

    def course(self, subject: str, audience: str, teachers: Sequence[str], hours: Decimal) -> str:
        key = (subject, audience, tuple(sorted(teachers)))
        self._hours[key] += hours
        return _course_key(key)

    def courses(self) -> tuple[DraftCourse, ...]:
        return tuple(
            DraftCourse(_course_key(key), key[0], key[1], key[2], min(hours, Decimal(99)))
            for key, hours in self._hours.items()
        )

    def draft(self, *, shape: str, lessons_read: int, slots: Sequence[DraftSlot] = (), cycle_weeks: int = 1) -> Draft:
        weekdays = sorted({slot.weekday for slot in slots})
        return Draft(
            kind="grid",
            shape=shape,
            lessons_read=lessons_read,
            cycle_weeks=cycle_weeks,
            week_names=("",) * cycle_weeks,
            days=tuple(DraftDay(day, weekday_name(day)) for day in weekdays),
            classes=tuple(self.classes.values()),
            teachers=tuple(self.teachers.values()),
            subjects=tuple(self.subjects.values()),
            rooms=tuple(self.rooms.values()),
            divisions=tuple(self.divisions.values()),
            audiences=tuple(self.audiences.values()),
            courses=self.courses(),
            slots=tuple(slots),
        )


def _course_key(key: tuple[str, str, tuple[str, ...]]) -> str:
    return f"{key[0]}|{key[1]}|{'+'.join(key[2])}"


def place_sittings(builder: DraftBuilder, sittings: Iterable[Sitting], cycle_weeks: int) -> tuple[DraftSlot, ...]:
    """The slots of all sittings, and their courses in the builder."""
    by_hour: dict[Hour, list[Sitting]] = defaultdict(list)
    for sitting in sittings:
        by_hour[sitting.hour].append(sitting)
    weeks_of: dict[tuple[str, int, int, tuple[str, ...]], set[int]] = defaultdict(set)
    for (week, weekday, period), rows in by_hour.items():
        weeks = set(range(cycle_weeks)) if week == EVERY_WEEK else {week}
        for members in _meetings(rows):
            course = _course_of(builder, members, Decimal(len(weeks)) / cycle_weeks)
            rooms = tuple(builder.add_room(name) for name in members[0].part.rooms)
            weeks_of[course, weekday, period, rooms] |= weeks
    return tuple(
        DraftSlot(course, weekday, period, frozenset(weeks), rooms)
        for (course, weekday, period, rooms), weeks in weeks_of.items()
    )


def _course_of(builder: DraftBuilder, members: Sequence[_Item], hours: Decimal) -> str:
    part = members[0].part
    subject = builder.add_subject(part.subject)
    audience = builder.audience(
        builder.half(row.class_key, row.number, row.count) if row.number else DraftPart(row.class_key)
        for row in members
    )
    return builder.course(subject, audience, [builder.add_teacher(name) for name in part.teachers], hours)


def _meetings(sittings: Sequence[Sitting]) -> Iterator[list[_Item]]:
    """Lessons of one hour, each with all who sit in it: classes with one subject in the same rooms sit together."""
    by_class: dict[str, dict[str, list[Sitting]]] = defaultdict(lambda: defaultdict(list))
    for sitting in sittings:
        by_class[sitting.class_key][sitting.address].append(sitting)
    groups: dict[tuple[str, ...], dict[str, _Item]] = defaultdict(dict)
    for class_key, cells in by_class.items():
        for item in _items(class_key, list(cells.values())):
            groups[_meeting_key(item)].setdefault(class_key, item)
    for members in groups.values():
        if len(members) > 1:
            yield list(members.values())
        else:
            yield from ([row] for row in _in_halves(next(iter(members.values()))))


def _meeting_key(item: _Item) -> tuple[str, ...]:
    """Equal where lessons of different classes are one: the same rooms or one merged cell. In a gym they are not."""
    subject = spelling_key(item.part.subject)
    if is_physical_education(subject) or meaning_of(item.part.subject).is_extracurricular:
        return subject, item.class_key, str(item.number), item.address
    if not item.part.rooms:
        return subject, item.address, *item.part.teachers, str(item.number)
    return subject, *sorted(item.part.rooms), "", *sorted(item.part.teachers)


def _in_halves(item: _Item) -> list[_Item]:
    if not item.halves:
        return [item]
    count = len(item.halves)
    return [replace(item, part=half, number=place + 1, count=count) for place, half in enumerate(item.halves)]


def _items(class_key: str, cells: Sequence[Sequence[Sitting]]) -> list[_Item]:
    """What one class has at one hour. Several lessons are of its parts; the same one twice is of the whole class."""
    whole = [_item(class_key, rows) for rows in cells if len({row.part.subject for row in rows}) == 1]
    several = [_item(class_key, [row]) for rows in cells if len({row.part.subject for row in rows}) > 1 for row in rows]
    distinct = {
        (spelling_key(item.part.subject), item.part.rooms, item.part.teachers): item for item in (*whole, *several)
    }
    items = list(distinct.values())
    if len(items) == 1:
        stated = items[0].part.subgroup
        is_whole = stated is None or len(whole) + len(several) > 1
        return items if is_whole else [replace(items[0], number=stated or 1, count=max(HALVES, stated or 1))]
    numbers = _numbered([item.part.subgroup for item in items])
    count = max(numbers)
    return [replace(item, number=number, count=count, halves=())
            for item, number in zip(items, numbers, strict=True)]  # fmt: skip


def _item(class_key: str, rows: Sequence[Sitting]) -> _Item:
    first = rows[0]
    if not first.is_split_by_rooms:
        return _Item(class_key, first.part, first.address)
    rooms = tuple(dict.fromkeys(room for row in rows for room in row.part.rooms))
    teachers = tuple(dict.fromkeys(name for row in rows for name in row.part.teachers))
    part = LessonPart(first.part.subject, rooms, teachers)
    return _Item(class_key, part, first.address, halves=tuple(row.part for row in rows))


def _numbered(stated: Sequence[int | None]) -> list[int]:
    """Each its own number: the stated one where it is free, else the first that is."""
    taken: list[int] = []
    for number in stated:
        free = (place for place in range(1, len(stated) + 2) if place not in taken and place not in stated)
        taken.append(number if number is not None and number not in taken else next(free, len(taken) + 1))
    return taken

"""Makes the whole demo school from a number of classes and a seed: blocks get names, labels, rooms and activities."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from scheduler.demo import activities, curriculum
from scheduler.demo.bells import bell_schedules
from scheduler.demo.blueprint import (
    ClassSpec,
    CourseSpec,
    DivisionSpec,
    GroupSpec,
    PersonSpec,
    RoleSpec,
    School,
    SignInSpec,
    SlotSpec,
    SubjectSpec,
    TeacherSpec,
    YearSpec,
)
from scheduler.demo.families import Families, divisions
from scheduler.demo.labels import labels
from scheduler.demo.names import Names
from scheduler.demo.official_chats import official_chats
from scheduler.demo.staffing import SHOWN_GRADE, Block, Unit, bells_of, block_sizes
from scheduler.demo.timetable import BlockTimetable, block_timetable
from scheduler.demo.year import school_year
from scheduler.permissions import Role
from scheduler.rules.facts import LessonKind

NAME = "Школа № 12"
PHONE = "8 (000) 000-00-12"
ZONE = "Europe/Moscow"
MOST_CLASSES = 480
SHOWN_CLASS = "7А"
SHOWN_TEACHER = "Иванова Елена Петровна"
_STEPPED_PERIODS = 3
_WINTER, _AUTUMN_TERM = 2, 1


@dataclass(slots=True)
class _Making:
    """What is gathered while block after block is named."""

    year: YearSpec
    names: Names
    chance: random.Random
    families: Families = field(default_factory=Families)
    teachers: list[TeacherSpec] = field(default_factory=list)
    classes: list[ClassSpec] = field(default_factory=list)
    divisions: list[DivisionSpec] = field(default_factory=list)
    groups: dict[str, GroupSpec] = field(default_factory=dict)
    courses: list[CourseSpec] = field(default_factory=list)
    slots: list[SlotSpec] = field(default_factory=list)


def make_school(*, classes: int = 30, seed: int = 1, today: date) -> School:
    """The demo school of the school year around `today`; the same arguments give the same school.

    Raises ValueError for a number of classes outside 1–480.
    """
    if not 1 <= classes <= MOST_CLASSES:
        raise ValueError(f"classes: 1 to {MOST_CLASSES}")
    chance = random.Random(f"zvonok/{seed}/{classes}")
    making = _Making(school_year(today), Names(chance), chance)
    leaders = _leaders(making.names)
    blocks = [block_timetable(size, seed) for size in block_sizes(classes)]
    numbered = iter(_labels(blocks))
    for block in blocks:
        _name_block(making, block, [next(numbered) for _ in block.block.grades])
    return _finished(making, leaders)


def _labels(blocks: Sequence[BlockTimetable]) -> list[str]:
    return labels(grade for block in blocks for grade in block.block.grades)


def _leaders(names: Names) -> dict[str, PersonSpec]:
    known = {
        "director": ("Орехов Андрей Викторович", False),
        "deputy": ("Соболева Марина Николаевна", True),
        "upbringing": ("Тихонова Ольга Андреевна", True),
        "sysadmin": ("Лукин Павел Игоревич", False),
    }
    return {key: names.known(key, name, is_female=is_female) for key, (name, is_female) in known.items()}


def _name_block(making: _Making, timetable: BlockTimetable, names_of_classes: list[str]) -> None:
    block = timetable.block
    teachers = _named_teachers(making, block)
    classes = []
    for number, (label, grade) in enumerate(zip(names_of_classes, block.grades, strict=True)):
        making.families.fill(label, making.names, making.chance)
        pupils = making.families.pupils[label]
        bells = bells_of(grade)
        shift = 2 if grade in curriculum.SECOND_SHIFT_GRADES else 1
        key = teachers[block.class_teachers[number]].person.key
        classes.append(ClassSpec(label, grade, shift, bells, key, tuple(person.key for person in pupils)))
        making.divisions += divisions(label, grade, pupils)
        making.groups[label] = GroupSpec(label, ((label, None, None),))
    making.classes += classes
    making.teachers += teachers
    _add_courses(making, timetable, classes, teachers)
    _add_activities(making, timetable, classes, teachers)


def _named_teachers(making: _Making, block: Block) -> list[TeacherSpec]:
    shown = block.class_teachers[block.grades.index(SHOWN_GRADE)] if not making.teachers else None
    found = []
    for number, team in enumerate(block.teams):
        key = f"teacher:{len(making.teachers) + number + 1}"
        if number == shown:
            person = making.names.known(key, SHOWN_TEACHER, is_female=True)
        else:
            person = making.names.person(key, is_female=_is_woman(team, number, making.chance))
        subjects = team.subjects if team else ("Начальные классы",)
        found.append(TeacherSpec(person, subjects, _room(team, len(making.teachers) + number, number)))
    return found


def _is_woman(team: curriculum.Team | None, number: int, chance: random.Random) -> bool:
    if team is not None and curriculum.LABOUR in team.subjects:
        return number % 2 == 1  # boys' and girls' workshops
    return chance.random() < 0.8  # noqa: PLR2004 - as schools are


_HALLS = {
    curriculum.SPORT: "Спортивный зал",
    curriculum.LABOUR: "Мастерская",
    curriculum.INFORMATICS: "Компьютерный класс",
}


def _room(team: curriculum.Team | None, index: int, number: int) -> str:
    """Each teacher has a room; halls and workshops are told by name."""
    hall = next((name for subject, name in _HALLS.items() if team and subject in team.subjects), None)
    place = 100 * (1 + number // 16) + 1 + number % 16
    room = f"{hall} {place}" if hall else f"Кабинет {place}"
    return room if index == number else f"{room}, корпус {1 + index // 48}"


def _add_courses(
    making: _Making, timetable: BlockTimetable, classes: list[ClassSpec], teachers: list[TeacherSpec]
) -> None:
    placed = {unit: list(found) for unit, found in groupby(timetable.placed, key=lambda item: item.unit)}
    for unit in timetable.block.units:
        item = classes[unit.class_number]
        for course, teacher in _courses(making, unit, item, teachers):
            making.courses.append(course)
            making.slots += [
                SlotSpec(
                    course.key,
                    place.weekday,
                    place.period,
                    teacher.room,
                    _stepped(making.year, item, place.period, place.weekday),
                )
                for place in placed[unit.number]
            ]


def _courses(
    making: _Making, unit: Unit, item: ClassSpec, teachers: list[TeacherSpec]
) -> list[tuple[CourseSpec, TeacherSpec]]:
    """One course of the class, or one for each part of the division."""
    split = curriculum.split_of(unit.subject, item.grade)
    if split is None:
        return [_course(unit, item.label, item.label, teachers[unit.teachers[0]])]
    found = []
    for part, number in zip(split.parts, unit.teachers, strict=True):
        group = f"{item.label}/{split.division}/{part}"
        making.groups[group] = GroupSpec(group, ((item.label, split.division, part),))
        found.append(_course(unit, group, group, teachers[number]))
    return found


def _course(unit: Unit, prefix: str, group: str, teacher: TeacherSpec) -> tuple[CourseSpec, TeacherSpec]:
    key = f"{prefix}/{unit.subject}"
    return CourseSpec(key, unit.subject, group, (teacher.person.key,), unit.hours), teacher


def _stepped(year: YearSpec, item: ClassSpec, period: int, weekday: int) -> date | None:
    """Grade 1 has three lessons a day in September and October, so later ones begin with the second quarter."""
    first = 1 if weekday == 1 else 0
    if item.grade != 1 or period <= _STEPPED_PERIODS + first:
        return None
    return year.terms[_AUTUMN_TERM][1]


def _add_activities(
    making: _Making, timetable: BlockTimetable, classes: list[ClassSpec], teachers: list[TeacherSpec]
) -> None:
    rooms = {teacher.person.key: teacher.room for teacher in teachers}
    hours = activities.leading_hours(classes)
    taken = _taken(timetable, classes, teachers, hours)
    hours += activities.eaglets(classes, taken)
    busy = {hour.teacher for hour in hours}
    free = [teacher.person.key for teacher in teachers if teacher.person.key not in busy]
    hours += activities.clubs(classes, free + [key for key in rooms if key not in free], taken)
    for hour in hours:
        group = hour.labels[0] if len(hour.labels) == 1 else f"{hour.name} ({', '.join(hour.labels)})"
        if group not in making.groups:
            making.groups[group] = _club(making, group, hour.labels)
        key = f"{group}/{hour.name}"
        making.courses.append(CourseSpec(key, hour.name, group, (hour.teacher,), 1))
        making.slots.append(SlotSpec(key, hour.weekday, hour.period, rooms[hour.teacher]))


def _taken(
    timetable: BlockTimetable, classes: list[ClassSpec], teachers: list[TeacherSpec], hours: list[activities.Hour]
) -> activities.Taken:
    units = {unit.number: unit for unit in timetable.block.units}
    taken: activities.Taken = {}
    for place in timetable.placed:
        unit = units[place.unit]
        for number in unit.teachers:
            spot = taken.setdefault((teachers[number].person.key, place.weekday), [])
            spot.append((classes[unit.class_number].bells, place.period))
    bells = {item.label: item.bells for item in classes}
    for hour in hours:
        taken.setdefault((hour.teacher, hour.weekday), []).append((bells[hour.labels[0]], hour.period))
    return taken


def _club(making: _Making, key: str, of_classes: tuple[str, ...]) -> GroupSpec:
    """A club keeps a list: some pupils of each class."""
    members = [person.key for label in of_classes for person in making.chance.sample(making.families.pupils[label], 4)]
    return GroupSpec(key, tuple((label, None, None) for label in of_classes), tuple(members), is_club=True)


def _subjects(courses: Sequence[CourseSpec]) -> tuple[SubjectSpec, ...]:
    lessons = {subject for hours in curriculum.HOURS.values() for subject in hours}
    return tuple(
        SubjectSpec(
            name, curriculum.SHORT.get(name, name),
            LessonKind.LESSON if name in lessons else LessonKind.EXTRACURRICULAR,
            name == curriculum.SPORT,
        )
        for name in dict.fromkeys(course.subject for course in courses)
    )  # fmt: skip


def _finished(making: _Making, leaders: dict[str, PersonSpec]) -> School:
    people = [*leaders.values(), *(teacher.person for teacher in making.teachers), *making.families.people]
    staff = [*leaders, *(teacher.person.key for teacher in making.teachers)]
    by_key = {person.key: person for person in people}
    winter_end = making.year.terms[_WINTER][1]
    return School(
        name=NAME, phone=PHONE, timezone=ZONE, year=making.year, people=tuple(people),
        teachers=tuple(making.teachers), classes=tuple(making.classes), guardians=tuple(making.families.guardians),
        divisions=tuple(making.divisions), groups=tuple(making.groups.values()), subjects=_subjects(making.courses),
        courses=tuple(making.courses), slots=tuple(making.slots),
        rooms=tuple(dict.fromkeys(teacher.room for teacher in making.teachers)),
        bells=bell_schedules(winter_end), roles=_roles(making), sign_ins=_sign_ins(making),
        chats=official_chats(making.classes, by_key, making.families.guardians, staff, making.chance),
    )  # fmt: skip


def _roles(making: _Making) -> tuple[RoleSpec, ...]:
    """Class teachers lead their own class's chats; the deputy for upbringing leads all of them, by the order."""
    found = [
        RoleSpec("director", Role.DIRECTOR), RoleSpec("deputy", Role.DEPUTY_HEAD),
        RoleSpec("deputy", Role.REMOTE_DAY_DECLARER), RoleSpec("upbringing", Role.CHAT_ADMINISTRATOR),
        RoleSpec("sysadmin", Role.SYSTEM_ADMINISTRATOR),
    ]  # fmt: skip
    found += [RoleSpec(teacher.person.key, Role.TEACHER) for teacher in making.teachers]
    found += [RoleSpec(item.class_teacher, Role.CHAT_ADMINISTRATOR, item.label) for item in making.classes]
    found += [RoleSpec(key, Role.STUDENT) for item in making.classes for key in item.pupils]
    return (
        *found,
        *(RoleSpec(key, Role.PARENT) for key in dict.fromkeys(parent for parent, _ in making.families.guardians)),
    )


def _sign_ins(making: _Making) -> tuple[SignInSpec, ...]:
    shown = next(item for item in making.classes if item.label == SHOWN_CLASS)
    pupil = shown.pupils[0]
    parent = next(parent for parent, child in making.families.guardians if child == pupil)
    return (
        SignInSpec("director", "director", "директор"),
        SignInSpec("zavuch", "deputy", "заместитель директора"),
        SignInSpec("admin", "sysadmin", "системный администратор"),
        SignInSpec("chat", "upbringing", "администратор чатов"),
        SignInSpec("ivanova", shown.class_teacher, "учитель алгебры, классный руководитель 7А"),
        SignInSpec("roditel", parent, "родитель ученика 7А"),
        SignInSpec("uchenik", pupil, "ученик 7А"),
    )

"""Gives a block of plain numbers its people, labels and rooms, and its activities beside the lessons."""

import random
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from scheduler.demo import activities, curriculum
from scheduler.demo.blueprint import (
    ClassSpec,
    CourseSpec,
    DivisionSpec,
    GroupSpec,
    SlotSpec,
    TeacherSpec,
    YearSpec,
)
from scheduler.demo.families import Families, divisions
from scheduler.demo.home_teaching import home_group, home_hours
from scheduler.demo.names import Names
from scheduler.demo.staffing import SHOWN_GRADE, Block, Unit, bells_of
from scheduler.demo.timetable import BlockTimetable

SHOWN_TEACHER = "Иванова Елена Петровна"
_STEPPED_PERIODS = 3
_AUTUMN_TERM = 1


@dataclass(slots=True)
class Making:
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


def name_block(making: Making, timetable: BlockTimetable, names_of_classes: list[str]) -> None:
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


def _named_teachers(making: Making, block: Block) -> list[TeacherSpec]:
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
    making: Making, timetable: BlockTimetable, classes: list[ClassSpec], teachers: list[TeacherSpec]
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
    making: Making, unit: Unit, item: ClassSpec, teachers: list[TeacherSpec]
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
    making: Making, timetable: BlockTimetable, classes: list[ClassSpec], teachers: list[TeacherSpec]
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
    _add_home_teaching(making, classes, rooms, taken)


def _add_home_teaching(
    making: Making, classes: list[ClassSpec], rooms: dict[str, str], taken: activities.Taken
) -> None:
    """One child of the whole school."""
    if any(group.is_private for group in making.groups.values()):
        return
    group = home_group(classes, making.groups)
    if group is None:
        return
    for hour in home_hours(group, making.courses, taken):
        making.groups[group.key] = group
        key = f"{group.key}/{hour.name}"
        making.courses.append(CourseSpec(key, hour.name, group.key, (hour.teacher,), 1))
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


def _club(making: Making, key: str, of_classes: tuple[str, ...]) -> GroupSpec:
    """A club keeps a list: some pupils of each class."""
    members = [person.key for label in of_classes for person in making.chance.sample(making.families.pupils[label], 4)]
    return GroupSpec(key, tuple((label, None, None) for label in of_classes), tuple(members), is_club=True)

"""Makes the whole demo school from a number of classes and a seed: blocks side by side under one roof."""

import random
from collections.abc import Sequence
from datetime import date

from scheduler.demo import curriculum
from scheduler.demo.bells import bell_schedules
from scheduler.demo.blueprint import CourseSpec, PersonSpec, RoleSpec, School, SignInSpec, SubjectSpec
from scheduler.demo.labels import labels
from scheduler.demo.names import Names
from scheduler.demo.naming import Making, name_block
from scheduler.demo.official_chats import official_chats
from scheduler.demo.staffing import block_sizes
from scheduler.demo.timetable import block_timetable
from scheduler.demo.year import school_year
from scheduler.permissions import Role
from scheduler.rules.facts import LessonKind

NAME = "Школа № 12"
PHONE = "8 (000) 000-00-12"
ZONE = "Europe/Moscow"
MOST_CLASSES = 480
SHOWN_CLASS = "7А"
_THIRD_TERM = 2


def make_school(*, classes: int = 30, seed: int = 1, today: date) -> School:
    """The demo school of the school year around `today`; the same arguments give the same school.

    Raises ValueError for a number of classes outside 1–480.
    """
    if not 1 <= classes <= MOST_CLASSES:
        raise ValueError(f"classes: 1 to {MOST_CLASSES}")
    chance = random.Random(f"zvonok/{seed}/{classes}")
    making = Making(school_year(today), Names(chance), chance)
    leaders = _leaders(making.names)
    blocks = [block_timetable(size, seed) for size in block_sizes(classes)]
    numbered = iter(labels(grade for block in blocks for grade in block.block.grades))
    for block in blocks:
        name_block(making, block, [next(numbered) for _ in block.block.grades])
    return _finished(making, leaders)


def _leaders(names: Names) -> dict[str, PersonSpec]:
    known = {
        "director": ("Орехов Андрей Викторович", False),
        "deputy": ("Соболева Марина Николаевна", True),
        "upbringing": ("Тихонова Ольга Андреевна", True),
        "sysadmin": ("Лукин Павел Игоревич", False),
    }
    return {key: names.known(key, name, is_female=is_female) for key, (name, is_female) in known.items()}


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


def _finished(making: Making, leaders: dict[str, PersonSpec]) -> School:
    people = [*leaders.values(), *(teacher.person for teacher in making.teachers), *making.families.people]
    staff = [*leaders, *(teacher.person.key for teacher in making.teachers)]
    by_key = {person.key: person for person in people}
    winter_end = making.year.terms[_THIRD_TERM][1]
    return School(
        name=NAME, phone=PHONE, timezone=ZONE, year=making.year, people=tuple(people),
        teachers=tuple(making.teachers), classes=tuple(making.classes), guardians=tuple(making.families.guardians),
        divisions=tuple(making.divisions), groups=tuple(making.groups.values()), subjects=_subjects(making.courses),
        courses=tuple(making.courses), slots=tuple(making.slots),
        rooms=tuple(dict.fromkeys(teacher.room for teacher in making.teachers)),
        bells=bell_schedules(winter_end), roles=_roles(making), sign_ins=_sign_ins(making),
        chats=official_chats(making.classes, by_key, making.families.guardians, staff, making.chance),
    )  # fmt: skip


def _roles(making: Making) -> tuple[RoleSpec, ...]:
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


def _sign_ins(making: Making) -> tuple[SignInSpec, ...]:
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

"""The people of a school as one list: teachers, class teachers, then each pupil with the parents right below.

A row a person and a column of roles, so that two namesakes of one class stay two at the next import. Of a child stands
here what is stored: name, class and groups; groups of single children and clubs are not told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import Session, selectinload

from scheduler.exports.csv_text import csv_bytes
from scheduler.models.classes import Division, Enrollment, Guardianship, SchoolClass, StudyGroup
from scheduler.models.people import Person
from scheduler.permissions import Role

LONGEST_HEADING = 80
Link = TypeVar("Link", Enrollment, Guardianship)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person by the three names, apart as they are stored."""

    last: str
    first: str = ""
    middle: str = ""


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """A pupil: the class, the parts by the name of their division, the parents."""

    name: ListedPerson
    label: str = ""
    groups: tuple[tuple[str, str], ...] = ()
    parents: tuple[ListedPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Everybody to be listed. `class_teachers` are (class, person); `parents` those without a child of the school."""

    teachers: tuple[ListedPerson, ...] = ()
    class_teachers: tuple[tuple[str, ListedPerson], ...] = ()
    parents: tuple[ListedPerson, ...] = ()
    pupils: tuple[ListedPupil, ...] = ()


def write_roster(people: People) -> bytes:
    """The list as CSV, with headings that the reader of lists knows."""
    divisions = sorted({name for pupil in people.pupils for name, _part in pupil.groups})
    columns = [name for name in divisions if len(group_heading(name)) <= LONGEST_HEADING]
    head = [
        pgettext("file", "Role"),
        pgettext("file", "Surname"),
        pgettext("file", "First name"),
        pgettext("file", "Patronymic"),
        pgettext("file", "Class"),
        *map(group_heading, columns),
    ]
    return csv_bytes([head, *_rows(people, columns)])


def group_heading(division: str) -> str:
    """«Группа (Английский язык)»; a division that is called a group keeps its name."""
    return division if "групп" in division.casefold() else str(_("Group (%(name)s)", name=division))


def _rows(people: People, columns: Sequence[str]) -> Iterator[list[str]]:
    blank = [""] * len(columns)
    for teacher in people.teachers:
        yield [pgettext("file", "Teacher"), *_names(teacher), "", *blank]
    for label, teacher in people.class_teachers:
        yield [pgettext("file", "Class teacher"), *_names(teacher), label, *blank]
    for parent in people.parents:
        yield [pgettext("file", "Parent"), *_names(parent), "", *blank]
    for pupil in people.pupils:
        groups = dict(pupil.groups)
        yield [pgettext("file", "Pupil"), *_names(pupil.name), pupil.label, *(groups.get(name, "") for name in columns)]
        for parent in pupil.parents:
            yield [pgettext("file", "Parent"), *_names(parent), "", *blank]


def _names(person: ListedPerson) -> tuple[str, str, str]:
    return person.last, person.first, person.middle


def load_people(session: Session, school_id: int) -> People:
    """Everybody of the school who is not archived. Constant number of queries."""
    persons = _persons(session, school_id)
    classes = _classes(session, school_id)
    enrolled = {row.person_id: row.class_id for row in _of(session, Enrollment, school_id)}
    parents = defaultdict(list)
    for link in _of(session, Guardianship, school_id):
        if link.parent_id in persons:
            parents[link.student_id].append(link.parent_id)
    pupils = [one for one in persons.values() if one.id in enrolled or Role.STUDENT in _roles(one)]
    with_child = {key for pupil in pupils for key in parents[pupil.id]}
    alone = [one for one in persons.values() if Role.PARENT in _roles(one) and one.id not in with_child]
    groups = _groups(session, school_id)
    order = {row.id: place for place, row in enumerate(classes)}
    pupils.sort(key=lambda one: order.get(enrolled.get(one.id, 0), len(order)))
    labels = {row.id: row.label for row in classes}
    return People(
        tuple(_listed(one) for one in persons.values() if Role.TEACHER in _roles(one)),
        tuple((row.label, _listed(one)) for row in classes for one in row.class_teachers if not one.is_archived),
        tuple(map(_listed, alone)),
        tuple(
            ListedPupil(
                _listed(one),
                labels.get(enrolled.get(one.id, 0), ""),
                tuple(groups.get(one.id, {}).items()),
                tuple(_listed(persons[key]) for key in parents[one.id]),
            )
            for one in pupils
        ),
    )


def _persons(session: Session, school_id: int) -> dict[int, Person]:
    rows = session.scalars(
        sa.select(Person)
        .where(Person.school_id == school_id, Person.is_archived.is_(False))
        .options(selectinload(Person.roles))
        .order_by(Person.last_name, Person.first_name, Person.middle_name, Person.id)
    )
    return {row.id: row for row in rows}


def _classes(session: Session, school_id: int) -> list[SchoolClass]:
    rows = session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
        .options(selectinload(SchoolClass.class_teachers))
    )
    return sorted(rows, key=lambda row: (row.grade is None, row.grade or 0, row.label, row.id))


def _of(session: Session, model: type[Link], school_id: int) -> Sequence[Link]:
    return session.scalars(sa.select(model).where(model.school_id == school_id).order_by(model.id)).all()


def _roles(person: Person) -> set[Role]:
    return {grant.role for grant in person.roles}


def _listed(person: Person) -> ListedPerson:
    return ListedPerson(person.last_name, person.first_name, person.middle_name)


def _groups(session: Session, school_id: int) -> Mapping[int, dict[str, str]]:
    """By pupil the parts of divisions, from the lists of groups that are one part of one division."""
    names = {row.id: row.name for row in session.scalars(sa.select(Division).where(Division.school_id == school_id))}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for group in _listed_groups(session, school_id):
        only = group.parts[0]
        for member in group.members:
            if only.division_id in names and only.part:
                found[member.person_id].setdefault(names[only.division_id], only.part)
    return found


def _listed_groups(session: Session, school_id: int) -> Iterable[StudyGroup]:
    rows = session.scalars(
        sa.select(StudyGroup)
        .where(
            StudyGroup.school_id == school_id,
            StudyGroup.is_private.is_(False),
            StudyGroup.is_club.is_(False),
            StudyGroup.members.any(),
        )
        .options(selectinload(StudyGroup.parts), selectinload(StudyGroup.members))
        .order_by(StudyGroup.id)
    )
    return [row for row in rows if len(row.parts) == 1]

"""The groups that a list of pupils names («Группа (ин.яз.)» 1 and 2): parts of a division of the class, with members.

A division that the timetable brought is used where it is clear which one is meant; else the list makes its own.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.imports.rosters.draft import RosterDraft
from scheduler.models.classes import Division, GroupMember, GroupPart, SchoolClass, StudyGroup
from scheduler.models.names import name_key
from scheduler.models.people import Person

PartKey = tuple[int, int, str]


def write_groups(
    session: Session,
    school_id: int,
    draft: RosterDraft,
    classes: Mapping[str, SchoolClass],
    students: Mapping[str, Person],
) -> None:
    """Make the members of each named part those of the list."""
    wanted = _wanted(draft, classes, students)
    if not wanted:
        return
    writer = _GroupWriter(session, school_id)
    for (school_class, heading), parts in wanted.items():
        division = writer.division(school_class, heading, parts)
        for part, people in parts.items():
            writer.fill(school_class, division, part, people)
    session.flush()


def _wanted(
    draft: RosterDraft, classes: Mapping[str, SchoolClass], students: Mapping[str, Person]
) -> dict[tuple[SchoolClass, str], dict[str, list[Person]]]:
    """By class and heading the parts with their pupils; one part alone divides nobody."""
    found: dict[tuple[SchoolClass, str], dict[str, list[Person]]] = defaultdict(lambda: defaultdict(list))
    for row in draft.students:
        for heading, part in row.groups:
            if row.class_key:
                found[classes[row.class_key], heading][part].append(students[row.key])
    return {key: parts for key, parts in found.items() if len(parts) > 1}


class _GroupWriter:
    def __init__(self, session: Session, school_id: int) -> None:
        self._session = session
        self._school_id = school_id
        self._divisions: dict[int, list[Division]] = defaultdict(list)
        for division in session.scalars(sa.select(Division).where(Division.school_id == school_id)):
            self._divisions[division.class_id].append(division)
        self._groups: dict[PartKey, StudyGroup] = {}
        self._parts: dict[int, set[str]] = defaultdict(set)
        for group in session.scalars(
            sa.select(StudyGroup)
            .where(StudyGroup.school_id == school_id, StudyGroup.is_club.is_(False))
            .options(selectinload(StudyGroup.parts), selectinload(StudyGroup.members))
        ):
            self._index(group)

    def _index(self, group: StudyGroup) -> None:
        for part in group.parts:
            if part.division_id and part.part:
                self._parts[part.division_id].add(part.part)
        if len(group.parts) == 1 and group.parts[0].division_id and group.parts[0].part:
            only = group.parts[0]
            self._groups.setdefault((only.class_id, only.division_id or 0, _part_key(only.part or "")), group)

    def division(self, school_class: SchoolClass, heading: str, parts: Mapping[str, object]) -> Division:
        """The division of this heading, or the only one whose parts are numbered alike."""
        own = self._divisions[school_class.id]
        names = {name_key(heading), name_key(_in_brackets(heading))}
        named = [one for one in own if name_key(one.name) in names]
        wanted = {_part_key(part) for part in parts}
        alike = [one for one in own if {_part_key(part) for part in self._parts[one.id]} == wanted]
        chosen = named or (alike if len(alike) == 1 else [])
        if chosen:
            return chosen[0]
        division = Division(school_id=self._school_id, class_id=school_class.id, name=heading)
        self._session.add(division)
        self._session.flush()
        own.append(division)
        return division

    def fill(self, school_class: SchoolClass, division: Division, part: str, people: list[Person]) -> None:
        key = (school_class.id, division.id, _part_key(part))
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = StudyGroup(school_id=self._school_id, name=f"{school_class.label} ({part})")
            group.parts = [
                GroupPart(school_id=self._school_id, class_id=school_class.id, division_id=division.id, part=part)
            ]
            self._session.add(group)
        wanted = {person.id for person in people}
        group.members = [row for row in group.members if row.person_id in wanted]
        known = {row.person_id for row in group.members}
        group.members += [
            GroupMember(school_id=self._school_id, person_id=person_id) for person_id in sorted(wanted - known)
        ]


def _in_brackets(heading: str) -> str:
    """«Группа (Английский язык)» is of the division «Английский язык»."""
    found = re.match(r"(?i)^групп\w*\s*\((.+)\)$", heading.strip())
    return found[1] if found else heading


def _part_key(part: str) -> str:
    """«1», «Группа 1», «1-я группа» are one part; «мальчики» is itself."""
    number = re.search(r"\d+", part)
    return number.group() if number else name_key(part)

"""Who the school knows already, read once, and which of them a person of a list is.

Pupils are told by name within a class, then by full name over the school; ё and е, capitals and a missing patronymic
make no other person. Whoever stays doubtful is taken as somebody new, and said so.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.imports.rosters.draft import Name, RosterStudent
from scheduler.imports.rosters.names import person_key
from scheduler.models.classes import Enrollment, Guardianship
from scheduler.models.people import Person
from scheduler.permissions import Role

FAMILIES = frozenset({Role.STUDENT, Role.PARENT})
Candidates = Callable[[RosterStudent], list[Person]]


@dataclass
class KnownPeople:
    """The people of a school by what they are here."""

    students: list[Person] = field(default_factory=list)
    parents: list[Person] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)
    class_of: dict[int, int] = field(default_factory=dict)
    children_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def load_people(session: Session, school_id: int) -> KnownPeople:
    known = KnownPeople()
    people = session.scalars(
        sa.select(Person)
        .where(Person.school_id == school_id)
        .options(selectinload(Person.roles))
        .order_by(Person.is_archived, Person.id)
    ).all()
    enrolled = session.execute(
        sa.select(Enrollment.person_id, Enrollment.class_id).where(Enrollment.school_id == school_id)
    )
    known.class_of = {row.person_id: row.class_id for row in enrolled}
    links = session.execute(
        sa.select(Guardianship.parent_id, Guardianship.student_id).where(Guardianship.school_id == school_id)
    )
    for parent_id, student_id in links:
        known.children_of[parent_id].add(student_id)
    for person in people:
        roles = {grant.role for grant in person.roles}
        if Role.STUDENT in roles or person.id in known.class_of:
            known.students.append(person)
        if Role.PARENT in roles or person.id in known.children_of:
            known.parents.append(person)
        if roles - FAMILIES:
            known.staff.append(person)
    return known


def match_students(drafts: Sequence[RosterStudent], known: KnownPeople, class_ids: dict[str, int]) -> dict[str, Person]:
    """Pupils of the list by key to those the school knows; nobody is used twice."""
    found: dict[str, Person] = {}
    used: set[int] = set()
    ways = (_by_class(known, class_ids), _but_patronymic(known, class_ids), _by_full_name(known, drafts))
    for candidates_of in ways:
        for draft in drafts:
            free = [person for person in candidates_of(draft) if person.id not in used]
            if draft.key not in found and free:
                found[draft.key] = free[0]
                used.add(free[0].id)
    return found


def _by_class(known: KnownPeople, class_ids: dict[str, int]) -> Candidates:
    index: dict[tuple[str, int | None], list[Person]] = defaultdict(list)
    for person in known.students:
        index[person.name_key, known.class_of.get(person.id)].append(person)
    return lambda draft: index[person_key(draft.name), class_ids.get(draft.class_key or "")]


def _but_patronymic(known: KnownPeople, class_ids: dict[str, int]) -> Candidates:
    """One of the two names has no patronymic; within one class that is one child."""
    index: dict[tuple[str, int | None, bool], list[Person]] = defaultdict(list)
    for person in known.students:
        short = person_key(Name(person.last_name, person.first_name))
        index[short, known.class_of.get(person.id), not person.middle_name].append(person)

    def candidates(draft: RosterStudent) -> list[Person]:
        short = person_key(Name(draft.name.last, draft.name.first))
        return index[short, class_ids.get(draft.class_key or ""), bool(draft.name.middle)]

    return candidates


def _by_full_name(known: KnownPeople, drafts: Sequence[RosterStudent]) -> Candidates:
    """A pupil who changed class: the only one of the full name in the school and in the list."""
    index: dict[str, list[Person]] = defaultdict(list)
    for person in known.students:
        index[person.name_key].append(person)
    listed = Counter(person_key(draft.name) for draft in drafts)

    def candidates(draft: RosterStudent) -> list[Person]:
        key = person_key(draft.name)
        is_clear = bool(draft.name.middle) and listed[key] == 1 == len(index[key])
        return index[key] if is_clear else []

    return candidates

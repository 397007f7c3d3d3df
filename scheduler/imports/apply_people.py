"""Teachers of a draft become people with the role of a teacher. Pupils and parents come with rosters, not from here."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from scheduler.imports.applying import Applying, match_people
from scheduler.imports.draft import DraftTeacher
from scheduler.imports.names import person_names
from scheduler.models.names import name_key
from scheduler.models.people import Person, RoleGrant
from scheduler.permissions import Role

FAMILIES = frozenset({Role.STUDENT, Role.PARENT})


def apply_teachers(work: Applying) -> dict[str, Person]:
    """People by draft key; a vacancy is nobody. Only staff is recognised by name, a namesake among parents is not."""
    drafts = [row for row in work.draft.teachers if not row.is_placeholder]
    people = match_people(drafts, _staff(work), person_key)
    for draft in drafts:
        person = people.get(draft.key)
        if person is None:
            people[draft.key] = _new(work, draft)
        else:
            _update(work, person, draft)
    work.session.flush()
    return people


def person_key(name: str) -> str:
    """The normal form of a person's name, initials and doubled words put right."""
    return name_key(" ".join(person_names(name)))


def _staff(work: Applying) -> Sequence[Person]:
    people = work.session.scalars(
        sa.select(Person)
        .where(Person.school_id == work.school_id)
        .options(selectinload(Person.roles))
        .order_by(Person.is_archived, Person.id)
    )
    return [row for row in people if row.source_id or not {grant.role for grant in row.roles} <= FAMILIES]


def _new(work: Applying, draft: DraftTeacher) -> Person:
    last, first, middle = person_names(draft.name)
    person = Person(
        school_id=work.school_id,
        last_name=last,
        first_name=first,
        middle_name=middle,
        name_key=person_key(draft.name),
        source_id=draft.stable_id,
    )
    person.roles.append(RoleGrant(school_id=work.school_id, role=Role.TEACHER))
    work.session.add(person)
    work.counts["teachers_new"] += 1
    return person


def _update(work: Applying, person: Person, draft: DraftTeacher) -> None:
    """A person found by lasting id takes the new name; nobody loses a role or an account."""
    if person.name_key != person_key(draft.name):
        work.findings.info(person.short_name, _("The teacher is now called %(name)s.", name=draft.name))
        person.last_name, person.first_name, person.middle_name = person_names(draft.name)
        person.name_key = person_key(draft.name)
        work.counts["teachers_renamed"] += 1
    person.source_id = draft.stable_id or person.source_id
    person.is_archived = False
    if Role.TEACHER not in {grant.role for grant in person.roles}:
        person.roles.append(RoleGrant(school_id=work.school_id, role=Role.TEACHER))

"""Schools and people on their lists."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.names import name_key
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning.audit import record


def add_school(name: str, timezone: str) -> int:
    """A new empty school; answers its number."""
    with transaction() as session:
        school = School(name=name, timezone=timezone)
        session.add(school)
        session.flush()
        return school.id


def add_person(school_id: int, name: str, role: Role, *, actor_id: int | None = None) -> int:
    """A person by full name with a role for the whole school; one already on the list only gets the role."""
    with transaction() as session:
        person = person_on_list(session, school_id, name)
        if role not in {grant.role for grant in person.grants}:
            person.roles.append(RoleGrant(school_id=school_id, role=role))
            record(
                session,
                school_id,
                "grant",
                actor_id=actor_id,
                subject=("person", person.id),
                after={"role": role.value},
            )
        session.flush()
        return person.id


def person_on_list(session: Session, school_id: int, name: str) -> Person:
    """Somebody by full name, in the transaction in hand; put on the list where they are not yet."""
    return _known(session, school_id, name) or _new(session, school_id, name)


def _known(session: Session, school_id: int, name: str) -> Person | None:
    people = session.scalars(
        sa.select(Person).where(Person.school_id == school_id, Person.name_key == name_key(name))
    ).all()
    return people[0] if len(people) == 1 else None


def _new(session: Session, school_id: int, name: str) -> Person:
    last, first, middle = [*name.split(maxsplit=2), "", "", ""][:3]
    person = Person(school_id=school_id, last_name=last, first_name=first, middle_name=middle, name_key=name_key(name))
    session.add(person)
    session.flush()
    return person

"""The list of a class with how each family is told; shown to its class teacher alone."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.classes import Enrollment
from scheduler.models.people import Person
from scheduler.models.remote_told import FamilyWay, TellingWay


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child of the class and how the family is told."""

    id: int
    name: str
    way: TellingWay


def pupils_of(session: Session, class_id: int) -> list[Pupil]:
    """In order of name; empty where the school keeps no list here."""
    rows = session.execute(
        sa.select(Person, FamilyWay.way)
        .join(Enrollment, Enrollment.person_id == Person.id)
        .outerjoin(FamilyWay, FamilyWay.student_id == Person.id)
        .where(Enrollment.class_id == class_id, ~Person.is_archived)
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return [
        Pupil(person.id, f"{person.last_name} {person.first_name}".strip(), way or TellingWay.CHAT)
        for person, way in rows
    ]

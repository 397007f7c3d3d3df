"""Stores the invented school in the database, in bulk: people, classes, plans, bells, the base timetable, chats.

Nothing here is published or posted; that goes the way of every school, through `planning`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.models.base import SchoolRow
from scheduler.models.school import AcademicYear, CallWay, Holiday, School, Term
from scheduler.planning.remote.school_lines import Contact


@dataclass(slots=True)
class Ids:
    """Row numbers by the blueprint's keys."""

    school: int
    people: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    divisions: dict[tuple[str, str], int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    courses: dict[str, int] = field(default_factory=dict)
    rooms: dict[str, int] = field(default_factory=dict)


CONTACTS: Mapping[Contact, str] = {
    Contact.HOURS: "с 8:00 до 18:00",
    Contact.DUTY: "дежурный администратор",
    Contact.COORDINATOR: "Соболева М. Н.",
}
"""What the posts of a remote day say of whom to ask."""


def insert(session: Session, model: type[SchoolRow], ids: Ids, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows of one school in one statement; answers their numbers in order."""
    if not rows:
        return []
    stamped = [row | {"school_id": ids.school} for row in rows]
    statement = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, stamped))


def store_school(session: Session, plan: SchoolPlan) -> Ids:
    """The school's own row with its year, terms and holidays."""
    school = School(
        name=plan.name, timezone=plan.timezone, days_per_week=5, phone=plan.phone, call_way=CallWay.VK,
        cycle_anchor=plan.year.start, remote_settings={"contacts": dict(CONTACTS)},
    )  # fmt: skip
    session.add(school)
    session.flush()
    ids = Ids(school.id)
    _store_year(session, ids, plan)
    return ids


def _store_year(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Rests of single grades have no table; they are left to the people of the school."""
    year = plan.year
    (year_id,) = insert(session, AcademicYear, ids, [{"name": year.name, "start": year.start, "end": year.end}])
    terms = [{"academic_year_id": year_id, "name": n, "start": first, "end": last} for n, first, last in year.terms]
    insert(session, Term, ids, terms)
    rests = [
        {"name": rest.name, "start": rest.start, "end": rest.end, "is_confirmed": rest.is_confirmed}
        for rest in year.holidays
        if not rest.grades
    ]
    insert(session, Holiday, ids, rests)

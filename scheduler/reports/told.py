"""What class teachers have said about a decision, class by class: message placed, families told; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.classes import SchoolClass, class_teacher
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay
from scheduler.models.remote_told import ClassTold


@dataclass(frozen=True, slots=True)
class ClassSaid:
    """One class: its teachers by name and by number, and what was said; `told` None where nothing was."""

    class_id: int
    label: str
    grade: int
    teachers: tuple[str, ...]
    teacher_ids: tuple[int, ...]
    told: ClassTold | None

    @property
    def is_told(self) -> bool:
        return self.told is not None and self.told.is_everybody_told

    @property
    def is_placed(self) -> bool:
        return self.told is not None and self.told.placed_at is not None


def classes_said(session: Session, day: RemoteDay) -> list[ClassSaid]:
    """The decision's classes in the order of grades, in one query."""
    of_class: dict[int, list[Any]] = {}
    for row in session.execute(_query(day)):
        of_class.setdefault(row.SchoolClass.id, []).append(row)
    return [_said(rows) for rows in of_class.values()]


def _query(day: RemoteDay) -> sa.Select[SchoolClass, Person, ClassTold]:
    its_own = sa.and_(ClassTold.class_id == SchoolClass.id, ClassTold.remote_day_id == day.id)
    return (
        sa.select(SchoolClass, Person, ClassTold)
        .outerjoin(class_teacher, class_teacher.c.class_id == SchoolClass.id)
        .outerjoin(Person, Person.id == class_teacher.c.person_id)
        .outerjoin(ClassTold, its_own)
        .where(SchoolClass.school_id == day.school_id, SchoolClass.id.in_(day.class_ids))
        .order_by(SchoolClass.grade, SchoolClass.label_key, Person.last_name)
    )


def _said(rows: Sequence[Any]) -> ClassSaid:
    row = rows[0].SchoolClass
    people = [one.Person for one in rows if one.Person is not None]
    return ClassSaid(
        class_id=row.id,
        label=row.label,
        grade=row.grade or 0,
        teachers=tuple(person.short_name for person in people),
        teacher_ids=tuple(person.id for person in people),
        told=rows[0].ClassTold,
    )

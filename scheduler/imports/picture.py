"""What an import may write, as it stands at one moment. Two pictures, before and after, say what an import did.

Comparing rows misses nothing, whatever way they were written. Rows that only tie two things together (who teaches a
course, who is in a class) are lists of the row that has them: they are one value, as a person sees it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.classes import (
    Division,
    Enrollment,
    GroupMember,
    GroupPart,
    Guardianship,
    SchoolClass,
    StudyGroup,
    class_teacher,
)
from scheduler.models.courses import Course, Subject, course_teacher
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import AcademicYear, Holiday, School, Term
from scheduler.models.timetable import BellAssignment, BellSchedule, Period, Room, TimetableSlot, slot_room

Row = dict[str, Any]
Table = dict[int, Row]
Picture = dict[str, Table]


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


# in the order in which rows can be made: what is pointed to comes first
TABLES: dict[str, sa.Table] = {
    table.name: table
    for table in map(_table, (School, AcademicYear, Term, Holiday, Person, SchoolClass, Division, StudyGroup, Subject,
                              Course, Room, BellSchedule, Period, BellAssignment, TimetableSlot))
}  # fmt: skip
SETTINGS_OF_SCHOOL = ("days_per_week", "cycle_anchor")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a row: the table that ties, its column for the owner, and the columns that make up one entry."""

    owner: str
    name: str
    table: sa.Table
    owner_column: str
    columns: tuple[str, ...]


LISTS = (
    Listed("course", "teachers", course_teacher, "course_id", ("person_id",)),
    Listed("school_class", "class_teachers", class_teacher, "class_id", ("person_id",)),
    Listed("timetable_slot", "rooms", slot_room, "slot_id", ("room_id",)),
    Listed("person", "classes", _table(Enrollment), "person_id", ("class_id",)),
    Listed("person", "children", _table(Guardianship), "parent_id", ("student_id",)),
    Listed("person", "roles", _table(RoleGrant), "person_id", ("role", "scope", "scope_id")),
    Listed("study_group", "members", _table(GroupMember), "group_id", ("person_id",)),
    Listed("study_group", "parts", _table(GroupPart), "group_id", ("class_id", "division_id", "part")),
)
LISTS_OF: Mapping[str, tuple[Listed, ...]] = {name: tuple(one for one in LISTS if one.owner == name) for name in TABLES}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as it was and as it became, as plain values; None where it was made or taken away."""

    table: str
    id: int
    before: Row | None
    after: Row | None

    @property
    def columns(self) -> list[str]:
        """The names whose values differ."""
        before, after = self.before or {}, self.after or {}
        return [name for name in after if before.get(name) != after[name]]

    def plain(self) -> list[Any]:
        """As it is stored."""
        return [self.table, self.id, self.before, self.after]


def take_picture(session: Session, school_id: int) -> Picture:
    """Every row of the school that an import may write, with its lists."""
    session.flush()
    picture = {name: _rows_of(session, table, school_id) for name, table in TABLES.items()}
    for listed in LISTS:
        _add_list(session, school_id, picture[listed.owner], listed)
    return picture


def _rows_of(session: Session, table: sa.Table, school_id: int) -> Table:
    names = SETTINGS_OF_SCHOOL if table.name == "school" else _columns(table)
    column = table.c.id if table.name == "school" else table.c.school_id
    query = sa.select(table.c.id, *(table.c[name] for name in names)).where(column == school_id).order_by(table.c.id)
    return {row[0]: {name: plain(value) for name, value in zip(names, row[1:], strict=True)}
            for row in session.execute(query)}  # fmt: skip


def _columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in ("id", "school_id"))


def _add_list(session: Session, school_id: int, owners: Table, listed: Listed) -> None:
    found: dict[int, list[list[Any]]] = defaultdict(list)
    columns = [listed.table.c[name] for name in (listed.owner_column, *listed.columns)]
    owner = TABLES[listed.owner]
    query = sa.select(*columns).join(owner, owner.c.id == columns[0]).where(owner.c.school_id == school_id)
    for entry in session.execute(query):
        found[entry[0]].append([plain(value) for value in entry[1:]])
    for owner_id, row in owners.items():
        row[listed.name] = sorted(found.get(owner_id, []), key=str)


def changes_between(before: Picture, after: Picture) -> Iterator[RowChange]:
    """What became of the rows between two pictures."""
    for name in TABLES:
        then, now = before[name], after[name]
        for row_id in sorted(then.keys() | now.keys()):
            if then.get(row_id) != now.get(row_id):
                yield RowChange(name, row_id, then.get(row_id), now.get(row_id))


def plain(value: Any) -> Any:
    """A value that JSON can hold, equal for equal values."""
    match value:
        case StrEnum():
            return value.value
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def typed(column: sa.Column[Any], value: Any) -> Any:
    """The value again as its column wants it."""
    if value is None:
        return None
    match column.type:
        case sa.Date():
            return date.fromisoformat(value)
        case sa.Time():
            return time.fromisoformat(value)
        case sa.Numeric():
            return Decimal(value)
        case _:
            return value

"""The study groups of a school as audiences of a draft: whole classes, parts of divisions, and groups that stand apart.

A club, and a private group with a list of its own or beside the class's own group, is no part of a division of its
class: it is told as a division of one part, so that no reader takes its lessons for those of the whole class.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.imports.draft import DraftAudience, DraftDivision, DraftPart
from scheduler.models.classes import Division, Enrollment, StudyGroup

BETWEEN_PARTS = " / "


@dataclass
class AudienceTable:
    """Audiences by the id of their group; a group whose classes are all archived has none."""

    school_id: int
    divisions: dict[str, DraftDivision] = field(default_factory=dict)
    audiences: dict[int, DraftAudience] = field(default_factory=dict)
    private_classes: frozenset[int] = frozenset()

    def class_key(self, class_id: int) -> str:
        return f"{self.school_id}.{class_id}"


def load_audiences(session: Session, school_id: int, class_ids: Collection[int]) -> AudienceTable:
    """The groups of these classes, and those without any class."""
    groups = session.scalars(
        sa.select(StudyGroup)
        .where(StudyGroup.school_id == school_id)
        .options(selectinload(StudyGroup.parts), selectinload(StudyGroup.members))
        .order_by(StudyGroup.id)
    ).all()
    divisions = session.scalars(sa.select(Division).where(Division.school_id == school_id).order_by(Division.id)).all()
    table = AudienceTable(school_id, private_classes=_private_classes(groups))
    table.divisions.update(_divisions(table, groups, [row for row in divisions if row.class_id in class_ids]))
    class_of = _classes_of_pupils(session, school_id)
    for group in groups:
        found = _audience(table, group, class_ids, class_of)
        if found is not None:
            table.audiences[group.id] = found
    return table


def _private_classes(groups: Iterable[StudyGroup]) -> frozenset[int]:
    """Classes of one child: their only whole-class group is private and has no list."""
    wholes: dict[int, list[StudyGroup]] = defaultdict(list)
    for group in groups:
        if len(group.parts) == 1 and group.parts[0].division_id is None and not group.is_club and not group.members:
            wholes[group.parts[0].class_id].append(group)
    return frozenset(key for key, rows in wholes.items() if all(row.is_private for row in rows))


def _divisions(
    table: AudienceTable, groups: Iterable[StudyGroup], rows: Iterable[Division]
) -> Iterable[tuple[str, DraftDivision]]:
    """Divisions with the parts that groups use, and those that the name itself counts up («мальчики / девочки»)."""
    used: dict[int, dict[str, None]] = defaultdict(dict)
    for group in groups:
        for part in group.parts if not _stands_apart(table, group) else ():
            if part.division_id is not None and part.part:
                used[part.division_id][part.part] = None
    for row in rows:
        named = tuple(row.name.split(BETWEEN_PARTS))
        parts = named if set(used[row.id]) <= set(named) and len(named) > 1 else tuple(sorted(used[row.id]))
        if parts:
            key = _division_key(table, row.id)
            yield key, DraftDivision(key, table.class_key(row.class_id), row.name, parts)


def _division_key(table: AudienceTable, division_id: int) -> str:
    return f"{table.school_id}.d{division_id}"


def _classes_of_pupils(session: Session, school_id: int) -> dict[int, int]:
    rows = session.scalars(sa.select(Enrollment).where(Enrollment.school_id == school_id).order_by(Enrollment.id))
    return {row.person_id: row.class_id for row in rows}


def _audience(
    table: AudienceTable, group: StudyGroup, class_ids: Collection[int], class_of: Mapping[int, int]
) -> DraftAudience | None:
    parts = [part for part in group.parts if part.class_id in class_ids]
    if group.parts and not parts:
        return None
    if _stands_apart(table, group):
        own = {part.class_id for part in parts} or {class_of.get(row.person_id, 0) for row in group.members}
        known = sorted(own & set(class_ids))
        if group.is_private and not known:
            return None
        found = frozenset(_apart(table, group, class_id) for class_id in known)
    else:
        found = frozenset(
            DraftPart(
                table.class_key(part.class_id),
                None if part.division_id is None else _division_key(table, part.division_id),
                None if part.division_id is None else part.part,
            )
            for part in parts
        )
    return DraftAudience(
        f"{table.school_id}.{group.id}",
        group.name,
        found,
        group.is_private,
        is_club=group.is_club,
        stands_apart=_stands_apart(table, group),
    )


def _stands_apart(table: AudienceTable, group: StudyGroup) -> bool:
    if group.is_club or not group.is_private:
        return group.is_club
    of_class = any(part.division_id is None and part.class_id not in table.private_classes for part in group.parts)
    return bool(group.members) or of_class or any(part.part == group.name for part in group.parts)


def _apart(table: AudienceTable, group: StudyGroup, class_id: int) -> DraftPart:
    owner = table.class_key(class_id)
    key = f"{owner}.g{group.id}"
    table.divisions[key] = DraftDivision(key, owner, group.name, (group.name,))
    return DraftPart(owner, key, group.name)

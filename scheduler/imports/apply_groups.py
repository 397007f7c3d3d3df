"""The audiences of a draft become study groups; only divisions and groups that a lesson needs are made."""

from collections import defaultdict
from collections.abc import Container, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from scheduler.imports.applying import Applying
from scheduler.imports.draft import DraftAudience, DraftDivision
from scheduler.models.classes import Division, GroupPart, SchoolClass, StudyGroup
from scheduler.models.names import name_key

Part = tuple[int, int | None, str | None]
NOBODY = "no class"


class GroupWriter:
    """Finds or makes the study group of each audience. A word of a person on privacy is never overwritten."""

    def __init__(self, work: Applying, classes: Mapping[str, SchoolClass]) -> None:
        self._work = work
        self._classes = classes
        self._divisions = self._known_divisions()
        self._known = self._known_groups()
        self._named = self._named_groups()

    def write(self) -> dict[str, StudyGroup]:
        """Groups by audience key; each class also gets the group that is the whole class."""
        apart = {row.key: group for row in self._work.draft.audiences if (group := self._known_apart(row))}
        divisions = {row.key: self._division(row) for row in self._needed_divisions(apart)}
        self._work.session.flush()
        groups = {row.key: apart.get(row.key) or self._group(row, divisions) for row in self._work.draft.audiences}
        for draft in self._work.draft.classes:
            row = self._classes[draft.key]
            self._find_or_make(frozenset({(row.id, None, None)}), row.label, is_private=draft.is_private)
        self._work.session.flush()
        return groups

    def _needed_divisions(self, apart: Container[str]) -> list[DraftDivision]:
        audiences = (row for row in self._work.draft.audiences if row.key not in apart)
        needed = {part.division_key for audience in audiences for part in audience.parts}
        return [row for row in self._work.draft.divisions if row.key in needed]

    def _known_divisions(self) -> dict[tuple[int, str], Division]:
        rows = self._work.session.scalars(
            sa.select(Division).where(Division.school_id == self._work.school_id).order_by(Division.id.desc())
        )
        return {(row.class_id, name_key(row.name)): row for row in rows}

    def _division(self, draft: DraftDivision) -> Division:
        class_id = self._classes[draft.class_key].id
        key = (class_id, name_key(draft.name))
        if key not in self._divisions:
            row = Division(school_id=self._work.school_id, class_id=class_id, name=draft.name)
            self._work.session.add(row)
            self._divisions[key] = row
        return self._divisions[key]

    def _known_groups(self) -> dict[frozenset[Part], StudyGroup]:
        rows = self._work.session.scalars(
            sa.select(StudyGroup)
            .where(StudyGroup.school_id == self._work.school_id, StudyGroup.is_club.is_(False))
            .options(selectinload(StudyGroup.parts), selectinload(StudyGroup.members))
            .order_by(StudyGroup.id.desc())
        )
        return {_parts_of(row): row for row in rows if _is_for_imports(row)}

    def _named_groups(self) -> dict[tuple[str, bool], list[StudyGroup]]:
        """Clubs and private groups by their names: what stands apart is known by nothing else."""
        rows = self._work.session.scalars(
            sa.select(StudyGroup)
            .where(StudyGroup.school_id == self._work.school_id, StudyGroup.is_club | StudyGroup.is_private)
            .options(selectinload(StudyGroup.parts), selectinload(StudyGroup.members))
            .order_by(StudyGroup.id)
        )
        found: dict[tuple[str, bool], list[StudyGroup]] = defaultdict(list)
        for row in rows:
            found[name_key(row.name), row.is_club].append(row)
        return found

    def _known_apart(self, audience: DraftAudience) -> StudyGroup | None:
        """The group of that name, of several the one of the same classes; who is in it stays as it is."""
        if not audience.stands_apart:
            return None
        named = self._named[name_key(audience.label), audience.is_club]
        classes = {self._classes[key].id for key in audience.class_keys}
        same = [row for row in named if {part.class_id for part in row.parts} == classes]
        return next(iter(same), None) or (named[0] if len(named) == 1 else None)

    def _group(self, audience: DraftAudience, divisions: Mapping[str, Division]) -> StudyGroup:
        parts: frozenset[Part] = frozenset(
            (
                self._classes[part.class_key].id,
                divisions[part.division_key].id if part.division_key else None,
                part.part,
            )
            for part in audience.parts
        )
        if audience.is_club:
            return self._made(parts, audience.label, is_private=audience.is_private, is_club=True)
        return self._find_or_make(parts, audience.label, is_private=audience.is_private)

    def _find_or_make(self, parts: frozenset[Part], label: str, *, is_private: bool) -> StudyGroup:
        known = self._known.get(parts)
        if known is not None:
            return known
        self._known[parts] = self._made(parts, label, is_private=is_private)
        return self._known[parts]

    def _made(self, parts: frozenset[Part], label: str, *, is_private: bool, is_club: bool = False) -> StudyGroup:
        group = StudyGroup(
            school_id=self._work.school_id,
            name=label,
            is_private=is_private,
            is_club=is_club,
            source_id=None if parts else NOBODY,
        )
        group.parts = [
            GroupPart(school_id=self._work.school_id, class_id=class_id, division_id=division_id, part=part)
            for class_id, division_id, part in sorted(parts, key=str)
        ]
        self._work.session.add(group)
        self._work.counts["groups_new"] += 1
        return group


def _parts_of(group: StudyGroup) -> frozenset[Part]:
    return frozenset((part.class_id, part.division_id, part.part) for part in group.parts)


def _is_for_imports(group: StudyGroup) -> bool:
    """A private group with its own list, and one of nobody known that was not imported, are somebody's handiwork."""
    if not group.parts:
        return group.source_id == NOBODY
    return not (group.is_private and group.members)

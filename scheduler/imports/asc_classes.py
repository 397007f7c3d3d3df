"""Classes, groups and divisions of an aSc file, and the audience of a lesson made of them (import-formats A1, 6–8)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from scheduler.imports.asc_tables import keyed_rows, row_name
from scheduler.imports.asc_xml import AscDocument, Row
from scheduler.imports.audiences import AudienceMaker
from scheduler.imports.draft import DraftAudience, DraftClass, DraftDivision, DraftGroup, DraftPart
from scheduler.imports.findings import FindingList, line_place
from scheduler.imports.names import HIGHEST_GRADE, looks_private, propose_grade, stable_id
from scheduler.models.names import class_key

ONE_CHILD = 1
SECOND_SHIFT = 2
"""Said by our own exports; the program knows one row of bells."""


def read_classes(document: AscDocument, findings: FindingList) -> tuple[DraftClass, ...]:
    """Every row of classes, with the grade it states or its name proposes."""
    stated = _stated_grades(document)
    classes = []
    for key, row in keyed_rows(document, "classes", findings):
        name = row_name(row, findings, _("Class without a name"))
        classes.append(
            DraftClass(
                key=key,
                name=name,
                grade=stated.get(row.text("grade"), propose_grade(name)),
                stable_id=stable_id(key),
                teacher_keys=row.ids("teacherid"),
                room_keys=row.ids("classroomids"),
                is_private=row.flag("private", proposed=looks_private(name)),
                shift=SECOND_SHIFT if row.text("shift") == str(SECOND_SHIFT) else 1,
            ),
        )
    _report_classes(classes, findings)
    return tuple(classes)


def _stated_grades(document: AscDocument) -> dict[str, int]:
    """A class points to a grade by its key or id; the figure is in the key or in the name."""
    grades: dict[str, int] = {}
    for row in document.rows("grades"):
        figures = re.search(r"\d+", row.text("grade") or row.text("name"))
        grade = int(figures.group()) if figures else HIGHEST_GRADE + 1
        if grade <= HIGHEST_GRADE:
            grades.update({row.text(name): grade for name in ("grade", "id") if row.text(name)})
    return grades


def _report_classes(classes: Sequence[DraftClass], findings: FindingList) -> None:
    seen: set[str] = set()
    for row in classes:
        if row.is_private:
            findings.warn(
                row.name,
                _("Looks like home teaching or one child: kept private until a person says otherwise."),
            )
        elif row.grade is None:
            findings.warn(row.name, _("The grade of the class is not clear from its name; please state it."))
        key = class_key(row.name)
        if key in seen:
            findings.warn(row.name, _("Two classes have this name: taken as one."))
        seen.add(key)


@dataclass(frozen=True, slots=True)
class GroupTables:
    """The groups of a file, the divisions they form, and which stand apart by their keys («club» or «list»)."""

    groups: tuple[DraftGroup, ...]
    divisions: tuple[DraftDivision, ...]
    apart: Mapping[str, str] = field(default_factory=dict)


def read_groups(
    document: AscDocument,
    classes: Iterable[DraftClass],
    findings: FindingList,
) -> GroupTables:
    """Groups of one class with one `divisiontag` above 0 are the parts of one division."""
    names = {row.key: row.name for row in classes}
    groups = []
    for key, row in keyed_rows(document, "groups", findings):
        owner = row.values.get("classid", "").strip()
        if owner not in names:
            findings.error(line_place(row.line), _("A group of an unknown class was left out."))
            continue
        groups.append(_group(key, row, owner=owner))
    stated = {row.values.get("id", "").strip(): row.text("divisionname") for row in document.rows("groups")}
    apart = {
        row.values.get("id", "").strip(): row.text("apart") for row in document.rows("groups") if row.text("apart")
    }
    return GroupTables(tuple(groups), tuple(_divisions(_by_division(groups), stated)), apart)


def _group(key: str, row: Row, *, owner: str) -> DraftGroup:
    tag = row.text("divisiontag")
    division = None
    if row.text("entireclass") != "1":
        division = f"{owner}/{tag}" if tag not in {"", "0"} else f"{owner}/{key}"
    name = row.text("name") or row.text("short") or key
    is_single = row.number("studentcount") == ONE_CHILD or len(row.ids("studentids")) == ONE_CHILD
    return DraftGroup(
        key,
        owner,
        name,
        division,
        stable_id(key),
        is_private=division is not None and row.flag("private", proposed=is_single or looks_private(name)),
    )


def _by_division(groups: list[DraftGroup]) -> dict[str, list[DraftGroup]]:
    by_division: dict[str, list[DraftGroup]] = defaultdict(list)
    for group in groups:
        if group.division_key is not None:
            by_division[group.division_key].append(group)
    return by_division


def _divisions(by_division: dict[str, list[DraftGroup]], stated: Mapping[str, str]) -> Iterable[DraftDivision]:
    """Our own exports state the name of a division; elsewhere it is that of its parts."""
    for key, parts in by_division.items():
        names = tuple(dict.fromkeys(part.name for part in parts))
        yield DraftDivision(key, parts[0].class_key, stated.get(parts[0].key) or " / ".join(names), names)


class Audiences:
    """Finds the audience of each lesson by the ids of its classes and groups."""

    def __init__(self, classes: Sequence[DraftClass], tables: GroupTables) -> None:
        self._classes = frozenset(row.key for row in classes)
        self._groups = {row.key: row for row in tables.groups}
        self._divisions = {row.key: row for row in tables.divisions}
        self._apart = tables.apart
        self._maker = AudienceMaker(classes)

    def all_made(self) -> tuple[DraftAudience, ...]:
        return self._maker.all_made()

    def of_lesson(self, class_ids: Sequence[str], group_ids: Sequence[str]) -> DraftAudience:
        """A class named without a group takes part whole; both halves of a division are the whole class."""
        groups = [self._groups[key] for key in group_ids if key in self._groups]
        kinds = {self._apart.get(group.key) for group in groups}
        if kinds in ({"club"}, {"list"}):
            return self._of_group_apart(groups, is_club=kinds == {"club"})
        with_group = {group.class_key for group in groups}
        parts = {DraftPart(key) for key in class_ids if key in self._classes and key not in with_group}
        parts.update(self._parts_of(groups))
        single = {group.name for group in groups if group.is_private}
        return self._maker.make(parts, is_private=any(part.part in single for part in parts if part.part))

    def _of_group_apart(self, groups: Sequence[DraftGroup], *, is_club: bool) -> DraftAudience:
        """Our own exports say of a club that it is one, and of a group with a list of its own."""
        parts = [
            DraftPart(group.class_key) if is_club else DraftPart(group.class_key, group.division_key, group.name)
            for group in groups
        ]
        is_private = any(group.is_private for group in groups)
        return self._maker.make_apart(groups[0].name, parts, is_club=is_club, is_private=is_private)

    def _parts_of(self, groups: Iterable[DraftGroup]) -> set[DraftPart]:
        chosen: dict[tuple[str, str | None], set[str]] = defaultdict(set)
        for group in groups:
            chosen[group.class_key, group.division_key].add(group.name)
        whole = {owner for (owner, division), names in chosen.items() if self._is_whole(division, names)}
        parts = {DraftPart(key) for key in whole}
        for (owner, division), names in chosen.items():
            if owner not in whole:
                parts.update(DraftPart(owner, division, name) for name in names)
        return parts

    def _is_whole(self, division_key: str | None, names: set[str]) -> bool:
        if division_key is None:
            return True
        parts = self._divisions[division_key].parts
        return len(parts) > 1 and names == set(parts)

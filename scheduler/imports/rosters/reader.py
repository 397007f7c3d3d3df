"""A list of people to the neutral draft: rows become pupils, parents and teachers, each once, with their classes.

What must not be stored about a child is not carried beyond the row; it only tells two namesakes apart.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.draft import DraftQuestion
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList, some_names, whole_file
from scheduler.imports.grids.class_words import ClassLabel, grade_of_moment
from scheduler.imports.rosters.draft import (
    ONE,
    TWO,
    Double,
    Name,
    RosterClass,
    RosterDraft,
    RosterParent,
    RosterStudent,
    RosterTeacher,
)
from scheduler.imports.rosters.headings import Piece, Who, role_in
from scheduler.imports.rosters.names import label_in_brackets, name_of, person_key
from scheduler.imports.rosters.table import Heading, PeopleRow, find_heading, has_strange_columns, read_rows
from scheduler.imports.sheets.cells import Sheet, place_of
from scheduler.models.names import class_key

_LOAD = re.compile(r"(?i)предмет|нагруз|час|урок|дисциплин")


def looks_like_roster(sheets: Sequence[Sheet]) -> bool:
    """Whether the sheets list people: their headings name a pupil, a parent or a teacher with more than a name."""
    return any(find_heading(sheet) is not None for sheet in sheets)


def lists_families(sheets: Sequence[Sheet]) -> bool:
    """Whether the headings name pupils or parents, or a first name apart: no table of lessons or hours does.

    A list of teachers may be one of who teaches what; only that is worth a closer look.
    """
    found = [heading for sheet in sheets if (heading := find_heading(sheet))]
    columns = [column for heading in found for column in heading.columns]
    if any(column.meaning.piece is Piece.CLASSES or _LOAD.search(column.heading) for column in columns):
        return False
    return any(
        column.meaning.who in (Who.STUDENT, Who.PARENT) or column.meaning.piece is Piece.FIRST for column in columns
    )


def read_roster(sheets: Sequence[Sheet]) -> RosterDraft:
    """Raises ImportRefusedError where no sheet lists anybody."""
    reader = _Reader()
    for sheet in sheets:
        heading = find_heading(sheet)
        if heading is None:
            reader.skip(sheet)
            continue
        reader.take(sheet, heading)
    if not reader.has_people:
        raise ImportRefusedError(
            _("No list of people was found in the file: it needs headings such as “Surname”, “Name”, “Class”, and "
              "people under them."),
        )  # fmt: skip
    if reader.is_missing_children:
        raise ImportRefusedError(
            _("The file names parents, but not whose: the heading of the column with the pupils is missing or spoilt. "
              "Write “Pupil” or “Surname” and “Name” above it and choose the file again."),
        )  # fmt: skip
    return reader.draft()


@dataclass(slots=True)
class _Student:
    key: str
    name: Name
    label: ClassLabel | None
    where: str
    evidence: tuple[str, ...]
    groups: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Parent:
    key: str
    name: Name
    where: str
    evidence: tuple[str, ...]
    students: dict[str, None] = field(default_factory=dict)


class _Reader:
    """Gathers people over all sheets of a file."""

    def __init__(self) -> None:
        self.rows = 0
        self._findings = FindingList()
        self._classes: dict[str, ClassLabel] = {}
        self._leading: dict[str, dict[str, None]] = {}
        self._students: dict[tuple[str, str], list[_Student]] = {}
        self._parents: dict[str, list[_Parent]] = {}
        self._teachers: dict[str, RosterTeacher] = {}
        self._not_taken: dict[str, None] = {}
        self._doubles: list[Double] = []
        self._last_child: list[_Student] = []
        self._has_strange_columns = False

    @property
    def has_people(self) -> bool:
        return bool(self._students or self._parents or self._teachers)

    @property
    def is_missing_children(self) -> bool:
        """Parents of nobody beside columns that say nothing: the headings of their children are spoilt."""
        alone = all(not one.students for rows in self._parents.values() for one in rows)
        return bool(self._parents) and not self._students and alone and self._has_strange_columns

    def skip(self, sheet: Sheet) -> None:
        if sheet.cells:
            self._findings.info(place_of(sheet), _("No list of people was found on this sheet."))

    def take(self, sheet: Sheet, heading: Heading) -> None:
        self._not_taken.update((column.heading, None) for column in heading.of(Piece.PERSONAL))
        default = self._whose(sheet, heading)
        has_parents = any(column.meaning.who is Who.PARENT for column in heading.columns)
        self._last_child = []
        self._has_strange_columns |= has_parents and has_strange_columns(sheet, heading)
        for row in read_rows(sheet, heading):
            self.rows += 1
            row.people.setdefault(default, []).extend(row.people.pop(Who.ANYBODY, []))
            self._take_row(row, has_parents=has_parents)

    def _whose(self, sheet: Sheet, heading: Heading) -> Who:
        """Whose names a list means that does not say so: its title or sheet may, else pupils."""
        titles = (cell.text for cell in sheet if cell.row < heading.first_row - 1)
        told = next(
            (who for text in (*titles, sheet.name) if (who := role_in(text)) and "списо" not in sheet.name), None
        )
        if told in (Who.TEACHER, Who.PARENT):
            return told
        if any(column.meaning.piece is Piece.CLASSES for column in heading.columns):
            return Who.TEACHER
        return Who.STUDENT

    def _take_row(self, row: PeopleRow, *, has_parents: bool) -> None:
        if row.damaged_class is not None:
            self._tell_damaged(row)
        for label in (*row.classes, *([row.label] if row.label else [])):
            self._classes.setdefault(label.key, label)
        for text in (*row.people[Who.TEACHER], *row.people[Who.CLASS_TEACHER]):
            self._teacher(text, row)
        taken = (self._student(text, row, has_parents=has_parents) for text in row.people[Who.STUDENT])
        children = [child for child in taken if child]
        if children:
            self._last_child = children
        for text in row.people[Who.PARENT]:
            self._parent(text, row, children or self._last_child)

    def _tell_damaged(self, row: PeopleRow) -> None:
        cell = row.damaged_class
        grade = grade_of_moment(cell.moment) if cell and cell.moment else None
        words = [str(_("Instead of a class there is the date %(date)s: the program of the table made it of a name.",
                       date=cell.text if cell else ""))]  # fmt: skip
        if grade is not None:
            words.append(str(_("It may have been a class of grade %(grade)s.", grade=grade)))
        words.append(str(_("These people are taken without a class.")))
        self._findings.error(row.where, " ".join(words))

    def _teacher(self, text: str, row: PeopleRow) -> None:
        name = name_of(text)
        if name is None:
            return
        key = person_key(name)
        if key in self._teachers and text in row.people[Who.TEACHER]:
            self._findings.info(row.where, _("%(name)s stands in the list of teachers more than once: taken as one.",
                                             name=name.full))  # fmt: skip
        self._teachers.setdefault(key, RosterTeacher(key, name, row.where))
        if row.label and text in row.people[Who.CLASS_TEACHER]:
            self._leading.setdefault(row.label.key, {})[key] = None

    def _student(self, text: str, row: PeopleRow, *, has_parents: bool) -> _Student | None:
        name, label = name_of(text), label_in_brackets(text) or row.label
        if name is None:
            return None
        if label:
            self._classes.setdefault(label.key, label)
        key = (person_key(name), label.key if label else "")
        found = self._students.setdefault(key, [])
        same = next((one for one in found if self._is_same(one, row, has_parents=has_parents)), None)
        if same is None:
            same = _Student(f"{key[0]}/{key[1]}/{len(found)}", name, label, row.where, row.evidence)
            if found:
                self._tell_namesakes(found[0], same)
            found.append(same)
        same.groups.update(row.groups)
        return same

    def _is_same(self, one: _Student, row: PeopleRow, *, has_parents: bool) -> bool:
        """The same child once more: with the same birth date, or, where none is known, in a further parent's row."""
        known = [before == now for before, now in zip(one.evidence, row.evidence, strict=False) if before and now]
        return all(known) if known else has_parents

    def _tell_namesakes(self, one: _Student, other: _Student) -> None:
        name = other.name.full
        if any(one.evidence) and any(other.evidence):
            text = _("%(name)s stands twice with different data: taken as two pupils.", name=name)
            self._findings.info(other.where, text)
            return
        self._ask(one, other, _("%(name)s stands twice in one class: one pupil or two?", name=name))

    def _ask(self, one: _Student | _Parent, other: _Student | _Parent, text: str) -> None:
        """Two people until somebody says that it is one. The key keeps no name."""
        digest = hashlib.sha256(f"{one.key}|{other.key}".encode()).hexdigest()[:24]
        options = ((TWO, str(_("two people"))), (ONE, str(_("one person"))))
        self._doubles.append(Double(DraftQuestion(f"person:{digest}", other.where, text, options), one.key, other.key))
        self._findings.warn(other.where, text)

    def _parent(self, text: str, row: PeopleRow, children: Sequence[_Student]) -> None:
        name = name_of(text)
        if name is None:
            return
        key = person_key(name)
        found = self._parents.setdefault(key, [])
        same = next((one for one in found if self._is_same_parent(one, children)), None)
        if same is None:
            same = _Parent(f"{key}/{len(found)}", name, row.where, row.evidence)
            if found:
                text = _("%(name)s is named with children of two families: one parent or two?", name=name.full)
                self._ask(found[0], same, text)
            found.append(same)
        same.students.update((child.key, None) for child in children)
        if not children:
            self._findings.warn(row.where, _("A parent without a child was taken without one."))

    def _is_same_parent(self, one: _Parent, children: Iterable[_Student]) -> bool:
        """One parent where a child is common, or the children bear one surname."""
        own = {child.key for child in children}
        stems = {child.name.last.casefold()[:4] for child in children}
        before = {key.split("/")[0][:4] for key in one.students}
        return bool(own & one.students.keys()) or bool(stems & before) or not own

    def draft(self) -> RosterDraft:
        self._remark()
        students = [one for rows in self._students.values() for one in rows]
        parents = [one for rows in self._parents.values() for one in rows]
        return RosterDraft(
            rows_read=self.rows,
            classes=tuple(
                RosterClass(label.key, label.name, label.grade, tuple(self._leading.get(label.key, ())))
                for label in self._classes.values()
            ),
            students=tuple(
                RosterStudent(one.key, one.name, one.label.key if one.label else None, one.where,
                              tuple(one.groups.items()))
                for one in students
            ),
            parents=tuple(RosterParent(one.key, one.name, tuple(one.students), one.where) for one in parents),
            teachers=tuple(self._teachers.values()),
            not_taken=tuple(self._not_taken),
            doubles=tuple(self._doubles),
            findings=self._findings.as_tuple(),
        )  # fmt: skip

    def _remark(self) -> None:
        if self._not_taken:
            self._findings.info(
                whole_file(),
                _("Not taken and stored nowhere: %(headings)s.", headings=", ".join(self._not_taken)),
            )
        homeless = [one for rows in self._students.values() for one in rows if one.label is None]
        if homeless:
            self._findings.warn(
                some_names(one.where for one in homeless),
                ngettext("%(num)s pupil without a class.", "%(num)s pupils without a class.", len(homeless)),
            )
        for label in self._classes.values():
            if label.grade is None:
                self._findings.warn(
                    label.name, _("The grade of the class is not clear from its name; please state it.")
                )
        self._tell_doubles()

    def _tell_doubles(self) -> None:
        """One name in two classes: a pupil who moved and stands twice, or two namesakes; both are kept."""
        classes: dict[str, list[_Student]] = {}
        for (key, _label), rows in self._students.items():
            classes.setdefault(key, []).extend(rows)
        for rows in classes.values():
            if len({class_key(one.label.name) for one in rows if one.label}) > 1:
                names = ", ".join(one.label.name for one in rows if one.label)
                text = _("%(name)s stands in classes %(classes)s: one pupil or several?", name=rows[-1].name.full,
                         classes=names)  # fmt: skip
                self._ask(rows[0], rows[-1], text)

"""Classes, divisions and audiences out of the sets of FET: parts of one division share no pupil.

A set that holds all pupils of a class is the class; one that holds some is a part of it; one that reaches into several
classes is a stream.
"""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from scheduler.imports.audiences import AudienceMaker
from scheduler.imports.draft import DraftAudience, DraftClass, DraftDivision, DraftGroup, DraftPart
from scheduler.imports.fet_sets import SetTree
from scheduler.imports.findings import FindingList, some_names, whole_file
from scheduler.imports.names import HIGHEST_GRADE, looks_private, propose_grade

ONE_PUPIL = 1
GROUP_LEVEL = 1


def read_classes(tree: SetTree, findings: FindingList) -> tuple[DraftClass, ...]:
    """The classes with the grade that their name, or the year they are in, proposes."""
    classes = []
    for name in tree.classes:
        is_private = looks_private(name)
        grade = propose_grade(name)
        if grade is None:
            grade = _grade_in(tree.year_of.get(name, ""))
        classes.append(DraftClass(key=name, name=name, grade=grade, is_private=is_private))
        if is_private:
            findings.warn(name, _("Looks like home teaching or one child: kept private until a person says otherwise."))
        elif grade is None:
            findings.warn(name, _("The grade of the class is not clear from its name; please state it."))
    _say_levels(tree, findings)
    return tuple(classes)


def _grade_in(year: str) -> int | None:
    """«Lớp 10», «Параллель 7»: the only number of the year's name."""
    numbers = re.findall(r"\d+", year)
    return int(numbers[0]) if len(numbers) == 1 and int(numbers[0]) <= HIGHEST_GRADE else None


def _say_levels(tree: SetTree, findings: FindingList) -> None:
    groups = [name for name in tree.classes if tree.level.get(name) == GROUP_LEVEL and not tree.is_guessed]
    if groups:
        findings.info(
            whole_file(),
            _("The groups of the years were taken as classes: %(names)s.", names=some_names(groups)),
        )
    if tree.is_guessed:
        findings.warn(
            whole_file(),
            _("A table of the timetable alone does not tell which sets of pupils overlap: classes and their parts were "
              "told by names. Add students.csv or the file of FET itself (.fet), then nothing is guessed."),
        )  # fmt: skip


class FetStudents:
    """The divisions of every class, and the audience of any list of sets."""

    def __init__(self, tree: SetTree, classes: Sequence[DraftClass]) -> None:
        self._tree = tree
        self._maker = AudienceMaker(classes)
        self._parts: dict[tuple[str, frozenset[str]], DraftPart] = {}
        self._divisions: dict[str, list[tuple[frozenset[str], list[str]]]] = {}
        self._classes_by_atom: dict[str, list[str]] = {}
        for row in classes:
            for atom in tree.atoms[row.key]:
                self._classes_by_atom.setdefault(atom, []).append(row.key)
        for name in sorted(tree.atoms, key=lambda one: tree.level.get(one, 0)):
            self._place(name)

    def _place(self, name: str) -> None:
        """Every class that the set reaches into in part gets it as a part of one of its divisions."""
        if name in self._divisions or name.endswith("\n"):
            return
        for class_key in self._classes_of(name):
            own = self._tree.atoms[name] & self._tree.atoms[class_key]
            if own != self._tree.atoms[class_key] and (class_key, own) not in self._parts:
                self._parts[class_key, own] = self._new_part(class_key, own, name)

    def _classes_of(self, name: str) -> list[str]:
        found = (one for atom in sorted(self._tree.atoms[name]) for one in self._classes_by_atom.get(atom, ()))
        return list(dict.fromkeys(found))

    def _new_part(self, class_key: str, own: frozenset[str], name: str) -> DraftPart:
        """The part joins the first division none of whose parts shares a pupil with it; guessed sets join none."""
        divisions = self._divisions.setdefault(class_key, [])
        taken = {part for _atoms, parts in divisions for part in parts}
        label = _without_class(name, class_key)
        label = name if label in taken else label
        place = next(
            (place for place, (atoms, _parts) in enumerate(divisions) if not atoms & own and not self._tree.is_guessed),
            len(divisions),
        )
        if place == len(divisions):
            divisions.append((frozenset(), []))
        atoms, parts = divisions[place]
        divisions[place] = (atoms | own, [*parts, label])
        return DraftPart(class_key, f"{class_key}/{place + 1}", label)

    def audience(self, names: Iterable[str]) -> DraftAudience:
        """The audience of the sets together: whole classes where all their pupils are meant."""
        known = [name for name in names if name in self._tree.atoms]
        together = frozenset().union(*(self._tree.atoms[name] for name in known))
        parts: set[DraftPart] = set()
        for class_key in dict.fromkeys(key for name in known for key in self._classes_of(name)):
            whole = self._tree.atoms[class_key]
            if whole <= together:
                parts.add(DraftPart(class_key))
                continue
            pieces = (self._tree.atoms[name] & whole for name in known)
            parts.update(self._parts[class_key, piece] for piece in pieces if piece)
        is_private = len(known) == 1 and self._is_one_child(known[0])
        return self._maker.make(parts, is_private=is_private)

    def _is_one_child(self, name: str) -> bool:
        return self._tree.sizes.get(name) == ONE_PUPIL or looks_private(name)

    def all_audiences(self) -> tuple[DraftAudience, ...]:
        return self._maker.all_made()

    def divisions(self) -> tuple[DraftDivision, ...]:
        return tuple(
            DraftDivision(f"{class_key}/{place}", class_key, " / ".join(parts), tuple(parts))
            for class_key, rows in self._divisions.items()
            for place, (_atoms, parts) in enumerate(rows, start=1)
        )

    def groups(self) -> tuple[DraftGroup, ...]:
        """The groups as the file lists them: each a class, or a part of the first class it reaches into."""
        found = []
        for name in (one for one, level in self._tree.level.items() if level == GROUP_LEVEL):
            owners = self._classes_of(name)
            if name.endswith("\n") or not owners:
                continue
            own = self._tree.atoms[name] & self._tree.atoms[owners[0]]
            part = self._parts.get((owners[0], own), DraftPart(owners[0]))
            is_private = part.part is not None and self._is_one_child(name)
            found.append(DraftGroup(name, owners[0], part.part or name, part.division_key, is_private=is_private))
        return tuple(found)


def _without_class(name: str, class_name: str) -> str:
    """«9 б историци» of «9 б» is «историци»; any other name stays whole."""
    rest = name.removeprefix(class_name)
    if rest == name or not rest or rest[0].isalnum():
        return name
    return rest.strip(" -–—_./:,()") or name

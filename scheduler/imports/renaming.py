"""Gives rows that were found by their lasting id the names of the new file, where names must stay unique.

Whole rows of names move at once: every class goes up a year, and 8А is still there when 7А becomes 8А.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.applying import Applying, DraftRow, Unique
from scheduler.models.names import class_key, name_key


def safe_name_key(name: str) -> str:
    """The normal form; a name of signs alone stays itself."""
    return name_key(name) or name.casefold()


def safe_class_key(name: str) -> str:
    """The normal form of a class label; one of signs alone stays itself."""
    return class_key(name) or name.casefold()


@dataclass(frozen=True, slots=True)
class Naming:
    """Which columns hold a name and its normal form."""

    column: str
    key_column: str
    key_of: Callable[[str], str]


NAMED = Naming("name", "name_key", safe_name_key)
LABELLED = Naming("label", "label_key", safe_class_key)


def wanted_names(drafts: Iterable[DraftRow], found: Mapping[str, Unique]) -> list[tuple[Unique, str]]:
    """The known rows with the names of the file."""
    return [(found[draft.key], draft.name) for draft in drafts if draft.key in found]


def rename(work: Applying, known: Sequence[Unique], wanted: Sequence[tuple[Unique, str]], naming: Naming) -> None:
    """Two steps, so that no moment has two equal names; a name that stays taken is not given, and said so."""
    names = {row.id: name for row, name in wanted if getattr(row, naming.key_column) != naming.key_of(name)}
    for row_id in _impossible(known, names, naming):
        del names[row_id]
    rows = [row for row in known if row.id in names]
    for row in rows:
        setattr(row, naming.key_column, f"~{row.id}")
    work.session.flush()
    for row in rows:
        before = getattr(row, naming.column)
        setattr(row, naming.column, names[row.id])
        setattr(row, naming.key_column, naming.key_of(names[row.id]))
        work.findings.info(before, _("The name is now “%(name)s”.", name=names[row.id]))
        work.counts["renamed"] += 1
    work.session.flush()


def _impossible(known: Sequence[Unique], names: Mapping[int, str], naming: Naming) -> set[int]:
    """The rows whose new name is held by a row that keeps its own; leaving one out may make another impossible."""
    refused: set[int] = set()
    while True:
        keys = Counter(
            naming.key_of(names[row.id])
            if row.id in names and row.id not in refused
            else getattr(row, naming.key_column)
            for row in known
        )
        more = {row_id for row_id, name in names.items() if row_id not in refused and keys[naming.key_of(name)] > 1}
        if not more:
            return refused
        refused |= more

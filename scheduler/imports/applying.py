"""What the parts of applying a draft share: the open transaction, the counts, and how rows of before are recognised.

A row is recognised by the id its program keeps, then by name, never by a temporary id (import-formats A1).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from scheduler.imports.draft import Draft
from scheduler.imports.findings import FindingList
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.people import Person
from scheduler.models.timetable import Room

Row = TypeVar("Row", SchoolClass, Subject, Room, Person)
Unique = TypeVar("Unique", SchoolClass, Subject, Room)


class DraftRow(Protocol):
    """What every named row of a draft has."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def stable_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Applying:
    """One draft on its way into one school, inside one transaction."""

    session: Session
    school_id: int
    draft: Draft
    findings: FindingList = field(default_factory=FindingList)
    counts: Counter[str] = field(default_factory=Counter)


def match_by_id(drafts: Iterable[DraftRow], known: Iterable[Row]) -> dict[str, Row]:
    """Draft keys to the rows that carry the same lasting id."""
    by_id = {row.source_id: row for row in known if row.source_id}
    return {row.key: by_id[row.stable_id] for row in drafts if row.stable_id in by_id}


def match_shared(
    drafts: Sequence[DraftRow],
    known: Sequence[Unique],
    key_of: Callable[[str], str],
    key_of_row: Callable[[Unique], str],
) -> dict[str, Unique]:
    """Draft keys to known rows: by lasting id, then by name. Two draft rows of one name share a row.

    A row that went to a draft of another name by its id is free no more: last year's 7А is 8А, this year's is new.
    """
    found = match_by_id(drafts, known)
    given = {found[draft.key].id: key_of(draft.name) for draft in drafts if draft.key in found}
    by_name = {key_of_row(row): row for row in known if given.get(row.id, key_of_row(row)) == key_of_row(row)}
    for draft in drafts:
        if draft.key not in found and key_of(draft.name) in by_name:
            found[draft.key] = by_name[key_of(draft.name)]
    return found


def match_people(
    drafts: Sequence[DraftRow], known: Sequence[Person], keys_of: Callable[[str], str]
) -> dict[str, Person]:
    """Draft keys to people: by lasting id, then by full name. Two draft rows of one name stay two people."""
    found = match_by_id(drafts, known)
    taken = {person.id for person in found.values()}
    free: Mapping[str, list[Person]] = defaultdict(list)
    for person in known:
        if person.id not in taken:
            free[person.name_key].append(person)
    for draft in drafts:
        candidates = free[keys_of(draft.name)]
        if draft.key not in found and candidates:
            found[draft.key] = candidates.pop(0)
    return found

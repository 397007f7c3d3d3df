"""What undoing an import would take back and what it would leave: decided over pictures, touching nothing.

A row that the import made goes unless somebody has worked with it since; a value goes back where it still is the
import's; a row that the import took away comes again. Whatever rests on a row that stays, stays with it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.imports.picture import LISTS_OF, TABLES, Picture, Row, RowChange

Place = tuple[str, int]
CHANGED, GONE, TAKEN = "changed", "gone", "taken"

# columns that are one statement: they go back together or not at all; a slot and an archived row are one as a whole
TOGETHER: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "person": (("last_name", "first_name", "middle_name", "name_key"), ("classes", "roles")),
    "school_class": (("label", "label_key"),),
    "subject": (("name", "name_key"),),
    "room": (("name", "name_key"),),
    "period": (("name", "start", "end"),),
}
WHOLE = frozenset({"timetable_slot"})
ARCHIVED = "is_archived"
UNIQUE: Mapping[str, tuple[str, ...]] = {
    "school_class": ("label_key",),
    "subject": ("name_key",),
    "room": ("name_key",),
    "period": ("bell_schedule_id", "number"),
}


@dataclass
class UndoPlan:
    """`removed` are rows to delete, `restored` values to write, `remade` rows to make again, `kept` the rest and why.

    `archived` are courses that lessons rest on: they cannot go, and nobody should book more of them.
    """

    removed: set[Place] = field(default_factory=set)
    restored: dict[Place, Row] = field(default_factory=dict)
    remade: list[RowChange] = field(default_factory=list)
    archived: set[int] = field(default_factory=set)
    kept: dict[Place, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.removed) + len(self.restored) + len(self.remade)


def plan_undo(changes: Sequence[RowChange], now: Picture, used: Mapping[Place, str]) -> UndoPlan:
    """`used` are rows that the school's later work points to (lessons, subscriptions, sign-ins), and what does."""
    plan = UndoPlan()
    made = {(one.table, one.id): one.after or {} for one in changes if one.before is None}
    for place, after in made.items():
        row = now[place[0]].get(place[1])
        if row is None:
            continue
        if row != after:
            plan.kept[place] = CHANGED
        elif place in used:
            plan.kept[place] = used[place]
        else:
            plan.removed.add(place)
    for change in changes:
        if change.before is not None and change.after is not None:
            _restore(plan, change, now)
    plan.remade = [one for one in changes if one.after is None]
    _refuse_taken_names(plan, now)
    _hold(plan, now)
    _refuse_without_ground(plan, now)
    plan.archived = {place[1] for place in made if place[0] == "course" and plan.kept.get(place, CHANGED) != CHANGED}
    return plan


def _restore(plan: UndoPlan, change: RowChange, now: Picture) -> None:
    place = (change.table, change.id)
    row = now[change.table].get(change.id)
    if row is None:
        plan.kept[place] = GONE
        return
    before, after = change.before or {}, change.after or {}
    for names in _statements(change):
        if all(row[name] == after[name] for name in names):
            plan.restored.setdefault(place, {}).update({name: before[name] for name in names if name in before})
        elif any(row[name] != before[name] for name in names):
            plan.kept[place] = CHANGED


def _statements(change: RowChange) -> Iterator[tuple[str, ...]]:
    """The changed columns by what belongs together, each with all columns that must still be the import's."""
    columns = set(change.columns)
    everything = tuple(change.after or {})
    if change.table in WHOLE:
        yield everything
        return
    for names in TOGETHER.get(change.table, ()):
        if columns & set(names):
            yield names
            columns -= set(names)
    if ARCHIVED in columns and (change.before or {})[ARCHIVED]:
        columns.discard(ARCHIVED)
        yield (*everything, ARCHIVED)  # a row goes back to the archive only where nobody has touched it since
    yield from ((name,) for name in sorted(columns))


def _refuse_taken_names(plan: UndoPlan, now: Picture) -> None:
    """A name that somebody else bears by now is not given back; leaving one may make another impossible."""
    while True:
        names = {table: _names(plan, now, table) for table in UNIQUE}
        taken = [place for place in plan.restored if place[0] in UNIQUE
                 and _is_taken(place, now[place[0]][place[1]], plan, names[place[0]])]  # fmt: skip
        if not taken:
            return
        for place in taken:
            for name in _name_columns(place[0]):
                plan.restored[place].pop(name, None)
            if not plan.restored[place]:
                del plan.restored[place]
            plan.kept[place] = TAKEN


def _is_taken(place: Place, row: Row, plan: UndoPlan, names: Mapping[tuple[Any, ...], int]) -> bool:
    unique, values = UNIQUE.get(place[0], ()), plan.restored[place]
    return any(name in values for name in unique) and names[_key(row | values, unique)] > 1


def _name_columns(table: str) -> tuple[str, ...]:
    return next((names for names in TOGETHER.get(table, ()) if set(names) & set(UNIQUE.get(table, ()))), ())


def _key(row: Row, unique: Iterable[str]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in unique)


def _names(plan: UndoPlan, now: Picture, table: str) -> Counter[tuple[Any, ...]]:
    return Counter(_key(row, UNIQUE.get(table, ())) for _place, row in _after_undo(plan, now, [table]))


def _after_undo(plan: UndoPlan, now: Picture, tables: Iterable[str]) -> Iterator[tuple[Place, Row]]:
    """The rows that would stand, with the values that they would have."""
    for table in tables:
        for row_id, row in now[table].items():
            place = (table, row_id)
            if place not in plan.removed:
                yield place, row | plan.restored.get(place, {})


def _hold(plan: UndoPlan, now: Picture) -> None:
    """What a standing row points to stays, and what is part of it; until nothing more is found."""
    parts = _parts_of(plan, now)
    waiting = [place for place, _row in _after_undo(plan, now, TABLES)]
    while waiting:
        place = waiting.pop()
        row = now[place[0]][place[1]] | plan.restored.get(place, {})
        needed = set(pointed_to(place[0], row))
        if place in plan.kept:
            needed |= parts.get(place, set())
        for other in needed & plan.removed:
            plan.removed.discard(other)
            plan.kept[other] = place[0]
            waiting.append(other)
    for change in plan.remade:
        for other in set(pointed_to(change.table, change.before or {})) & plan.removed:
            plan.removed.discard(other)
            plan.kept[other] = change.table


def _parts_of(plan: UndoPlan, now: Picture) -> dict[Place, set[Place]]:
    """The whole class as a group is part of a class that stays, hours and their being in force of its bells."""
    parts: dict[Place, set[Place]] = defaultdict(set)
    for place in plan.removed:
        row = now[place[0]][place[1]]
        if place[0] == "study_group" and len(row["parts"]) == 1 and row["parts"][0][1] is None:
            parts["school_class", row["parts"][0][0]].add(place)
        if "bell_schedule_id" in row:
            parts["bell_schedule", row["bell_schedule_id"]].add(place)
    return parts


def pointed_to(table: str, row: Row) -> Iterator[Place]:
    """The rows that a row names, by its own columns or in its lists."""
    for name, target in _POINTERS[table].items():
        if row.get(name) is not None:
            yield target, row[name]
    for listed in LISTS_OF[table]:
        for position, target in _targets(listed.table, listed.columns):
            yield from ((target, entry[position]) for entry in row.get(listed.name, ()) if entry[position] is not None)
        if listed.name == "roles":
            yield from (("school_class", entry[2]) for entry in row.get("roles", ()) if entry[1] == "class")


def _targets(table: Any, columns: Sequence[str]) -> list[tuple[int, str]]:
    found = []
    for position, name in enumerate(columns):
        keys = table.c[name].foreign_keys
        found += [(position, key.column.table.name) for key in keys if key.column.table.name in TABLES]
    return found


_POINTERS = {
    name: {column.name: key.column.table.name for column in table.columns for key in column.foreign_keys
           if key.column.table.name in TABLES and column.name != "school_id"}
    for name, table in TABLES.items()
}  # fmt: skip


def _refuse_without_ground(plan: UndoPlan, now: Picture) -> None:
    """A row is not made again, nor a value given back, where what it points to is no longer there."""
    standing = {place for place, _row in _after_undo(plan, now, TABLES)}
    coming = standing | {(one.table, one.id) for one in plan.remade}
    names = {table: _names(plan, now, table) for table in UNIQUE}
    for change in list(plan.remade):
        row = change.before or {}
        is_taken = change.table in names and names[change.table][_key(row, UNIQUE[change.table])] > 0
        if is_taken or not coming.issuperset(pointed_to(change.table, row)):
            plan.remade.remove(change)
            plan.kept[change.table, change.id] = TAKEN if is_taken else GONE
    for place, row in list(plan.restored.items()):
        if not standing.issuperset(pointed_to(place[0], row)):
            del plan.restored[place]
            plan.kept[place] = GONE

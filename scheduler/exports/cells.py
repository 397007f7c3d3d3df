"""The lessons of a draft as a class sees them: one cell for each class, hour and group. Private groups have none."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.draft import Draft, DraftPart
from scheduler.models.names import name_key

MOST_MARKED = 4


@dataclass(frozen=True, slots=True)
class GridCell:
    """A lesson of one class. `number` is which group of the class it is for, 0 for the whole class."""

    class_key: str
    weekday: int
    period: int
    weeks: frozenset[int]
    subject: str
    teachers: tuple[str, ...]
    rooms: tuple[str, ...]
    number: int = 0
    group: str = ""

    @property
    def text(self) -> str:
        """«Английский язык (1 гр.)»."""
        if not 0 < self.number <= MOST_MARKED:
            return self.subject
        return str(_("%(subject)s (gr. %(number)s)", subject=self.subject, number=self.number))


def grid_cells(draft: Draft) -> list[GridCell]:
    """The cells in the order of classes, days, hours and groups."""
    order = {row.key: place for place, row in enumerate(draft.classes)}
    return sorted(
        _cells(draft),
        key=lambda cell: (order[cell.class_key], cell.weekday, cell.period, cell.number, cell.subject, cell.rooms),
    )


def _cells(draft: Draft) -> Iterator[GridCell]:
    numbers = {
        (row.key, part): (place if len(row.parts) > 1 else 0, part)
        for row in draft.divisions
        for place, part in enumerate(row.parts, 1)
    }
    for slot in draft.slots:
        audience = draft.audience_of(slot)
        if audience.is_private:
            continue
        course = draft.course_by_key[slot.course_key]
        for class_key in audience.class_keys:
            if draft.class_by_key[class_key].is_private:
                continue
            number, group = _group(numbers, (part for part in audience.parts if part.class_key == class_key))
            yield GridCell(
                class_key,
                slot.weekday,
                slot.period,
                slot.weeks,
                draft.subject_by_key[course.subject_key].name,
                tuple(draft.teacher_by_key[key].short or draft.teacher_by_key[key].name for key in course.teacher_keys),
                tuple(draft.room_by_key[key].name for key in slot.room_keys),
                number,
                group,
            )


def _group(numbers: dict[tuple[str, str], tuple[int, str]], parts: Iterable[DraftPart]) -> tuple[int, str]:
    """The number of the only part of the class, and its name; nothing for the whole class or several parts."""
    mine = [part for part in parts if part.division_key is not None and part.part is not None]
    if len(mine) != 1:
        return 0, ", ".join(sorted(part.part or "" for part in mine))
    place, name = numbers.get((mine[0].division_key or "", mine[0].part or ""), (0, ""))
    stated = re.search(r"\d+", name_key(name))
    return (int(stated.group()) if stated and place and int(stated.group()) <= MOST_MARKED else place), name

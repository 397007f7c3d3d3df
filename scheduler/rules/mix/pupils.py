"""The kinds of pupils of a class on one day: each is in the class and in at most one part of each division.

What a mix asks of a class is asked for each kind, so both halves of a division are never counted for one child.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from scheduler.rules.facts import GroupFacts, LessonFacts
from scheduler.rules.spans import seconds

MOST_KINDS = 64
NO_PART = None


@dataclass(frozen=True, slots=True)
class Kind:
    """Pupils that share all their lessons. `share` of 1 is the whole class; parts of a division are taken as equal.

    `parts` has the part by division, None for pupils of no part; a division that it lacks is counted for everybody.
    """

    class_id: int
    share: float = 1.0
    parts: Mapping[int, str | None] | None = None

    def attends(self, group: GroupFacts) -> bool:
        """Whether these pupils may be in the group; a club may hold any pupil of its classes."""
        mine = [part for part in group.parts if part.class_id == self.class_id]
        parts = self.parts or {}
        return any(
            group.is_club
            or part.division_id is None
            or part.division_id not in parts
            or parts[part.division_id] == (part.part or "")
            for part in mine
        )


def kinds_of_pupils(class_id: int, lessons: Iterable[LessonFacts]) -> list[Kind]:
    """The kinds that the lessons of a class make; of very many divisions the last ones count for everybody."""
    divisions: dict[int, list[str | None]] = {}
    for division_id, parts in sorted(_divisions(class_id, lessons).items()):
        several: list[str | None] = [*sorted(parts)]
        options = several if len(several) > 1 else [*several, NO_PART]
        if prod(map(len, divisions.values())) * len(options) <= MOST_KINDS:
            divisions[division_id] = options
    share = 1 / prod(map(len, divisions.values()))
    return [Kind(class_id, share, dict(zip(divisions, parts, strict=True))) for parts in product(*divisions.values())]


def _divisions(class_id: int, lessons: Iterable[LessonFacts]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for group in {lesson.group for lesson in lessons}:
        for part in group.parts:
            if part.class_id == class_id and part.division_id is not None:
                found[part.division_id].add(part.part or "")
    return found


def hours_of(lessons: Sequence[LessonFacts]) -> list[list[LessonFacts]]:
    """Lessons of one day under their hours in the order of the clock; those of one hour share a moment."""
    hours: list[list[LessonFacts]] = []
    end = 0
    for lesson in sorted(lessons, key=lambda one: (one.start, one.end, one.id or 0)):
        if not hours or seconds(lesson.start) >= end:
            hours.append([])
            end = seconds(lesson.end)
        hours[-1].append(lesson)
        end = min(end, seconds(lesson.end))
    return hours

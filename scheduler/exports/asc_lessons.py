"""The courses of a draft as lessons of aSc: one for each set of weeks, hours shared out so that their sum stays.

A course held in odd weeks once and every week twice is two lessons, as the program itself has them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scheduler.imports.draft import Draft, DraftCourse, DraftSlot

ROUNDED = Decimal("0.001")
HARDLY_ANY = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One lesson: `hours` a week on average, its weeks, and where it stands. `id` is one that the course brought."""

    course_key: str
    number: int
    hours: Decimal
    weeks: frozenset[int]
    slots: tuple[DraftSlot, ...] = ()
    id: str = ""


def lesson_rows(draft: Draft) -> Iterator[LessonRow]:
    """The lessons of all courses; hours that stand nowhere are a lesson without cards."""
    by_course: dict[str, dict[frozenset[int], list[DraftSlot]]] = defaultdict(lambda: defaultdict(list))
    for slot in draft.slots:
        by_course[slot.course_key][slot.weeks].append(slot)
    taken: set[str] = set()
    for course in draft.courses:
        ids = [key for key in course.stable_ids if key not in taken]
        taken.update(ids)
        for number, (hours, weeks, slots) in enumerate(_shares(course, by_course[course.key], draft.cycle_weeks)):
            yield LessonRow(course.key, number, hours, weeks, tuple(slots), ids[number] if number < len(ids) else "")


def _shares(
    course: DraftCourse, by_weeks: dict[frozenset[int], list[DraftSlot]], cycle: int
) -> list[tuple[Decimal, frozenset[int], list[DraftSlot]]]:
    """What is placed takes its hours, never more than are left; the rest comes last."""
    left = course.weekly_hours
    shares = []
    for weeks, slots in by_weeks.items():
        placed = (Decimal(len(slots) * len(weeks)) / cycle).quantize(ROUNDED)
        hours = min(placed, left)
        left -= hours
        shares.append((hours, weeks, slots))
    if left > HARDLY_ANY or not shares:
        return [*shares, (left, frozenset(range(cycle)), [])]
    hours, weeks, slots = shares[-1]
    return [*shares[:-1], (hours + left, weeks, slots)]

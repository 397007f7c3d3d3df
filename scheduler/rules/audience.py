"""What one pupil of a class can have at most: a class's lessons summed without counting both halves of a division."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from scheduler.rules.facts import GroupFacts, LessonFacts
from scheduler.rules.spans import seconds

DAY = 86_400
Weigh = Callable[[LessonFacts], int]


def lessons_of_class(class_id: int, lessons: Iterable[LessonFacts]) -> list[LessonFacts]:
    """The live lessons of a class in the order of time; private groups concern one pupil, not the class's norms."""
    found = [
        lesson
        for lesson in lessons
        if lesson.is_live and not lesson.group.is_private and class_id in lesson.group.class_ids
    ]
    return sorted(found, key=lambda lesson: (lesson.date, lesson.start, lesson.end))


def by_class(lessons: Iterable[LessonFacts]) -> dict[int, list[LessonFacts]]:
    """Lessons under each class that they concern."""
    found: dict[int, list[LessonFacts]] = defaultdict(list)
    for lesson in lessons:
        for class_id in lesson.group.class_ids:
            found[class_id].append(lesson)
    return found


def heaviest(class_id: int, lessons: Sequence[LessonFacts], weigh: Weigh) -> int:
    """The largest sum of `weigh` that falls on one pupil of the class.

    Two ceilings hold, and the lower is taken: a pupil is in one part of each division and, where no list says more,
    in one club; and a pupil can be at one lesson at a time.
    """
    weighed = [(lesson, weight) for lesson in lessons if (weight := weigh(lesson))]
    if not weighed:
        return 0
    return min(_by_divisions(class_id, weighed), _one_at_a_time(weighed))


def _by_divisions(class_id: int, weighed: Sequence[tuple[LessonFacts, int]]) -> int:
    whole = 0
    divisions: dict[int, dict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    clubs: list[tuple[GroupFacts, int]] = []
    for lesson, weight in weighed:
        if lesson.group.is_club:
            clubs.append((lesson.group, weight))
            continue
        division_id, parts = _place(lesson.group, class_id)
        if division_id is None:
            whole += weight
        for part in parts:
            divisions[division_id or 0][part] += weight
    return whole + sum(max(parts.values()) for parts in divisions.values()) + _most_in_clubs(clubs)


def _place(group: GroupFacts, class_id: int) -> tuple[int | None, tuple[str | None, ...]]:
    """The division and its parts that a group takes of a class; None for the whole class."""
    parts = [part for part in group.parts if part.class_id == class_id]
    if any(part.division_id is None for part in parts):
        return None, ()
    division_id = min(part.division_id or 0 for part in parts)
    return division_id, tuple(sorted({part.part or "" for part in parts if part.division_id == division_id}))


def _most_in_clubs(clubs: Iterable[tuple[GroupFacts, int]]) -> int:
    of_group: dict[int, int] = defaultdict(int)
    of_pupil: dict[int, int] = defaultdict(int)
    for group, weight in clubs:
        of_group[group.id] += weight
        for pupil in group.members or ():
            of_pupil[pupil] += weight
    return max([*of_group.values(), *of_pupil.values()], default=0)


def _one_at_a_time(weighed: Sequence[tuple[LessonFacts, int]]) -> int:
    """The heaviest set of lessons of which no two share a moment."""
    spans = sorted(
        (_moment(lesson) + seconds(lesson.end), _moment(lesson) + seconds(lesson.start), weight)
        for lesson, weight in weighed
    )
    ends = [end for end, _start, _weight in spans]
    best = [0]
    for index, (_end, start, weight) in enumerate(spans):
        best.append(max(best[-1], weight + best[bisect_right(ends, start, 0, index)]))
    return best[-1]


def _moment(lesson: LessonFacts) -> int:
    return lesson.date.toordinal() * DAY

"""What a mix is worth, in points: the same sum for both methods, stated in words in `docs/decisions/mix.md`.

A call of a whole class is worth about a thousand; everything else only decides which lessons the calls are. Minutes are
worth nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.rules.facts import LessonFacts
from scheduler.rules.mix.facts import FINAL_GRADES, CourseKey
from scheduler.rules.mix.ground import Day, Ground
from scheduler.rules.mix.pupils import Kind, hours_of
from scheduler.rules.pack import norm_grade

NTH_CALL = (1000, 900, 800, 700)
"""The first, second … call of a pupil's day; later ones are worth as much as the last of these."""
AGAIN = 150
MOST_AGAIN = 3
POINT_OF_DIFFICULTY = 5
FINAL = 50
LATELY = 15
MOST_LATELY = 4
NEXT_OF_TEACHER = 10
TOGETHER = 40


@dataclass(frozen=True, slots=True)
class Steps:
    """The first chosen among these numbers is worth the first gain, the second the second…; gains never grow.

    There are as many gains as numbers.
    """

    numbers: tuple[int, ...]
    gains: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Worth something only where all of these numbers are chosen."""

    numbers: tuple[int, ...]
    gain: int


@dataclass(frozen=True, slots=True)
class Objective:
    """The sum of `worth` of the chosen, of `steps` and of `all_of`."""

    worth: tuple[int, ...]
    steps: tuple[Steps, ...]
    all_of: tuple[AllOf, ...]

    def value(self, chosen: Collection[int]) -> int:
        """The points of any mix, by the numbers of its calls."""
        inside = frozenset(chosen)
        steps = sum(sum(one.gains[: len(inside.intersection(one.numbers))]) for one in self.steps)
        whole = sum(one.gain for one in self.all_of if inside.issuperset(one.numbers))
        return sum(self.worth[number] for number in inside) + steps + whole


def objective_of(ground: Ground) -> Objective:
    """The objective of the lessons laid out."""
    steps = [*_served(ground), *_again(ground), *_load_of_teachers(ground)]
    all_of = tuple(all_of for day in ground.days.values() for all_of in _together(ground, day))
    return Objective(_worth(ground), tuple(_joined(steps)), all_of)


def _joined(terms: Iterable[Steps]) -> Iterator[Steps]:
    """Terms of the same lessons as one: the sum of what never grows never grows."""
    sums: dict[tuple[int, ...], list[int]] = {}
    for term in terms:
        total = sums.setdefault(term.numbers, [0] * len(term.numbers))
        for nth, gain in enumerate(term.gains[: len(total)]):
            total[nth] += gain
    yield from (Steps(numbers, tuple(gains)) for numbers, gains in sums.items() if any(gains))


def _served(ground: Ground) -> Iterator[Steps]:
    """Every class its wished calls: the share of its pupils that have a first call, a second, a third."""
    for day in ground.days.values():
        wished = ground.rules.calls(day.klass)
        gains = [NTH_CALL[min(nth, len(NTH_CALL) - 1)] for nth in range(wished)]
        for kind in day.kinds:
            had = sum(kind.attends(one.group) for one in day.standing)
            mine = tuple(number for number in day.numbers if kind.attends(ground.calls[number].group))
            yield Steps(mine, tuple(round(gain * kind.share) for gain in gains[had:]))


def _worth(ground: Ground) -> tuple[int, ...]:
    """Hard subjects, final classes and lately least called courses first, by the share of each class concerned."""
    found = [0] * len(ground.calls)
    for day in ground.days.values():
        final = FINAL if norm_grade(day.klass) in FINAL_GRADES else 0
        for number in day.numbers:
            one = ground.candidates[number]
            lately = LATELY * min(one.lately, MOST_LATELY)
            points = POINT_OF_DIFFICULTY * one.difficulty + final - lately
            found[number] += round(points * _share(day, ground.calls[number]))
    return tuple(found)


def _again(ground: Ground) -> Iterator[Steps]:
    """No subject of a class twice before its others once, earlier remote days counted from the least called on."""
    of_class: dict[int, dict[CourseKey, list[int]]] = defaultdict(lambda: defaultdict(list))
    share: dict[tuple[int, CourseKey], float] = {}
    for (class_id, _day), day in ground.days.items():
        for number in day.numbers:
            key = ground.candidates[number].course
            of_class[class_id][key].append(number)
            share[class_id, key] = max(share.get((class_id, key), 0), _share(day, ground.calls[number]))
    for class_id, courses in of_class.items():
        earlier = {key: max(ground.candidates[one].earlier for one in numbers) for key, numbers in courses.items()}
        least = min(earlier.values())
        for key, numbers in courses.items():
            times = range(earlier[key] - least, earlier[key] - least + len(numbers))
            gains = tuple(-round(AGAIN * min(nth, MOST_AGAIN) * share[class_id, key]) for nth in times)
            yield Steps(tuple(numbers), gains)


def _load_of_teachers(ground: Ground) -> Iterator[Steps]:
    """Each next call of a teacher's day costs a little more than the one before."""
    mine: dict[tuple[int, date], list[int]] = defaultdict(list)
    for number, call in enumerate(ground.calls):
        for person_id in call.teacher_ids:
            mine[person_id, call.date].append(number)
    had: dict[tuple[int, date], int] = defaultdict(int)
    for lesson in ground.standing:
        for person_id in lesson.teacher_ids if lesson.screen_minutes else ():
            had[person_id, lesson.date] += 1
    for key, numbers in mine.items():
        gains = tuple(-NEXT_OF_TEACHER * (had[key] + nth) for nth in range(len(numbers)))
        yield Steps(tuple(numbers), gains)


def _together(ground: Ground, day: Day) -> Iterator[AllOf]:
    """The parts of one division are best called in one hour."""
    parts_of: dict[int, set[str]] = defaultdict(set)
    for lesson in day.lessons:
        for division_id, part in _parts(day, lesson):
            parts_of[division_id].add(part)
    for hour in hours_of([ground.calls[number] for number in day.numbers]):
        for division_id, parts in parts_of.items():
            numbers, covered = [], []
            for lesson in hour:
                mine = [part for own, part in _parts(day, lesson) if own == division_id]
                numbers += [ground.number_of[lesson.id]] if mine else []
                covered += mine
            if len(numbers) > 1 and sorted(covered) == sorted(parts):
                yield AllOf(tuple(sorted(numbers)), TOGETHER)


def _parts(day: Day, lesson: LessonFacts) -> list[tuple[int, str]]:
    mine = [part for part in lesson.group.parts if part.class_id == day.klass.id]
    return [(part.division_id, part.part or "") for part in mine if part.division_id is not None]


def _share(day: Day, lesson: LessonFacts) -> float:
    kinds: list[Kind] = [kind for kind in day.kinds if kind.attends(lesson.group)]
    return sum(kind.share for kind in kinds)

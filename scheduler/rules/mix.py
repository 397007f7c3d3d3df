"""Which lessons of a remote day are calls and which work on one's own: a plain greedy choice over frozen values.

It changes no times, no order and no database; a norm is a ceiling, never a target.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from scheduler.rules.audience import by_class, heaviest
from scheduler.rules.clashes import clashes_of_pair
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonMode
from scheduler.rules.overlap import NONE_TAKEN_APART, TakenApart
from scheduler.rules.pack import RulePack, norm_grade

MOST_IN_A_ROW = 2
SHORTEST_CALL = 10
FINAL_GRADES = (9, 11)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesson that may become a call. `difficulty` in points, `lately` how often its course was called lately.

    `join_resource` is the standing room or chat call that it would take up.
    """

    lesson: LessonFacts
    difficulty: int = 0
    lately: int = 0
    join_resource: str | None = None


@dataclass(frozen=True, slots=True)
class MixRules:
    """What the choice is held to; `wished` are calls a day by grade where the school set its own."""

    classes: Mapping[int, ClassFacts]
    pack: RulePack
    wished: Mapping[int, int] = field(default_factory=dict)
    taken_apart: TakenApart = NONE_TAKEN_APART

    def calls(self, klass: ClassFacts) -> int:
        """How many calls a day a class is wished: by default the pack's advice (1, 2 or 3)."""
        grade = norm_grade(klass)
        return self.wished.get(grade, self.pack.online_lessons[grade].limit)

    def budget(self, klass: ClassFacts) -> int:
        """Minutes of calls a day, by the stricter column: that of a school day."""
        return self.pack.screen_row(klass).day_school.limit

    def minutes(self, lesson: LessonFacts) -> int:
        """How long a call of this lesson lasts, so that the wished calls of its strictest class fit its day."""
        found = [lesson.minutes]
        for klass in _classes_of(lesson, self.classes):
            found += [self.pack.screen_row(klass).lesson.limit, self.budget(klass) // max(self.calls(klass), 1)]
        return min(found)


@dataclass(slots=True)
class _Day:
    """One date as it fills up: the calls so far of each class and each teacher, and the hours of each class."""

    rules: MixRules
    hours: Mapping[int, list[time]]
    calls: dict[int, list[LessonFacts]] = field(default_factory=lambda: defaultdict(list))
    of_teacher: dict[int, list[LessonFacts]] = field(default_factory=lambda: defaultdict(list))
    of_resource: dict[str, list[LessonFacts]] = field(default_factory=lambda: defaultdict(list))

    def add(self, call: LessonFacts) -> None:
        for class_id in call.group.class_ids:
            self.calls[class_id].append(call)
        for person_id in call.teacher_ids:
            self.of_teacher[person_id].append(call)
        if call.join_resource is not None:
            self.of_resource[call.join_resource].append(call)

    def takes(self, call: LessonFacts, most: int) -> bool:
        """Whether the call fits beside those that stand, with no pupil having more than `most` of them."""
        return not self._meets(call) and all(
            self._class_takes(klass, call, most) for klass in _classes_of(call, self.rules.classes)
        )

    def _class_takes(self, klass: ClassFacts, call: LessonFacts, most: int) -> bool:
        calls = [*self.calls[klass.id], call]
        return (
            heaviest(klass.id, calls, _one) <= min(most, self.rules.calls(klass))
            and heaviest(klass.id, calls, _minutes) <= self.rules.budget(klass)
            and _longest_row(self.hours.get(klass.id, []), calls) <= MOST_IN_A_ROW
        )

    def _meets(self, call: LessonFacts) -> bool:
        near = [other for class_id in call.group.class_ids for other in self.calls[class_id]]
        near += [other for person_id in call.teacher_ids for other in self.of_teacher[person_id]]
        near += self.of_resource[call.join_resource] if call.join_resource is not None else []
        return any(other.start < call.end and call.start < other.end and self._clash(other, call) for other in near)

    def _clash(self, one: LessonFacts, other: LessonFacts) -> list[Finding]:
        apart = (replace(one, room_ids=frozenset()), replace(other, room_ids=frozenset()))
        return clashes_of_pair(*apart, taken_apart=self.rules.taken_apart)


def choose_calls(
    candidates: Iterable[Candidate], standing: Sequence[LessonFacts], rules: MixRules
) -> dict[int | None, LessonFacts]:
    """The lessons that become calls, by id, as they shall be; all other candidates are work on one's own.

    `standing` are the other lessons of those dates: calls among them count in every limit and are left alone. Rounds
    give every class its first call before any class its second. Within a round hard and lately least called courses
    of final classes go first; over several dates a course called on one of them steps back on the next.
    """
    chosen: dict[int | None, LessonFacts] = {}
    waiting: dict[date, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        waiting[candidate.lesson.date].append(candidate)
    called: dict[int | None, int] = defaultdict(int)
    for day in sorted(waiting):
        of_day = [replace(one, lately=one.lately + called[one.lesson.course_id]) for one in waiting[day]]
        found = _choose_day(of_day, [one for one in standing if one.date == day], rules)
        for call in found:
            called[call.course_id] += 1
            chosen[call.id] = call
    return chosen


def _choose_day(candidates: Sequence[Candidate], standing: Sequence[LessonFacts], rules: MixRules) -> list[LessonFacts]:
    day = _Day(rules, _hours([*(one.lesson for one in candidates), *standing]))
    for lesson in standing:
        if lesson.screen_minutes and not lesson.group.is_private:
            day.add(lesson)
    left = sorted(candidates, key=lambda one: _rank(one, rules))
    chosen: list[LessonFacts] = []
    for most in range(1, max((rules.calls(klass) for klass in rules.classes.values()), default=0) + 1):
        for candidate in tuple(left):
            call = _as_call(candidate, rules)
            if (call.online_minutes or 0) >= SHORTEST_CALL and day.takes(call, most):
                day.add(call)
                chosen.append(call)
                left.remove(candidate)
    return chosen


def _as_call(candidate: Candidate, rules: MixRules) -> LessonFacts:
    return replace(
        candidate.lesson,
        mode=LessonMode.CALL,
        online_minutes=rules.minutes(candidate.lesson),
        join_resource=candidate.join_resource,
    )


def _rank(candidate: Candidate, rules: MixRules) -> tuple[object, ...]:
    """Stable, so that the same day gives the same mix; parts of one division stand together and go together."""
    lesson = candidate.lesson
    is_final = any(norm_grade(klass) in FINAL_GRADES for klass in _classes_of(lesson, rules.classes))
    classes = tuple(sorted(lesson.group.class_ids))
    return candidate.lately, not is_final, -candidate.difficulty, classes, lesson.start, lesson.title, lesson.id or 0


def _hours(lessons: Iterable[LessonFacts]) -> dict[int, list[time]]:
    """The hours of each class in the order of the clock."""
    return {
        class_id: sorted({lesson.start for lesson in of_class if lesson.is_live and not lesson.group.is_private})
        for class_id, of_class in by_class(lessons).items()
    }


def _longest_row(hours: Sequence[time], calls: Iterable[LessonFacts]) -> int:
    starts = {call.start for call in calls}
    longest = row = 0
    for hour in hours:
        row = row + 1 if hour in starts else 0
        longest = max(longest, row)
    return longest


def _classes_of(lesson: LessonFacts, classes: Mapping[int, ClassFacts]) -> list[ClassFacts]:
    return [classes[class_id] for class_id in lesson.group.class_ids if class_id in classes]


def _one(_lesson: LessonFacts) -> int:
    return 1


def _minutes(lesson: LessonFacts) -> int:
    return lesson.screen_minutes

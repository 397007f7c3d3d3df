"""The lessons of a mix laid out: what may be a call, what stands beside it, the days of each class and its pupils."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.rules.audience import by_class
from scheduler.rules.clashes import clashes_of_pair, meeting_pairs
from scheduler.rules.facts import ClassFacts, LessonFacts, LessonMode
from scheduler.rules.mix.facts import SHORTEST_CALL, Candidate, MixRules
from scheduler.rules.mix.pupils import Kind, hours_of, kinds_of_pupils

ClassDay = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Day:
    """One date of one class: its pupils, its hours, the calls that stand, and the numbers of what may be one."""

    klass: ClassFacts
    kinds: Sequence[Kind]
    lessons: Sequence[LessonFacts]
    standing: Sequence[LessonFacts]
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that rows and terms are made of. `calls` are the candidates as calls, in a lasting order.

    Candidates that meet what stands already (a teacher at school, a call in the same room) are left out before.
    """

    rules: MixRules
    candidates: Sequence[Candidate]
    calls: Sequence[LessonFacts]
    standing: Sequence[LessonFacts]
    days: Mapping[ClassDay, Day]
    number_of: Mapping[int | None, int]


def lay_out(candidates: Iterable[Candidate], standing: Iterable[LessonFacts], rules: MixRules) -> Ground:
    """The ground of a choice; the same lessons give the same ground, in whatever order they come."""
    ordered = sorted(candidates, key=_order)
    present = [lesson for lesson in standing if lesson.is_live]
    wanted = [as_call(one, rules) for one in ordered]
    taken = _taken([call for call in wanted if (call.online_minutes or 0) >= SHORTEST_CALL], present, rules)
    left = [
        (one, call)
        for one, call in zip(ordered, wanted, strict=True)
        if call.id not in taken and (call.online_minutes or 0) >= SHORTEST_CALL
    ]
    calls = [call for _one, call in left]
    days = _days(calls, [one.lesson for one in ordered], present, rules)
    numbers = {call.id: number for number, call in enumerate(calls)}
    return Ground(rules, [one for one, _call in left], calls, present, days, numbers)


def as_call(candidate: Candidate, rules: MixRules) -> LessonFacts:
    """The lesson as the call that it would become. Nobody is in a room."""
    return replace(
        candidate.lesson,
        mode=LessonMode.CALL,
        online_minutes=rules.minutes(candidate.lesson),
        join_resource=candidate.join_resource,
        room_ids=frozenset(),
    )


def clash(one: LessonFacts, other: LessonFacts, rules: MixRules) -> bool:
    """Whether two lessons that meet in time have a teacher, a pupil (as far as anybody knows) or a call in common.

    A private lesson of one pupil at school takes its teacher, never the whole class.
    """
    found = clashes_of_pair(one, other, taken_apart=rules.taken_apart)
    if one.group.is_private or other.group.is_private:
        found = [finding for finding in found if finding.rule in ("CLASH_TEACHER", "CLASH_CALL")]
    return bool(found)


def _order(candidate: Candidate) -> tuple[object, ...]:
    lesson = candidate.lesson
    return lesson.date, lesson.start, sorted(lesson.group.class_ids), lesson.title, lesson.id or 0


def _taken(calls: Sequence[LessonFacts], standing: Sequence[LessonFacts], rules: MixRules) -> set[int | None]:
    """The lessons that cannot be calls whatever else is chosen: work on one's own takes nobody's hour."""
    present = [replace(one, room_ids=frozenset()) for one in standing if one.mode is not LessonMode.SELF_STUDY]
    wanted = {id(call): call for call in calls}
    return {
        (one if id(one) in wanted else other).id
        for one, other in meeting_pairs([*calls, *present], wanted)
        if (id(one) in wanted) is not (id(other) in wanted) and clash(one, other, rules)
    }


def _days(
    calls: Sequence[LessonFacts], wanted: Sequence[LessonFacts], standing: Sequence[LessonFacts], rules: MixRules
) -> dict[ClassDay, Day]:
    numbers: dict[ClassDay, list[int]] = defaultdict(list)
    for number, call in enumerate(calls):
        for class_id in call.group.class_ids:
            numbers[class_id, call.date].append(number)
    of_class = by_class(one for one in [*wanted, *standing] if not one.group.is_private)
    days: dict[ClassDay, Day] = {}
    for class_id, day in sorted(numbers):
        if class_id in rules.classes:
            lessons = [one for one in of_class[class_id] if one.date == day]
            days[class_id, day] = _day(rules.classes[class_id], lessons, numbers[class_id, day])
    return days


def _day(klass: ClassFacts, lessons: Sequence[LessonFacts], numbers: Sequence[int]) -> Day:
    standing = [one for one in lessons if one.screen_minutes]
    return Day(klass, kinds_of_pupils(klass.id, lessons), lessons, standing, numbers)


def hours_of_kind(day: Day, kind: Kind) -> list[list[LessonFacts]]:
    """The hours in which pupils of this kind have a lesson."""
    return hours_of([one for one in day.lessons if kind.attends(one.group)])

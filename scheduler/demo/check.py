"""Looks over a finished demo school on its own, from the clock and the norms, and says in words what is wrong.

It knows nothing of how the timetable was laid; tests expect an empty list.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import time
from itertools import combinations, pairwise

from scheduler.demo.bells import REGULAR, REMOTE, SHORTENED, meet
from scheduler.demo.blueprint import BellSpec, ClassSpec, CourseSpec, School, SlotSpec
from scheduler.demo.curriculum import SPORT, WEEK_CEILING, points
from scheduler.rules.facts import LessonKind

_DAY_CEILING = {1: 4, 2: 5, 3: 5, 4: 5, 5: 6, 6: 6, **dict.fromkeys(range(7, 12), 7)}
_GAP = 30


class _Facts:
    """The school's parts looked up by key."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.courses = {course.key: course for course in school.courses}
        self.groups = {group.key: group for group in school.groups}
        self.classes = {item.label: item for item in school.classes}
        self.is_lesson = {subject.name: subject.kind is LessonKind.LESSON for subject in school.subjects}
        self.days: dict[tuple[str, int], list[SlotSpec]] = {}
        for slot in school.slots:
            # A child taught at home has hours of its own: the class's day and week do not know them.
            for label in () if self.groups[self.course(slot).group].is_private else self.labels(slot):
                self.days.setdefault((label, slot.weekday), []).append(slot)

    def course(self, slot: SlotSpec) -> CourseSpec:
        return self.courses[slot.course]

    def labels(self, slot: SlotSpec) -> list[str]:
        return [label for label, _, _ in self.groups[self.course(slot).group].parts]

    def lessons(self, item: ClassSpec, weekday: int) -> dict[int, str]:
        """Period → subject; two parts of a division at once are one lesson of the class."""
        slots = self.days.get((item.label, weekday), [])
        return {s.period: self.course(s).subject for s in slots if self.is_lesson[self.course(s).subject]}


def problems(school: School) -> list[str]:
    """All that is wrong with a demo school's week; an empty list when nothing is."""
    facts = _Facts(school)
    return [*_clashes(facts), *_overlapping_audiences(facts), *_norms(facts), *_hours(facts), *_bells(school)]


def _columns(school: School) -> Iterator[tuple[str, dict[str, BellSpec]]]:
    for kind in (REGULAR, SHORTENED, REMOTE):
        found = [bells for bells in school.bells if bells.kind == kind]
        yield kind, {bells.bells: bells for bells in found if bells.valid_from is None}
        yield f"{kind}, later", {bells.bells: bells for bells in found}


def _clashes(facts: _Facts) -> Iterator[str]:
    """A teacher or a room in two places at once, by any bells."""
    taken: dict[tuple[str, int], list[SlotSpec]] = {}
    for slot in facts.school.slots:
        for owner in (*facts.course(slot).teachers, slot.room):
            taken.setdefault((owner, slot.weekday), []).append(slot)
    for kind, column in _columns(facts.school):
        for (owner, weekday), slots in taken.items():
            for one, other in combinations(slots, 2):
                if meet(_span(facts, column, one), _span(facts, column, other)):
                    yield f"{kind}: {owner}, {weekday}: {one.course} and {other.course}"


def _span(facts: _Facts, column: dict[str, BellSpec], slot: SlotSpec) -> tuple[time, time]:
    bells = column[facts.classes[facts.labels(slot)[0]].bells]
    return next((start, end) for number, start, end in bells.periods if number == slot.period)


def _overlapping_audiences(facts: _Facts) -> Iterator[str]:
    """A pupil in two places: in one hour a class has one course, or different parts of one division."""
    for (label, weekday), slots in facts.days.items():
        for one, other in combinations(slots, 2):
            if one.period == other.period and not _are_apart(facts, label, one, other):
                yield f"{label}, {weekday}, {one.period}: {one.course} and {other.course}"


def _are_apart(facts: _Facts, label: str, one: SlotSpec, other: SlotSpec) -> bool:
    groups = [facts.groups[facts.course(slot).group] for slot in (one, other)]
    parts = [next(part for part in group.parts if part[0] == label) for group in groups]
    clubs_apart = all(group.is_club for group in groups) and not set(groups[0].members) & set(groups[1].members)
    return clubs_apart or (parts[0][1] is not None and parts[0][1] == parts[1][1] and parts[0][2] != parts[1][2])


def _norms(facts: _Facts) -> Iterator[str]:
    for item in facts.school.classes:
        week = {weekday: facts.lessons(item, weekday) for weekday in range(1, 6)}
        if sum(map(len, week.values())) > WEEK_CEILING[item.grade]:
            yield f"{item.label}: the week is over {WEEK_CEILING[item.grade]}"
        over = [weekday for weekday, lessons in week.items() if len(lessons) > _DAY_CEILING[item.grade]]
        if [*over] and not _is_bonus(item, week, over):
            yield f"{item.label}: too many lessons on {over}"
        yield from _day_norms(facts, item, week)
        yield from _light_day(item, week)


def _is_bonus(item: ClassSpec, week: dict[int, dict[int, str]], over: list[int]) -> bool:
    """Once a week one lesson more in grades 1–4 where one of them is physical education."""
    lessons = week[over[0]]
    is_one = len(over) == 1 and len(lessons) == _DAY_CEILING[item.grade] + 1
    return is_one and item.grade <= 4 and SPORT in lessons.values()  # noqa: PLR2004 - primary school


def _day_norms(facts: _Facts, item: ClassSpec, week: dict[int, dict[int, str]]) -> Iterator[str]:
    column = next(found for _, found in _columns(facts.school))
    hours = {number: (start, end) for number, start, end in column[item.bells].periods}
    for weekday, lessons in week.items():
        slots = facts.days[item.label, weekday]
        extra = {slot.period for slot in slots} - set(lessons)
        last = max(lessons)
        if set(range(1, last + 1)) - set(lessons) - extra:
            yield f"{item.label}, {weekday}: a window"
        for period in extra:
            if period > last and _minutes(hours[period][0]) - _minutes(hours[last][1]) < _GAP:
                yield f"{item.label}, {weekday}: an activity too soon"


def _light_day(item: ClassSpec, week: dict[int, dict[int, str]]) -> Iterator[str]:
    totals = {day: sum(points(subject, item.grade) for subject in found.values()) for day, found in week.items()}
    if min(totals[3], totals[4]) >= min(totals[1], totals[2], totals[5]):
        yield f"{item.label}: no lighter day, {totals}"


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _hours(facts: _Facts) -> Iterator[str]:
    found = Counter(slot.course for slot in facts.school.slots)
    for course in facts.school.courses:
        if found[course.key] != course.weekly_hours:
            yield f"{course.key}: {found[course.key]} of {course.weekly_hours} hours"


def _bells(school: School) -> Iterator[str]:
    latest = {REGULAR: time(19), SHORTENED: time(19), REMOTE: time(18)}
    for bells in school.bells:
        spans = [(start, end) for _, start, end in bells.periods]
        if spans[0][0] < time(8) or spans[-1][1] > latest[bells.kind]:
            yield f"{bells.name}: too early or too late"
        for (_, end), (start, _) in pairwise(spans):
            if _minutes(start) - _minutes(end) < 10:  # noqa: PLR2004 - СП 2.4.3648-20
                yield f"{bells.name}: a break under 10 minutes at {end}"

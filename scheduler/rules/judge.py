"""A change judged by what it creates or makes worse: the findings of `after` that `before` did not have, or had less.

It decides nothing and changes nothing; whoever asks refuses, warns or goes on with a reason.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from scheduler.rules.audience import by_class, lessons_of_class
from scheduler.rules.clashes import clashes_of_pair, meeting_pairs
from scheduler.rules.daily_load import by_day
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, Severity
from scheduler.rules.norms import judge_day, judge_week
from scheduler.rules.overlap import NONE_TAKEN_APART, TakenApart
from scheduler.rules.pack import RulePack
from scheduler.rules.packs import expired_note, grade_note
from scheduler.rules.screen import screen_total
from scheduler.rules.settings import SchoolRules
from scheduler.rules.weekly_load import monday_of

PackOf = Callable[[date], RulePack]
Key = tuple[object, ...]

_ORDER = {Severity.LAW: 0, Severity.WARN: 1, Severity.INFO: 2}
# What the school may set itself among clashes; a person in two places at once is never a matter of settings.
_SOFT_CLASHES = ("CLASH_ROOM", "CLASH_CLUB", "CLASH_GROUP_ASSUMED_APART")
_SCREEN_SUMS = ("SCREEN_DAY_SCHOOL", "SCREEN_DAY_HOME")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two states: its live lessons, those that the other one has not so, and each touched class's days."""

    lessons: tuple[LessonFacts, ...]
    changed: tuple[LessonFacts, ...]
    days: Mapping[int, Mapping[date, list[LessonFacts]]]


@dataclass(frozen=True, slots=True)
class _Measure:
    """What both states are held against; `touched` are the classes of changed lessons with the dates concerned."""

    classes: Mapping[int, ClassFacts]
    touched: Mapping[int, frozenset[date]]
    pack_of: PackOf
    rules: SchoolRules
    taken_apart: TakenApart


def judge_change(
    before: Sequence[LessonFacts],
    after: Sequence[LessonFacts],
    *,
    classes: Mapping[int, ClassFacts],
    pack_of: PackOf,
    rules: SchoolRules,
    taken_apart: TakenApart = NONE_TAKEN_APART,
) -> list[Finding]:
    """The findings that a change creates or makes worse, worst first.

    Both sets hold the lessons of the touched ISO weeks that concern the touched classes, teachers and rooms. Only
    classes of changed lessons are held to the norms, and where a class only loses lessons nothing of them blocks: a
    lesson that cannot be held must be possible to cancel. Two hints come along: a grade that nobody stated, and a pack
    that is out of date.
    """
    old, new = _changed(before, after), _changed(after, before)
    touched = _touched([*old, *new], classes)
    measure = _Measure(classes, touched, cache(pack_of), rules, taken_apart)
    was, now = _side(before, old, touched), _side(after, new, touched)
    known: dict[Key, float] = {}
    for finding in _findings(was, measure):
        known[_key(finding)] = max(_excess(finding), known.get(_key(finding), 0))
    worse = [finding for finding in _findings(now, measure) if _excess(finding) > known.get(_key(finding), 0)]
    gaining = by_class(new).keys()
    told = [_with_minutes_left(_softened(finding, gaining), now, measure) for finding in worse]
    return sorted([*told, *_notes(measure)], key=_rank)


def _changed(these: Iterable[LessonFacts], those: Iterable[LessonFacts]) -> tuple[LessonFacts, ...]:
    """Live lessons of the one state that do not stand so in the other."""
    by_id = {lesson.id: lesson for lesson in those if lesson.id is not None and lesson.is_live}
    without_id = [lesson for lesson in those if lesson.id is None]
    return tuple(
        lesson
        for lesson in these
        if lesson.is_live and (by_id.get(lesson.id) != lesson if lesson.id is not None else lesson not in without_id)
    )


def _touched(changed: Iterable[LessonFacts], classes: Mapping[int, ClassFacts]) -> dict[int, frozenset[date]]:
    return {
        class_id: frozenset(lesson.date for lesson in lessons)
        for class_id, lessons in by_class(changed).items()
        if class_id in classes
    }


def _side(
    lessons: Iterable[LessonFacts], changed: tuple[LessonFacts, ...], touched: Mapping[int, frozenset[date]]
) -> _Side:
    live = tuple(lesson for lesson in lessons if lesson.is_live)
    of_class = by_class(live)
    days = {class_id: by_day(lessons_of_class(class_id, of_class.get(class_id, ()))) for class_id in touched}
    return _Side(live, changed, days)


def _findings(side: _Side, measure: _Measure) -> Iterator[Finding]:
    yield from _clashes(side, measure)
    for class_id, dates in measure.touched.items():
        klass, days = measure.classes[class_id], side.days[class_id]
        for day in dates:
            if day in days:
                yield from judge_day(klass, days[day], measure.pack_of(day), measure.rules)
        for monday in {monday_of(day) for day in dates}:
            week = [lesson for day, lessons in days.items() if monday_of(day) == monday for lesson in lessons]
            yield from judge_week(klass, week, measure.pack_of(monday), measure.rules)


def _clashes(side: _Side, measure: _Measure) -> Iterator[Finding]:
    changed = {id(lesson) for lesson in side.changed}
    dates = {lesson.date for lesson in side.changed}
    near = [lesson for lesson in side.lessons if lesson.date in dates]
    for one, other in meeting_pairs(near, changed):
        pair = (one, other) if id(one) in changed else (other, one)
        for finding in clashes_of_pair(*pair, taken_apart=measure.taken_apart):
            yield _as_the_school_set(finding, measure.rules)


def _as_the_school_set(finding: Finding, rules: SchoolRules) -> Finding:
    if finding.rule not in _SOFT_CLASHES or finding.rule not in rules.severities:
        return finding
    return replace(finding, severity=rules.severities[finding.rule])


def _key(finding: Finding) -> Key:
    """What makes two findings the same one; a lesson keeps its own over a move, a sum belongs to its day or week."""
    rule = "SCREEN_DAY" if finding.rule in _SCREEN_SUMS else finding.rule
    where = frozenset(finding.lesson_ids) or finding.day
    about = tuple(finding.params.get(name) for name in ("teacher_ids", "room_ids", "join_resource"))
    return rule, finding.class_id, where, about


def _excess(finding: Finding) -> float:
    excess = finding.params["excess"]
    return excess if isinstance(excess, int | float) else 0.0


def _softened(finding: Finding, gaining: Collection[int]) -> Finding:
    """Of a class that only loses lessons, what comes to light by it warns."""
    if finding.class_id is None or finding.class_id in gaining or finding.severity is not Severity.LAW:
        return finding
    return replace(finding, severity=Severity.WARN)


def _with_minutes_left(finding: Finding, side: _Side, measure: _Measure) -> Finding:
    """Of a day's screen time: what stood before the change, and what a single changed call could still take."""
    if finding.rule not in _SCREEN_SUMS or finding.class_id is None or finding.day is None:
        return finding
    of_day = side.days[finding.class_id][finding.day]
    changed = {id(lesson) for lesson in side.changed}
    used = screen_total(measure.classes[finding.class_id], [one for one in of_day if id(one) not in changed])
    calls = [one for one in of_day if id(one) in changed and one.screen_minutes]
    limit = finding.params["limit"]
    fit = limit - used if isinstance(limit, int) and len(calls) == 1 else 0
    return replace(finding, params={**finding.params, "used": used, "fit": max(fit, 0)})


def _notes(measure: _Measure) -> Iterator[Finding]:
    """Each hint once: of a class whose grade nobody stated, of a pack out of date."""
    dates = sorted({day for days in measure.touched.values() for day in days})
    expired = {pack.code: note for day in dates if (note := expired_note(pack := measure.pack_of(day), day))}
    yield from expired.values()
    for class_id, days in measure.touched.items():
        note = grade_note(measure.classes[class_id], min(days))
        if note is not None:
            yield note


def _rank(finding: Finding) -> tuple[object, ...]:
    is_norm = not finding.rule.startswith("CLASH_")
    return (
        _ORDER[finding.severity], is_norm, finding.day or date.min, finding.class_id or 0, finding.rule,
        finding.lesson_ids,
    )  # fmt: skip

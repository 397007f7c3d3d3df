"""When the school day may begin and end, lesson number nought, and shifts. Lengths and breaks are judged elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.rules.facts import ClassFacts, ClassProfile, Finding, LessonFacts, LessonKind, LessonMode
from scheduler.rules.pack import RulePack, norm_grade
from scheduler.rules.settings import SchoolRules
from scheduler.rules.spans import seconds

LAST_SHIFT = 2
SATURDAY = 6


def judge_bounds(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """DAY_START_MIN, DAY_END_MAX, REMOTE_DAY_END_MAX and ZERO_LESSON_BAN for lessons and activities; not for events."""
    for lesson in lessons:
        if lesson.kind is LessonKind.EVENT:
            continue
        yield from _too_early(klass, lesson, pack, rules)
        yield from _too_late(klass, lesson, pack, rules)
        if lesson.kind is LessonKind.LESSON and lesson.period is not None and lesson.period < 1:
            norm = pack.bans["ZERO_LESSON_BAN"]
            yield norm.breach(rules, klass, lesson.date, lesson_ids=[lesson.id], title=lesson.title, excess=1)


def judge_shift(klass: ClassFacts, day: date, pack: RulePack, rules: SchoolRules) -> Iterator[Finding]:
    """THREE_SHIFT_BAN and FIRST_SHIFT_ONLY: what is wrong with the class's shift itself, whatever its lessons are."""
    if klass.shift > LAST_SHIFT:
        yield pack.bans["THREE_SHIFT_BAN"].breach(rules, klass, day, shift=klass.shift, excess=klass.shift - LAST_SHIFT)
    if klass.shift < LAST_SHIFT:
        return
    has_special_needs = klass.profile is ClassProfile.SPECIAL_NEEDS
    for rule in pack.shifts:
        if norm_grade(klass) in rule.grades or (has_special_needs and rule.is_for_special_needs):
            yield rule.norm.breach(rules, klass, day, shift=klass.shift, excess=1)
            return


def judge_five_days(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """G1_FIVE_DAY: no lessons on Saturday where a six-day week is not allowed."""
    if pack.week_load[norm_grade(klass)].six_days is not None:
        return
    saturday = [one for one in lessons if one.kind is LessonKind.LESSON and one.date.isoweekday() >= SATURDAY]
    if saturday:
        yield pack.bans["G1_FIVE_DAY"].breach(rules, klass, saturday[0].date, excess=len(saturday))


def _too_early(klass: ClassFacts, lesson: LessonFacts, pack: RulePack, rules: SchoolRules) -> Iterator[Finding]:
    norm = pack.bounds["DAY_START_MIN"]
    excess = seconds(norm.limit) - seconds(lesson.start)
    if excess > 0:
        yield norm.breach(
            rules, klass, lesson.date, lesson_ids=[lesson.id], title=lesson.title, at=lesson.start, excess=excess
        )


def _too_late(klass: ClassFacts, lesson: LessonFacts, pack: RulePack, rules: SchoolRules) -> Iterator[Finding]:
    """The remote bound is the earlier one; past the later one that alone is named."""
    late = pack.bounds["DAY_END_MAX"]
    remote = pack.bounds["REMOTE_DAY_END_MAX"]
    norm = remote if lesson.mode is not LessonMode.IN_PERSON and lesson.end <= late.limit else late
    excess = seconds(lesson.end) - seconds(norm.limit)
    if excess > 0:
        yield norm.breach(
            rules, klass, lesson.date, lesson_ids=[lesson.id], title=lesson.title, at=lesson.end, excess=excess
        )

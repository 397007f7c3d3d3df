"""How long one lesson may be, in person and remote. Minutes before a screen are judged in `screen`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from scheduler.rules.facts import ClassFacts, ClassProfile, Finding, LessonFacts, LessonKind, LessonMode
from scheduler.rules.pack import Norm, RulePack, norm_grade
from scheduler.rules.settings import SchoolRules
from scheduler.rules.spans import begun_minutes, length_seconds

SEPTEMBER = 9


def judge_length(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """LESSON_MAX and its kin for every lesson of the plan, REMOTE_LESSON_MAX where it is the stricter one."""
    for lesson in lessons:
        if lesson.kind is not LessonKind.LESSON:
            continue
        for norm in _norms(klass, lesson, pack):
            excess = length_seconds(lesson) - norm.limit * 60
            if excess > 0:
                minutes = begun_minutes(length_seconds(lesson))
                ids = [lesson.id]
                yield norm.breach(
                    rules, klass, lesson.date, lesson_ids=ids, title=lesson.title, minutes=minutes, excess=excess
                )


def class_norm(klass: ClassFacts, day: date, pack: RulePack) -> Norm[int]:
    """The longest lesson of a class; grade 1 changes on 1 January (the first lesson after the winter holidays)."""
    if norm_grade(klass) == 1:
        half = "LESSON_MAX_G1_H1" if day.month >= SEPTEMBER else "LESSON_MAX_G1_H2"
        return pack.limits[half]
    if klass.profile is ClassProfile.SPECIAL_NEEDS:
        return pack.limits["LESSON_MAX_OVZ"]
    return pack.limits["LESSON_MAX"]


def remote_minutes(classes: Iterable[ClassFacts], day: date, pack: RulePack) -> int:
    """The longest remote lesson that suits all these classes."""
    own = [class_norm(klass, day, pack).limit for klass in classes]
    return min([pack.limits["REMOTE_LESSON_MAX"].limit, *own])


def hours_of(lesson: LessonFacts, pack: RulePack) -> int:
    """How many lessons one row stands for: a double lesson in one piece counts as two."""
    usual = pack.limits["LESSON_MAX"].limit * 60
    return max(1, (length_seconds(lesson) + usual // 2) // usual)


def _norms(klass: ClassFacts, lesson: LessonFacts, pack: RulePack) -> Iterator[Norm[int]]:
    own = class_norm(klass, lesson.date, pack)
    yield own
    remote = pack.limits["REMOTE_LESSON_MAX"]
    if lesson.mode in (LessonMode.CALL, LessonMode.SELF_STUDY) and remote.limit < own.limit:
        yield remote

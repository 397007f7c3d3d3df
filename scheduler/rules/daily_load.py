"""How many lessons a class may have on one day. Activities, consultations and events are not lessons of the plan."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.rules.audience import heaviest
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonKind
from scheduler.rules.lesson_length import hours_of
from scheduler.rules.pack import RulePack, norm_grade
from scheduler.rules.settings import SchoolRules


def judge_lessons_a_day(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """LESSONS_DAY_* and G1_STEPPED of one day; a day with physical education may have the weekly extra lesson.

    Whether that extra lesson was already used in the week is judged by `judge_extra_lessons`.
    """
    if not lessons:
        return
    day = lessons[0].date
    count = lessons_a_day(klass, lessons, pack)
    row = pack.lessons_per_day[norm_grade(klass)]
    stepped = pack.g1_stepped.get(day.month) if norm_grade(klass) == 1 else None
    if stepped is not None and stepped.limit < row.usual.limit:
        if count > stepped.limit:
            yield stepped.breach(rules, klass, day, count=count, excess=count - stepped.limit)
        return
    limit = row.with_pe if _has_pe(lessons) else row.usual.limit
    if count > limit:
        yield row.usual.breach(rules, klass, day, limit=limit, count=count, excess=count - row.usual.limit)


def judge_extra_lessons(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """LESSONS_DAY_* of a week: the extra lesson with physical education is allowed once, the later days break it."""
    row = pack.lessons_per_day[norm_grade(klass)]
    if row.with_pe == row.usual.limit:
        return
    used: date | None = None
    for day, of_day in sorted(by_day(lessons).items()):
        count = lessons_a_day(klass, of_day, pack)
        if not (_has_pe(of_day) and row.usual.limit < count <= row.with_pe):
            continue
        if used is not None:
            excess = count - row.usual.limit
            yield row.usual.breach(rules, klass, day, count=count, excess=excess, used_on=used)
        used = used or day


def lessons_a_day(klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack) -> int:
    """Lessons of one pupil at most: subgroups at one time count once, a double lesson twice."""
    return heaviest(klass.id, lessons, lambda lesson: hours_of(lesson, pack) if lesson.kind is LessonKind.LESSON else 0)


def by_day(lessons: Sequence[LessonFacts]) -> dict[date, list[LessonFacts]]:
    """Lessons under their dates."""
    found: dict[date, list[LessonFacts]] = defaultdict(list)
    for lesson in lessons:
        found[lesson.date].append(lesson)
    return found


def _has_pe(lessons: Sequence[LessonFacts]) -> bool:
    return any(lesson.is_physical_education and lesson.kind is LessonKind.LESSON for lesson in lessons)

"""Minutes before a screen, by lesson and by day, and how many calls a day. Looks at calls, not at lessons' lengths."""

from collections.abc import Iterator, Sequence

from scheduler.rules.audience import heaviest
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts
from scheduler.rules.pack import RulePack, ScreenRow, norm_grade
from scheduler.rules.settings import DayColumn, SchoolRules


def judge_screen(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """SCREEN_LESSON, SCREEN_DAY_SCHOOL or SCREEN_DAY_HOME, ONLINE_COUNT_DAY; activities count like lessons.

    Neither column of the table is written for a lesson at home: by default the school's one warns and the home one
    is a breach, and only the worse of the two is named. The `excess` of a day is its whole sum: the two are compared.
    """
    calls = [lesson for lesson in lessons if lesson.screen_minutes]
    if not calls:
        return
    row = pack.screen_row(klass)
    for lesson in calls:
        excess = lesson.screen_minutes - row.lesson.limit
        if excess > 0:
            yield row.lesson.breach(
                rules, klass, lesson.date, lesson_ids=[lesson.id], grades=row.grades, device=klass.device.value,
                title=lesson.title, total=lesson.screen_minutes, fit=row.lesson.limit, excess=excess,
            )  # fmt: skip
    yield from _judge_sum(klass, calls, row, rules)
    norm = pack.online_lessons[norm_grade(klass)]
    count = heaviest(klass.id, calls, lambda _lesson: 1)
    if count > norm.limit:
        yield norm.breach(rules, klass, calls[0].date, grades=row.grades, count=count, excess=count - norm.limit)


def screen_total(klass: ClassFacts, lessons: Sequence[LessonFacts]) -> int:
    """Minutes of calls of one pupil at most."""
    return heaviest(klass.id, lessons, lambda lesson: lesson.screen_minutes)


def _judge_sum(
    klass: ClassFacts, calls: Sequence[LessonFacts], row: ScreenRow, rules: SchoolRules
) -> Iterator[Finding]:
    total = screen_total(klass, calls)
    is_over_home = total > row.day_home.limit
    norm = row.day_home if is_over_home or rules.day_column is DayColumn.HOME else row.day_school
    if total > norm.limit:
        yield norm.breach(
            rules, klass, calls[0].date, grades=row.grades, device=klass.device.value, total=total,
            excess=total,
        )  # fmt: skip

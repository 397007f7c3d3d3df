"""The load of a week: lessons by a five- or six-day week, activities, and the lighter day in its middle."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scheduler.rules.audience import heaviest
from scheduler.rules.daily_load import by_day, lessons_a_day
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonKind
from scheduler.rules.lesson_length import hours_of
from scheduler.rules.pack import RulePack, norm_grade
from scheduler.rules.settings import SchoolRules

SIX_DAYS = 6
WHOLE_WEEK = 5


def monday_of(day: date) -> date:
    """The Monday of a date's ISO week: the date under which findings of a week are kept."""
    return day - timedelta(days=day.isoweekday() - 1)


def judge_load(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """WEEK_LOAD_5D or WEEK_LOAD_6D and EXTRACURRICULAR_WEEK; a six-day class without such a week is held to five."""
    if not lessons:
        return
    week = monday_of(lessons[0].date)
    load = pack.week_load[norm_grade(klass)]
    norm = load.six_days if klass.days_per_week >= SIX_DAYS and load.six_days else load.five_days
    hours = heaviest(
        klass.id, lessons, lambda lesson: hours_of(lesson, pack) if lesson.kind is LessonKind.LESSON else 0
    )
    if hours > norm.limit:
        yield norm.breach(rules, klass, week, count=hours, excess=hours - norm.limit)
    activities = heaviest(klass.id, lessons, lambda lesson: int(lesson.kind is LessonKind.EXTRACURRICULAR))
    norm = pack.limits["EXTRACURRICULAR_WEEK"]
    if activities > norm.limit:
        yield norm.breach(rules, klass, week, count=activities, excess=activities - norm.limit)


def judge_light_day(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """LIGHT_DAY: one of the stated weekdays has fewer lessons than the fullest day.

    Asked only of whole weeks, and not where every day is filled to its limit, because then the load leaves no room.
    """
    counts = {day.isoweekday(): lessons_a_day(klass, of_day, pack) for day, of_day in by_day(lessons).items()}
    counts = {weekday: count for weekday, count in counts.items() if count}
    light = [counts[weekday] for weekday in pack.light_weekdays if weekday in counts]
    if len(counts) < min(klass.days_per_week, WHOLE_WEEK) or len(light) < len(pack.light_weekdays):
        return
    fullest = max(counts.values())
    if min(light) < fullest or min(counts.values()) >= pack.lessons_per_day[norm_grade(klass)].usual.limit:
        return
    week = monday_of(lessons[0].date)
    yield pack.bans["LIGHT_DAY"].breach(rules, klass, week, count=min(light), excess=1)

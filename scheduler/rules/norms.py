"""All norms of a class, for one day and for one week, each judged in the module of its subject."""

from collections.abc import Sequence

from scheduler.rules.audience import lessons_of_class
from scheduler.rules.breaks import judge_breaks
from scheduler.rules.daily_load import judge_extra_lessons, judge_lessons_a_day
from scheduler.rules.day_bounds import judge_bounds, judge_five_days, judge_shift
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts
from scheduler.rules.gaps import judge_remote_gaps
from scheduler.rules.lesson_length import judge_length
from scheduler.rules.pack import RulePack
from scheduler.rules.packs import expired_note, grade_note
from scheduler.rules.screen import judge_screen
from scheduler.rules.settings import SchoolRules
from scheduler.rules.weekly_load import judge_light_day, judge_load, monday_of


def judge_day(
    klass: ClassFacts, day_lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> list[Finding]:
    """What one day of a class breaks; `day_lessons` are of one date and may hold other classes' lessons too."""
    lessons = lessons_of_class(klass.id, day_lessons)
    if not lessons:
        return []
    return [
        *judge_bounds(klass, lessons, pack, rules),
        *judge_length(klass, lessons, pack, rules),
        *judge_lessons_a_day(klass, lessons, pack, rules),
        *judge_breaks(klass, lessons, pack, rules),
        *judge_screen(klass, lessons, pack, rules),
        *judge_remote_gaps(klass, lessons, rules),
    ]


def judge_week(
    klass: ClassFacts, week_lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> list[Finding]:
    """What only a whole ISO week of a class can break; its days are judged by `judge_day`."""
    lessons = lessons_of_class(klass.id, week_lessons)
    if not lessons:
        return []
    return [
        *judge_load(klass, lessons, pack, rules),
        *judge_extra_lessons(klass, lessons, pack, rules),
        *judge_light_day(klass, lessons, pack, rules),
        *judge_five_days(klass, lessons, pack, rules),
    ]


def judge_class(
    klass: ClassFacts, week_lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> list[Finding]:
    """What holds for a class whatever its timetable is: its shift, a grade that nobody stated, a pack out of date."""
    lessons = lessons_of_class(klass.id, week_lessons)
    if not lessons:
        return []
    week = monday_of(lessons[0].date)
    notes = (grade_note(klass, week), expired_note(pack, week))
    return [*judge_shift(klass, week, pack, rules), *(note for note in notes if note is not None)]

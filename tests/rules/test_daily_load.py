from datetime import date, time

import pytest

from scheduler.rules.daily_load import judge_extra_lessons, judge_lessons_a_day
from scheduler.rules.facts import LessonKind
from tests.rules.made import (
    FRIDAY,
    HALF_1,
    HALF_2,
    MONDAY,
    PACK,
    RULES,
    TUESDAY,
    day_of,
    klass,
    lesson,
    rules_of,
    the,
)  # fmt: skip


def judged(grade, lessons):
    return list(judge_lessons_a_day(klass(grade), lessons, PACK, RULES))


def with_pe(count, day=TUESDAY):
    return [*day_of(count - 1, day), lesson(count, day, is_physical_education=True)]


@pytest.mark.parametrize(
    ("grade", "most", "rule"),
    [
        (1, 4, "LESSONS_DAY_G1"),
        (3, 5, "LESSONS_DAY_G2_4"),
        (6, 6, "LESSONS_DAY_G5_6"),
        (8, 7, "LESSONS_DAY_G7_11"),
        (None, 7, "LESSONS_DAY_G7_11"),
    ],
)
def test_lessons_a_day_by_grade(grade, most, rule):
    assert judged(grade, day_of(most)) == []
    found = the(judged(grade, day_of(most + 1)), rule)
    assert (found.params["count"], found.params["limit"], found.params["excess"]) == (most + 1, most, 1)


def test_sixth_lesson_of_grade_three_needs_physical_education():
    assert rules_of(judged(3, day_of(6))) == ["LESSONS_DAY_G2_4"]
    assert judged(3, with_pe(6)) == []
    assert the(judged(3, with_pe(7)), "LESSONS_DAY_G2_4").params["excess"] == 2


def test_extra_lesson_used_twice_a_week_breaks_on_the_later_day():
    week = [*with_pe(6, MONDAY), *with_pe(6, FRIDAY), *day_of(5)]

    (found,) = judge_extra_lessons(klass(3), week, PACK, RULES)

    assert (found.rule, found.day, found.params["used_on"]) == ("LESSONS_DAY_G2_4", FRIDAY, MONDAY)
    assert list(judge_extra_lessons(klass(3), [*with_pe(6, MONDAY), *day_of(5)], PACK, RULES)) == []
    assert list(judge_extra_lessons(klass(7), week, PACK, RULES)) == []


@pytest.mark.parametrize(
    ("day", "count", "rules"),
    [
        (date(2026, 10, 30), 3, []),
        (date(2026, 10, 30), 4, ["G1_STEPPED"]),
        (date(2026, 11, 9), 4, []),
        (date(2026, 11, 9), 5, ["LESSONS_DAY_G1"]),
    ],
)
def test_grade_one_begins_by_steps(day, count, rules):
    assert rules_of(judged(1, day_of(count, day))) == rules


def test_extra_lesson_does_not_loosen_the_steps_of_grade_one():
    assert rules_of(judged(1, with_pe(4, date(2026, 10, 30)))) == ["G1_STEPPED"]


def test_halves_at_one_time_count_as_one_lesson():
    halves = [lesson(7, group=HALF_1), lesson(7, group=HALF_2)]

    assert judged(7, [*day_of(6), *halves]) == []


def test_halves_one_after_the_other_count_as_one_lesson_of_a_pupil():
    crossed = [lesson(7, group=HALF_1), lesson(8, group=HALF_2)]

    assert judged(7, [*day_of(6), *crossed]) == []
    assert rules_of(judged(7, [*day_of(7), *crossed])) == ["LESSONS_DAY_G7_11"]


def test_double_lesson_in_one_piece_counts_twice():
    double = lesson(7, at=(time(14, 10), time(15, 40)))

    assert the(judged(7, [*day_of(6), double]), "LESSONS_DAY_G7_11").params["count"] == 8


@pytest.mark.parametrize("kind", [LessonKind.EXTRACURRICULAR, LessonKind.CONSULTATION, LessonKind.EVENT])
def test_activities_are_no_lessons_of_the_day(kind):
    assert judged(7, [*day_of(7), lesson(8, kind=kind)]) == []
    assert judged(7, []) == []

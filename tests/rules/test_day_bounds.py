from datetime import time

import pytest

from scheduler.rules.day_bounds import judge_bounds, judge_five_days, judge_shift
from scheduler.rules.facts import ClassProfile, LessonKind, LessonMode, Severity
from tests.rules.made import PACK, RULES, SATURDAY, TUESDAY, klass, lesson, rules_of, the


def judged(*lessons):
    return list(judge_bounds(klass(), lessons, PACK, RULES))


def until(end, **values):
    return lesson(at=(time(17, 20), end), **values)


@pytest.mark.parametrize(
    ("start", "rules"), [(time(8), []), (time(7, 59, 59), ["DAY_START_MIN"]), (time(7, 30), ["DAY_START_MIN"])]
)
def test_day_begins_at_eight(start, rules):
    assert rules_of(judged(lesson(at=(start, time(8, 40))))) == rules


@pytest.mark.parametrize(
    ("mode", "end", "rules"),
    [
        (LessonMode.CALL, time(18), []),
        (LessonMode.CALL, time(18, 0, 1), ["REMOTE_DAY_END_MAX"]),
        (LessonMode.SELF_STUDY, time(18, 1), ["REMOTE_DAY_END_MAX"]),
        (LessonMode.BROADCAST, time(18, 40), ["REMOTE_DAY_END_MAX"]),
        (LessonMode.IN_PERSON, time(18, 40), []),
        (LessonMode.IN_PERSON, time(19), []),
        (LessonMode.IN_PERSON, time(19, 1), ["DAY_END_MAX"]),
        (LessonMode.CALL, time(19, 1), ["DAY_END_MAX"]),
    ],
)
def test_day_ends_earlier_for_remote_lessons(mode, end, rules):
    assert rules_of(judged(until(end, mode=mode))) == rules


def test_day_end_counts_activities_but_no_events():
    assert rules_of(judged(until(time(19, 30), kind=LessonKind.EXTRACURRICULAR))) == ["DAY_END_MAX"]
    assert judged(until(time(19, 30), kind=LessonKind.EVENT)) == []


def test_lesson_number_nought_is_banned_but_for_activities():
    assert the(judged(lesson(1, period=0)), "ZERO_LESSON_BAN").severity is Severity.LAW
    assert judged(lesson(1, period=0, kind=LessonKind.EXTRACURRICULAR)) == []
    assert judged(lesson(1, period=None)) == []


@pytest.mark.parametrize(
    ("grade", "severity"),
    [(1, Severity.LAW), (5, Severity.LAW), (9, Severity.LAW), (10, Severity.WARN), (11, Severity.WARN)],
)
def test_first_shift_only(grade, severity):
    (found,) = judge_shift(klass(grade, shift=2), TUESDAY, PACK, RULES)

    assert (found.rule, found.severity) == ("FIRST_SHIFT_ONLY", severity)
    assert (found.source is None) is (severity is Severity.WARN)
    assert list(judge_shift(klass(grade, shift=1), TUESDAY, PACK, RULES)) == []


def test_first_shift_only_for_special_needs_of_any_grade():
    special = klass(6, shift=2, profile=ClassProfile.SPECIAL_NEEDS)

    assert rules_of(judge_shift(special, TUESDAY, PACK, RULES)) == ["FIRST_SHIFT_ONLY"]


@pytest.mark.parametrize("grade", [2, 6, 8, None])
def test_second_shift_is_allowed_to_others(grade):
    assert list(judge_shift(klass(grade, shift=2), TUESDAY, PACK, RULES)) == []


def test_third_shift_is_banned():
    assert rules_of(judge_shift(klass(6, shift=3), TUESDAY, PACK, RULES)) == ["THREE_SHIFT_BAN"]


def test_grade_one_has_no_saturday():
    saturday = lesson(1, SATURDAY)

    found = the(judge_five_days(klass(1), [lesson(1), saturday], PACK, RULES), "G1_FIVE_DAY")

    assert (found.day, found.params["excess"]) == (SATURDAY, 1)
    assert list(judge_five_days(klass(1), [lesson(1)], PACK, RULES)) == []
    assert list(judge_five_days(klass(2), [saturday], PACK, RULES)) == []

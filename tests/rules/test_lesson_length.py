from datetime import date, time

import pytest

from scheduler.rules.facts import ClassProfile, LessonKind, LessonMode, Severity
from scheduler.rules.lesson_length import hours_of, judge_length
from tests.rules.made import PACK, RULES, klass, lesson, rules_of, the

SPECIAL = klass(5, profile=ClassProfile.SPECIAL_NEEDS)


def long(minutes, seconds=0, **values):
    return lesson(at=(time(9), time(9 + minutes // 60, minutes % 60, seconds)), **values)


def judged(one, of=None):
    return list(judge_length(of or klass(7), [one], PACK, RULES))


@pytest.mark.parametrize(
    ("mode", "minutes", "rules"),
    [
        (LessonMode.CALL, 40, []),
        (LessonMode.CALL, 41, ["REMOTE_LESSON_MAX"]),
        (LessonMode.SELF_STUDY, 41, ["REMOTE_LESSON_MAX"]),
        (LessonMode.BROADCAST, 45, []),
        (LessonMode.IN_PERSON, 45, []),
        (LessonMode.IN_PERSON, 46, ["LESSON_MAX"]),
        (LessonMode.CALL, 46, ["LESSON_MAX", "REMOTE_LESSON_MAX"]),
    ],
)
def test_length_of_a_usual_class(mode, minutes, rules):
    assert rules_of(judged(long(minutes, mode=mode))) == rules


def test_length_is_held_to_the_second():
    found = the(judged(long(40, 1, mode=LessonMode.CALL)), "REMOTE_LESSON_MAX")

    assert (found.params["minutes"], found.params["excess"]) == (41, 1)


def test_length_that_was_only_remembered_warns_without_source():
    found = the(judged(long(41, mode=LessonMode.CALL)), "REMOTE_LESSON_MAX")

    assert (found.severity, found.source) == (Severity.WARN, None)


@pytest.mark.parametrize(
    ("day", "minutes", "rules"),
    [
        (date(2026, 12, 31), 35, []),
        (date(2026, 12, 31), 36, ["LESSON_MAX_G1_H1"]),
        (date(2027, 1, 9), 40, []),
        (date(2027, 1, 9), 41, ["LESSON_MAX_G1_H2"]),
        (date(2026, 9, 1), 36, ["LESSON_MAX_G1_H1"]),
    ],
)
def test_length_of_grade_one_changes_on_new_year(day, minutes, rules):
    assert rules_of(judged(long(minutes, day=day), klass(1))) == rules
    assert rules_of(judged(long(minutes, day=day, mode=LessonMode.CALL), klass(1))) == rules


def test_length_of_a_special_class_in_45_minute_bells():
    found = the(judged(long(45), SPECIAL), "LESSON_MAX_OVZ")

    assert (found.severity, found.params["limit"]) == (Severity.LAW, 40)
    assert judged(long(40), SPECIAL) == []


def test_length_of_an_activity_is_not_asked():
    assert judged(long(90, kind=LessonKind.EXTRACURRICULAR)) == []


@pytest.mark.parametrize(("minutes", "hours"), [(20, 1), (40, 1), (60, 1), (80, 2), (90, 2), (135, 3)])
def test_hours_of_a_double_lesson_in_one_piece(minutes, hours):
    assert hours_of(long(minutes), PACK) == hours

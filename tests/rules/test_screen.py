from dataclasses import replace

import pytest

from scheduler.rules.facts import Device, LessonKind, LessonMode, Severity
from scheduler.rules.screen import judge_screen
from scheduler.rules.settings import DayColumn, SchoolRules
from tests.rules.made import HALF_1, HALF_2, PACK, RULES, call, klass, lesson, rules_of, the

TABLET = klass(7, device=Device.TABLET)


def judged(*lessons, of=None, rules=RULES):
    return list(judge_screen(of or klass(7), lessons, PACK, rules))


@pytest.mark.parametrize(("grade", "limit"), [(1, 20), (4, 25), (9, 30), (11, 35), (None, 30)])
def test_screen_of_one_call_by_grade(grade, limit):
    assert judged(call(minutes=limit), of=klass(grade)) == []
    found = the(judged(call(minutes=limit + 1), of=klass(grade)), "SCREEN_LESSON")
    assert (found.severity, found.params["fit"], found.params["total"]) == (Severity.LAW, limit, limit + 1)
    assert found.source == "СанПиН 1.2.3685-21, табл. 6.8"


def test_screen_of_a_tablet_was_only_remembered_and_warns():
    found = the(judged(call(minutes=21), of=TABLET), "SCREEN_LESSON")

    assert (found.severity, found.source) == (Severity.WARN, None)


def test_screen_of_a_call_without_stated_minutes_is_its_length():
    assert the(judged(replace(call(), online_minutes=None)), "SCREEN_LESSON").params["total"] == 40


def test_screen_counts_broadcasts_and_activities_but_no_self_study():
    activity = call(2, minutes=31, kind=LessonKind.EXTRACURRICULAR)

    assert rules_of(judged(call(minutes=20, mode=LessonMode.BROADCAST), activity)) == ["SCREEN_LESSON"]
    assert judged(lesson(mode=LessonMode.SELF_STUDY)) == []


@pytest.mark.parametrize(
    ("minutes", "rules"),
    [
        ((30, 30), []),
        ((30, 30, 1), ["ONLINE_COUNT_DAY", "SCREEN_DAY_SCHOOL"]),
        ((30, 30, 30, 30), ["ONLINE_COUNT_DAY", "SCREEN_DAY_SCHOOL"]),
        ((30, 30, 30, 30, 1), ["ONLINE_COUNT_DAY", "SCREEN_DAY_HOME"]),
    ],
)
def test_screen_of_a_day(minutes, rules):
    calls = [call(hour, minutes=minute) for hour, minute in enumerate(minutes, 1)]

    assert rules_of(judged(*calls)) == rules


def test_screen_of_a_day_over_the_school_column_warns_over_home_is_law():
    school = the(judged(*(call(hour) for hour in (1, 2, 3))), "SCREEN_DAY_SCHOOL")
    home = the(judged(*(call(hour) for hour in (1, 2, 3, 4, 5))), "SCREEN_DAY_HOME")

    assert (school.severity, school.params["total"], school.params["limit"]) == (Severity.WARN, 90, 60)
    assert (home.severity, home.params["total"], home.params["limit"]) == (Severity.LAW, 150, 120)
    assert home.params["grades"] == "5–9"


def test_screen_of_a_day_by_the_home_column_alone():
    rules = SchoolRules(day_column=DayColumn.HOME)

    assert rules_of(judged(call(1), call(2), call(3), rules=rules)) == ["ONLINE_COUNT_DAY"]
    assert "SCREEN_DAY_HOME" in rules_of(judged(*(call(hour) for hour in (1, 2, 3, 4, 5)), rules=rules))


def test_screen_of_halves_is_the_larger_of_the_two():
    halves = [call(2, group=HALF_1, minutes=30), call(3, group=HALF_2, minutes=25)]

    assert judged(call(1, minutes=30), *halves) == []
    assert rules_of(judged(call(1, minutes=30), *halves, call(4, group=HALF_1, minutes=5))) == [
        "ONLINE_COUNT_DAY", "SCREEN_DAY_SCHOOL",
    ]  # fmt: skip


@pytest.mark.parametrize(("grade", "count"), [(4, 1), (8, 2), (9, 3)])
def test_calls_a_day_are_advice(grade, count):
    calls = [call(hour, minutes=10) for hour in range(1, count + 2)]

    found = the(judged(*calls, of=klass(grade)), "ONLINE_COUNT_DAY")

    assert (found.severity, found.params["limit"], found.params["count"]) == (Severity.WARN, count, count + 1)
    assert "ONLINE_COUNT_DAY" not in rules_of(judged(*calls[:-1], of=klass(grade)))

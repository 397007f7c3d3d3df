from datetime import time, timedelta

import pytest

from scheduler.rules.facts import LessonKind, Severity
from scheduler.rules.weekly_load import judge_light_day, judge_load
from tests.rules.made import (
    HALF_1,
    HALF_2,
    MONDAY,
    PACK,
    RULES,
    WHOLE,
    club,
    klass,
    lesson,
    rules_of,
    the,
    week_of,
)  # fmt: skip


def load(lessons, **values):
    return list(judge_load(klass(**values), lessons, PACK, RULES))


def light(*counts, grade=7, **values):
    return list(judge_light_day(klass(grade, **values), week_of(*counts), PACK, RULES))


@pytest.mark.parametrize(("days", "limit", "rule"), [(5, 32, "WEEK_LOAD_5D"), (6, 35, "WEEK_LOAD_6D")])
def test_load_by_days_of_the_week(days, limit, rule):
    full = week_of(7, 7, 7, 7, limit - 28)

    assert load(full, days_per_week=days) == []
    found = the(load([*full, lesson(8)], days_per_week=days), rule)
    assert (found.day, found.params["count"], found.severity) == (MONDAY, limit + 1, Severity.LAW)


def test_load_of_grade_one_in_six_days_is_held_to_five():
    assert rules_of(load(week_of(5, 5, 4, 4, 4), grade=1, days_per_week=6)) == ["WEEK_LOAD_5D"]


def test_load_counts_halves_once_and_activities_not():
    full = week_of(7, 6, 6, 6, 6)
    halves = [lesson(8, group=HALF_1), lesson(8, group=HALF_2)]

    assert load([*full, *halves, lesson(8, MONDAY, kind=LessonKind.EXTRACURRICULAR)]) == []


def activities(count, group=None):
    values = {"group": group or WHOLE, "kind": LessonKind.EXTRACURRICULAR}
    hours = [(time(15 + n // 5), time(15 + n // 5, 40)) for n in range(count)]
    return [lesson(8, MONDAY + timedelta(n % 5), at=at, **values) for n, at in enumerate(hours)]


def test_activities_above_ten_hours_warn_as_the_schools_own_rule():
    assert load(activities(10)) == []
    found = the(load(activities(11)), "EXTRACURRICULAR_WEEK")
    assert (found.severity, found.source, found.params["count"]) == (Severity.WARN, None, 11)


def test_activities_of_two_clubs_are_summed_for_a_pupil_of_both_only():
    six, five = activities(6, club(20)), activities(5, club(21))
    both = activities(6, club(20, members=frozenset({1, 2}))), activities(5, club(21, members=frozenset({2, 3})))
    later = [lesson(8, one.date, at=(time(17), time(17, 40)), kind=one.kind, group=one.group) for one in both[1]]

    assert load([*six, *five]) == []
    assert rules_of(load([*both[0], *later])) == ["EXTRACURRICULAR_WEEK"]


@pytest.mark.parametrize("counts", [(7, 7, 6, 7, 6), (7, 6, 7, 6, 6), (6, 7, 6, 6, 7), (7, 7, 7, 7, 7)])
def test_light_day_stands_or_cannot(counts):
    assert light(*counts) == []


@pytest.mark.parametrize("counts", [(6, 6, 6, 6, 6), (6, 7, 7, 7, 6)])
def test_light_day_is_missed(counts):
    assert rules_of(light(*counts)) == ["LIGHT_DAY"]


def test_light_day_is_asked_of_whole_weeks_only():
    assert light(6, 6, 6, 6) == []
    assert light(6, 6, 0, 6, 6, 6, days_per_week=6) == []
    assert load([]) == []

from datetime import time

import pytest

from scheduler.rules.breaks import judge_breaks
from scheduler.rules.facts import ClassProfile, LessonKind, LessonMode, Severity
from tests.rules.made import HALF_1, HALF_2, PACK, RULES, club, day_of, klass, lesson, rules_of, the

ACTIVITY = LessonKind.EXTRACURRICULAR


def judged(lessons, **values):
    ordered = sorted(lessons, key=lambda one: (one.start, one.end))
    return list(judge_breaks(klass(**values), ordered, PACK, RULES))


def at(start, end, **values):
    return lesson(at=(start, end), **values)


def evenly(*breaks, **values):
    """Lessons of 40 minutes from 8:00 on with such breaks between."""
    minute, made = 480, []
    for pause in (*breaks, 0):
        made.append(at(time(*divmod(minute, 60)), time(*divmod(minute + 40, 60)), period=len(made) + 1, **values))
        minute += 40 + pause
    return made


def test_break_of_exactly_ten_minutes_is_enough():
    assert judged([at(time(9), time(9, 40)), at(time(9, 50), time(10, 30))]) == []


def test_break_one_second_short_is_not():
    one, other = at(time(9), time(9, 40, 1)), at(time(9, 50), time(10, 30), title="Физика")

    found = the(judged([one, other]), "BREAK_MIN")

    assert (found.lesson_ids, found.params["minutes"], found.params["excess"]) == ((one.id, other.id), 9, 1)
    assert found.severity is Severity.LAW


def test_break_inside_a_double_lesson_is_needed():
    assert the(judged([at(time(9), time(9, 45)), at(time(9, 45), time(10, 30))]), "BREAK_MIN").params["minutes"] == 0


def test_break_between_two_halves_is_not_asked():
    assert judged([at(time(9), time(9, 40), group=HALF_1), at(time(9, 45), time(10, 25), group=HALF_2)]) == []


def test_break_of_overlapping_lessons_is_a_clash_not_a_break():
    assert judged([at(time(9), time(9, 40)), at(time(9, 30), time(10, 10))]) == []


def test_break_after_an_activity_before_a_lesson_is_asked():
    assert rules_of(judged([at(time(8), time(8, 30), kind=ACTIVITY), at(time(8, 35), time(9, 15))])) == ["BREAK_MIN"]


@pytest.mark.parametrize("breaks", [(10, 20, 10), (10, 10, 20), (20, 10, 10, 20), (10, 45, 10)])
def test_big_break_stands(breaks):
    assert judged(evenly(*breaks)) == []


@pytest.mark.parametrize("breaks", [(10, 10, 10), (20, 10, 10), (10, 19, 10)])
def test_big_break_is_missed(breaks):
    found = the(judged(evenly(*breaks)), "BIG_BREAK")

    assert (found.severity, found.params["minutes"]) == (Severity.LAW, max(breaks))


def test_big_break_missed_on_a_remote_day_warns():
    assert the(judged(evenly(10, 10, 10, mode=LessonMode.SELF_STUDY)), "BIG_BREAK").severity is Severity.WARN


def test_big_break_is_counted_by_the_bells_for_a_class_that_begins_later():
    assert judged(evenly(10, 10, 20, 10, 10)[2:]) == []
    assert judged(day_of(7)[1:]) == []


def test_big_break_is_not_asked_of_three_lessons():
    assert judged(evenly(10, 10)) == []


def test_big_break_looks_at_busy_times_of_the_class():
    half = at(time(8, 50), time(9, 25), group=HALF_1, period=None)
    other = at(time(8, 50), time(9, 20), group=HALF_2, period=None)
    lessons = [at(time(8), time(8, 40)), half, other, at(time(9, 45), time(10, 25)), at(time(10, 35), time(11, 15))]

    assert judged(lessons) == []


def test_pause_before_activities_of_thirty_minutes():
    last = at(time(12, 20), time(13))

    assert judged([last, at(time(13, 30), time(14, 10), kind=ACTIVITY)]) == []
    found = the(judged([last, at(time(13, 29), time(14, 10), kind=ACTIVITY)]), "GAP_EXTRACURRICULAR")
    assert (found.params["minutes"], found.severity) == (29, Severity.LAW)


def test_pause_is_asked_only_after_the_last_lesson_of_the_class():
    lessons = [at(time(9), time(9, 40)), at(time(9, 55), time(10, 30), kind=ACTIVITY), at(time(10, 45), time(11, 25))]

    assert judged(lessons) == []


def test_pause_is_not_asked_between_two_activities_nor_of_special_programmes():
    activities = [at(time(13, 30), time(14, 10), kind=ACTIVITY), at(time(14, 15), time(15), kind=ACTIVITY)]

    assert judged([at(time(12, 20), time(13)), *activities]) == []
    assert judged(activities) == []
    hasty = [at(time(12, 20), time(13)), at(time(13, 5), time(13, 45), kind=ACTIVITY)]
    assert judged(hasty, profile=ClassProfile.SPECIAL_NEEDS) == []


def test_pause_before_a_club_is_asked():
    lessons = [at(time(12, 20), time(13)), at(time(13, 5), time(13, 45), kind=ACTIVITY, group=club())]

    assert rules_of(judged(lessons)) == ["GAP_EXTRACURRICULAR"]

from datetime import time

import pytest

from scheduler.rules.facts import LessonMode, Severity
from scheduler.rules.gaps import judge_remote_gaps
from scheduler.rules.settings import SchoolRules
from tests.rules.made import HALF_1, HALF_2, RULES, call, klass, lesson, the


def judged(*lessons, rules=RULES):
    return list(judge_remote_gaps(klass(), sorted(lessons, key=lambda one: one.start), rules))


def later(start, **values):
    return lesson(at=(start, time(start.hour + 1, start.minute)), **values)


@pytest.mark.parametrize(("start", "count"), [(time(10, 10), 0), (time(10, 9, 59), 1), (time(9, 10), 1)])
def test_gap_of_exactly_an_hour_is_enough(start, count):
    assert len(judged(call(1), later(start))) == count


def test_gap_is_the_schools_own_setting():
    found = the(judged(call(1, title="Алгебра"), lesson(2, title="Физика")), "REMOTE_GAP")

    assert (found.severity, found.source) == (Severity.WARN, None)
    assert (found.params["minutes"], found.params["limit"], found.params["excess"]) == (15, 60, 45 * 60)
    assert (found.params["title"], found.params["other_title"]) == ("Алгебра", "Физика")
    assert judged(call(1), lesson(2), rules=SchoolRules(remote_gap_minutes=15)) == []


def test_gap_is_told_on_both_sides_of_a_remote_lesson():
    before, middle, after = lesson(1), call(2, title="Алгебра"), lesson(3)

    assert [one.lesson_ids for one in judged(before, middle, after)] == [(before.id, middle.id), (middle.id, after.id)]


def test_gap_is_asked_of_self_study_but_not_of_a_broadcast():
    assert len(judged(lesson(1, mode=LessonMode.SELF_STUDY), lesson(2))) == 1
    assert judged(call(1, mode=LessonMode.BROADCAST), lesson(2)) == []


def test_gap_is_not_asked_where_the_class_joins_together_at_school():
    assert judged(call(1, is_joined_together=True), lesson(2)) == []


def test_gap_between_halves_or_between_remote_lessons_is_not_asked():
    assert judged(call(1, group=HALF_1), lesson(2, group=HALF_2)) == []
    assert judged(call(1), call(2)) == []


def test_gap_looks_at_the_next_lesson_only():
    first = call(1, at=(time(9), time(9, 20)))
    second = call(2, at=(time(9, 25), time(9, 40)))
    at_school = later(time(10))

    assert [one.lesson_ids for one in judged(first, second, at_school)] == [(second.id, at_school.id)]

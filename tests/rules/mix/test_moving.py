from dataclasses import replace

import pytest

from scheduler.rules.facts import LessonMode, LessonState
from scheduler.rules.mix.facts import MixRules
from scheduler.rules.mix.moving import as_moved, breaks_of_move, findings_of_calls
from tests.rules.made import HALF_1, HALF_2, PACK, RULES, WEDNESDAY, call, group, klass, lesson, rules_of, the

SELF = {"mode": LessonMode.SELF_STUDY}
OTHER = group(70, class_id=2)


def held_to(grade=6):
    return MixRules({1: klass(grade), 2: klass(grade, id=2, label="other")}, PACK)


def breaks(day, moved, mode=LessonMode.CALL, *, grade=6, problems=None, resource=None):
    shape = as_moved(moved, mode, held_to(grade), join_resource=resource)
    return breaks_of_move(day, shape, held_to(grade), problems=problems or {}, school=RULES)


def test_a_call_that_fits_breaks_nothing():
    day = [call(1), lesson(3, **SELF)]
    assert breaks(day, day[1]) == []


def test_minutes_and_number_of_calls():
    day = [call(1), call(2), lesson(5, **SELF), lesson(3, **SELF)]
    found = breaks(day, day[2])
    assert rules_of(found) == ["ONLINE_COUNT_DAY", "SCREEN_DAY_SCHOOL"]
    assert the(found, "SCREEN_DAY_SCHOOL").params["total"] == 90


def test_over_the_home_column_is_a_breach():
    day = [*(call(hour) for hour in (1, 2, 4, 5)), lesson(7, **SELF)]
    assert the(breaks(day, day[4]), "SCREEN_DAY_HOME").severity == "law"


def test_three_in_a_row():
    day = [call(1, minutes=10), call(2, minutes=10), lesson(3, **SELF), lesson(4, WEDNESDAY, **SELF)]
    found = the(breaks(day, day[2], grade=9), "CALLS_IN_A_ROW")
    assert (found.params["count"], found.params["limit"], found.class_id) == (3, 2, 1)


def test_halves_do_not_make_a_row_for_each_other():
    day = [call(1, group=HALF_1), call(2, group=HALF_2), lesson(2, group=HALF_1, **SELF), lesson(3, **SELF)]
    assert "CALLS_IN_A_ROW" not in rules_of(breaks(day, day[3], grade=9))


def test_a_teacher_in_two_calls():
    shared = {"teacher_ids": frozenset({5})}
    day = [call(1, group=OTHER, **shared), lesson(1, **shared, **SELF)]
    assert the(breaks(day, day[1]), "CLASH_TEACHER").params["teacher_ids"] == (5,)
    alone = [replace(day[0], mode=LessonMode.SELF_STUDY), day[1]]
    assert breaks(alone, alone[1]) == []


def test_pupils_in_two_calls_and_a_room_in_two():
    day = [call(1), lesson(1, **SELF)]
    assert "CLASH_GROUP" in rules_of(breaks(day, day[1]))
    rooms = [call(1, group=OTHER, join_resource="room:1"), lesson(1, **SELF)]
    assert rules_of(breaks(rooms, rooms[1], resource="room:1")) == ["CLASH_CALL"]


def test_nobody_to_hold_it_and_no_way_to_join():
    day = [lesson(1, teacher_ids=frozenset(), **SELF)]
    found = breaks(day, day[0], problems={day[0].id: "Нет ссылки."})
    assert rules_of(found) == ["CALL_WITHOUT_TEACHER", "CALL_WITHOUT_WAY"]
    assert the(found, "CALL_WITHOUT_WAY").params["problem"] == "Нет ссылки."


def test_the_last_call_taken_away_is_told():
    day = [call(1), lesson(2, **SELF)]
    assert rules_of(breaks(day, day[0], LessonMode.SELF_STUDY)) == ["NO_CALL_LEFT"]
    two = [call(1), call(2)]
    assert breaks(two, two[0], LessonMode.SELF_STUDY) == []


def test_what_was_broken_before_is_not_blamed_on_the_move():
    day = [*(call(hour, minutes=60) for hour in (1, 2, 3)), lesson(1, group=OTHER, **SELF)]
    assert breaks(day, day[3]) == []
    assert breaks(day, day[0], LessonMode.SELF_STUDY) == []


@pytest.mark.parametrize("state", [LessonState.PLANNED, LessonState.CANCELLED])
def test_a_whole_plan_is_looked_through(state):
    plan = [replace(call(hour, minutes=10), state=state) for hour in (1, 2, 3)]
    plan += [lesson(4, **SELF), replace(call(5, minutes=10, teacher_ids=frozenset()), state=state)]
    expected = ["CALLS_IN_A_ROW", "CALL_WITHOUT_TEACHER"] if state is LessonState.PLANNED else []
    assert rules_of(findings_of_calls(plan, held_to(), {})) == expected

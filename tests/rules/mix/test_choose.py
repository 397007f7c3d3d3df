"""What both methods answer for plain days; what holds for any school is in `test_hard_rules.py`."""

from dataclasses import replace

import pytest

from scheduler.rules.facts import LessonMode
from scheduler.rules.mix.choose import choose_calls
from scheduler.rules.mix.facts import Candidate, Method, MixRules
from tests.rules.made import HALF_1, HALF_2, PACK, WEDNESDAY, call, group, klass, lesson

OTHER = group(70, class_id=2)
SELF = {"mode": LessonMode.SELF_STUDY}


@pytest.fixture(params=list(Method))
def choose(request):
    def chosen(candidates, standing, rules):
        return choose_calls(candidates, standing, rules, method=request.param).calls

    return chosen


def candidates(*lessons, **values):
    return [Candidate(one, **values) for one in lessons]


def rules(*grades, **values):
    classes = {number: klass(grade, id=number, label=f"{grade}") for number, grade in enumerate(grades, start=1)}
    return MixRules(classes, PACK, **values)


@pytest.mark.parametrize(("grade", "calls", "minutes"), [(1, 1, 20), (4, 1, 25), (6, 2, 30), (9, 3, 20), (11, 3, 23)])
def test_each_grade_has_its_calls_within_the_budget(choose, grade, calls, minutes):
    day = [lesson(hour, **SELF) for hour in range(1, 7)]
    chosen = choose(candidates(*day), [], rules(grade))
    assert [one.online_minutes for one in chosen.values()] == [minutes] * calls


def test_never_three_calls_in_a_row(choose):
    day = [lesson(hour, **SELF) for hour in (1, 2, 3)]
    assert len(choose(candidates(*day), [], rules(9))) == 2


def test_an_hour_of_the_other_half_does_not_part_a_row(choose):
    day = [lesson(1, **SELF), lesson(2, **SELF), lesson(4, **SELF)]
    others = [lesson(3, group=HALF_2, is_physical_education=True, **SELF)]
    assert len(choose(candidates(*day), others, rules(9))) == 2
    whole = [lesson(3, is_physical_education=True, **SELF)]
    assert len(choose(candidates(*day), whole, rules(9))) == 3


def test_hard_subjects_go_first(choose):
    easy, hard = (lesson(hour, **SELF) for hour in (1, 2))
    assert list(choose([Candidate(easy, 3), Candidate(hard, 12)], [], rules(2))) == [hard.id]


def test_lately_called_courses_step_back(choose):
    called, rested = (lesson(hour, **SELF) for hour in (1, 2))
    assert list(choose([Candidate(called, 7, lately=3), Candidate(rested, 5)], [], rules(2))) == [rested.id]


def test_what_an_earlier_remote_day_called_waits_for_the_others(choose):
    called, others = lesson(1, subject_id=1, **SELF), lesson(2, subject_id=2, **SELF)
    given_ones = [Candidate(called, 13, earlier=1), Candidate(others, 3)]
    assert list(choose(given_ones, [], rules(2))) == [others.id]


def test_subjects_called_alike_on_earlier_days_begin_anew(choose):
    hard, easy = lesson(1, subject_id=1, **SELF), lesson(2, subject_id=2, **SELF)
    given_ones = [Candidate(hard, 13, earlier=4), Candidate(easy, 3, earlier=4)]
    assert list(choose(given_ones, [], rules(2))) == [hard.id]


def test_a_final_class_gets_the_teacher_first(choose):
    mine = lesson(1, group=group(1), teacher_ids=frozenset({5}), **SELF)
    theirs = lesson(1, group=OTHER, teacher_ids=frozenset({5}), **SELF)
    assert list(choose(candidates(mine, theirs), [], rules(7, 11))) == [theirs.id]


def test_every_class_has_its_first_call_before_any_has_its_second(choose):
    shared = {"teacher_ids": frozenset({5}), **SELF}
    mine = [lesson(1, group=group(1), **shared), lesson(2, group=group(1), teacher_ids=frozenset({6}), **SELF)]
    theirs = lesson(1, group=OTHER, **shared)
    chosen = choose([Candidate(one, 13) for one in mine] + [Candidate(theirs, 1)], [], rules(11, 7))
    assert set(chosen) == {mine[1].id, theirs.id}


def test_both_halves_of_a_class_have_their_call(choose):
    halves = [lesson(1, group=HALF_1, **SELF), lesson(1, group=HALF_2, **SELF)]
    assert set(choose(candidates(*halves), [], rules(3))) == {one.id for one in halves}


def test_halves_are_called_in_one_hour(choose):
    first, second = lesson(1, group=HALF_1, subject_id=1, **SELF), lesson(1, group=HALF_2, subject_id=1, **SELF)
    later = lesson(2, group=HALF_2, subject_id=2, **SELF)
    chosen = choose([Candidate(first, 5), Candidate(second, 5), Candidate(later, 7)], [], rules(3))
    assert set(chosen) == {first.id, second.id}


def test_two_halves_are_two_calls_for_no_child(choose):
    halves = [lesson(1, group=HALF_1, **SELF), lesson(1, group=HALF_2, **SELF)]
    assert len(choose(candidates(*halves, lesson(2, **SELF)), [], rules(7))) == 3


def test_a_standing_call_counts(choose):
    assert choose(candidates(lesson(2, **SELF)), [call(1, minutes=20)], rules(2)) == {}
    assert choose(candidates(lesson(2, **SELF)), [call(1, minutes=55)], rules(7)) == {}


def test_more_calls_by_hand_than_wished_add_none(choose):
    standing = [call(hour, minutes=20) for hour in (1, 3, 5)]
    assert choose(candidates(lesson(2, **SELF), lesson(7, **SELF)), standing, rules(6)) == {}


def test_a_room_of_calls_is_not_shared(choose):
    mine = lesson(1, group=group(1), **SELF)
    theirs = lesson(1, group=OTHER, **SELF)
    assert len(choose(candidates(mine, theirs, join_resource="room:1"), [], rules(7, 7))) == 1


def test_a_teacher_who_stands_in_a_class_is_in_no_call(choose):
    mine = lesson(1, group=group(1), teacher_ids=frozenset({5}), **SELF)
    at_school = lesson(1, group=OTHER, teacher_ids=frozenset({5}))
    assert choose(candidates(mine), [at_school], rules(7, 7)) == {}
    alone = replace(at_school, mode=LessonMode.SELF_STUDY)
    assert len(choose(candidates(mine), [alone], rules(7, 7))) == 1


def test_a_private_lesson_takes_its_teacher_and_not_the_class(choose):
    mine = lesson(1, group=group(1), teacher_ids=frozenset({5}), **SELF)
    private = lesson(1, group=group(90, is_private=True), teacher_ids=frozenset({6}))
    assert len(choose(candidates(mine), [private], rules(7))) == 1
    assert choose(candidates(mine), [replace(private, teacher_ids=frozenset({5}))], rules(7)) == {}


def test_teachers_share_the_calls(choose):
    tired = {"teacher_ids": frozenset({5}), **SELF}
    others = [lesson(hour, group=OTHER, **tired) for hour in (1, 3)]
    mine = [lesson(5, group=group(1), **tired), lesson(6, group=group(1), teacher_ids=frozenset({6}), **SELF)]
    assert mine[1].id in choose(candidates(*others, *mine), [], rules(2, 7))


def test_a_course_called_on_one_day_steps_back_on_the_next(choose):
    tuesday = [lesson(1, subject_id=1, **SELF), lesson(2, subject_id=2, **SELF)]
    wednesday = [lesson(1, WEDNESDAY, subject_id=1, **SELF), lesson(2, WEDNESDAY, subject_id=2, **SELF)]
    chosen = choose(candidates(*tuesday, *wednesday), [], rules(2))
    assert sorted(one.subject_id for one in chosen.values()) == [1, 2]


def test_what_the_school_wished_counts(choose):
    day = [lesson(hour, **SELF) for hour in (1, 2, 4)]
    assert len(choose(candidates(*day), [], rules(7, wished={7: 1}))) == 1
    assert choose(candidates(*day), [], rules(7, wished={7: 0})) == {}


def test_grades_above_eleven_are_taken_as_eleven(choose):
    day = [lesson(hour, **SELF) for hour in (1, 2, 4, 5)]
    assert [one.online_minutes for one in choose(candidates(*day), [], rules(13)).values()] == [23, 23, 23]


def test_nothing_to_choose_from(choose):
    assert choose([], [], rules(7)) == {}

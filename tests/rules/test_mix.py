from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.audience import heaviest
from scheduler.rules.clashes import clashes_between
from scheduler.rules.difficulty import difficulty, makes_sense_by_video
from scheduler.rules.facts import LessonMode
from scheduler.rules.mix import Candidate, MixRules, choose_calls
from tests.rules.made import HALF_1, HALF_2, PACK, TUESDAY, WEDNESDAY, call, group, klass, lesson

OTHER = group(70, class_id=2)
STREAM = replace(OTHER, id=80, parts=OTHER.parts | group(1).parts)
SELF = {"mode": LessonMode.SELF_STUDY}


def candidates(*lessons, **values):
    return [Candidate(one, **values) for one in lessons]


def rules(*grades, **values):
    classes = {number: klass(grade, id=number, label=f"{grade}") for number, grade in enumerate(grades, start=1)}
    return MixRules(classes, PACK, **values)


@pytest.mark.parametrize(("grade", "calls", "minutes"), [(1, 1, 20), (4, 1, 25), (6, 2, 30), (9, 3, 20), (11, 3, 23)])
def test_each_grade_has_its_calls_within_the_budget(grade, calls, minutes):
    day = [lesson(hour, **SELF) for hour in range(1, 7)]
    chosen = choose_calls(candidates(*day), [], rules(grade))
    assert [one.online_minutes for one in chosen.values()] == [minutes] * calls


def test_never_three_calls_in_a_row():
    day = [lesson(hour, **SELF) for hour in (1, 2, 3)]
    assert len(choose_calls(candidates(*day), [], rules(9))) == 2


def test_hard_subjects_go_first_and_lately_called_ones_last():
    easy, hard, called = (lesson(hour, **SELF) for hour in (1, 2, 3))
    given_ones = [Candidate(easy, 3), Candidate(hard, 12), Candidate(called, 13, lately=1)]
    assert list(choose_calls(given_ones, [], rules(2))) == [hard.id]


def test_a_final_class_gets_the_teacher_first():
    mine = lesson(1, group=group(1), teacher_ids=frozenset({5}), **SELF)
    theirs = lesson(1, group=OTHER, teacher_ids=frozenset({5}), **SELF)
    assert list(choose_calls(candidates(mine, theirs), [], rules(7, 11))) == [theirs.id]


def test_both_halves_of_a_class_have_their_call():
    halves = [lesson(1, group=HALF_1, **SELF), lesson(1, group=HALF_2, **SELF)]
    assert set(choose_calls(candidates(*halves), [], rules(3))) == {one.id for one in halves}


def test_a_standing_call_counts():
    assert choose_calls(candidates(lesson(2, **SELF)), [call(1, minutes=20)], rules(2)) == {}


def test_a_room_of_calls_is_not_shared():
    mine = lesson(1, group=group(1), **SELF)
    theirs = lesson(1, group=OTHER, **SELF)
    assert len(choose_calls(candidates(mine, theirs, join_resource="room:1"), [], rules(7, 7))) == 1


def test_a_course_called_on_one_day_steps_back_on_the_next():
    tuesday = [lesson(1, course_id=1, **SELF), lesson(2, course_id=2, **SELF)]
    wednesday = [lesson(1, WEDNESDAY, course_id=1, **SELF), lesson(2, WEDNESDAY, course_id=2, **SELF)]
    chosen = choose_calls(candidates(*tuesday, *wednesday), [], rules(2))
    assert sorted(one.course_id for one in chosen.values()) == [1, 2]


def test_what_the_school_wished_counts():
    day = [lesson(hour, **SELF) for hour in (1, 2, 4)]
    assert len(choose_calls(candidates(*day), [], rules(7, wished={7: 1}))) == 1


@st.composite
def some_day(draw):
    lessons = []
    for number in range(draw(st.integers(1, 14))):
        start = draw(st.integers(8 * 12, 14 * 12)) * 5
        end = start + draw(st.sampled_from([5, 30, 40]))
        lessons.append(
            lesson(
                day=draw(st.sampled_from([TUESDAY, WEDNESDAY])),
                at=(time(start // 60, start % 60), time(end // 60, end % 60)),
                group=draw(st.sampled_from([group(1), HALF_1, HALF_2, OTHER, STREAM])),
                teacher_ids=frozenset({draw(st.integers(1, 3))}),
                course_id=number % 4,
                **SELF,
            )
        )
    resource = st.sampled_from([None, "room:1", "room:2"])
    return [Candidate(one, draw(st.integers(0, 13)), draw(st.integers(0, 2)), draw(resource)) for one in lessons]


@given(some_day(), st.sampled_from([(1, 11), (7, 9), (None, 4)]))
def test_the_mix_breaks_nothing(day, grades):
    held_to = rules(*grades)
    chosen = list(choose_calls(day, [], held_to).values())
    before = {one.lesson.id: one.lesson for one in day}
    assert clashes_between(chosen) == []
    for made in chosen:
        same = replace(made, mode=LessonMode.SELF_STUDY, online_minutes=None, join_resource=None)
        assert same == before[made.id]
    for class_id, one in held_to.classes.items():
        for date in (TUESDAY, WEDNESDAY):
            of_class = [made for made in chosen if made.date == date and class_id in made.group.class_ids]
            assert heaviest(class_id, of_class, lambda made: made.screen_minutes) <= held_to.budget(one)
            assert heaviest(class_id, of_class, lambda _: 1) <= held_to.calls(one)
            hours = sorted(
                {c.lesson.start for c in day if c.lesson.date == date and class_id in c.lesson.group.class_ids}
            )
            marks = "".join("x" if hour in {made.start for made in of_class} else "." for hour in hours)
            assert "xxx" not in marks


def test_points_follow_the_grade():
    assert [difficulty("Математика", 3), difficulty("Физика", 9), difficulty("Чтение", 9)] == [8, 13, 3]


@pytest.mark.parametrize(
    ("subject", "is_called"),
    [("Физическая культура", False), ("Труд (технология)", False), ("Физика", True), ("", True)],
)
def test_what_makes_sense_by_video(subject, is_called):
    assert makes_sense_by_video(subject) is is_called

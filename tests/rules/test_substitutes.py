from dataclasses import replace
from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.clashes import clashes
from scheduler.rules.facts import LessonState
from scheduler.rules.substitutes import ClosedSpan, TeacherFacts, rank_substitutes
from tests.rules.made import TUESDAY, WEDNESDAY, WHOLE, group, lesson

ALGEBRA, PHYSICS = 1, 2
ABSENT = lesson(2, subject_id=ALGEBRA, teacher_ids=frozenset({900}))


def teacher(number, name="Б", *, own=(), **values):
    lessons = {}
    for one in own:
        lessons[one.date] = (*lessons.get(one.date, ()), replace(one, teacher_ids=frozenset({number})))
    return TeacherFacts(number, name, lessons=lessons, **values)


@st.composite
def some_teachers(draw):
    found = []
    for number in range(draw(st.integers(0, 6))):
        own = [
            lesson(
                day=draw(st.sampled_from([TUESDAY, WEDNESDAY])),
                at=(time(8 + start, draw(st.sampled_from([0, 30]))), time(9 + start, draw(st.sampled_from([0, 30])))),
                group=group(50 + number, class_id=9),
                state=draw(st.sampled_from([LessonState.PLANNED, LessonState.WAITING, LessonState.CANCELLED])),
            )
            for start in draw(st.lists(st.integers(0, 5), max_size=4))
        ]
        own = [one for one in own if one.start < one.end]
        values = {
            "subject_ids": draw(st.frozensets(st.sampled_from([ALGEBRA, PHYSICS]))),
            "class_ids": draw(st.frozensets(st.sampled_from([1, 2]))),
            "closed": {TUESDAY: (ClosedSpan(time(9), time(10), "методический день"),)} if draw(st.booleans()) else {},
        }
        found.append(teacher(number + 1, draw(st.sampled_from("АБВ")), own=own, **values))
    return found


@given(some_teachers())
def test_a_free_substitute_never_clashes(teachers):
    by_id = {one.id: one for one in teachers}
    for one in rank_substitutes(ABSENT, teachers):
        held = replace(ABSENT, teacher_ids=frozenset({one.teacher_id}))
        own = by_id[one.teacher_id].lessons.get(TUESDAY, ())
        found = [finding for finding in clashes(held, own) if finding.rule == "CLASH_TEACHER"]
        assert bool(found) == bool(one.clashing)
        assert not (one.is_free and found)
        assert len(found) == len(one.clashing)


@given(some_teachers(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_list(teachers, random):
    shuffled = list(teachers)
    random.shuffle(shuffled)
    assert rank_substitutes(ABSENT, shuffled) == rank_substitutes(ABSENT, teachers)


@given(some_teachers())
def test_nobody_is_lost_and_the_free_come_first(teachers):
    ranked = rank_substitutes(ABSENT, teachers)
    assert {one.teacher_id for one in ranked} == {one.id for one in teachers}
    assert [one.is_free for one in ranked] == sorted((one.is_free for one in ranked), reverse=True)


def test_free_then_subject_then_class_then_at_work_that_day():
    elsewhere = lesson(5, group=group(60, class_id=3))
    teachers = [
        teacher(1, "Занятый", own=[lesson(2, group=WHOLE)], subject_ids=frozenset({ALGEBRA}), class_ids=frozenset({1})),
        teacher(2, "Дома"),
        teacher(3, "Здесь", own=[elsewhere]),
        teacher(4, "Классный", class_ids=frozenset({1})),
        teacher(5, "Предметный", subject_ids=frozenset({ALGEBRA})),
    ]
    assert [one.teacher_id for one in rank_substitutes(ABSENT, teachers)] == [5, 4, 3, 2, 1]


def test_the_own_teachers_and_those_away_are_not_proposed():
    assert rank_substitutes(ABSENT, [teacher(900), teacher(5)], away={5}) == []


def test_closed_hours_are_in_the_way_in_words():
    busy = teacher(7, closed={TUESDAY: (ClosedSpan(time(9, 30), time(12), "работает в другой школе"),)})
    found = rank_substitutes(ABSENT, [busy])[0]
    assert (found.is_free, found.closed, found.clashing) == (False, "работает в другой школе", ())


def test_a_lesson_that_only_touches_is_not_in_the_way():
    own = lesson(at=(ABSENT.end, time(11)), group=group(60, class_id=3))
    assert rank_substitutes(ABSENT, [teacher(1, own=[own])])[0].is_free

from dataclasses import replace
from datetime import date, time
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.clashes import clashes, clashes_between
from scheduler.rules.facts import GroupFacts, GroupPart, LessonState, Severity
from tests.rules.made import HALF_1, HALF_2, WHOLE, call, club, group, lesson, rules_of, the

OTHER_CLASS = group(70, class_id=2)
ROOM_27 = frozenset({27})


@st.composite
def some_lesson(draw):
    start = draw(st.integers(0, 6))
    parts = frozenset(
        GroupPart(class_id, division, part)
        for class_id, division, part in draw(
            st.lists(st.sampled_from([(1, None, None), (1, 10, "1"), (1, 10, "2"), (2, None, None)]), max_size=2)
        )
    )
    members = draw(st.none() | st.frozensets(st.integers(1, 3), min_size=1, max_size=2))
    group_id = hash((parts, members)) % 1000
    return lesson(
        day=date(2026, 11, draw(st.integers(23, 24))),
        at=(time(8 + start), time(9 + start + draw(st.integers(0, 2)), draw(st.sampled_from([0, 30])))),
        group=GroupFacts(group_id, "группа", parts, members, is_club=draw(st.booleans())),
        teacher_ids=draw(st.frozensets(st.integers(1, 3), max_size=2)),
        room_ids=draw(st.frozensets(st.integers(1, 2), max_size=1)),
        state=draw(st.sampled_from(list(LessonState))),
        join_resource=draw(st.sampled_from([None, "room:1"])),
    )


def told(findings):
    return sorted((finding.rule, tuple(sorted(finding.lesson_ids))) for finding in findings)


@given(st.lists(some_lesson(), max_size=9))
def test_clashes_between_equals_every_pair_tried(lessons):
    every_pair = [finding for one, other in combinations(lessons, 2) for finding in clashes(one, [other])]

    assert told(clashes_between(lessons)) == told(every_pair)


@given(some_lesson(), some_lesson())
def test_clashes_are_symmetric(one, other):
    assert told(clashes(one, [other])) == told(clashes(other, [one]))


def test_clash_of_a_teacher_names_the_other_lesson():
    other = lesson(2, teacher_ids=frozenset({5}), group=OTHER_CLASS, title="Физика")
    wish = lesson(2, teacher_ids=frozenset({5, 6}), id=None)

    found = the(clashes(wish, [other]), "CLASH_TEACHER")

    assert found.severity is Severity.LAW
    assert found.lesson_ids == (other.id,)
    assert found.params["teacher_ids"] == (5,)
    assert found.params["other_title"] == "Физика"
    assert (found.params["other_start"], found.params["other_end"]) == (time(9, 25), time(10, 5))


def test_clash_of_the_same_pupils_is_law():
    assert the(clashes(lesson(1), [lesson(1, group=HALF_1)]), "CLASH_GROUP").severity is Severity.LAW


def test_clash_of_two_halves_is_none():
    assert clashes(lesson(1, group=HALF_1), [lesson(1, group=HALF_2)]) == []


def test_clash_of_groups_that_the_timetable_runs_together_warns():
    one, other = lesson(1, group=HALF_1), lesson(1, group=group(9, part="x", division=11))
    apart = frozenset({frozenset({HALF_1.id, 9})})

    assert the(clashes(one, [other], taken_apart=apart), "CLASH_GROUP_ASSUMED_APART").severity is Severity.WARN


def test_clash_with_a_club_without_list_warns():
    assert the(clashes(lesson(1), [lesson(1, group=club())]), "CLASH_CLUB").severity is Severity.WARN


def test_clash_in_a_room_warns():
    one, other = lesson(1, room_ids=ROOM_27), lesson(1, room_ids=ROOM_27 | {28}, group=OTHER_CLASS)

    found = the(clashes(one, [other]), "CLASH_ROOM")

    assert (found.severity, found.params["room_ids"]) == (Severity.WARN, (27,))


def test_clash_in_one_call_is_law():
    one, other = call(1, join_resource="chat:3"), call(1, join_resource="chat:3", group=OTHER_CLASS)

    assert the(clashes(one, [other]), "CLASH_CALL").severity is Severity.LAW


def test_clash_by_real_time_of_bells_of_different_shifts():
    first_shift = lesson(6, at=(time(13, 15), time(14, 0)), teacher_ids=frozenset({5}))
    second_shift = lesson(1, at=(time(13, 55), time(14, 35)), teacher_ids=frozenset({5}), group=OTHER_CLASS)

    assert the(clashes(first_shift, [second_shift]), "CLASH_TEACHER").params["excess"] == 5


def test_clash_of_touching_lessons_is_none():
    assert clashes(lesson(1), [lesson(1, at=(time(9, 10), time(9, 50)))]) == []


def test_clash_with_a_waiting_lesson_says_so():
    waiting = lesson(1, state=LessonState.WAITING)

    assert the(clashes(lesson(1), [waiting]), "CLASH_GROUP").params["is_waiting"] is True


def test_clash_with_a_cancelled_lesson_is_none():
    assert clashes(lesson(1), [lesson(1, state=LessonState.CANCELLED)]) == []
    assert clashes(lesson(1, state=LessonState.CANCELLED), [lesson(1)]) == []


def test_clash_with_itself_as_it_stood_is_none():
    one = lesson(1)

    assert clashes(replace(one, title="иначе"), [one]) == []


def test_clash_on_another_date_is_none():
    one = lesson(1)

    assert clashes(one, [replace(lesson(1), date=date(2026, 11, 30))]) == []


def test_clash_by_common_pupils_of_two_classes():
    one = lesson(1, group=group(5, members=frozenset({1, 2})))
    other = lesson(1, group=group(6, class_id=2, members=frozenset({2, 3})))

    assert rules_of(clashes_between([one, other])) == ["CLASH_GROUP"]


def test_clashes_between_names_each_pair_once():
    same = {"teacher_ids": frozenset({5}), "room_ids": ROOM_27, "group": WHOLE}

    assert rules_of(clashes_between([lesson(1, **same), lesson(1, **same)])) == [
        "CLASH_GROUP", "CLASH_ROOM", "CLASH_TEACHER",
    ]  # fmt: skip

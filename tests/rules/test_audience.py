from datetime import time
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.audience import heaviest, lessons_of_class
from scheduler.rules.facts import GroupFacts, GroupPart, LessonState
from tests.rules.made import HALF_1, HALF_2, MONDAY, WHOLE, club, group, lesson

DIVISIONS = {10: ("1", "2"), 11: ("м", "ж")}
GROUPS = [WHOLE, *(group(100 + index, part=part, division=division) for index, (division, part) in enumerate(
    (division, part) for division, parts in DIVISIONS.items() for part in parts
))]  # fmt: skip


def minutes(one):
    return one.minutes


def chosen(hours):
    return [lesson(at=(time(8 + hour), time(9 + hour)), group=group_of) for hour, group_of in hours]


def of_each_kind_of_pupil(lessons):
    """What each possible pupil (one part of each division) is expected at."""
    for parts in product(*DIVISIONS.values()):
        places = set(zip(DIVISIONS, parts, strict=True))
        mine = [one for one in lessons if all(
            part.division_id is None or (part.division_id, part.part) in places for part in one.group.parts
        )]  # fmt: skip
        yield sum(minutes(one) for one in mine)


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(GROUPS)), max_size=8, unique_by=lambda one: one[0]))
def test_heaviest_equals_trying_every_pupil_when_no_hours_meet(hours):
    lessons = chosen(hours)

    assert heaviest(1, lessons, minutes) == max(of_each_kind_of_pupil(lessons), default=0)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(GROUPS)), max_size=8))
def test_heaviest_is_never_more_than_the_hours_hold(hours):
    lessons = chosen(hours)

    assert heaviest(1, lessons, minutes) <= 60 * len({one.start for one in lessons})


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(GROUPS)), max_size=8), st.sampled_from(GROUPS))
def test_heaviest_never_falls_when_a_lesson_is_added(hours, more):
    assert heaviest(1, chosen([*hours, (5, more)]), minutes) >= heaviest(1, chosen(hours), minutes)


def test_heaviest_of_lessons_that_overlap_in_a_chain_counts_both_ends():
    chain = [(time(8), time(9)), (time(8, 50), time(9, 40)), (time(9, 30), time(10, 30))]

    assert heaviest(1, [lesson(at=hours) for hours in chain], minutes) == 120


def test_heaviest_of_a_group_of_two_parts_counts_for_both():
    two = GroupFacts(60, "1 и 2", frozenset({GroupPart(1, 10, "1"), GroupPart(1, 10, "2")}))

    assert heaviest(1, [lesson(1, group=two), lesson(2, group=HALF_1), lesson(3, group=HALF_2)], minutes) == 80


def test_heaviest_of_clubs_follows_their_lists():
    alone, known = club(20), club(21, members=frozenset({1}))
    also = club(22, members=frozenset({1, 2}))

    assert heaviest(1, [lesson(1, group=alone), lesson(2, group=club(23))], minutes) == 40
    assert heaviest(1, [lesson(1, group=known), lesson(2, group=also)], minutes) == 80


def test_lessons_of_class_are_live_ordered_and_not_private():
    later, earlier = lesson(2), lesson(1)
    left_out = [
        lesson(3, state=LessonState.CANCELLED), lesson(4, group=group(5, class_id=2)),
        lesson(5, group=group(6, is_private=True)),
    ]  # fmt: skip

    assert lessons_of_class(1, [later, *left_out, earlier, lesson(7, MONDAY)])[1:] == [earlier, later]

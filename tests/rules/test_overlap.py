from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.facts import GroupFacts, GroupPart
from scheduler.rules.overlap import Overlap, groups_overlap
from tests.rules.made import HALF_1, HALF_2, WHOLE, club, group


@st.composite
def some_group(draw):
    division = st.sampled_from([None, 10, 11])
    parts = draw(st.lists(st.tuples(st.integers(1, 3), division, st.sampled_from(["1", "2"])), max_size=3))
    members = draw(st.none() | st.frozensets(st.integers(1, 4), max_size=3))
    group_id, is_club = draw(st.integers(1, 30)), draw(st.booleans())
    return GroupFacts(group_id, "группа", frozenset(GroupPart(*part) for part in parts), members, is_club=is_club)


pairs_apart = st.frozensets(st.frozensets(st.integers(1, 30), min_size=2, max_size=2), max_size=5)


@given(some_group(), some_group(), pairs_apart)
def test_overlap_is_symmetric(one, other, apart):
    assert groups_overlap(one, other, taken_apart=apart) is groups_overlap(other, one, taken_apart=apart)


@given(some_group(), pairs_apart)
def test_overlap_of_a_group_with_itself_is_yes(one, apart):
    assert groups_overlap(one, one, taken_apart=apart) is Overlap.YES


@given(some_group(), some_group(), pairs_apart)
def test_taken_apart_only_softens(one, other, apart):
    plain, softened = groups_overlap(one, other), groups_overlap(one, other, taken_apart=apart)

    assert softened is plain or (softened is Overlap.ASSUMED_APART and plain in (Overlap.YES, Overlap.UNKNOWN))


def test_overlap_of_different_parts_of_one_division_is_no():
    assert groups_overlap(HALF_1, HALF_2) is Overlap.NO


def test_overlap_of_parts_of_two_divisions_is_yes():
    assert groups_overlap(HALF_1, group(9, part="2", division=11)) is Overlap.YES


def test_overlap_of_a_half_with_its_class_is_yes():
    assert groups_overlap(HALF_1, WHOLE) is Overlap.YES


def test_overlap_of_two_classes_is_no():
    assert groups_overlap(WHOLE, group(7, class_id=2)) is Overlap.NO


def test_overlap_of_a_stream_of_two_classes_with_one_of_them_is_yes():
    stream = GroupFacts(50, "7А+7Б", frozenset({GroupPart(1), GroupPart(2)}))

    assert groups_overlap(stream, group(7, class_id=2)) is Overlap.YES


def test_overlap_by_lists_beats_classes_and_the_timetable():
    one, other = group(5, members=frozenset({1, 2})), group(6, members=frozenset({3}))
    apart = frozenset({frozenset({5, 8})})

    assert groups_overlap(one, other) is Overlap.NO
    assert groups_overlap(one, group(8, class_id=2, members=frozenset({2})), taken_apart=apart) is Overlap.YES


def test_overlap_with_an_empty_list_falls_back_to_classes():
    assert groups_overlap(group(5, members=frozenset()), group(6, members=frozenset({1}))) is Overlap.YES


def test_overlap_with_a_club_without_list_is_unknown():
    assert groups_overlap(WHOLE, club()) is Overlap.UNKNOWN
    assert groups_overlap(WHOLE, club(class_id=2)) is Overlap.NO


def test_overlap_with_a_club_whose_list_is_known_on_one_side_only():
    assert groups_overlap(WHOLE, club(members=frozenset({1}))) is Overlap.YES


def test_overlap_in_the_base_timetable_is_assumed_apart():
    boys, girls = group(5, part="м", division=11), group(6, part="1", division=12)

    assert groups_overlap(boys, girls, taken_apart=frozenset({frozenset({5, 6})})) is Overlap.ASSUMED_APART

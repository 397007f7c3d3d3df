from hypothesis import given
from hypothesis import strategies as st

from scheduler.imports.asc_masks import longest, parse_mask, spread


def test_masks_and_their_alternatives():
    assert parse_mask("10,01").alternatives == ("10", "01")
    assert [parse_mask(text) for text in ("", None, "12", "1" * 32, "10,")] == [None] * 5
    assert [parse_mask(text).is_concrete for text in ("10", "11", "00000", "10,01")] == [True, True, False, False]
    assert (parse_mask("10,011").length, longest(["1", "x", None, "101"]), longest([])) == (3, 3, 0)


def test_a_mask_of_length_one_means_every_week():
    assert spread(parse_mask("1"), 4) == {0, 1, 2, 3}
    assert spread(parse_mask("01"), 4) == {1, 3}


@given(st.text("01", min_size=1, max_size=8))
def test_a_mask_as_long_as_the_cycle_marks_its_own_positions(text):
    assert spread(parse_mask(text), len(text)) == {n for n, mark in enumerate(text) if mark == "1"}

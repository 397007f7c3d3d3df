from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.parity import WeekCycle

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, days, st.integers(1, 5))
def test_parity_repeats_after_a_whole_cycle_and_steps_each_monday(anchor, day, weeks):
    cycle = WeekCycle(anchor, weeks)

    assert cycle.index(anchor) == 0
    assert cycle.index(day + timedelta(weeks=weeks)) == cycle.index(day)
    assert cycle.index(day + timedelta(weeks=1)) == (cycle.index(day) + 1) % weeks


@given(days, days)
def test_parity_is_one_within_a_week(anchor, day):
    monday = day - timedelta(days=day.weekday())

    assert len({WeekCycle(anchor, 2).index(monday + timedelta(days=ahead)) for ahead in range(7)}) == 1


def test_parity_counts_from_the_anchors_monday_and_backwards():
    cycle = WeekCycle(date(2026, 9, 2), 2)

    assert [cycle.index(date(2026, 8, day)) for day in (24, 30, 31)] == [1, 1, 0]


def test_mask_of_weeks_holds_by_its_own_length():
    cycle = WeekCycle(date(2026, 8, 31), 2)

    assert [cycle.has(mask, date(2026, 9, 7)) for mask in ("1", "10", "01", "010")] == [True, False, True, True]


@pytest.mark.parametrize("mask", ["", "12", "да"])
def test_mask_that_is_none_is_an_error(mask):
    with pytest.raises(ValueError, match="no mask"):
        WeekCycle(date(2026, 8, 31)).has(mask, date(2026, 9, 7))


def test_cycle_without_weeks_is_an_error():
    with pytest.raises(ValueError, match="at least one week"):
        WeekCycle(date(2026, 8, 31), 0)

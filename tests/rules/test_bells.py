from datetime import time
from itertools import permutations

import pytest

from scheduler.rules.bells import BellAssignmentFacts, PeriodFacts, periods_on, schedule_in_force
from tests.rules.made import FRIDAY, MONDAY, SATURDAY, TUESDAY, klass

DEFAULT = BellAssignmentFacts(1, 10)
BY_SHIFT = BellAssignmentFacts(2, 20, shift=1)
BY_CLASS = BellAssignmentFacts(3, 30, class_ids=frozenset({1, 2}))
BY_WEEKDAY = BellAssignmentFacts(4, 40, weekday=2)
BY_DATE = BellAssignmentFacts(5, 50, date_from=TUESDAY, date_to=TUESDAY)
ORDER = [DEFAULT, BY_SHIFT, BY_CLASS, BY_WEEKDAY, BY_DATE]


@pytest.mark.parametrize("known", range(1, 6))
def test_bells_most_specific_wins_in_any_order(known):
    for assignments in permutations(ORDER[:known]):
        assert schedule_in_force(assignments, klass(), TUESDAY) == known * 10


def test_bells_that_speak_of_others_do_not_hold():
    others = [
        BellAssignmentFacts(6, 60, class_ids=frozenset({9})),
        BellAssignmentFacts(7, 70, shift=2),
        BellAssignmentFacts(8, 80, date_from=FRIDAY),
        BellAssignmentFacts(9, 90, date_to=MONDAY),
    ]

    assert schedule_in_force([*others, DEFAULT], klass(), TUESDAY) == 10
    assert schedule_in_force(others, klass(), TUESDAY) is None


def test_bells_of_two_alike_the_later_wins():
    assert schedule_in_force([BellAssignmentFacts(12, 2), BellAssignmentFacts(11, 1)], klass(), TUESDAY) == 2


def test_bells_of_a_working_saturday_follow_the_stated_weekday():
    assert schedule_in_force([DEFAULT, BY_WEEKDAY], klass(), SATURDAY, weekday=2) == 40
    assert schedule_in_force([DEFAULT, BY_WEEKDAY], klass(), SATURDAY) == 10


def test_periods_come_by_the_clock_whatever_their_numbers():
    periods = {10: [PeriodFacts(2, time(8), time(8, 40)), PeriodFacts(1, time(14), time(14, 40))]}

    assert [one.number for one in periods_on([DEFAULT], periods, klass(), TUESDAY)] == [2, 1]
    assert periods_on([BY_SHIFT], periods, klass(), TUESDAY) == ()
    assert periods_on([], periods, klass(), TUESDAY) == ()

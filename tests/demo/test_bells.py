from datetime import date, time
from itertools import combinations, pairwise

from scheduler.demo.bells import (
    REGULAR_HOURS,
    REMOTE_HOURS,
    SHORTENED_HOURS,
    SPRING_GRADE_ONE,
    bell_schedules,
    hour,
    meet,
)
from scheduler.demo.blueprint import Bells


def minutes(clock):
    return clock.hour * 60 + clock.minute


def spans(column):
    return {(bells, n): (start, end) for bells, hours in column.items() for n, start, end in hours}


def test_lessons_have_the_lengths_that_the_norms_allow():
    longest = {Bells.GRADE_ONE: 35, Bells.FIRST: 45, Bells.SECOND: 45}
    for bells, hours in REGULAR_HOURS.items():
        assert max(minutes(end) - minutes(start) for _, start, end in hours) <= longest[bells]
    assert {minutes(end) - minutes(start) for _, start, end in SPRING_GRADE_ONE} == {40}
    for hours in REMOTE_HOURS.values():
        assert max(minutes(end) - minutes(start) for _, start, end in hours) <= 30


def test_breaks_are_long_enough_and_one_is_long():
    for column in (REGULAR_HOURS, SHORTENED_HOURS, REMOTE_HOURS):
        for hours in column.values():
            pauses = [minutes(after[1]) - minutes(before[2]) for before, after in pairwise(hours)]
            assert min(pauses) >= 10
            assert 20 in pauses


def test_second_shift_ends_in_time():
    assert REGULAR_HOURS[Bells.SECOND][-1][2] <= time(19)
    assert REMOTE_HOURS[Bells.SECOND][-1][2] <= time(18)


def test_lesson_hours_apart_by_regular_bells_are_apart_by_all():
    regular = spans(REGULAR_HOURS)
    lessons = [key for key in regular if key[1] <= 7]
    for column in (SHORTENED_HOURS, REMOTE_HOURS, {**REGULAR_HOURS, Bells.GRADE_ONE: SPRING_GRADE_ONE}):
        other = spans(column)
        for one, two in combinations(lessons, 2):
            if one[1] <= 5 or one[0] is not Bells.GRADE_ONE:
                assert not (meet(other[one], other[two]) and not meet(regular[one], regular[two])) or 6 in (
                    one[1],
                    two[1],
                )


def test_schedules_are_told_by_name_and_spring_begins_for_grade_one_only():
    found = bell_schedules(date(2027, 1, 11))
    assert len({bells.name for bells in found}) == 10
    assert [bells.bells for bells in found if bells.valid_from] == [Bells.GRADE_ONE]


def test_hour_is_the_regular_one():
    assert hour(Bells.FIRST, 4) == (time(11, 5), time(11, 50))

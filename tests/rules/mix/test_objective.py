"""The objective and the rows as one statement: small schools are searched whole, and the parts are counted by hand."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.facts import LessonMode
from scheduler.rules.mix.facts import Candidate, MixRules
from scheduler.rules.mix.greedy import choose_greedily
from scheduler.rules.mix.ground import lay_out
from scheduler.rules.mix.objective import objective_of
from scheduler.rules.mix.problem import rows_of
from scheduler.rules.mix.solver import solve
from scheduler.rules.mix.state import State
from tests.rules.made import HALF_1, HALF_2, PACK, call, klass, lesson
from tests.rules.mix.some_school import some_school

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
SELF = {"mode": LessonMode.SELF_STUDY}


def laid(candidates, standing=(), grade=2):
    rules = MixRules({1: klass(grade)}, PACK)
    ground = lay_out(candidates, standing, rules)
    return ground, rows_of(ground), objective_of(ground)


def worth(candidates, chosen, **values):
    ground, _rows, objective = laid(candidates, **values)
    return objective.value({ground.number_of[one.lesson.id] for one in chosen})


def subsets(numbers):
    return chain.from_iterable(combinations(numbers, size) for size in range(len(numbers) + 1))


def holds(rows, chosen):
    inside = set(chosen)
    return all(
        sum(weight for number, weight in zip(row.numbers, row.weights, strict=True) if number in inside) <= row.most
        for row in rows
    )


def test_the_points_of_a_call():
    one = Candidate(lesson(1, **SELF), difficulty=8)
    assert worth([one], []) == 0
    assert worth([one], [one]) == 1000 + 5 * 8
    assert worth([one], [one], grade=9) == 1000 + 5 * 8 + 50
    tired = Candidate(lesson(1, **SELF), difficulty=8, lately=2)
    assert worth([tired], [tired]) == 1000 + 5 * 8 - 15 * 2


def test_the_second_call_is_worth_less_than_the_first():
    two = [Candidate(lesson(hour, subject_id=hour, **SELF)) for hour in (1, 2)]
    assert worth(two, two, grade=6) == 1000 + 900
    assert worth(two, two[:1], grade=6) == 1000
    assert worth(two[1:], two[1:], grade=6, standing=[call(5)]) == 900


def test_the_same_subject_again_costs():
    two = [Candidate(lesson(hour, subject_id=1, **SELF)) for hour in (1, 2)]
    assert worth(two, two, grade=6) == 1000 + 900 - 150
    others = [Candidate(lesson(1, subject_id=1, **SELF), earlier=2), Candidate(lesson(2, subject_id=2, **SELF))]
    assert worth(others, others[:1]) == 1000 - 2 * 150
    assert worth(others, others[1:]) == 1000


def test_a_half_is_half_of_the_points():
    first, second = (Candidate(lesson(1, group=half, **SELF), difficulty=8) for half in (HALF_1, HALF_2))
    assert worth([first, second], [first]) == 500 + 20
    assert worth([first, second], [first, second]) == 1000 + 40 + 40


def test_the_next_call_of_a_teacher_costs_a_little():
    shared = {"teacher_ids": frozenset({5}), **SELF}
    two = [Candidate(lesson(hour, subject_id=hour, **shared)) for hour in (1, 2)]
    assert worth(two, two, grade=6) == 1000 + 900 - 10
    stands = call(5, teacher_ids=frozenset({5}), group=HALF_1)
    assert worth(two[:1], two[:1], grade=2, standing=[stands]) == 500 - 10


@given(school=some_school(most_lessons=9))
def test_of_all_mixes_there_are_the_solver_finds_a_best_one(school):
    ground = lay_out(school.candidates, school.standing, school.rules)
    rows, objective = rows_of(ground), objective_of(ground)
    possible = [chosen for chosen in subsets(range(len(ground.calls))) if holds(rows, chosen)]
    best = max(objective.value(chosen) for chosen in possible)
    plain = choose_greedily(rows, objective)
    solved = solve(rows, objective, plain)
    assert holds(rows, plain)
    assert holds(rows, solved.chosen)
    assert (objective.value(solved.chosen), solved.bound) == (best, best)
    assert objective.value(plain) >= 0.9 * best


@given(school=some_school(), order=st.randoms(use_true_random=False))
def test_the_running_sum_is_the_sum_counted_anew(school, order):
    ground = lay_out(school.candidates, school.standing, school.rules)
    state = State(rows_of(ground), objective_of(ground))
    numbers = list(range(len(ground.calls)))
    for number in order.choices(numbers, k=2 * len(numbers)) if numbers else ():
        if number in state.chosen:
            state.drop(number)
        elif state.takes(number):
            state.add(number)
        assert state.value == state.objective.value(state.chosen)
        assert holds(state.rows, state.chosen)


@pytest.mark.parametrize(("used", "added"), [(30, 1), (40, 0), (90, 0)])
def test_minutes_that_stand_leave_what_they_leave(used, added):
    ground, rows, objective = laid([Candidate(lesson(2, **SELF))], [call(1, minutes=used)], grade=5)
    assert len(ground.calls) == 1
    assert len(choose_greedily(rows, objective)) == added
    assert len(solve(rows, objective, ()).chosen) == added

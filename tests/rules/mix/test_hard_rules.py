"""No mix of either method breaks what must hold, judged here by other means than the methods' own rows."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings

from scheduler.rules.audience import heaviest
from scheduler.rules.clashes import clashes_of_pair
from scheduler.rules.facts import LessonMode
from scheduler.rules.mix.choose import choose_calls
from scheduler.rules.mix.facts import Method
from tests.rules.mix.some_school import some_school

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
both_methods = pytest.mark.parametrize("method", list(Method))


def mixed(school, method):
    return choose_calls(school.candidates, school.standing, school.rules, method=method)


def pupils(class_id, lessons):
    """Every way to be a pupil of the class: one part of each division, or none."""
    divisions = defaultdict(lambda: {None})
    for one in lessons:
        for part in one.group.parts:
            if part.class_id == class_id and part.division_id is not None:
                divisions[part.division_id].add(part.part)
    for parts in product(*divisions.values()):
        yield dict(zip(divisions, parts, strict=True))


def is_in(pupil, class_id, group):
    mine = [part for part in group.parts if part.class_id == class_id]
    return any(part.division_id is None or pupil.get(part.division_id) == part.part for part in mine)


def days_of_pupils(school, chosen):
    """(class, own lessons at their times, own standing calls, own chosen calls) of every pupil there can be."""
    lessons = [one.lesson for one in school.candidates]
    lessons += [one for one in school.standing if not one.group.is_private]
    for class_id, klass in school.rules.classes.items():
        for day in {one.date for one in lessons}:
            of_day = [one for one in lessons if one.date == day and class_id in one.group.class_ids]
            for pupil in pupils(class_id, of_day):
                own = [one for one in of_day if is_in(pupil, class_id, one.group)]
                new = [one for one in chosen if one.id in {each.id for each in own}]
                yield klass, own, [one for one in own if one.screen_minutes], new


def meet(one, other):
    return one.date == other.date and one.start < other.end and other.start < one.end


@both_methods
@given(school=some_school())
def test_a_call_is_a_candidate_that_keeps_its_time(school, method):
    before = {one.lesson.id: one for one in school.candidates}
    for made in mixed(school, method).calls.values():
        lesson = before[made.id].lesson
        as_it_was = {"mode": LessonMode.SELF_STUDY, "online_minutes": None, "room_ids": lesson.room_ids}
        assert replace(made, **as_it_was, join_resource=None) == lesson
        assert made.join_resource == before[made.id].join_resource
        limits = [school.rules.pack.screen_row(one).lesson.limit for one in school.rules.classes_of(lesson)]
        assert 10 <= made.online_minutes <= min(limits)


@both_methods
@given(school=some_school())
def test_nobody_is_in_two_places(school, method):
    chosen = [replace(one, room_ids=frozenset()) for one in mixed(school, method).calls.values()]
    apart = {"taken_apart": school.rules.taken_apart}
    for number, one in enumerate(chosen):
        assert not [other for other in chosen[:number] if meet(one, other) and clashes_of_pair(one, other, **apart)]
        for other in school.standing:
            if not meet(one, other):
                continue
            if other.mode is not LessonMode.SELF_STUDY:
                assert not one.teacher_ids & other.teacher_ids
            if other.screen_minutes and not other.group.is_private:
                assert not clashes_of_pair(one, replace(other, room_ids=frozenset()), **apart)


@both_methods
@given(school=some_school())
def test_no_pupil_has_too_many_calls_or_minutes(school, method):
    for klass, _own, standing, new in days_of_pupils(school, mixed(school, method).calls.values()):
        if new:
            assert len(standing) + len(new) <= school.rules.calls(klass)
            assert sum(one.screen_minutes for one in [*standing, *new]) <= school.rules.budget(klass)


@both_methods
@given(school=some_school())
def test_no_class_is_over_its_screen_budget_by_the_norms_own_count(school, method):
    chosen = list(mixed(school, method).calls.values())
    for class_id, klass in school.rules.classes.items():
        for day in {one.date for one in chosen}:
            new = [one for one in chosen if one.date == day and class_id in one.group.class_ids]
            old = [
                one
                for one in school.standing
                if one.date == day and one.screen_minutes and class_id in one.group.class_ids
            ]
            if any(meet(one, other) for one, other in combinations(old, 2)):
                continue  # of calls that clash already the norms count one, the choice counts both
            used, total = (heaviest(class_id, calls, lambda one: one.screen_minutes) for calls in (old, [*old, *new]))
            assert total <= max(school.rules.budget(klass), used)


@both_methods
@given(school=some_school())
def test_no_pupil_has_three_calls_in_a_row(school, method):
    for _klass, own, standing, new in days_of_pupils(school, mixed(school, method).calls.values()):
        ordered = sorted(own, key=lambda one: one.start)
        if any(meet(one, other) for one, other in pairwise(ordered)):
            continue
        called, chosen = {one.id for one in [*standing, *new]}, {one.id for one in new}
        for three in zip(ordered, ordered[1:], ordered[2:], strict=False):
            ids = {one.id for one in three}
            assert not (ids <= called and ids & chosen)


@both_methods
@given(school=some_school())
def test_between_two_calls_of_a_pupil_there_is_a_break(school, method):
    least = timedelta(minutes=school.rules.pack.limits["BREAK_MIN"].limit)
    for _klass, _own, standing, new in days_of_pupils(school, mixed(school, method).calls.values()):
        for one, other in combinations([*standing, *new], 2):
            earlier, later = sorted((one, other), key=lambda each: each.start)
            if not meet(earlier, later) and {one.id, other.id} & {each.id for each in new}:
                gap = datetime.combine(later.date, later.start) - datetime.combine(earlier.date, earlier.end)
                assert gap >= least


@both_methods
@given(school=some_school())
def test_the_same_school_has_the_same_mix_in_whatever_order_it_comes(school, method):
    shuffled = replace(school, candidates=list(school.candidates), standing=list(school.standing))
    random.Random(1).shuffle(shuffled.candidates)
    random.Random(2).shuffle(shuffled.standing)
    assert mixed(school, method) == mixed(shuffled, method)


@settings(max_examples=100)
@given(school=some_school())
def test_the_solver_is_never_worse_than_the_plain_choice(school):
    plain, best = mixed(school, Method.GREEDY), mixed(school, Method.SOLVER)
    assert plain.value <= best.value <= best.bound
    assert (plain.bound, plain.method, best.method) == (None, Method.GREEDY, Method.SOLVER)

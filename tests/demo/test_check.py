from dataclasses import replace
from datetime import date

import pytest

from scheduler.demo.check import problems
from scheduler.demo.curriculum import SPORT
from scheduler.demo.school import make_school


@pytest.fixture(scope="module")
def school():
    return make_school(classes=11, today=date(2026, 11, 24))


def moved(school, wanted, **place):
    slots = list(school.slots)
    number = next(n for n, slot in enumerate(slots) if wanted(slot))
    slots[number] = replace(slots[number], **place)
    return replace(school, slots=tuple(slots))


def slot_of(key):
    return lambda slot: slot.course == key


def test_check_sees_a_teacher_in_two_places(school):
    teacher = next(course.teachers for course in school.courses if course.key == "7А/Алгебра")
    other = next(c.key for c in school.courses if c.teachers == teacher and not c.key.startswith("7А/"))
    there = next(slot for slot in school.slots if slot.course == other)
    broken = moved(school, slot_of("7А/Алгебра"), weekday=there.weekday, period=there.period)
    assert any(teacher[0] in problem for problem in problems(broken))


def test_check_sees_two_lessons_of_a_class_at_once_and_the_window_left(school):
    first = next(slot for slot in school.slots if slot.course == "7А/Физика")
    broken = moved(school, slot_of("7А/Алгебра"), weekday=first.weekday, period=first.period)
    assert any("7А/Физика and 7А/Алгебра" in p or "7А/Алгебра and 7А/Физика" in p for p in problems(broken))


def test_check_sees_a_missing_hour(school):
    gone = next(slot for slot in school.slots if slot.course == "7А/Алгебра")
    broken = replace(school, slots=tuple(slot for slot in school.slots if slot is not gone))
    assert "7А/Алгебра: 2 of 3 hours" in problems(broken)


def test_check_sees_a_day_that_is_too_long_and_a_week_that_is_too_full(school):
    place = next(slot for slot in school.slots if slot.course == "5А/Математика")
    extra = [replace(place, weekday=1, period=n) for n in (7, 8, 9)]
    found = problems(replace(school, slots=(*school.slots, *extra)))
    assert "5А: too many lessons on [1]" in found
    assert "5А: the week is over 29" in found


def test_check_allows_the_fifth_lesson_of_grade_one_only_with_sport(school):
    bonus = next(s for s in school.slots if s.course == f"1А/{SPORT}" and s.period == 5)
    assert not [problem for problem in problems(school) if "too many" in problem]
    art = next(slot for slot in school.slots if slot.course == "1А/Музыка")
    slots = [slot for slot in school.slots if slot not in (bonus, art)]
    swapped = [replace(art, weekday=bonus.weekday, period=5), replace(bonus, weekday=art.weekday, period=art.period)]
    lone = [
        slot
        for slot in (*slots, *swapped)
        if not (slot.course == f"1А/{SPORT}" and slot.weekday == bonus.weekday and slot.period != 5)
    ]
    found = problems(replace(school, slots=tuple(lone)))
    still_has_sport = any(s.course == f"1А/{SPORT}" and s.weekday == bonus.weekday for s in lone)
    assert any("1А: too many" in problem for problem in found) != still_has_sport


def test_check_sees_an_activity_too_soon(school):
    broken = moved(school, lambda slot: slot.course == "2А/Орлята России", weekday=5, period=5)
    assert "2А, 5: an activity too soon" in problems(broken)


def test_check_sees_a_window(school):
    gone = [slot for slot in school.slots if slot.course.startswith("8А/") and (slot.weekday, slot.period) == (2, 3)]
    broken = replace(school, slots=tuple(slot for slot in school.slots if slot not in gone))
    assert "8А, 2: a window" in problems(broken)


def test_check_sees_bells_out_of_bounds(school):
    first = school.bells[0]
    number, start, end = first.periods[0]
    early = replace(first, periods=((number, start.replace(hour=7), end), *first.periods[1:]))
    tight = replace(first, periods=((number, start, end.replace(minute=50)), *first.periods[1:]))
    assert f"{first.name}: too early or too late" in problems(replace(school, bells=(early, *school.bells[1:])))
    assert any("a break under" in p for p in problems(replace(school, bells=(tight, *school.bells[1:]))))


def test_check_sees_a_week_without_a_lighter_day(school):
    heavy = tuple(
        replace(slot, course="7А/Геометрия") if slot.course.startswith("7А/") and slot.weekday in (3, 4) else slot
        for slot in school.slots
    )
    assert any(p.startswith("7А: no lighter day") for p in problems(replace(school, slots=heavy)))

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.facts import ClassProfile, Device, LessonMode
from scheduler.rules.fit import Fitted, fit_remote
from scheduler.rules.norms import judge_day
from tests.rules.made import PACK, RULES, TUESDAY, klass, lesson, rules_of

OF_LENGTH = {
    "LESSON_MAX", "LESSON_MAX_G1_H1", "LESSON_MAX_G1_H2", "LESSON_MAX_OVZ", "REMOTE_LESSON_MAX", "SCREEN_LESSON",
}  # fmt: skip


def fit(end, *classes, day=TUESDAY):
    return fit_remote(time(9), end, classes=classes, day=day, pack=PACK)


def test_fit_of_45_minutes_keeps_the_start():
    assert fit(time(9, 45), klass(7)) == Fitted(time(9), time(9, 40), 30)


def test_fit_of_a_short_lesson_leaves_it():
    assert fit(time(9, 25), klass(7)) == Fitted(time(9), time(9, 25), 25)


@pytest.mark.parametrize(("day", "end"), [(date(2026, 12, 31), time(9, 35)), (date(2027, 1, 11), time(9, 40))])
def test_fit_of_grade_one_by_half_year(day, end):
    assert fit(time(9, 45), klass(1), day=day) == Fitted(time(9), end, 20)


def test_fit_takes_the_strictest_of_several_classes():
    assert fit(time(9, 45), klass(11), klass(4, device=Device.TABLET)).online_minutes == 15
    assert fit(time(9, 45), klass(11), klass(1)).end == time(9, 35)


def test_fit_of_no_class_is_held_to_the_row_of_unknown_grades():
    assert fit(time(9, 45)) == Fitted(time(9), time(9, 40), 30)


@given(
    grade=st.none() | st.integers(0, 13),
    profile=st.sampled_from(list(ClassProfile)),
    device=st.sampled_from(list(Device)),
    length=st.integers(1, 120),
    day=st.dates(date(2026, 9, 1), date(2026, 12, 31)),
)
def test_fitted_lesson_breaks_no_norm_of_length_or_of_its_call(grade, profile, device, length, day):
    of = klass(grade, profile=profile, device=device)
    fitted = fit_remote(time(9), time(9 + length // 60, length % 60), classes=[of], day=day, pack=PACK)
    remote = lesson(at=(fitted.start, fitted.end), mode=LessonMode.CALL, online_minutes=fitted.online_minutes, day=day)

    assert OF_LENGTH.isdisjoint(rules_of(judge_day(of, [remote], PACK, RULES)))
    assert fitted.end <= time(9 + length // 60, length % 60)

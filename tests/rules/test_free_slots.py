from dataclasses import replace
from datetime import date, datetime, time

import pytest

from scheduler.rules.bells import PeriodFacts
from scheduler.rules.facts import LessonMode, Severity
from scheduler.rules.free_slots import Surroundings, nearest_free, why_closed
from scheduler.rules.judge import judge_change
from scheduler.rules.reasons import ClosedReason, TeacherClosureFacts
from scheduler.rules.series import SpecialDays
from tests.rules.made import (
    BELLS,
    FRIDAY,
    MONDAY,
    RULES,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    call,
    club,
    group,
    klass,
    lesson,
    pack_of,
    rules_of,
    week_of,
)  # fmt: skip

PERIODS = [PeriodFacts(number, *hours) for number, hours in BELLS.items()]
KIM = frozenset({5})
WISH = call(2, id=None, teacher_ids=KIM)


def around(lessons=(), **values):
    plain = {
        "lessons": lessons, "classes": {1: klass(7)}, "pack_of": pack_of, "rules": RULES,
        "now": datetime.combine(MONDAY, time(6, 40)),
    }  # fmt: skip
    return Surroundings(**plain | values)


def hours(*days):
    return [(day, period) for day in days for period in PERIODS]


def places(offers):
    return [(offer.lesson.date, offer.lesson.period) for offer in offers]


def reasons(day, number, scene, wish=WISH):
    period = next(one for one in PERIODS if one.number == number)
    return [one.reason for one in why_closed(wish, day, period, scene)]


def test_nearest_hours_are_free_for_class_and_teacher():
    class_week = week_of(5, 5, 5, 5, 5)
    teacher_busy = lesson(6, TUESDAY, teacher_ids=KIM, group=group(7, class_id=2))

    offers = nearest_free(WISH, hours(TUESDAY), around([*class_week, teacher_busy]))

    assert places(offers) == [(TUESDAY, 7), (TUESDAY, 8)]


def test_nearest_hours_without_a_warning_come_first():
    week = week_of(5, 0, 4, 5, 5)

    offers = nearest_free(WISH, hours(MONDAY, TUESDAY), around(week))

    assert places(offers) == [(TUESDAY, 1), (TUESDAY, 3), (TUESDAY, 4)]
    assert [offer.findings for offer in offers] == [(), (), ()]


def test_nearest_hour_with_a_warning_is_offered_for_want_of_a_better_one():
    offers = nearest_free(WISH, hours(TUESDAY), around(week_of(0, 6)))

    assert [(offer.lesson.period, rules_of(offer.findings)) for offer in offers] == [(8, []), (7, ["REMOTE_GAP"])]


def test_nearest_hours_never_lie_in_a_possible_clash_with_a_club():
    busy = [lesson(hour, TUESDAY, group=club()) for hour in BELLS if hour != 5][:6]

    assert places(nearest_free(WISH, hours(TUESDAY), around(busy), count=1)) == [(TUESDAY, 5)]


def test_nearest_hours_are_nearest_in_days_then_in_time():
    offers = nearest_free(WISH, hours(THURSDAY, WEDNESDAY, TUESDAY, MONDAY), around(), count=30)

    assert places(offers)[:2] == [(TUESDAY, 1), (TUESDAY, 3)]
    assert [offer.lesson.date for offer in offers][7:9] == [MONDAY, WEDNESDAY]
    assert [offer.lesson.date for offer in offers][-1] == THURSDAY


def test_offered_lesson_is_fitted_to_the_hour():
    long_bells = [(TUESDAY, PeriodFacts(1, time(9), time(9, 45)))]

    (offer,) = nearest_free(WISH, long_bells, around())
    (in_person,) = nearest_free(replace(WISH, mode=LessonMode.IN_PERSON), long_bells, around())
    (alone,) = nearest_free(replace(WISH, mode=LessonMode.SELF_STUDY), long_bells, around())

    assert (offer.lesson.end, offer.lesson.online_minutes) == (time(9, 40), 30)
    assert in_person.lesson.end == time(9, 45)
    assert (alone.lesson.end, alone.lesson.online_minutes) == (time(9, 40), None)


def test_offers_were_checked_with_the_same_judge():
    scene = around(week_of(7, 5, 6, 6, 6))

    for offer in nearest_free(WISH, hours(MONDAY, TUESDAY, WEDNESDAY), scene, count=9):
        found = judge_change(
            scene.lessons, [*scene.lessons, offer.lesson], classes=scene.classes, pack_of=pack_of, rules=RULES
        )
        assert tuple(found) == offer.findings
        assert Severity.LAW not in {one.severity for one in found}


def test_move_does_not_clash_with_the_lesson_itself():
    standing = call(2, teacher_ids=KIM)

    assert reasons(TUESDAY, 2, around([standing]), standing) == []


@pytest.mark.parametrize(
    ("day", "number", "values", "reason"),
    [
        (MONDAY, 1, {"now": datetime.combine(MONDAY, time(8, 30))}, ClosedReason.PAST),
        (SATURDAY, 1, {}, ClosedReason.NO_SCHOOL_DAY),
        (TUESDAY, 1, {"special": [SpecialDays("День школы", TUESDAY, TUESDAY)]}, ClosedReason.HOLIDAY),
        (TUESDAY, 1, {"closures": [TeacherClosureFacts(5, "вторая школа", weekday=2)]}, ClosedReason.TEACHER_CLOSED),
        (TUESDAY, 1, {"lessons": [lesson(1)]}, ClosedReason.TAKEN),
        (FRIDAY, 8, {"lessons": week_of(0, 0, 0, 0, 7)}, ClosedReason.LIMIT_REACHED),
    ],
)
def test_hour_says_why_it_is_closed(day, number, values, reason):
    scene = around(**values)

    assert reasons(day, number, scene) == [reason]
    assert places(nearest_free(WISH, [(day, PERIODS[number - 1])], scene)) == []


def test_hour_outside_the_school_day_says_so():
    evening = PeriodFacts(12, time(18, 30), time(19, 10))
    in_person = replace(WISH, mode=LessonMode.IN_PERSON)

    (closed,) = why_closed(in_person, TUESDAY, evening, around())

    assert (closed.reason, closed.finding.rule) == (ClosedReason.OUTSIDE_HOURS, "DAY_END_MAX")


@pytest.mark.parametrize(
    ("values", "is_met"),
    [
        ({}, True),
        ({"weekday": 3}, False),
        ({"start": time(9, 10)}, False),
        ({"end": time(8, 30)}, False),
        ({"start": time(9), "end": time(12)}, True),
        ({"date_from": date(2026, 12, 1)}, False),
        ({"date_to": date(2026, 11, 1)}, False),
    ],
)
def test_closed_hours_of_a_teacher(values, is_met):
    assert TeacherClosureFacts(5, **values).meets(lesson(1, teacher_ids=KIM)) is is_met
    assert TeacherClosureFacts(6, **values).meets(lesson(1, teacher_ids=KIM)) is False

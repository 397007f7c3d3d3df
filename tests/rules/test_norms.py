from datetime import date, timedelta

from scheduler.rules.norms import judge_class, judge_day, judge_week
from scheduler.rules.packs import load_packs, pack_for
from tests.rules.made import (
    HALF_1,
    HALF_2,
    MONDAY,
    PACK,
    RULES,
    TUESDAY,
    call,
    day_of,
    group,
    klass,
    lesson,
    rules_of,
    week_of,
)  # fmt: skip


def test_day_and_week_of_a_sound_timetable_give_no_finding():
    week = [one for one in week_of(7, 6, 6, 7, 6) if not (one.date == TUESDAY and one.period == 4)]
    week += [lesson(4, TUESDAY, group=HALF_1), lesson(4, TUESDAY, group=HALF_2)]

    days = [
        judge_day(klass(), [one for one in week if one.date == day], PACK, RULES) for day in {one.date for one in week}
    ]

    assert [finding for day in days for finding in day] == []
    assert judge_week(klass(), week, PACK, RULES) == []
    assert judge_class(klass(), week, PACK, RULES) == []


def test_day_joins_the_findings_of_every_subject():
    lessons = [*day_of(7), lesson(8), call(8, minutes=40, id=None)]

    assert {"LESSONS_DAY_G7_11", "SCREEN_LESSON"} <= set(rules_of(judge_day(klass(), lessons, PACK, RULES)))


def test_day_of_other_classes_and_of_private_groups_is_not_judged():
    others = [call(8, minutes=99, group=group(5, class_id=2)), call(8, minutes=99, group=group(6, is_private=True))]

    assert judge_day(klass(), others, PACK, RULES) == []
    assert judge_week(klass(), others, PACK, RULES) == []
    assert judge_class(klass(None), others, PACK, RULES) == []


def test_class_tells_what_holds_whatever_the_timetable_is():
    day = date(2027, 1, 12)
    expired = pack_for(day, load_packs())

    found = judge_class(klass(None, shift=3), day_of(1, day), expired, RULES)

    assert rules_of(found) == ["GRADE_UNKNOWN", "PACK_EXPIRED", "THREE_SHIFT_BAN"]
    assert {finding.day for finding in found} == {day - timedelta(days=1)}
    assert MONDAY.isoweekday() == 1

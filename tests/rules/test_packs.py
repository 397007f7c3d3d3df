from dataclasses import replace
from datetime import date, time

import pytest

from scheduler.rules.facts import ClassProfile, Device, Severity
from scheduler.rules.pack import grade_label, norm_grade
from scheduler.rules.pack_files import _range
from scheduler.rules.packs import expired_note, grade_note, load_packs, pack_for
from scheduler.rules.settings import SchoolRules
from tests.rules.made import PACK, TUESDAY, klass

REMEMBERED = {"REMOTE_DAY_END_MAX", "REMOTE_LESSON_MAX", "EXTRACURRICULAR_WEEK"}


def test_pack_in_force_until_its_last_day():
    assert pack_for(date(2026, 12, 31), load_packs()).expired is False
    assert pack_for(date(2027, 1, 1), load_packs()).expired is True
    assert pack_for(date(2020, 1, 1), load_packs()).expired is True


def test_pack_newest_of_two_in_force_wins():
    newer = replace(PACK, code="ru-2026", valid_from=date(2026, 9, 1))

    assert pack_for(TUESDAY, [newer, PACK]).code == "ru-2026"
    assert pack_for(date(2026, 8, 31), [newer, PACK]).code == "ru-2021"


def test_pack_without_any_is_an_error():
    with pytest.raises(ValueError, match="no rule pack"):
        pack_for(TUESDAY, [])


def test_expired_note_names_the_last_day():
    note = expired_note(pack_for(date(2027, 1, 11), load_packs()), date(2027, 1, 11))

    assert (note.rule, note.severity, note.params["valid_to"]) == ("PACK_EXPIRED", Severity.INFO, date(2026, 12, 31))
    assert expired_note(PACK, TUESDAY) is None


def test_pack_figures_without_source_are_those_only_remembered():
    norms = {**PACK.bounds, **PACK.limits, **PACK.bans}

    assert {rule for rule, norm in norms.items() if norm.source is None} == REMEMBERED
    assert PACK.screen[Device.TABLET][7].lesson.source is None
    assert PACK.screen[Device.TABLET][7].day_home.source is not None
    assert [rule.norm.source is None for rule in PACK.shifts] == [False, True]


def test_pack_holds_the_figures_of_the_table():
    assert PACK.bounds["DAY_START_MIN"].limit == time(8)
    assert [PACK.lessons_per_day[grade].usual.limit for grade in range(1, 12)] == [4, 5, 5, 5, 6, 6, 7, 7, 7, 7, 7]
    assert [PACK.week_load[grade].five_days.limit for grade in range(1, 12)] == [
        21, 23, 23, 23, 29, 30, 32, 33, 33, 34, 34,
    ]  # fmt: skip
    assert PACK.week_load[1].six_days is None
    row = PACK.screen[Device.PC][11]
    assert (row.grades, row.lesson.limit, row.day_school.limit, row.day_home.limit) == ("10–11", 35, 70, 170)


@pytest.mark.parametrize(
    ("grade", "held_to", "label"), [(None, 8, "5–9"), (0, 1, "1"), (4, 4, "4"), (11, 11, "11"), (13, 11, "11")]
)
def test_grade_that_a_class_is_held_to(grade, held_to, label):
    assert (norm_grade(klass(grade)), grade_label(klass(grade))) == (held_to, label)


def test_grade_one_by_profile_needs_no_grade():
    first = klass(None, profile=ClassProfile.GRADE_ONE)

    assert (norm_grade(first), grade_label(first), grade_note(first, TUESDAY)) == (1, "1", None)


def test_grade_that_nobody_stated_is_noted():
    assert grade_note(klass(None, label="Ромашка"), TUESDAY).params == {"class": "Ромашка", "grade": "5–9"}
    assert grade_note(klass(5), TUESDAY) is None


def test_severity_of_a_rule_without_source_warns_until_the_school_makes_it_block():
    strict = SchoolRules(severities={"REMOTE_LESSON_MAX": Severity.LAW, "SCREEN_DAY_HOME": Severity.WARN})

    assert SchoolRules().severity_of("REMOTE_LESSON_MAX", Severity.LAW, None) is Severity.WARN
    assert SchoolRules().severity_of("X", Severity.INFO, None) is Severity.INFO
    assert strict.severity_of("REMOTE_LESSON_MAX", Severity.LAW, None) is Severity.LAW
    assert strict.severity_of("SCREEN_DAY_HOME", Severity.LAW, "акт") is Severity.WARN


def test_pack_with_grades_that_do_not_exist_is_an_error():
    with pytest.raises(ValueError, match="no grades"):
        _range(5, 12)

from dataclasses import replace
from datetime import date, time, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.facts import ClassFacts, LessonKind, LessonMode, LessonState, Severity
from scheduler.rules.judge import judge_change
from scheduler.rules.settings import SchoolRules
from tests.rules.made import (
    BELLS,
    FRIDAY,
    HALF_1,
    HALF_2,
    MONDAY,
    RULES,
    TUESDAY,
    WEDNESDAY,
    WHOLE,
    call,
    club,
    group,
    klass,
    lesson,
    pack_of,
    rules_of,
    the,
    week_of,
)  # fmt: skip

ONE = {1: klass(7)}
# Taking a lesson away can leave no lighter day, or make another lesson the last one, the second one, the nearest one;
# it can never put anybody in two places, and it must never be blocked.
UNCOVERED = {"LIGHT_DAY", "BIG_BREAK", "GAP_EXTRACURRICULAR", "REMOTE_GAP", "LESSONS_DAY_G1", "LESSONS_DAY_G2_4"}


def judge(before, after, classes=None, rules=RULES, **values):
    return judge_change(before, after, classes=classes or ONE, pack_of=pack_of, rules=rules, **values)


def turned(lessons, *hours, minutes=30, day=TUESDAY):
    """The lessons with those of some hours turned into calls."""
    return [
        replace(one, mode=LessonMode.CALL, online_minutes=minutes) if one.date == day and one.period in hours else one
        for one in lessons
    ]


def test_change_of_nothing_has_no_findings():
    broken = [*week_of(8, 8, 8, 8, 8), lesson(1), call(2, minutes=99)]

    assert judge(broken, list(broken)) == []


def test_change_with_a_clash_blocks_and_comes_first():
    week = week_of(5, 5, 4, 5, 5)
    wish = call(2, minutes=40, id=None)

    found = judge(week, [*week, wish])

    assert [one.rule for one in found[:2]] == ["CLASH_GROUP", "SCREEN_LESSON"]
    assert [one.severity for one in found] == sorted((one.severity for one in found), key=list(Severity).index)


def test_change_elsewhere_does_not_tell_old_breaches():
    week = [*week_of(8, 5, 4, 5, 5), lesson(1, MONDAY)]
    after = [replace(one, title="Физика") if one.date == FRIDAY else one for one in week]

    assert judge(week, after) == []


def test_change_that_makes_an_old_breach_worse_tells_it():
    week = week_of(8, 5, 4, 5, 5)
    ninth = lesson(8, MONDAY, at=(time(16), time(16, 40)), id=None, period=9)

    assert the(judge(week, [*week, ninth]), "LESSONS_DAY_G7_11").params["count"] == 9


def test_change_that_makes_an_old_breach_smaller_does_not_tell_it():
    week = week_of(9 - 1, 5, 4, 5, 5)

    assert judge([*week, lesson(8, MONDAY, at=(time(16), time(16, 40)))], week) == []


def test_change_of_screen_time_names_what_was_and_what_is_left():
    week = week_of(6, 6, 5, 6, 6)
    before = turned(week, 1)
    wish = call(7, minutes=35, id=None)

    found = the(judge(before, [*before, wish]), "SCREEN_DAY_SCHOOL")

    assert (found.params["used"], found.params["total"], found.params["fit"]) == (30, 65, 30)


def test_change_of_several_calls_offers_no_minutes():
    week = week_of(6, 6, 5, 6, 6)

    found = the(judge(week, turned(week, 1, 2, 3)), "SCREEN_DAY_SCHOOL")

    assert (found.params["used"], found.params["fit"]) == (0, 0)


def test_change_from_the_home_column_back_under_it_is_better_not_new():
    week = week_of(6, 6, 5, 6, 6)

    assert "SCREEN_DAY_HOME" in rules_of(judge(week, turned(week, 1, 2, 3, 4, 5)))
    assert judge(turned(week, 1, 2, 3, 4, 5), turned(week, 1, 2, 3, 4)) != judge(week, turned(week, 1, 2, 3, 4))
    assert "SCREEN_DAY_SCHOOL" not in rules_of(judge(turned(week, 1, 2, 3, 4, 5), turned(week, 1, 2, 3, 4)))


def test_change_that_moves_a_long_lesson_does_not_make_it_longer():
    double = lesson(6, MONDAY, at=(time(13, 15), time(14, 5)))
    week = [*week_of(4, 4, 3, 4, 4), double]

    assert judge(week, [*week[:-1], replace(double, date=TUESDAY)]) == []


def test_change_of_an_imported_clash_is_told_only_where_it_grows():
    one, other = (
        lesson(1, teacher_ids=frozenset({5})),
        lesson(1, teacher_ids=frozenset({5}), group=group(7, class_id=2)),
    )

    assert judge([one, other], [replace(one, title="иначе"), other]) == []
    third = lesson(1, teacher_ids=frozenset({5}), group=group(8, class_id=3), id=None)
    assert rules_of(judge([one, other], [one, other, third])) == ["CLASH_TEACHER", "CLASH_TEACHER"]


def test_change_of_teacher_in_an_old_clash_of_pupils_tells_the_new_teacher_only():
    one, other = lesson(1), lesson(1, teacher_ids=frozenset({5}))

    assert rules_of(judge([one, other], [replace(one, teacher_ids=frozenset({5})), other])) == ["CLASH_TEACHER"]


def test_clash_names_the_lesson_that_stands_not_the_changed_one():
    standing = lesson(2, at=(time(9, 30), time(10)), title="Физика")
    wish = call(2, id=None, title="Алгебра", minutes=20)
    early = replace(wish, start=time(9, 15), end=time(9, 45))

    assert [the(judge([standing], [standing, one]), "CLASH_GROUP").params["other_title"] for one in (wish, early)] == [
        "Физика", "Физика",
    ]  # fmt: skip


def test_change_of_a_waiting_lesson_into_a_planned_one_is_not_new():
    wish = lesson(2, state=LessonState.WAITING)
    week = [*week_of(1, 2), wish]

    assert judge(week, [*week[:-1], replace(wish, state=LessonState.PLANNED)]) == []


def test_cancelling_and_bringing_back():
    standing, other = lesson(1), lesson(1)
    gone = replace(other, state=LessonState.CANCELLED)

    assert judge([standing, other], [standing, gone]) == []
    assert rules_of(judge([standing, gone], [standing, other])) == ["CLASH_GROUP"]


def test_cancelling_what_held_an_activity_off_warns_but_does_not_block():
    activity = lesson(2, at=(time(9, 15), time(9, 40)), kind=LessonKind.EXTRACURRICULAR)
    before = [lesson(1), activity, lesson(3)]

    assert the(judge(before, before[:2]), "GAP_EXTRACURRICULAR").severity is Severity.WARN
    assert the(judge(before[:1], before[:2]), "GAP_EXTRACURRICULAR").severity is Severity.LAW


def test_two_wishes_of_one_series_clash_with_each_other():
    wish = call(2, id=None)

    assert rules_of(judge([], [wish, replace(wish)])) == ["CLASH_GROUP", "CLASH_TEACHER"]
    assert judge([wish], [replace(wish)]) == []


def test_schools_severity_holds_for_soft_clashes_and_norms_but_not_for_people():
    week, soft = week_of(5), Severity.INFO
    rules = SchoolRules(severities={"CLASH_CLUB": Severity.LAW, "CLASH_GROUP": soft, "REMOTE_GAP": Severity.LAW})
    wish = call(5, MONDAY, id=None)

    assert the(judge(week, [*week, wish], rules=rules), "CLASH_GROUP").severity is Severity.LAW
    assert the(judge(week, [*week, wish], rules=rules), "REMOTE_GAP").severity is Severity.LAW
    with_club = judge(week, [*week, replace(wish, group=club())], rules=rules)
    assert the(with_club, "CLASH_CLUB").severity is Severity.LAW


def test_taken_apart_softens_a_booking():
    other = group(9, part="x", division=11)
    before = [lesson(1, group=HALF_1)]
    apart = frozenset({frozenset({HALF_1.id, 9})})

    found = judge(before, [*before, lesson(1, group=other, id=None)], taken_apart=apart)

    assert rules_of(found) == ["CLASH_GROUP_ASSUMED_APART"]


def test_second_extra_lesson_of_the_week_is_told_by_a_booking():
    week = week_of(6, 5, 4, 5, 5, is_physical_education=True)
    wish = lesson(6, FRIDAY, is_physical_education=True, id=None)

    found = the(judge(week, [*week, wish], classes={1: klass(3, days_per_week=6)}), "LESSONS_DAY_G2_4")

    assert (found.day, found.params["used_on"]) == (FRIDAY, MONDAY)


def test_hints_come_once_for_a_class_and_a_pack():
    day = date(2027, 1, 11)
    wishes = [call(1, day, id=None), call(1, day + timedelta(days=1), id=None)]

    assert rules_of(judge([], wishes, classes={1: klass(None)})) == ["GRADE_UNKNOWN", "PACK_EXPIRED"]


def test_shift_of_a_class_is_not_told_by_a_booking():
    assert judge([], [call(1, id=None)], classes={1: klass(5, shift=2)}) == []


def test_class_that_is_not_known_is_not_judged():
    assert judge([], [call(1, minutes=99, id=None)], classes={2: klass(7, id=2)}) == []


kinds = st.sampled_from([LessonKind.LESSON, LessonKind.LESSON, LessonKind.EXTRACURRICULAR])
modes = st.sampled_from([LessonMode.IN_PERSON, LessonMode.CALL, LessonMode.SELF_STUDY])
some_lessons = st.lists(
    st.builds(
        lambda hour, ahead, of, kind, mode, pe: lesson(
            hour, MONDAY + timedelta(ahead), group=of, kind=kind, mode=mode, is_physical_education=pe,
            teacher_ids=frozenset({hour % 3}),
        ),
        st.integers(1, 8), st.integers(0, 5), st.sampled_from([WHOLE, HALF_1, HALF_2, club()]), kinds, modes,
        st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


@given(some_lessons, st.data(), st.sampled_from([None, 1, 3, 7, 10]))
def test_change_that_only_removes_lessons_never_blocks(lessons, data, grade):
    kept = [one for one in lessons if data.draw(st.booleans())]

    found = judge(lessons, kept, classes={1: klass(grade)})

    assert Severity.LAW not in {one.severity for one in found}
    assert {one.rule for one in found if one.severity is not Severity.INFO} <= UNCOVERED


@given(some_lessons, some_lessons)
def test_change_there_and_back_never_tells_one_finding_twice(before, after):
    classes = {1: klass(7)}
    there, back = judge(before, after, classes), judge(after, before, classes)

    sums = {"WEEK_LOAD_5D", "LIGHT_DAY", "EXTRACURRICULAR_WEEK"}
    assert sums.isdisjoint({one.rule for one in there} & {one.rule for one in back})


def school(classes_count):
    classes = {number: ClassFacts(number, f"{number}", number % 7 + 5) for number in range(1, classes_count + 1)}
    lessons = [
        lesson(
            hour, MONDAY + timedelta(ahead), group=group(number, number), teacher_ids=frozenset({number * 10 + hour})
        )
        for number in classes
        for ahead in range(5)
        for hour in range(1, 7 - (ahead == 2))
    ]
    return classes, lessons


@pytest.mark.parametrize(("classes_count", "most"), [(30, 0.4), (60, 0.8)])
def test_remote_day_of_a_whole_school_is_judged_quickly(classes_count, most):
    classes, lessons = school(classes_count)
    after = turned(lessons, 1, 3, minutes=25)

    begun = process_time()
    found = judge(lessons, after, classes=classes)

    assert process_time() - begun < most
    assert {one.rule for one in found} == {"REMOTE_GAP"}
    assert WEDNESDAY not in {one.day for one in found}
    assert len(BELLS) == 8

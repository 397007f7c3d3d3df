"""The mix as a remote day brings it: what was called before, what a person moved, and the optional solver."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.planning.errors import PlanningError
from scheduler.planning.remote import mixing
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.preparing import preview_remote_day
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.planning.remote.wish import RemoteWish, wish_of
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, make_lesson, make_school

WEDNESDAY = TUESDAY + timedelta(days=1)
WISH = RemoteWish(TUESDAY, TUESDAY, text="мороз")


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    made = make_school(weekly_slots=False)
    with transaction() as session:
        row = session.get_one(School, made.id)
        row.call_way, row.rule_settings = CallWay.VK, {"remote_calls": {"7": 1}}
    return made


def one_day(school, day):
    """A lesson of algebra and one of physics, both for the whole class."""
    courses = (school.algebra_a, school.physics_a)
    return [make_lesson(school, course, day=day, period=n, mode=LessonMode.IN_PERSON) for n, course in
            enumerate(courses, start=1)]  # fmt: skip


def called(plan):
    return {row.lesson_id for row in plan.rows if row.mode is LessonMode.CALL and row.is_live}


def rules(plan):
    return {finding.rule for finding in plan.findings}


def test_hard_subjects_are_called_first_and_the_others_on_the_next_remote_day(school):
    algebra, physics = one_day(school, TUESDAY)
    algebra_next, physics_next = one_day(school, WEDNESDAY)
    next_wish = replace(WISH, first=WEDNESDAY, last=WEDNESDAY)
    assert called(preview_remote_day(school.id, WISH)) == {physics}
    assert called(preview_remote_day(school.id, next_wish)) == {physics_next}
    done = declare_remote_day(school.id, WISH)
    assert called(preview_remote_day(school.id, next_wish)) == {algebra_next}
    undo_remote_day(school.id, done.remote_day_id)
    assert called(preview_remote_day(school.id, next_wish)) == {physics_next}
    assert algebra not in called(preview_remote_day(school.id, WISH))


def test_a_decision_of_several_dates_calls_every_subject_once(school):
    ids = [*one_day(school, TUESDAY), *one_day(school, WEDNESDAY)]
    plan = preview_remote_day(school.id, replace(WISH, last=WEDNESDAY))
    assert called(plan) in ({ids[0], ids[3]}, {ids[1], ids[2]})


def test_what_a_person_moved_stands_and_leaves_room_for_nothing_more(school):
    algebra, physics = one_day(school, TUESDAY)
    assert called(preview_remote_day(school.id, replace(WISH, modes={algebra: LessonMode.CALL}))) == {algebra}
    assert called(preview_remote_day(school.id, replace(WISH, modes={physics: LessonMode.SELF_STUDY}))) == {algebra}


def test_three_calls_in_a_row_by_hand_are_told(school):
    ids = [*one_day(school, TUESDAY), make_lesson(school, school.algebra_a, period=3, mode=LessonMode.IN_PERSON)]
    plan = preview_remote_day(school.id, replace(WISH, modes=dict.fromkeys(ids, LessonMode.CALL)))
    assert called(plan) == set(ids)
    assert "CALLS_IN_A_ROW" in rules(plan)
    assert [one.text for one in plan.findings if one.rule == "CALLS_IN_A_ROW"] != [""]


def test_a_call_by_hand_without_a_way_to_join_is_told_and_never_proposed(school):
    with transaction() as session:
        session.get_one(School, school.id).call_way = CallWay.IN_CHAT
    half = make_lesson(school, school.english_1, period=5, mode=LessonMode.IN_PERSON)
    assert called(preview_remote_day(school.id, WISH)) == set()
    plan = preview_remote_day(school.id, replace(WISH, modes={half: LessonMode.CALL}))
    assert (called(plan), rules(plan)) == ({half}, {"CALL_WITHOUT_WAY"})


def test_two_calls_by_hand_in_one_room_are_told(school):
    with transaction() as session:
        session.get_one(School, school.id).call_way = CallWay.IN_CHAT
    algebra, physics = one_day(school, TUESDAY)
    plan = preview_remote_day(school.id, replace(WISH, modes={algebra: LessonMode.CALL, physics: LessonMode.CALL}))
    assert "CLASH_CALL" not in rules(plan)
    with transaction() as session:
        row = session.get_one(Lesson, physics)
        row.start, row.end = time(8, 40), time(9, 20)
        row.period = None
    plan = preview_remote_day(school.id, replace(WISH, modes={algebra: LessonMode.CALL, physics: LessonMode.CALL}))
    assert "CLASH_CALL" in rules(plan)


def test_the_solver_answers_no_worse_and_the_wish_is_kept(school):
    one_day(school, TUESDAY)
    wish = replace(WISH, uses_solver=True)
    assert wish_of(wish.plain()) == wish
    assert called(preview_remote_day(school.id, wish)) == called(preview_remote_day(school.id, WISH))


def test_without_the_solver_a_wish_for_it_is_refused_in_words(school, monkeypatch):
    monkeypatch.setattr(mixing, "solver_is_there", lambda: False)
    one_day(school, TUESDAY)
    with pytest.raises(PlanningError, match="make solver"):
        preview_remote_day(school.id, replace(WISH, uses_solver=True))
    assert len(called(preview_remote_day(school.id, WISH))) == 1

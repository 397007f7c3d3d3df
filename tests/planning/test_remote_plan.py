"""A prepared remote day: kept as shown, applied once, told anew where it is another plan now."""

from dataclasses import replace
from datetime import date, time

import pytest
import sqlalchemy as sa

from scheduler.database import db, transaction
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemotePlan, RemoteReason
from scheduler.models.school import School
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.remote.declaring import confirm_plan, declare_remote_day
from scheduler.planning.remote.plan import differing, read_plan
from scheduler.planning.remote.preparing import (
    move_lessons,
    prepare_remote_day,
    prepared_plan,
    preview_remote_day,
)
from scheduler.planning.remote.school_lines import Line, reason_of_words, remote_settings
from scheduler.planning.remote.undoing import undo_remote_days
from scheduler.planning.remote.wish import OwnBells, RemoteWish, Scope, wish_of
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.rules.remote_use import RemoteUse
from tests.factories import TUESDAY, count, make_lesson
from tests.planning.test_remote_day import WISH, activity, lessons, now, school, texts  # noqa: F401 - fixtures


def prepared(school, wish=WISH, **values):  # noqa: F811 - the fixture imported above
    return prepare_remote_day(school.id, wish, actor_id=school.director, **values)


def confirmed(school, plan_id, **values):  # noqa: F811
    return confirm_plan(school.id, plan_id, actor_id=school.director, **values)


def test_a_wish_is_kept_whole():
    wish = RemoteWish(
        TUESDAY, TUESDAY, Scope(frozenset({1, 2}), frozenset({7}), 1), RemoteReason.FROST, "мороз", "№ 1",
        RemoteUse.DROPPED, RemoteUse.SHORT_CALL, OwnBells(time(9), 30, 15, time(13)), {"meals_line": "Обеды."},
        {4: LessonMode.CALL},
    )  # fmt: skip
    assert wish_of(wish.plain()) == wish
    plain = RemoteWish(TUESDAY, TUESDAY)
    assert wish_of(plain.plain()) == plain


def test_a_plan_is_kept_as_it_was_shown(school):  # noqa: F811
    one = prepared(school)
    row = db.session.get_one(RemotePlan, one.id)
    assert read_plan(row.plan) == one.plan
    assert (row.digest, read_plan(row.plan).digest) == (one.plan.digest, one.plan.digest)
    assert one.plan.ways == {"vk": 3}


def test_a_plan_sent_twice_is_one_decision(school):  # noqa: F811
    plan_id = prepared(school).id
    first, second = confirmed(school, plan_id).declared, confirmed(school, plan_id).declared
    assert (first.changed, second.changed) == (4, 0)
    assert first.remote_day_id == second.remote_day_id
    assert count(RemoteDay) == 1
    assert wish_of(db.session.get_one(RemoteDay, first.remote_day_id).wish) == WISH


def test_a_change_that_leaves_the_plan_as_it_was_is_not_asked_about(school):  # noqa: F811
    plan_id = prepared(school).id
    make_lesson(school, school.algebra_b, day=date(2026, 11, 25), period=6, mode=LessonMode.IN_PERSON)
    assert confirmed(school, plan_id).declared.changed == 4


def test_another_plan_is_shown_before_it_is_applied(school):  # noqa: F811
    one = prepared(school)
    added = make_lesson(school, school.algebra_b, period=6, mode=LessonMode.IN_PERSON)
    newer = confirmed(school, one.id).newer
    assert newer.replaces_id == one.id
    assert [(old, new.lesson_id) for old, new in differing(one.plan, newer.plan)] == [(None, added)]
    assert count(RemoteDay) == 0
    assert confirmed(school, newer.id).declared.changed == 5


def test_whoever_confirms_second_is_answered_the_first_decision(school):  # noqa: F811
    one, other = prepared(school), prepared(school)
    first = confirmed(school, one.id).declared
    second = confirmed(school, other.id).declared
    assert (second.changed, second.remote_day_id) == (0, first.remote_day_id)


def test_a_moved_lesson_moves_no_other(school):  # noqa: F811
    one = prepared(school)
    moved = next(row for row in one.plan.rows if row.is_call)
    before, after = move_lessons(school.id, one.id, {moved.lesson_id: LessonMode.SELF_STUDY}, actor_id=school.director)
    assert before.plan == one.plan
    assert [(old.lesson_id, new.mode) for old, new in differing(one.plan, after.plan)] == [
        (moved.lesson_id, LessonMode.SELF_STUDY)
    ]
    assert prepared_plan(db.session(), school.id, after.id).replaces_id == one.id


def test_a_broken_norm_needs_a_reason_at_the_end(school):  # noqa: F811
    with transaction() as session:
        session.get_one(School, school.id).rule_settings = {"severities": {"SCREEN_DAY_SCHOOL": "law"}}
    one = prepared(school)
    every = {row.lesson_id: LessonMode.CALL for row in one.plan.rows}
    _before, after = move_lessons(school.id, one.id, every, actor_id=school.director)
    assert after.plan.blocking
    with pytest.raises(ReasonNeededError):
        confirmed(school, after.id)
    assert confirmed(school, after.id, override="экзамен").declared.changed == 4


def test_who_may_not_declare_prepares_nothing(school):  # noqa: F811
    with pytest.raises(NotAllowedError):
        prepare_remote_day(school.id, WISH, actor_id=school.kim)
    with pytest.raises(NotThereError):
        confirmed(school, 999)


def test_own_bells_are_counted_from_their_start(school):  # noqa: F811
    wish = replace(WISH, bells=OwnBells(time(9, 30), 25, 15))
    assert [(row.start, row.end) for row in preview_remote_day(school.id, wish).rows] == [
        (time(9, 30), time(9, 55)), (time(10, 10), time(10, 35)), (time(10, 50), time(11, 15)),
        (time(11, 30), time(11, 55)),
    ]  # fmt: skip
    assert OwnBells(time(9), 30, 10).hour(1, 2) is None
    assert OwnBells(time(22), 60, 30).hour(2, 1) is None
    assert OwnBells(time(9), 30, 10, time(13)).hour(2, 2) == (time(13, 40), time(14, 10))


def stated(school, course_name, use):  # noqa: F811
    with transaction() as session:
        session.scalars(sa.select(Subject).where(Subject.name == course_name)).one().remote_use = use


@pytest.mark.parametrize(
    ("own", "said", "mode", "state"),
    [
        (RemoteUse.SELF_STUDY, None, LessonMode.SELF_STUDY, LessonState.PLANNED),
        (RemoteUse.DROPPED, None, LessonMode.IN_PERSON, LessonState.CANCELLED),
        (RemoteUse.SELF_STUDY, RemoteUse.DROPPED, LessonMode.IN_PERSON, LessonState.CANCELLED),
        (RemoteUse.SELF_STUDY, RemoteUse.AS_OTHERS, LessonMode.CALL, LessonState.PLANNED),
        (RemoteUse.AS_OTHERS, RemoteUse.DROPPED, LessonMode.CALL, LessonState.PLANNED),
    ],
)
def test_a_subject_has_its_own_use(school, own, said, mode, state):  # noqa: F811
    stated(school, "Алгебра", own)
    rows = preview_remote_day(school.id, replace(WISH, subjects=said)).rows
    first = next(row for row in rows if row.class_ids == (school.class_b,))
    assert (first.mode, first.state) == (mode, state)


def test_an_activity_is_a_short_call_where_somebody_wished_it(school):  # noqa: F811
    lesson_id = activity(school)
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        other = session.scalars(sa.select(Lesson).where(Lesson.course_id == school.physics_a)).one()
        lesson.teaching = [type(other.teaching[0])(school_id=school.id, person_id=school.kim)]
    rows = preview_remote_day(school.id, replace(WISH, activities=RemoteUse.SHORT_CALL)).by_id
    assert (rows[lesson_id].mode, rows[lesson_id].online_minutes) == (LessonMode.CALL, 15)
    stated(school, "Кружок", RemoteUse.SELF_STUDY)
    assert preview_remote_day(school.id, WISH).by_id[lesson_id].mode is LessonMode.SELF_STUDY
    dropped = preview_remote_day(school.id, replace(WISH, activities=RemoteUse.DROPPED))
    assert not dropped.by_id[lesson_id].is_live


def test_the_reason_brings_the_schools_own_lines(school):  # noqa: F811
    with transaction() as session:
        session.get_one(School, school.id).remote_settings = {
            "texts": {"transport_line": "Автобус не выходит на маршрут."},
            "contacts": {"duty_person": "Петрова А. И."},
        }
    declare_remote_day(school.id, replace(WISH, reason=RemoteReason.FROST))
    (parents,), (teachers,) = texts(school.parents_a), texts(school.teachers_chat)
    assert "его встретят и одного домой не отпустят.\nАвтобус не выходит на маршрут." in parents
    assert "школа: 8 (000) 000-00-00" in parents
    assert "встречает Петрова А. И." in teachers


def test_only_ticked_lines_are_told(school):  # noqa: F811
    settings = remote_settings(db.session.get_one(School, school.id))
    declare_remote_day(school.id, replace(WISH, lines=settings.chosen(frozenset({Line.PHONE}))))
    (parents,) = texts(school.parents_a)
    assert "не отпустят" not in parents
    assert "школа: 8 (000) 000-00-00" in parents


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("мороз −34 °C", RemoteReason.FROST),
        ("Карантин в 7А", RemoteReason.QUARANTINE_CLASS),
        ("авария отопления", RemoteReason.EMERGENCY),
        ("проверка", RemoteReason.OTHER),
    ],
)
def test_a_sentence_names_its_reason(text, reason):
    assert reason_of_words(text) is reason


def test_undo_keeps_to_whole_decisions(school):  # noqa: F811
    declare_remote_day(school.id, WISH)
    only_a = Scope(class_ids=frozenset({school.class_a}))
    with pytest.raises(PlanningError):
        undo_remote_days(school.id, TUESDAY, TUESDAY, scope=only_a)
    undone = undo_remote_days(school.id, TUESDAY, TUESDAY, scope=Scope(grades=frozenset({7})))
    assert undone.changed == 4
    assert undo_remote_days(school.id, TUESDAY, TUESDAY, scope=only_a).remote_day_ids == ()
    assert [one.mode for one in lessons(school)] == [LessonMode.IN_PERSON] * 4

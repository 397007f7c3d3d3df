"""«Урок проведён»: who may say it and when, and that nothing rewrites such a lesson afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.calendars.feeds import feed_for_class
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay
from scheduler.models.school_day import week_of
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.holding import mark_held, unmark_held
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, make_lesson, make_school
from tests.web.remote import MORNING, declare, make_morning

DURING = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_school(weekly_slots=False)


@pytest.fixture
def lesson_id(school, now):
    now[0] = DURING
    return make_lesson(school, school.algebra_a, period=1)


def columns(lesson_id):
    db.session.rollback()
    lesson = db.session.get_one(Lesson, lesson_id)
    return {column.name: getattr(lesson, column.name) for column in Lesson.__table__.columns}


def test_the_mark_changes_the_state_alone(school, lesson_id):
    before = columns(lesson_id)
    mark_held(school.id, lesson_id, actor_id=school.ivanova)
    mark_held(school.id, lesson_id, actor_id=school.ivanova)
    assert columns(lesson_id) == {**before, "state": LessonState.HELD}
    unmark_held(school.id, lesson_id, actor_id=school.ivanova)
    assert columns(lesson_id) == before


def test_calendars_do_not_see_the_mark(school, lesson_id, client):
    path = feed_for_class(school.id, school.class_a).url.removeprefix("http://school.test")
    before = client.get(path)
    mark_held(school.id, lesson_id, actor_id=school.ivanova)
    after = client.get(path)
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert b"BEGIN:VEVENT" in after.data


def test_a_lesson_that_has_not_begun_is_not_held(school, lesson_id, now):
    now[0] = MORNING
    with pytest.raises(PlanningError):
        mark_held(school.id, lesson_id, actor_id=school.ivanova)
    assert columns(lesson_id)["state"] is LessonState.PLANNED


def test_a_cancelled_lesson_is_not_held(school, lesson_id):
    cancelled = make_lesson(school, school.algebra_a, period=1, state=LessonState.CANCELLED)
    with pytest.raises(PlanningError):
        mark_held(school.id, cancelled, actor_id=school.ivanova)
    assert columns(cancelled)["state"] is LessonState.CANCELLED


def test_only_who_plans_the_lesson_marks_it(school, lesson_id):
    with pytest.raises(NotAllowedError):
        mark_held(school.id, lesson_id, actor_id=school.kim)
    other = make_school(name="Школа № 99", weekly_slots=False)
    with pytest.raises(NotThereError):
        mark_held(other.id, lesson_id, actor_id=other.director)
    mark_held(school.id, lesson_id, actor_id=school.director)
    assert columns(lesson_id)["state"] is LessonState.HELD


def test_a_slip_is_mended_on_the_same_day_only(school, lesson_id, now):
    mark_held(school.id, lesson_id, actor_id=school.ivanova)
    now[0] = DURING + timedelta(days=1)
    with pytest.raises(PlanningError):
        unmark_held(school.id, lesson_id, actor_id=school.ivanova)
    assert columns(lesson_id)["state"] is LessonState.HELD


def test_a_held_lesson_is_neither_moved_nor_cancelled(school, lesson_id):
    mark_held(school.id, lesson_id, actor_id=school.ivanova)
    before = columns(lesson_id)
    with pytest.raises(PlanningError):
        change_lesson(school.id, lesson_id, LessonEdit(period=5), actor_id=school.director)
    with pytest.raises(PlanningError):
        cancel_lesson(school.id, lesson_id, actor_id=school.director)
    assert columns(lesson_id) == before


def test_publishing_again_leaves_a_held_lesson_alone(app, now):
    school = make_school()
    publish_timetable(school.id, week_of(TUESDAY)[0], week_of(TUESDAY)[-1], actor_id=None)
    lesson = db.session.query(Lesson).filter_by(course_id=school.algebra_a, date=TUESDAY).one()
    held = lesson.id
    now[0] = DURING
    mark_held(school.id, held, actor_id=school.ivanova)
    before = columns(held)
    with transaction() as session:
        for slot in session.query(TimetableSlot).filter_by(course_id=school.algebra_a):
            session.delete(slot)
    publish_timetable(school.id, week_of(TUESDAY)[0], week_of(TUESDAY)[-1], actor_id=None)
    assert columns(held) == before


def test_undoing_a_remote_day_leaves_a_held_lesson_alone(app, now):
    school = make_morning()
    day_id = declare(school)
    first = db.session.query(Lesson).filter_by(school_id=school.id).order_by(Lesson.start).first().id
    now[0] = columns(first)["starts_at"] + timedelta(minutes=5)
    mark_held(school.id, first, actor_id=school.director)
    before = columns(first)
    undo_remote_day(school.id, day_id, actor_id=school.director)
    assert columns(first) == before
    assert first in db.session.get_one(RemoteDay, day_id).kept
    others = db.session.query(Lesson).filter(Lesson.school_id == school.id, Lesson.id != first)
    assert {lesson.mode for lesson in others} == {LessonMode.IN_PERSON}

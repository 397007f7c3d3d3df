from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.calendars import Calendar
from scheduler.models.lessons import Lesson
from scheduler.models.school import Holiday, HolidayKind, Term
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.errors import PlanningError
from scheduler.planning.publish import publish_timetable
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import add, count, make_school

START, END = date(2026, 11, 23), date(2026, 12, 6)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


def lessons_of(course_id):
    db.session.rollback()
    return db.session.scalars(sa.select(Lesson).where(Lesson.course_id == course_id).order_by(Lesson.date)).all()


def test_publishing_makes_each_lesson_once(school):
    first = publish_timetable(school.id, START, END)
    assert (first.made, count(Lesson)) == (8, 8)
    second = publish_timetable(school.id, START, END)
    assert (second.made, second.unchanged, count(Lesson)) == (0, 8, 8)
    assert db.session.scalar(sa.select(Term.published_to)) == END
    assert count(Calendar) > 0


def test_holidays_and_working_saturdays_are_heeded(school):
    with transaction() as session:
        add(session, Holiday(school_id=school.id, name="Каникулы", start=date(2026, 12, 1), end=date(2026, 12, 1)))
        add(
            session,
            Holiday(
                school_id=school.id,
                name="Рабочая суббота",
                kind=HolidayKind.WORKING_SATURDAY,
                start=date(2026, 12, 5),
                end=date(2026, 12, 5),
                follows_weekday=2,
            ),
        )
    publish_timetable(school.id, START, END)
    assert [one.date.isoformat() for one in lessons_of(school.algebra_a)] == ["2026-11-24", "2026-12-05"]


def test_alternating_weeks_follow_the_anchor(school):
    with transaction() as session:
        session.execute(sa.update(TimetableSlot).where(TimetableSlot.course_id == school.algebra_a).values(weeks="10"))
    publish_timetable(school.id, START, END)
    assert [one.date.isoformat() for one in lessons_of(school.algebra_a)] == ["2026-11-24"]


def test_moved_slot_updates_in_place(school):
    publish_timetable(school.id, START, END)
    uids = [one.uid for one in lessons_of(school.algebra_a)]
    with transaction() as session:
        session.execute(
            sa.update(TimetableSlot).where(TimetableSlot.course_id == school.algebra_a).values(weekday=4, period=2)
        )
    again = publish_timetable(school.id, START, END)
    rows = lessons_of(school.algebra_a)
    assert (again.updated, again.made) == (2, 0)
    assert [one.uid for one in rows] == uids
    assert [(one.date.isoweekday(), one.sequence) for one in rows] == [(4, 1), (4, 1)]


def test_vanished_slot_cancels(school):
    publish_timetable(school.id, START, END)
    with transaction() as session:
        session.execute(sa.delete(TimetableSlot).where(TimetableSlot.course_id == school.algebra_a))
    again = publish_timetable(school.id, START, END)
    assert again.cancelled == 2
    assert {one.state for one in lessons_of(school.algebra_a)} == {LessonState.CANCELLED}


def test_lesson_changed_by_a_person_is_kept_and_listed(school):
    publish_timetable(school.id, START, END)
    first = lessons_of(school.algebra_a)[0]
    change_lesson(school.id, first.id, LessonEdit(period=5))
    again = publish_timetable(school.id, START, END)
    assert again.kept == (first.id,)
    assert [one.period for one in lessons_of(school.algebra_a)] == [5, 1]


def test_lesson_turned_remote_stays_remote(school):
    publish_timetable(school.id, START, END)
    first = lessons_of(school.algebra_a)[0]
    change_lesson(school.id, first.id, LessonEdit(mode=LessonMode.CALL))
    publish_timetable(school.id, START, END)
    assert lessons_of(school.algebra_a)[0].mode is LessonMode.CALL


def test_past_lessons_are_not_rewritten(school, monkeypatch):
    publish_timetable(school.id, START, END)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 28, 4, 0, tzinfo=UTC))
    with transaction() as session:
        session.execute(sa.update(TimetableSlot).where(TimetableSlot.course_id == school.algebra_a).values(period=6))
    again = publish_timetable(school.id, START, END)
    assert (again.updated, len(again.kept)) == (1, 1)
    assert [one.period for one in lessons_of(school.algebra_a)] == [1, 6]


def test_hours_without_bells_are_named(school):
    with transaction() as session:
        session.execute(sa.update(TimetableSlot).where(TimetableSlot.course_id == school.algebra_a).values(period=12))
    assert publish_timetable(school.id, START, END).without_bells == ("7А: 12",)


def test_dates_in_the_wrong_order_are_refused(school):
    with pytest.raises(PlanningError):
        publish_timetable(school.id, END, START)

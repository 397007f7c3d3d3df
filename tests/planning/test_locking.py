"""What two people do at the same moment: the second waits for the first and starts from what it left."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.calendars.feeds import feed_for_class
from scheduler.calendars.touch import touch_owners
from scheduler.database import db, transaction
from scheduler.models.calendars import Calendar, CalendarKind, feed_calendar
from scheduler.models.lessons import ChangeRequest, Lesson, RequestState
from scheduler.models.people import RoleGrant
from scheduler.models.school import School
from scheduler.models.school_day import locked_days
from scheduler.permissions import Role
from scheduler.planning.booking import LessonWish, book_in, book_lesson
from scheduler.planning.changing import (
    LessonEdit,
    cancel_lesson,
    change_in,
    change_lesson,
    decide_lesson,
    decide_request,
)
from scheduler.planning.errors import NotThereError, PlanningError, StaleError, TakenError
from scheduler.rules.facts import LessonState
from tests.factories import TUESDAY, count, make_person, make_school

MONDAY_MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY_MORNING)


@pytest.fixture
def school(app):
    return make_school()


class Other(threading.Thread):
    """Somebody else, at work in an application context of their own; `outcome` is the answer or the error."""

    def __init__(self, app, act):
        super().__init__(daemon=True)
        self.app, self.act, self.outcome = app, act, None
        self.start()

    def run(self):
        with self.app.app_context():
            try:
                self.outcome = self.act()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                self.outcome = error
            finally:
                db.session.remove()

    def waits(self):
        """Whether they are held up; half a second is enough to come as far as the lock."""
        self.join(0.5)
        return self.is_alive()

    def result(self):
        self.join(20)
        assert not self.is_alive()
        return self.outcome


def lesson(lesson_id) -> Lesson:
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def book(school, **values):
    values = {"course_id": school.algebra_a, "date": TUESDAY, "period": 1} | values
    return book_lesson(school.id, LessonWish(**values)).lesson_ids[0]


def test_an_edit_keeps_the_move_that_it_waited_for(app, school):
    first = book(school)
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: change_lesson(school.id, first, LessonEdit(topic="Дроби")))
        assert other.waits()
        change_in(session, school.id, first, LessonEdit(period=4))
    assert not isinstance(other.result(), Exception)
    row = lesson(first)
    assert (row.period, row.start.isoformat(), row.topic, row.sequence) == (4, "11:25:00", "Дроби", 2)


def test_a_cancelled_lesson_is_not_brought_back_by_an_edit(app, school):
    first = book(school)
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: change_lesson(school.id, first, LessonEdit(topic="Дроби")))
        assert other.waits()
        session.get_one(Lesson, first).state = LessonState.CANCELLED
    assert type(other.result()) is StaleError
    assert lesson(first).state is LessonState.CANCELLED


def test_a_cancellation_keeps_the_hour_that_it_waited_for(app, school):
    first = book(school)
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: cancel_lesson(school.id, first, reason="болезнь"))
        assert other.waits()
        change_in(session, school.id, first, LessonEdit(period=4))
    other.result()
    row = lesson(first)
    assert (row.state, row.period, row.sequence) == (LessonState.CANCELLED, 4, 2)


def test_a_lesson_moved_to_another_week_meanwhile_is_stale_or_changed_there(app, school):
    first = book(school)
    next_week = TUESDAY + timedelta(weeks=1)
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY, next_week])
        other = Other(app, lambda: change_lesson(school.id, first, LessonEdit(topic="Дроби")))
        assert other.waits()
        change_in(session, school.id, first, LessonEdit(day=next_week))
    is_stale = isinstance(other.result(), StaleError)
    row = lesson(first)
    assert is_stale == (db.engine.dialect.name == "postgresql")
    assert (row.date, row.topic) == (next_week, "" if is_stale else "Дроби")


def test_the_same_form_sent_twice_at_once_books_once(app, school):
    wish = LessonWish(school.algebra_a, TUESDAY, period=1)
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: book_lesson(school.id, wish, form_key="k1"))
        assert other.waits()
        first = book_in(session, school.id, wish, form_key="k1")
    assert other.result() == first
    assert count(Lesson) == 1


def test_of_two_people_taking_an_hour_one_is_told_what_stands_there(app, school):
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: book(school, course_id=school.physics_a))
        assert other.waits()
        book_in(session, school.id, LessonWish(school.algebra_a, TUESDAY, period=1))
    refusal = other.result()
    assert isinstance(refusal, TakenError)
    assert [finding.params["other_title"] for finding in refusal.findings[:1]] == ["Алгебра"]
    assert count(Lesson) == 1


def test_two_deputies_deciding_at_once_decide_once(app, school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
        deputy = make_person(session, school.id, ("Заваруева", "Нина", "Львовна"), role=Role.DEPUTY_HEAD).id
    waiting = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1), actor_id=school.ivanova)
    first = waiting.lesson_ids[0]
    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        other = Other(app, lambda: decide_lesson(school.id, first, is_given=True, actor_id=deputy))
        assert other.waits()
        session.get_one(Lesson, first).state = LessonState.CANCELLED
    assert type(other.result()) is PlanningError
    assert lesson(first).state is LessonState.CANCELLED


def test_a_request_is_decided_by_one_of_two(app, school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
        deputy = make_person(session, school.id, ("Заваруева", "Нина", "Львовна"), role=Role.DEPUTY_HEAD).id
        session.add(RoleGrant(school_id=school.id, person_id=school.kim, role=Role.DEPUTY_HEAD))
    first = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1), actor_id=deputy).lesson_ids[0]
    change_lesson(school.id, first, LessonEdit(period=5), actor_id=school.ivanova)
    request_id = db.session.scalar(sa.select(ChangeRequest.id))
    db.session.rollback()
    with transaction() as session:
        request = session.get(ChangeRequest, request_id, with_for_update=True)
        other = Other(app, lambda: decide_request(school.id, request_id, is_given=True, actor_id=deputy))
        assert other.waits()
        request.state = RequestState.REFUSED
    assert isinstance(other.result(), NotThereError)
    assert lesson(first).period == 1


def test_first_lessons_of_two_groups_in_different_weeks_do_not_wait_for_each_other_for_ever(app, school):
    """Both join the class's feed and both touch the same teacher's calendar."""
    feed = feed_for_class(school.id, school.class_a)
    with transaction() as session:
        session.execute(sa.delete(feed_calendar))
        session.execute(sa.delete(Calendar))
    with transaction() as session:
        later = LessonWish(school.english_2, TUESDAY + timedelta(weeks=1), period=2)
        touch_owners(session, school.id, {CalendarKind.TEACHER: {school.ivanova}})
        other = Other(app, lambda: book_lesson(school.id, later))
        assert other.waits()
        book_in(session, school.id, LessonWish(school.english_1, TUESDAY, period=2))
    assert not isinstance(other.result(), Exception)
    db.session.rollback()
    joined = sa.select(sa.func.count()).select_from(feed_calendar).where(feed_calendar.c.feed_id == feed.feed_id)
    groups = count(Calendar, Calendar.kind == CalendarKind.GROUP)
    assert (groups, db.session.scalar(joined)) == (2, 2)

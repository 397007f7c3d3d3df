from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.lessons import ChangeRequest, Lesson, LessonSeries, RuleOverride, SeriesDate
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import Holiday, School
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.booking import LessonWish, book_lesson, restore_series_date
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson, decide_lesson, decide_request
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError, TakenError
from scheduler.planning.permission import NotAllowedError
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, count, make_lesson, make_person, make_school

MONDAY_MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY_MORNING)


@pytest.fixture
def school(app):
    return make_school()


def lesson(lesson_id) -> Lesson:
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def wish(school, **values):
    return LessonWish(**{"course_id": school.algebra_a, "date": TUESDAY, "period": 1} | values)


def test_booking_makes_a_fitted_call(school):
    booked = book_lesson(school.id, wish(school))
    row = lesson(booked.lesson_ids[0])
    assert (row.mode, row.state, row.sequence) == (LessonMode.CALL, LessonState.PLANNED, 0)
    assert (row.start.isoformat(), row.online_minutes) == ("08:30:00", 30)
    assert row.starts_at == datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    assert [person.short_name for person in row.teachers] == ["Иванова Е. П."]
    assert count(AuditEvent, AuditEvent.action == "book") == 1


def test_booking_a_taken_hour_says_who_and_what(school):
    book_lesson(school.id, wish(school))
    with pytest.raises(TakenError) as refusal:
        book_lesson(school.id, wish(school, course_id=school.algebra_b))
    assert "Алгебра" in refusal.value.text
    assert count(Lesson) == 1


def test_booking_the_same_form_twice_books_once(school):
    first = book_lesson(school.id, wish(school), form_key="k1")
    second = book_lesson(school.id, wish(school), form_key="k1")
    assert (first.lesson_ids, count(Lesson)) == (second.lesson_ids, 1)


def test_two_language_groups_meet_in_one_hour(school):
    book_lesson(school.id, wish(school, course_id=school.english_1, period=2))
    book_lesson(school.id, wish(school, course_id=school.english_2, period=2))
    assert count(Lesson) == 2


def test_override_keeps_its_reason(school):
    book_lesson(school.id, wish(school))
    book_lesson(school.id, wish(school, course_id=school.physics_a), reason="общий урок двух учителей")
    kept = db.session.scalars(sa.select(RuleOverride)).all()
    assert {row.reason for row in kept} == {"общий урок двух учителей"}


def test_too_many_minutes_of_call_need_a_reason(school):
    with pytest.raises(ReasonNeededError):
        book_lesson(school.id, wish(school, online_minutes=40))


def test_past_hour_is_refused(school):
    with pytest.raises(PlanningError):
        book_lesson(school.id, wish(school, date=date(2026, 11, 20)))


def test_unknown_period_is_refused(school):
    with pytest.raises(PlanningError):
        book_lesson(school.id, wish(school, period=12))


def test_course_of_another_school_is_not_there(school):
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        book_lesson(school.id, wish(school, course_id=other.algebra_a))


def test_teacher_books_own_lesson_only(school):
    book_lesson(school.id, wish(school), actor_id=school.ivanova)
    with pytest.raises(NotAllowedError):
        book_lesson(school.id, wish(school, course_id=school.physics_a, period=3), actor_id=school.ivanova)


def test_series_leaves_out_holidays_and_clashes_and_restores(school):
    with transaction() as session:
        add(session, Holiday(school_id=school.id, name="Каникулы", start=date(2026, 12, 1), end=date(2026, 12, 6)))
    blocking = make_lesson(school, school.physics_a, day=TUESDAY + timedelta(weeks=2))
    booked = book_lesson(school.id, wish(school, weeks=4))
    assert [one.state.value for one in booked.left_out] == ["skipped", "clashes"]
    assert count(LessonSeries) == 1
    left_out = sa.select(SeriesDate).where(SeriesDate.lesson_id.is_(None)).order_by(SeriesDate.date)
    skipped = db.session.scalars(left_out).all()
    with pytest.raises(TakenError):
        restore_series_date(school.id, skipped[1].id, actor_id=None)
    cancel_lesson(school.id, blocking)
    restored = restore_series_date(school.id, skipped[1].id, actor_id=None)
    assert lesson(restored).date == TUESDAY + timedelta(weeks=2)


def test_moving_raises_sequence_once_and_keeps_uid(school):
    first = book_lesson(school.id, wish(school)).lesson_ids[0]
    uid = lesson(first).uid
    change_lesson(school.id, first, LessonEdit(period=4))
    row = lesson(first)
    assert (row.uid, row.sequence, row.start.isoformat()) == (uid, 1, "11:25:00")
    change_lesson(school.id, first, LessonEdit(period=4))
    assert lesson(first).sequence == 1


def test_cancelling_twice_changes_nothing_more(school):
    first = book_lesson(school.id, wish(school)).lesson_ids[0]
    cancel_lesson(school.id, first, reason="болезнь")
    cancel_lesson(school.id, first)
    row = lesson(first)
    assert (row.state, row.sequence, row.cancel_reason) == (LessonState.CANCELLED, 1, "болезнь")


def test_turning_an_in_person_lesson_remote_fits_it(school):
    first = make_lesson(school, school.algebra_a, mode=LessonMode.IN_PERSON)
    change_lesson(school.id, first, LessonEdit(mode=LessonMode.CALL, offline_task="§ 12"))
    row = lesson(first)
    assert (row.mode, row.online_minutes) == (LessonMode.CALL, 30)
    assert (row.end.isoformat(), row.offline_task) == ("09:10:00", "§ 12")


def test_consent_is_waited_for_and_given(school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
        deputy = make_person(session, school.id, ("Заваруева", "Нина", "Львовна"), role=Role.DEPUTY_HEAD).id
    booked = book_lesson(school.id, wish(school), actor_id=school.ivanova)
    assert booked.is_waiting
    with pytest.raises(TakenError):
        book_lesson(school.id, wish(school, course_id=school.physics_a), actor_id=school.kim)
    with pytest.raises(PlanningError):
        decide_lesson(school.id, booked.lesson_ids[0], is_given=True, actor_id=school.ivanova)
    decide_lesson(school.id, booked.lesson_ids[0], is_given=True, actor_id=deputy)
    assert lesson(booked.lesson_ids[0]).state is LessonState.PLANNED
    asked = change_lesson(school.id, booked.lesson_ids[0], LessonEdit(period=5), actor_id=school.ivanova)
    assert asked.is_waiting
    assert lesson(booked.lesson_ids[0]).period == 1
    request = db.session.scalars(sa.select(ChangeRequest)).one()
    decide_request(school.id, request.id, is_given=True, actor_id=deputy)
    assert lesson(booked.lesson_ids[0]).period == 5


def test_refused_requests_change_nothing(school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
    first = make_lesson(school, school.algebra_a)
    cancel_lesson(school.id, first, actor_id=school.ivanova, reason="болезнь")
    request = db.session.scalars(sa.select(ChangeRequest)).one()
    decide_request(school.id, request.id, is_given=False, actor_id=school.director)
    assert lesson(first).state is LessonState.PLANNED
    with pytest.raises(NotThereError):
        decide_request(school.id, request.id, is_given=True, actor_id=school.director)


def test_class_chat_administrator_plans_for_the_class_only(school):
    with transaction() as session:
        person = make_person(session, school.id, ("Белова", "Ольга", "Юрьевна"))
        session.add(
            RoleGrant(
                school_id=school.id,
                person_id=person.id,
                role=Role.CHAT_ADMINISTRATOR,
                scope=ScopeKind.CLASS,
                scope_id=school.class_a,
            )
        )
        admin_id = session.get_one(Person, person.id).id
    book_lesson(school.id, wish(school), actor_id=admin_id)
    with pytest.raises(NotAllowedError):
        book_lesson(school.id, wish(school, course_id=school.algebra_b, period=4), actor_id=admin_id)

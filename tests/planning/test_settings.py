from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import Calendar, CalendarKind
from scheduler.models.chats import BulletinPart
from scheduler.models.classes import SchoolClass
from scheduler.models.school import AcademicYear, Holiday, HolidayKind, School, Term
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.classes import change_class, replace_class_page
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.holidays import HolidayWish, add_holiday, confirm_holiday, remove_holiday
from scheduler.planning.settings import change_settings, settings_of
from scheduler.planning.terms import add_term
from tests.factories import TUESDAY, add, count, make_school

MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


def settings(school):
    db.session.rollback()
    return settings_of(db.session.get_one(School, school.id))


def test_settings_that_did_not_change_leave_no_trace(school):
    assert change_settings(school.id, settings(school), actor_id=None) == frozenset()
    assert count(AuditEvent) == 0


def test_changed_settings_stand_with_their_audit(school):
    wish = replace(settings(school), quiet_from=time(20), device_days=7, is_consent_required=True)
    assert change_settings(school.id, wish, actor_id=school.director) == {
        "quiet_from",
        "device_days",
        "is_consent_required",
    }
    assert settings(school) == wish
    event = db.session.scalars(sa.select(AuditEvent)).one()
    assert (event.action, event.person_id) == ("settings", school.director)
    assert (event.before["quiet_from"], event.after["quiet_from"]) == ("21:00:00", "20:00:00")


def test_another_name_stands_in_every_calendar(school):
    with transaction() as session:
        row = Calendar(
            school_id=school.id, kind=CalendarKind.GROUP, owner_id=1, revision=4, changed_at=MORNING - timedelta(days=1)
        )
        calendar_id = add(session, row).id
    change_settings(school.id, replace(settings(school), phone="1"), actor_id=None)
    assert db.session.get_one(Calendar, calendar_id).revision == 4
    db.session.rollback()
    change_settings(school.id, replace(settings(school), name="Лицей"), actor_id=None)
    assert db.session.get_one(Calendar, calendar_id).revision == 5


def test_another_offline_line_stands_in_what_the_chats_should_show_tomorrow(school):
    book_lesson(school.id, LessonWish(course_id=school.algebra_a, date=TUESDAY, period=1))
    change_settings(school.id, replace(settings(school), offline_line="учебник, глава 3"), actor_id=None)
    texts = db.session.scalars(sa.select(BulletinPart.text)).all()
    assert sum("учебник, глава 3" in text for text in texts) == 2


@pytest.mark.parametrize("blank", [{"name": "  "}, {"offline_line": ""}])
def test_what_must_not_be_empty_is_refused(school, blank):
    with pytest.raises(PlanningError):
        change_settings(school.id, replace(settings(school), **blank), actor_id=None)


def test_settings_of_an_unknown_school_are_refused(school):
    with pytest.raises(NotThereError):
        change_settings(school.id + 1, replace(settings(school), name="Б"), actor_id=None)


def test_grade_and_shift_are_stated_by_a_person(school):
    change_class(school.id, school.class_a, grade=None, shift=2, actor_id=None)
    row = db.session.get_one(SchoolClass, school.class_a)
    assert (row.grade, row.shift) == (None, 2)


def test_a_class_of_another_school_is_not_there(school):
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        change_class(school.id, other.class_a, grade=1, shift=1, actor_id=None)


def test_a_new_page_address_goes_to_the_chats(school):
    book_lesson(school.id, LessonWish(course_id=school.algebra_a, date=TUESDAY, period=1))
    token = replace_class_page(school.id, school.class_a, actor_id=None)
    assert db.session.get_one(SchoolClass, school.class_a).page_token == token
    texts = db.session.scalars(sa.select(BulletinPart.text)).all()
    assert sum(f"/t/{token}" in text for text in texts) == 2


def test_a_holiday_is_added_confirmed_and_removed(school):
    wish = HolidayWish("Карантин", TUESDAY, TUESDAY)
    holiday_id = add_holiday(school.id, wish, actor_id=None)
    with transaction() as session:
        session.get_one(Holiday, holiday_id).is_confirmed = False
    confirm_holiday(school.id, holiday_id, actor_id=None)
    row = db.session.get_one(Holiday, holiday_id)
    assert (row.name, row.kind, row.is_confirmed) == ("Карантин", HolidayKind.HOLIDAY, True)
    db.session.rollback()
    remove_holiday(school.id, holiday_id, actor_id=None)
    assert count(Holiday) == 0


@pytest.mark.parametrize("end", [date(2026, 11, 23), date(2027, 6, 1)])
def test_a_holiday_of_senseless_length_is_refused(school, end):
    with pytest.raises(PlanningError):
        add_holiday(school.id, HolidayWish("Каникулы", TUESDAY, end), actor_id=None)


@pytest.mark.parametrize("act", [confirm_holiday, remove_holiday])
def test_a_holiday_that_is_gone_is_not_there(school, act):
    with pytest.raises(NotThereError):
        act(school.id, 999, actor_id=None)


def test_a_term_joins_its_school_year(school):
    add_term(school.id, "3 четверть", date(2027, 1, 11), date(2027, 3, 26), actor_id=None)
    assert (count(Term), count(AcademicYear)) == (2, 1)


def test_a_term_of_another_year_begins_it(school):
    term_id = add_term(school.id, "1 четверть", date(2027, 9, 1), date(2027, 10, 29), actor_id=None)
    year = db.session.get_one(AcademicYear, db.session.get_one(Term, term_id).academic_year_id)
    assert (year.name, year.start, year.end) == ("2027/28", date(2027, 9, 1), date(2028, 8, 31))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 12, 1), date(2027, 1, 20)),
        (date(2027, 2, 2), date(2027, 2, 2)),
        (date(2027, 2, 2), date(2027, 12, 2)),
    ],
)
def test_terms_that_meet_or_make_no_sense_are_refused(school, start, end):
    with pytest.raises(PlanningError):
        add_term(school.id, "Лишняя", start, end, actor_id=None)

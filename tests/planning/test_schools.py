from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson, SeriesDate
from scheduler.models.people import Person
from scheduler.models.school import Holiday, HolidayKind, School
from scheduler.models.school_day import SchoolDay
from scheduler.models.timetable import Room, TimetableSlot
from scheduler.permissions import Role
from scheduler.planning.booking import LessonWish, book_lesson, restore_series_date
from scheduler.planning.calendar_days import load_calendar
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.schools import add_person, add_school
from scheduler.rules.facts import LessonKind
from tests.factories import TUESDAY, add, count, make_lesson, make_school


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC))


def test_a_school_is_added_empty_and_people_to_it_once(app):
    school_id = add_school("Школа № 5", "Asia/Yekaterinburg")
    assert db.session.get_one(School, school_id).timezone == "Asia/Yekaterinburg"
    first = add_person(school_id, "Иванова Елена Петровна", Role.TEACHER)
    again = add_person(school_id, "иванова елена петровна", Role.DEPUTY_HEAD)
    assert add_person(school_id, "Иванова Елена Петровна", Role.TEACHER) == first == again
    db.session.rollback()
    person = db.session.get_one(Person, first)
    assert (person.short_name, {grant.role for grant in person.grants}) == (
        "Иванова Е. П.",
        {Role.TEACHER, Role.DEPUTY_HEAD},
    )


def test_of_two_people_of_one_name_none_is_taken_for_the_other(app):
    school_id = add_school("Школа № 5", "Europe/Moscow")
    first = add_person(school_id, "Ким Анна", Role.TEACHER)
    with transaction() as session:
        known = session.get_one(Person, first)
        add(session, Person(school_id=school_id, last_name="Ким", first_name="Анна", name_key=known.name_key))
    assert add_person(school_id, "Ким Анна", Role.TEACHER) not in (first, first + 1)


def test_the_calendar_follows_stated_days_before_anything_else(app):
    school = make_school()
    saturday, off = date(2026, 11, 28), date(2026, 12, 2)
    with transaction() as session:
        add(session, SchoolDay(school_id=school.id, date=saturday, follows_weekday=1))
        add(session, Holiday(school_id=school.id, name="Каникулы", start=off, end=off))
        values = {"kind": HolidayKind.WORKING_SATURDAY, "start": date(2026, 12, 5), "end": date(2026, 12, 5)}
        add(session, Holiday(school_id=school.id, name="Рабочая суббота", **values))
    calendar = load_calendar(db.session(), school.id)
    weekdays = [calendar.weekday(day) for day in (saturday, off, date(2026, 12, 5), date(2026, 12, 6), TUESDAY)]
    assert weekdays == [1, None, 6, None, 2]
    assert (calendar.term(TUESDAY).name, calendar.term(date(2027, 7, 1))) == ("2 четверть", None)
    assert (calendar.why_no_lessons(off), calendar.why_no_lessons(TUESDAY)) == ("Каникулы", "")


def test_weeks_of_a_cycle_are_counted_from_the_anchor_or_the_first_term(app):
    school = make_school()
    calendar = load_calendar(db.session(), school.id)
    assert [calendar.week_index(TUESDAY, cycle) for cycle in (1, 2, 3)] == [0, 0, 0]
    with transaction() as session:
        session.get_one(School, school.id).cycle_anchor = None
    calendar = load_calendar(db.session(), school.id)
    assert [calendar.week_index(TUESDAY, cycle) for cycle in (1, 2)] == [0, 1]


def test_publishing_counts_two_lessons_of_a_course_and_keeps_rooms_and_validity(app):
    school = make_school()
    with transaction() as session:
        values = {"school_id": school.id, "course_id": school.algebra_a, "weekday": 2}
        twin = add(session, TimetableSlot(**values, period=5))
        twin.rooms = [session.get_one(Room, school.room_27)]
        add(session, TimetableSlot(**values, period=6, valid_to=date(2026, 11, 1)))
    publish_timetable(school.id, TUESDAY, TUESDAY)
    query = sa.select(Lesson).where(Lesson.course_id == school.algebra_a).order_by(Lesson.start)
    rows = db.session.scalars(query).all()
    assert [(row.period, row.nth, len(row.rooms)) for row in rows] == [(1, 1, 0), (5, 2, 1)]


def test_publishing_for_a_school_that_is_not_there_is_refused(app):
    with pytest.raises(NotThereError):
        publish_timetable(999, TUESDAY, TUESDAY)


@pytest.mark.parametrize("values", [{"weeks": 0}, {"weeks": 41}, {"period": None, "start": time(9, 0)}])
def test_a_wish_that_makes_no_sense_is_refused(app, values):
    school = make_school()
    with pytest.raises(PlanningError):
        book_lesson(school.id, LessonWish(**{"course_id": school.algebra_a, "date": TUESDAY, "period": 1} | values))
    assert count(Lesson) == 0


@pytest.mark.parametrize("times", [(time(10, 0), time(9, 0)), (time(9, 30), None), (None, time(8, 0))])
def test_a_lesson_that_ends_before_it_starts_is_refused(app, times):
    school = make_school()
    start, end = times
    with pytest.raises(PlanningError):
        book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1, start=start, end=end))


def test_a_wish_may_say_its_start_alone_and_its_kind(app):
    school = make_school()
    wish = LessonWish(school.algebra_a, TUESDAY, period=1, start=time(8, 40), kind=LessonKind.CONSULTATION)
    row = db.session.get_one(Lesson, book_lesson(school.id, wish).lesson_ids[0])
    assert (row.start, row.end, row.kind) == (time(8, 40), time(9, 10), LessonKind.CONSULTATION)


def test_a_series_of_which_nothing_remains_is_refused(app):
    school = make_school()
    for week in range(2):
        make_lesson(school, school.physics_a, day=date(2026, 11, 24 + 7 * week) if not week else date(2026, 12, 1))
    with pytest.raises(TakenError):
        book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1, weeks=2))
    assert count(Lesson) == 2


def test_a_series_with_a_reason_takes_the_clashing_dates_too(app):
    school = make_school()
    make_lesson(school, school.physics_a, day=date(2026, 12, 1))
    wish = LessonWish(school.algebra_a, TUESDAY, period=1, weeks=2)
    booked = book_lesson(school.id, wish, reason="общий урок двух учителей")
    assert (len(booked.lesson_ids), booked.left_out) == (2, ())


def test_only_a_skipped_date_of_ones_own_school_is_restored(app):
    school = make_school()
    booked = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1, weeks=2))
    made = db.session.scalar(sa.select(SeriesDate.id))
    db.session.rollback()
    for date_id in (made, 999):
        with pytest.raises(NotThereError):
            restore_series_date(school.id, date_id, actor_id=None)
    with transaction() as session:
        for row in session.scalars(sa.select(SeriesDate)):
            row.lesson_id = None
        for lesson_id in booked.lesson_ids:
            session.get_one(Lesson, lesson_id).series_id = None
    with pytest.raises(NotThereError):
        restore_series_date(school.id, made, actor_id=None)

"""How many statements one decision sends: they do not grow with the lessons of the week or of the table."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.nearest import Sought, nearest_hours
from tests.factories import BELLS, TUESDAY, make_lesson, make_school


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


@contextmanager
def counted():
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    db.session.rollback()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()


def fill(school, days, periods=(4, 5, 6)):
    for day in days:
        for period in periods:
            course_id = school.algebra_a if period % 2 else school.algebra_b
            make_lesson(school, course_id, day=day, period=period, mode="in_person")


def statements_of_a_booking(school, day):
    wish = LessonWish(school.physics_a, day, period=1)
    with counted() as seen:
        booked = book_lesson(school.id, wish)
    return booked.lesson_ids[0], len(seen)


def test_a_booking_sends_as_many_statements_in_a_full_week_as_in_an_empty_one(school):
    statements_of_a_booking(school, TUESDAY)  # makes the calendars and the days
    fill(school, [TUESDAY])
    _first, few = statements_of_a_booking(school, TUESDAY + timedelta(days=1))
    fill(school, [TUESDAY + timedelta(days=ahead) for ahead in (-1, 1, 2, 3)])
    _second, many = statements_of_a_booking(school, TUESDAY + timedelta(days=2))
    assert few == many
    assert many <= 90


def test_a_move_sends_as_many_statements_in_a_full_table(school):
    first, _ = statements_of_a_booking(school, TUESDAY)
    with counted() as few:
        change_lesson(school.id, first, LessonEdit(period=2))
    fill(school, [TUESDAY + timedelta(weeks=week, days=day) for week in range(3) for day in range(3)])
    with counted() as many:
        change_lesson(school.id, first, LessonEdit(period=3))
    assert len(many) == len(few)


def test_a_search_for_hours_reads_by_week_and_not_by_hour(school):
    with counted() as one:
        nearest_hours(db.session(), school.id, Sought(school.algebra_a, TUESDAY), count=1)
    with counted() as many:
        assert len(nearest_hours(db.session(), school.id, Sought(school.algebra_a, TUESDAY), count=20)) == 20
    weeks = 20 // (len(BELLS) * 4) + 1
    assert len(many) - len(one) <= weeks * 12


def test_a_series_is_judged_with_as_many_statements_as_two_dates(school):
    def planned(weeks, period):
        with counted() as seen:
            booked = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=period, weeks=weeks))
        return len(booked.lesson_ids), [one for one in seen if "FROM lesson " in one and "lesson.state !=" in one]

    (two, few), (five, many) = planned(2, 1), planned(5, 2)
    assert (two, five) == (2, 5)
    assert len(many) == len(few)

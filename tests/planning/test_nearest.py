from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.people import ClosureReason, TeacherClosure
from scheduler.models.school import Holiday
from scheduler.planning.errors import NotThereError
from scheduler.planning.nearest import Sought, nearest_hours
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, add, make_course, make_group, make_lesson, make_school, make_subject

MONDAY = TUESDAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


def offers(school, course_id, start=TUESDAY, *, mode=LessonMode.CALL, moving=None, count=3):
    found = nearest_hours(db.session(), school.id, Sought(course_id, start, mode, moving), count=count)
    return [(one.date, one.hour.number) for one in found]


def test_taken_hours_of_class_and_teacher_are_passed_over(school):
    make_lesson(school, school.physics_a, period=1, mode=LessonMode.SELF_STUDY)  # the class
    make_lesson(school, school.algebra_b, period=2, mode=LessonMode.SELF_STUDY)  # the teacher
    assert offers(school, school.algebra_a) == [(TUESDAY, 3), (TUESDAY, 4), (TUESDAY, 5)]


def test_hours_already_past_are_not_offered(school):
    assert offers(school, school.algebra_a, MONDAY - timedelta(days=9), count=1) == [(MONDAY, 3)]


def test_closed_hours_and_holidays_are_not_offered(school):
    with transaction() as session:
        values = {"person_id": school.ivanova, "reason": ClosureReason.METHODICAL_DAY}
        add(session, TeacherClosure(school_id=school.id, weekday=2, **values))
        day = TUESDAY + timedelta(days=1)
        add(session, Holiday(school_id=school.id, name="Каникулы", start=day, end=day))
    assert offers(school, school.algebra_a, count=1) == [(TUESDAY + timedelta(days=2), 1)]


def test_where_nothing_works_nothing_is_offered(school):
    with transaction() as session:
        values = {"person_id": school.ivanova, "reason": ClosureReason.OTHER}
        add(session, TeacherClosure(school_id=school.id, **values))
    assert offers(school, school.algebra_a) == []


def test_hours_of_a_later_week_are_judged_by_that_week(school):
    friday = TUESDAY + timedelta(days=3)
    for period in range(1, 8):
        make_lesson(school, school.physics_a, day=friday, period=period, mode=LessonMode.SELF_STUDY)
    assert offers(school, school.algebra_a, friday, count=1) == [(friday + timedelta(days=3), 1)]


def test_a_course_without_a_class_is_offered_the_hours_of_the_first_shift(school):
    with transaction() as session:
        subject = make_subject(session, school.id, "Хор")
        course_id = make_course(session, subject, make_group(session, school.id, "Хор", [], is_club=True)).id
    assert offers(school, course_id, mode=LessonMode.SELF_STUDY, count=1) == [(TUESDAY, 1)]


def test_a_lesson_to_be_moved_is_not_in_its_own_way_and_its_own_hour_is_not_offered(school):
    lesson_id = make_lesson(school, school.algebra_a, period=1)
    with transaction() as session:
        session.get_one(Lesson, lesson_id).end = time(10, 30)
    assert offers(school, school.algebra_a, moving=lesson_id, count=1) == [(TUESDAY, 2)]
    assert offers(school, school.algebra_a, count=1) == [(TUESDAY + timedelta(days=1), 1)]


def test_another_schools_course_is_not_there(school):
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        offers(school, other.algebra_a)

from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.people import ClosureReason, TeacherClosure
from scheduler.models.school import Holiday, HolidayKind, School
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, Room
from scheduler.planning.bells import load_bells
from scheduler.planning.hours import (
    CellState,
    WeekOf,
    closure_words,
    is_closed,
    next_school_days,
    week_grid,
    week_lessons,
)
from scheduler.rules.facts import LessonState
from tests.factories import TUESDAY, add, make_bells, make_group, make_lesson, make_school

MONDAY = TUESDAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


def grid(school, **of):
    of = of or {"class_id": school.class_a}
    return week_grid(db.session(), school.id, TUESDAY, WeekOf(**of))


def cell(shown, day, number):
    return next(cell for hour, cells in shown.rows for cell in cells if (cell.day, hour.number) == (day, number))


def closure(school, **values):
    values = {"school_id": school.id, "person_id": school.ivanova, "reason": ClosureReason.METHODICAL_DAY} | values
    with transaction() as session:
        return add(session, TeacherClosure(**values))


def test_the_grid_tells_taken_free_and_past_hours(school):
    taken = make_lesson(school, school.algebra_a, period=1)
    shown = grid(school)
    assert [day.date.isoweekday() for day in shown.days] == [1, 2, 3, 4, 5]
    assert [day.is_today for day in shown.days] == [True, False, False, False, False]
    assert cell(shown, TUESDAY, 1).state is CellState.TAKEN
    assert [lesson.id for lesson in shown.lessons] == [taken]
    assert cell(shown, TUESDAY, 2).state is CellState.FREE
    past = cell(shown, MONDAY, 2)  # 9:25, and it is 10:00 in the school's zone
    assert (past.state, past.why) == (CellState.CLOSED, "прошло")
    assert cell(shown, MONDAY, 3).state is CellState.FREE


def test_a_cancelled_lesson_leaves_its_hour_free_and_in_sight(school):
    make_lesson(school, school.algebra_a, period=1, state=LessonState.CANCELLED)
    shown = cell(grid(school), TUESDAY, 1)
    assert (shown.state, len(shown.lessons)) == (CellState.FREE, 1)


def test_a_lesson_beside_the_bells_stands_outside_and_one_of_an_unknown_number_gets_a_row(school):
    aside = make_lesson(school, school.algebra_a, period=None, start=time(16, 0), end=time(16, 30))
    ninth = make_lesson(school, school.physics_a, period=9, start=time(17, 0), end=time(17, 40))
    shown = grid(school)
    tuesday = next(day for day in shown.days if day.date == TUESDAY)
    assert [lesson.id for lesson in tuesday.outside] == [aside]
    assert cell(shown, TUESDAY, 9).lessons[0].id == ninth
    assert [lesson.id for lesson in shown.lessons] == [aside, ninth]


def test_a_private_lesson_stands_in_the_teachers_week_and_not_in_the_classs(school):
    private = make_lesson(school, school.algebra_a)
    with transaction() as session:
        group = make_group(session, school.id, "Домашнее обучение", [(school.class_a,)], is_private=True)
        session.get_one(Lesson, private).group_id = group.id
    assert grid(school).lessons == []
    assert [lesson.id for lesson in grid(school, teacher_id=school.ivanova).lessons] == [private]


def test_a_rooms_week_shows_the_lessons_held_there(school):
    first = make_lesson(school, school.algebra_a, period=1)
    make_lesson(school, school.physics_a, period=2)
    with transaction() as session:
        session.get_one(Lesson, first).rooms = [session.get_one(Room, school.room_27)]
    found = week_lessons(db.session(), school.id, [TUESDAY], WeekOf(room_id=school.room_27))
    assert [lesson.id for lesson in found] == [first]


def test_holidays_and_days_off_say_so(school):
    with transaction() as session:
        session.get_one(School, school.id).days_per_week = 6
        add(session, Holiday(school_id=school.id, name="Каникулы", start=TUESDAY, end=TUESDAY))
    shown = grid(school)
    assert len(shown.days) == 6
    assert [day.note for day in shown.days][:2] == ["", "Каникулы"]
    assert cell(shown, TUESDAY, 1).why == "Каникулы"
    with transaction() as session:
        session.get_one(School, school.id).days_per_week = 4
    assert cell(grid(school), TUESDAY + timedelta(days=3), 1).why == "уроков нет"


def test_a_teachers_closed_hours_are_closed_with_the_reason(school):
    closure(school, weekday=3)
    closure(school, weekday=4, start=time(12, 0), reason=ClosureReason.SECOND_SCHOOL, note="лицей № 2")
    shown = grid(school, teacher_id=school.ivanova)
    assert cell(shown, TUESDAY + timedelta(days=1), 1).why == "методический день"
    assert cell(shown, TUESDAY + timedelta(days=2), 1).state is CellState.FREE
    assert cell(shown, TUESDAY + timedelta(days=2), 5).why == "лицей № 2"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"weekday": 2}, True),
        ({"weekday": 3}, False),
        ({"date_from": TUESDAY + timedelta(days=1)}, False),
        ({"date_to": MONDAY}, False),
        ({"date_from": MONDAY, "date_to": TUESDAY}, True),
        ({"end": time(8, 30)}, False),
        ({"start": time(9, 10)}, False),
        ({"start": time(9, 0), "end": time(9, 30)}, True),
    ],
)
def test_closed_hours_meet_an_hour_by_weekday_dates_and_times(values, expected):
    row = TeacherClosure(reason=ClosureReason.OTHER, note="", **values)
    assert is_closed(row, TUESDAY, time(8, 30), time(9, 10)) is expected


def test_every_reason_of_closed_hours_has_words(app):
    with app.test_request_context():
        words = {closure_words(TeacherClosure(reason=reason, note="")) for reason in ClosureReason}
    assert words == {"работает в другой школе", "методический день", "закрытые часы"}


def test_next_school_days_pass_over_days_off_and_end_with_the_search(school):
    found = next_school_days(db.session(), school.id, date(2026, 11, 27), 3)
    assert [day.isoformat() for day in found] == ["2026-11-27", "2026-11-30", "2026-12-01"]
    with transaction() as session:
        add(session, Holiday(school_id=school.id, name="Лето", start=date(2026, 11, 28), end=date(2027, 9, 1)))
    assert len(next_school_days(db.session(), school.id, date(2026, 11, 27), 3)) == 1


def test_bells_with_dates_go_before_those_of_a_class_and_these_before_a_shift(school):
    ring = {1: (time(10, 0), time(10, 30))}
    with transaction() as session:
        short, own, second = (
            make_bells(session, school.id, {1: (time(hour, 0), time(hour, 30))}, shift=7) for hour in (10, 11, 12)
        )
        for schedule, values in (
            (short, {"date_from": TUESDAY, "date_to": TUESDAY}),
            (own, {"class_id": school.class_a}),
            (second, {"shift": 2, "weekday": 1}),
        ):
            add(session, BellAssignment(school_id=school.id, bell_schedule_id=schedule.id, **values))
    bells = load_bells(db.session(), school.id)

    def start(day, class_id, shift):
        return bells.on(day, class_id=class_id, shift=shift)[0].start.hour

    assert start(TUESDAY, school.class_a, 1) == ring[1][0].hour
    assert start(MONDAY, school.class_a, 1) == 11
    assert start(MONDAY, school.class_b, 2) == 12
    assert start(MONDAY, school.class_b, 1) == 8


def test_without_bells_there_is_no_hour(school):
    with transaction() as session:
        other = add(session, School(name="Пустая", timezone="Europe/Moscow"))
    bells = load_bells(db.session(), other.id)
    assert bells.hour(TUESDAY, 1, class_id=None, shift=1) is None


def test_each_day_shows_the_hours_of_its_own_bells(school):
    wednesday = TUESDAY + timedelta(days=1)
    with transaction() as session:
        short = add(session, BellSchedule(school_id=school.id, name="Сокращённое", kind=BellKind.SHORTENED))
        values = {"school_id": school.id, "bell_schedule_id": short.id}
        add(session, Period(number=1, start=time(9), end=time(9, 30), **values))
        add(session, BellAssignment(date_from=wednesday, date_to=wednesday, **values))
    shown = grid(school)
    first = cell(shown, wednesday, 1)
    assert (first.hour.start, first.is_usual, first.state) == (time(9), False, CellState.FREE)
    assert (cell(shown, TUESDAY, 1).hour.start, cell(shown, TUESDAY, 1).is_usual) == (time(8, 30), True)
    assert [hour.start for hour, _cells in shown.rows][:2] == [time(8, 30), time(9, 25)]
    missing = cell(shown, wednesday, 2)
    assert (missing.state, missing.why) == (CellState.CLOSED, "в расписании звонков этого дня такого урока нет")


def test_a_working_saturday_has_its_column(school):
    saturday = TUESDAY + timedelta(days=4)
    with transaction() as session:
        values = {"school_id": school.id, "name": "Рабочая суббота", "kind": HolidayKind.WORKING_SATURDAY}
        add(session, Holiday(start=saturday, end=saturday, follows_weekday=2, **values))
    assert [day.date.isoweekday() for day in grid(school).days] == [1, 2, 3, 4, 5, 6]
    assert cell(grid(school), saturday, 1).state is CellState.FREE

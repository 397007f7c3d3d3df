"""Closed hours of a teacher need a reason; the grid says why an hour cannot be taken; what a gap warning offers."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import db
from scheduler.models.absence import AnswerKind
from scheduler.models.people import ClosureReason
from scheduler.planning.absences.resolving import resolve_absence
from scheduler.planning.absences.undoing import undo_absence
from scheduler.planning.absences.wish import AbsenceWish, Answer
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.errors import ReasonNeededError, TakenError
from scheduler.planning.hours import CellState, WeekOf, week_grid
from scheduler.planning.nearest import Place, Sought, close_hours, hours_without_way, nearest_hours
from scheduler.planning.people import Closure, add_closure
from scheduler.planning.preview import preview_booking, preview_change
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, make_lesson, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


def close(school, weekday=2):
    wish = Closure(ClosureReason.METHODICAL_DAY, weekday=weekday)
    add_closure(school.ivanova, wish, school_id=school.id, actor_id=None)


def wish(school, **values):
    return LessonWish(**{"course_id": school.algebra_a, "date": TUESDAY, "period": 1} | values)


def test_a_closed_hour_is_booked_with_a_reason_only(school):
    close(school)
    with pytest.raises(ReasonNeededError) as refusal:
        book_lesson(school.id, wish(school))
    assert refusal.value.text.startswith("Иванова Е. П.: этот час закрыт")
    assert len(book_lesson(school.id, wish(school), reason="Согласовано").lesson_ids) == 1


def test_a_day_on_which_the_teacher_is_away_is_closed_until_the_absence_is_taken_back(school):
    lesson_id = make_lesson(school, school.algebra_b, period=2)
    answers = {lesson_id: Answer(AnswerKind.CANCELLED)}
    done = resolve_absence(school.id, AbsenceWish(school.ivanova, TUESDAY, TUESDAY, answers))
    shown = preview_booking(school.id, wish(school), actor_id=None)
    assert (shown.is_blocked, shown.closed) == (True, "Иванова Е. П.: этот час закрыт (отмечено отсутствие).")
    assert nearest_hours(db.session(), school.id, Sought(school.algebra_a, TUESDAY), count=1)[0].date > TUESDAY
    undo_absence(school.id, done.absence_id, actor_id=None)
    assert preview_booking(school.id, wish(school), actor_id=None).closed == ""


def test_a_weekly_series_leaves_out_dates_that_are_closed(school):
    away = TUESDAY + timedelta(weeks=1)
    add_closure(
        school.ivanova, Closure(ClosureReason.OTHER, date_from=away, date_to=away), school_id=school.id, actor_id=None
    )
    booked = book_lesson(school.id, wish(school, weeks=3))
    assert [one.date for one in booked.left_out] == [away]
    assert booked.left_out[0].why == "Иванова Е. П.: этот час закрыт (закрытые часы)."


def test_the_preview_says_whose_hour_is_closed(school):
    close(school)
    shown = preview_booking(school.id, wish(school), actor_id=None)
    assert (shown.is_blocked, shown.closed) == (True, "Иванова Е. П.: этот час закрыт (методический день).")


def test_a_lesson_that_stands_in_a_closed_hour_may_be_edited_but_not_moved_into_one(school):
    lesson_id = make_lesson(school, school.algebra_a)
    close(school)
    close(school, weekday=3)
    change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    assert preview_change(school.id, lesson_id, LessonEdit(topic="Корни"), actor_id=None).closed == ""
    move = LessonEdit(day=TUESDAY + timedelta(days=1), period=2)
    assert preview_change(school.id, lesson_id, move, actor_id=None).is_blocked
    with pytest.raises(ReasonNeededError):
        change_lesson(school.id, lesson_id, move)


def test_a_clash_names_the_teacher(school):
    make_lesson(school, school.algebra_b, period=2)
    with pytest.raises(TakenError) as refusal:
        book_lesson(school.id, wish(school, period=2))
    assert refusal.value.text.startswith("Это время занято. Иванова Е. П.: Алгебра, 7 «Б»")


def test_cells_in_which_the_course_cannot_stand_are_closed_with_the_reason(school):
    make_lesson(school, school.algebra_b, period=2, mode=LessonMode.IN_PERSON)
    close(school, weekday=3)
    grid = week_grid(db.session(), school.id, TUESDAY, WeekOf(class_id=school.class_a))
    cells = {(cell.day, hour.number): cell for hour, row in grid.rows for cell in row}
    close_hours(db.session(), school.id, school.algebra_a, cells.values())
    assert (cells[TUESDAY, 2].state, cells[TUESDAY, 2].why) == (CellState.CLOSED, "Иванова Е. П.: 7 «Б»")
    assert cells[TUESDAY + timedelta(days=1), 1].why == "методический день"
    assert cells[TUESDAY, 3].state is CellState.FREE


def test_a_week_without_a_free_hour_is_left_alone(school):
    close_hours(db.session(), school.id, school.algebra_a, [])


def test_hours_without_a_way_are_first_or_last_or_on_another_day(school):
    make_lesson(school, school.physics_a, period=3, mode=LessonMode.IN_PERSON)
    found = hours_without_way(db.session(), school.id, Sought(school.algebra_a, TUESDAY))
    assert [(one.date.day, one.hour.number, one.place) for one in found] == [
        (24, 1, Place.FIRST), (24, 5, Place.LAST), (24, 6, Place.LAST), (24, 7, Place.LAST),
    ]  # fmt: skip

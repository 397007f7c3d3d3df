"""The week: what stands, what is free, why the rest is closed, whose week is remembered."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.people import ClosureReason
from scheduler.models.school import Holiday
from scheduler.models.timetable import BellAssignment
from scheduler.permissions import Role
from scheduler.planning.people import Closure, add_closure
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, make_lesson, make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def ivanova(school, enter):
    return enter(school.ivanova)


def test_a_class_teacher_begins_with_the_own_class_and_the_last_choice_is_remembered(school, ivanova):
    assert "<caption>7 «А», 23–27 ноября</caption>" in ivanova.get("/week").text
    ivanova.get(f"/week?teacher={school.kim}")
    assert "<caption>Ким А. С., 23–27 ноября</caption>" in ivanova.get("/week").text
    ivanova.get(f"/week?room={school.room_27}")
    assert "<caption>27, 23–27 ноября</caption>" in ivanova.get("/week").text


def test_a_teacher_without_a_class_begins_with_the_own_lessons(school, enter):
    with transaction() as session:
        other = make_person(session, school.id, ("Ли", "Юн", ""), role=Role.TEACHER).id
    assert "<caption>Ли Ю., 23–27 ноября</caption>" in enter(other).get("/week").text


def test_the_director_begins_with_the_first_class(school, enter):
    assert "<caption>7 «А»" in enter(school.director).get("/week").text


def test_a_free_hour_leads_to_the_form_with_day_hour_and_course(school, ivanova):
    page = ivanova.get(f"/week?class={school.class_a}").text
    name = "Новый урок: вторник, 24 ноября, урок № 2, 9:25"
    assert f'aria-label="{name}"' in page
    assert f"date={TUESDAY}&amp;period=2&amp;course={school.algebra_a}&amp;class={school.class_a}" in page


def test_a_lesson_is_told_by_word_and_sign_with_its_day_and_time(school, ivanova):
    make_lesson(school, school.algebra_a, period=2)
    make_lesson(school, school.physics_a, period=3, state=LessonState.CANCELLED)
    page = ivanova.get(f"/week?class={school.class_a}").text
    assert "вторник, 24 ноября, 9:25–10:05" in page
    assert '<span aria-hidden="true">▶</span> Алгебра' in page
    assert "видеоурок." in page
    assert "отменён" in page


def test_closed_hours_say_why_for_the_course_and_lead_to_the_nearest(school, ivanova):
    make_lesson(school, school.algebra_b, period=2, mode=LessonMode.IN_PERSON)
    closure = Closure(ClosureReason.METHODICAL_DAY, weekday=5)
    add_closure(school.ivanova, closure, school_id=school.id, actor_id=None)
    page = ivanova.get(f"/week?class={school.class_a}&course={school.algebra_a}").text
    assert "Иванова Е. П.: 7 «Б»" in page
    assert "методический день" in page
    assert "Почему и ближайшие часы" in page
    any_course = ivanova.get(f"/week?class={school.class_a}&course=").text
    assert "Иванова Е. П.: 7 «Б»" not in any_course


def test_a_holiday_is_named_and_the_past_is_past(school, ivanova):
    with transaction() as session:
        add(session, Holiday(school_id=school.id, name="Каникулы", start=TUESDAY, end=TUESDAY))
    page = ivanova.get(f"/week?class={school.class_a}").text
    assert page.count("Каникулы") > 1
    assert "прошло" in page


def test_another_week_and_a_wrong_date(school, ivanova):
    assert "30 ноября – 4 декабря" in ivanova.get(f"/week?class={school.class_a}&date=2026-12-02").text
    assert "23–27 ноября" in ivanova.get(f"/week?class={school.class_a}&date=gestern").text


def test_a_lesson_outside_the_bells_stands_in_a_row_of_its_own(school, ivanova):
    make_lesson(school, school.algebra_a, period=2)
    with transaction() as session:
        session.query(BellAssignment).delete()
    assert "9:25–10:05" in ivanova.get(f"/week?class={school.class_a}").text


def test_who_may_only_look_is_not_led_to_a_form(school, enter):
    with transaction() as session:
        admin = make_person(session, school.id, ("Сис", "Админ", ""), role=Role.SYSTEM_ADMINISTRATOR).id
    page = enter(admin).get(f"/week?class={school.class_a}")
    assert (page.status_code, "/lessons/new" in page.text, "свободно" in page.text) == (200, False, True)


def test_a_class_of_another_school_is_not_there(school, ivanova):
    other = make_school(name="Школа № 13")
    assert ivanova.get(f"/week?class={other.class_a}").status_code == 404
    with ivanova.session_transaction() as kept:
        kept["week_of"] = {"class": other.class_a}
    assert "<caption>7 «А»" in ivanova.get("/week").text

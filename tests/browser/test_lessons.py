"""The week and the lessons' screens at both widths: nothing serious for axe, offers pressed, the week by keyboard."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.timetable import Room
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import cancel_lesson
from scheduler.rules.facts import LessonMode
from tests.browser.conftest import DESK, PHONE, check_page
from tests.factories import TUESDAY, make_lesson, make_school


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(site):
    with site.app.app_context():
        school = make_school()
        for course_id, period in ((school.physics_a, 3), (school.english_1, 4)):
            lesson_id = make_lesson(school, course_id, period=period, mode=LessonMode.IN_PERSON)
            with transaction() as session:
                session.get_one(Lesson, lesson_id).rooms = [session.get_one(Room, school.room_27)]
        return school


@pytest.fixture
def remote(site, school):
    with site.app.app_context():
        return book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, 1, offline_task="§ 12")).lesson_ids[0]


def picture(request, tab, name):
    folder = request.config.getoption("--pictures")
    if folder:
        tab.screenshot(path=f"{folder}/{name}-{tab.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_screen_of_lessons_is_sound(request, site, school, remote, size):
    with site.app.app_context():
        gone = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, 7)).lesson_ids[0]
        cancel_lesson(school.id, gone, reason="Болезнь")
    tab = site.tab(school.ivanova, size=size)
    hour = f"class={school.class_a}&date={TUESDAY}&course={school.algebra_a}"
    for name, path in {
        "week": f"/week?{hour}",
        "week-teacher": f"/week?teacher={school.ivanova}",
        "lesson-new": f"/lessons/new?{hour}&period=2",
        "lesson-taken": f"/lessons/new?{hour}&period=3",
        "lesson-card": f"/lessons/{remote}",
        "lesson-cancelled": f"/lessons/{gone}",
        "lesson-requests": "/lessons/requests",
    }.items():
        tab.goto(site.address + path)
        check_page(tab)
        picture(request, tab, name)


def test_an_offer_beside_the_warning_is_taken_with_what_was_typed(site, school):
    tab = site.tab(school.ivanova, size=DESK)
    tab.goto(f"{site.address}/lessons/new?class={school.class_a}&date={TUESDAY}&course={school.algebra_a}&period=2")
    tab.get_by_label("Тема").fill("Дроби")
    tab.get_by_role("button", name="вместе, 27").click()
    tab.wait_for_load_state()
    assert tab.get_by_text("на дорогу нужно").count() == 0
    assert tab.get_by_label("Тема").input_value() == "Дроби"
    assert tab.get_by_label("подключаются вместе").first.is_checked()


def test_a_change_of_the_form_asks_again_by_itself(site, school):
    tab = site.tab(school.ivanova, size=DESK)
    tab.goto(f"{site.address}/lessons/new?class={school.class_a}&date={TUESDAY}&course={school.algebra_a}&period=1")
    tab.get_by_label("Какой урок").select_option("3")
    tab.get_by_text("Это время занято у учеников: Физика").first.wait_for()


def test_the_week_is_walked_by_keyboard(site, school, remote):
    tab = site.tab(school.ivanova, size=DESK)
    tab.goto(f"{site.address}/week?class={school.class_a}&date={TUESDAY}&course=")
    tab.get_by_role("link", name="Алгебра").focus()
    walked = []
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "End", "Home"):
        tab.keyboard.press(key)
        walked.append(
            tab.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText)")
        )
    assert [words.split(": ")[-1].split(",")[0].strip() for words in walked] == [
        "вторник", "среда", "среда", "пятница", "вторник",
    ]  # fmt: skip
    tab.keyboard.press("PageDown")
    tab.get_by_text("30 ноября – 4 декабря").wait_for()

"""A remote day on a phone, from a cold start of a remembered browser: at most five taps with a ready-made answer.

`--pictures FOLDER` keeps a picture of each step.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay
from scheduler.models.school import CallWay, School
from scheduler.planning.remote.defaults import change_remote_settings
from scheduler.planning.remote.school_lines import Line, RemoteSettings, remote_settings
from scheduler.rules.facts import LessonMode
from tests.browser.conftest import DESK, PHONE, check_page
from tests.factories import TUESDAY, count, make_lesson, make_school

MOST_TAPS = 5
MORNING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)  # 6:40


@pytest.fixture(autouse=True)
def _early_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def school(site):
    with site.app.app_context():
        made = make_school(weekly_slots=False)
        with transaction() as session:
            row = session.get_one(School, made.id)
            row.call_way = CallWay.VK
            settings = remote_settings(row)
        texts = {**settings.texts, Line.TRANSPORT: "Школьный автобус сегодня не выходит на маршрут."}
        wish = RemoteSettings(texts, settings.contacts, settings.ticks, settings.activities)
        change_remote_settings(made.id, wish, actor_id=None)
        for period, course in enumerate((made.algebra_a, made.english_1, made.physics_a), start=1):
            make_lesson(made, course, period=period, mode=LessonMode.IN_PERSON)
        for day in (TUESDAY, TUESDAY + timedelta(days=1)):
            make_lesson(made, made.algebra_b, day=day, period=4, mode=LessonMode.IN_PERSON)
        return made


class Finger:
    """A tab on which taps are counted and each step is pictured where somebody asked for it."""

    def __init__(self, tab, folder):
        self.tab, self.folder, self.taps = tab, folder, 0

    def tap(self, thing):
        self.taps += 1
        thing.click()

    def shows(self, name, pattern):
        self.tab.wait_for_url(pattern)
        check_page(self.tab)
        if self.folder:
            self.tab.screenshot(path=f"{self.folder}/remote-day-{name}.png")


def remembered(site, person_id, tmp_path):
    """Where a browser keeps what it knows: the device's cookie alone, written by a browser that was closed since."""
    tab = site.tab(person_id)
    tab.goto(f"{site.address}/today")
    kept = tmp_path / "browser.json"
    tab.context.storage_state(path=kept)
    tab.context.close()
    return kept


def test_from_a_cold_start_to_a_confirmed_day_in_five_taps(request, site, school, tmp_path):
    kept = remembered(site, school.director, tmp_path)
    tab = site.tab(storage_state=kept, has_touch=True)
    finger = Finger(tab, request.config.getoption("--pictures"))
    tab.goto(site.address)
    finger.shows("1-today", "**/today")
    finger.tap(tab.get_by_role("link", name="Дистанционный день"))
    finger.shows("2-when-and-whom", "**/remote-days/new")
    finger.tap(tab.get_by_role("button", name="Мороз: вся школа"))
    finger.shows("3-plan", "**/remote-days/plans/*")
    finger.tap(tab.get_by_role("link", name="Дальше: подтвердить").first)
    finger.shows("4-confirm", "**/confirm")
    finger.tap(tab.get_by_role("button", name="Объявить дистанционный день · сейчас прозвучит в 5 чатах"))
    finger.shows("5-progress", re.compile(r"/remote-days/\d+$"))
    assert finger.taps <= MOST_TAPS
    with site.app.app_context():
        assert count(RemoteDay) == 1
        assert count(Lesson, Lesson.mode != LessonMode.IN_PERSON) == 4


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_one_class_is_chosen_and_a_lesson_moved(site, school, has_script):
    tab = site.tab(school.director, java_script_enabled=has_script)
    tab.goto(f"{site.address}/remote-days/new")
    tab.get_by_text("отдельные классы", exact=True).click()
    tab.get_by_text("7 «А»", exact=True).last.click()
    tab.get_by_role("button", name="Дальше").last.click()
    tab.wait_for_url("**/plans/*")
    tab.get_by_role("link", name="7 «А»").click()
    tab.get_by_role("button", name="Оставить самостоятельно").first.click()
    tab.get_by_text("Готово. Нормы не нарушены.").wait_for()
    assert tab.get_by_role("button", name="Сделать видеоуроком").count() == 2


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_schools_own_settings_are_sound(site, school, size):
    tab = site.tab(school.director, size=size)
    tab.goto(f"{site.address}/school/remote-days")
    check_page(tab)
    tab.get_by_role("button", name="Мурманская область").click()
    tab.get_by_role("textbox", name="Мороз, °C").first.wait_for()
    check_page(tab)


def test_a_second_person_is_shown_the_decision(site, school):
    first, second = site.tab(school.director), site.tab(school.director)
    for tab in (first, second):
        tab.goto(f"{site.address}/remote-days/new")
        tab.get_by_role("button", name="Мороз: вся школа").click()
        tab.wait_for_url("**/plans/*")
        tab.goto(f"{tab.url}/confirm")
    for tab in (first, second):
        tab.get_by_role("button", name="Объявить").click()
        tab.wait_for_url(re.compile(r"/remote-days/\d+$"))
    assert first.url == second.url
    second.get_by_text("Этот день уже объявлен.").wait_for()

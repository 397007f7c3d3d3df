"""The shell in a real browser, on a phone and on a desk, light and dark."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.people import ClosureReason
from scheduler.models.school import School
from scheduler.planning import accounts
from scheduler.planning.people import Closure, add_closure
from scheduler.rules.facts import LessonMode, LessonState
from tests.browser.conftest import DESK, PHONE, check_page
from tests.factories import BELLS, TUESDAY, make_lesson, make_school

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
SECRET = "три слова подряд"


@pytest.fixture
def school(site, monkeypatch):
    """The small school at 8:35 of its Tuesday, with a day of lessons."""
    shift = (datetime(2026, 11, 24, 5, 35, tzinfo=UTC) - clock.now()).total_seconds()
    clock.configure(None, shift)
    with site.app.app_context():
        made = make_school()
        make_lesson(made, made.algebra_a, period=1, mode=LessonMode.CALL)
        make_lesson(made, made.english_2, period=2, mode=LessonMode.BROADCAST)
        make_lesson(made, made.algebra_b, period=3, mode=LessonMode.SELF_STUDY, state=LessonState.CANCELLED)
        make_lesson(made, made.algebra_b, day=TUESDAY + timedelta(days=1), period=1, mode=LessonMode.IN_PERSON)
        wish = Closure(ClosureReason.METHODICAL_DAY, weekday=4, start=BELLS[1][0], end=BELLS[3][1])
        add_closure(made.ivanova, wish, school_id=made.id, actor_id=None)
    return made


def shots(tab, request):
    """A picture of the page where somebody asked for pictures."""
    folder = request.config.getoption("--pictures")
    if folder:
        name = f"{request.node.name}-{tab.url.split('/', 3)[3].split('?')[0].replace('/', '-') or 'index'}"
        tab.screenshot(path=f"{folder}/{name}.png", full_page=True)


@SIZES
def test_pages_of_the_shell(site, school, size, request):
    tab = site.tab(school.director, size=size)
    paths = ("/my", "/account", "/school", "/school/people", "/school/people/new", f"/school/people/{school.ivanova}")
    for path in paths:
        tab.goto(site.address + path)
        shots(tab, request)
        check_page(tab)


@SIZES
def test_a_teachers_day(site, school, size, request):
    tab = site.tab(school.ivanova, size=size, color_scheme="dark")
    tab.goto(site.address + "/my")
    shots(tab, request)
    check_page(tab)
    assert tab.locator(".lesson").count() == 4
    assert tab.locator(".lesson.now .button.main").inner_text() == "Подключиться"


@SIZES
def test_pages_before_the_sign_in(site, school, size, request):
    with site.app.app_context():
        token = accounts.create_invitation(school.kim, school_id=school.id, actor_id=None)
    tab = site.tab(size=size)
    for path in ("/sign-in", f"/invite/{token}"):
        tab.goto(site.address + path)
        shots(tab, request)
        check_page(tab)


def test_from_invitation_to_signing_out(site, school, request):
    director = site.tab(school.director)
    director.goto(f"{site.address}/school/people")
    director.get_by_text("Ким Анна Сергеевна").click()
    director.get_by_role("button", name="Пригласить").click()
    shots(director, request)
    check_page(director)
    address = director.locator("#invitation").input_value().replace("http://school.test", site.address)

    teacher = site.tab()
    teacher.goto(address)
    teacher.get_by_label("Логин").fill("kim")
    teacher.get_by_label("Пароль", exact=True).fill("12345678")
    teacher.get_by_role("button", name="Войти").click()
    assert teacher.get_by_label("Пароль", exact=True).get_attribute("aria-invalid") == "true"
    shots(teacher, request)
    teacher.problems.clear()  # the browser itself reports the status 422
    check_page(teacher)
    assert teacher.get_by_label("Логин").input_value() == "kim"
    teacher.get_by_label("Пароль", exact=True).fill(SECRET)
    teacher.get_by_role("button", name="Войти").click()
    teacher.goto(f"{site.address}/my")
    teacher.get_by_text("Ещё", exact=True).click()
    shots(teacher, request)
    teacher.get_by_role("button", name="Выйти").click()
    assert teacher.url.endswith("/sign-in")


def test_without_scripts_everything_works(site, school):
    tab = site.tab(school.director, java_script_enabled=False)
    tab.goto(f"{site.address}/my")
    tab.locator("details.more summary").click()
    tab.get_by_role("link", name="Вход и устройства").click()
    tab.get_by_role("button", name="In English").click()
    assert tab.locator("h1").inner_text() == "Sign-in and devices"


def test_the_address_is_copied_with_one_tap(site, school):
    tab = site.tab(school.director, permissions=["clipboard-read", "clipboard-write"])
    tab.goto(f"{site.address}/school/people/{school.kim}")
    tab.get_by_role("button", name="Пригласить").click()
    tab.get_by_role("button", name="Копировать").click()
    tab.get_by_role("button", name="Скопировано").wait_for()
    assert tab.evaluate("navigator.clipboard.readText()").startswith("http://school.test/invite/")


def test_a_form_is_sent_once(site, school):
    tab = site.tab(school.director)
    tab.goto(f"{site.address}/account")
    tab.evaluate("document.addEventListener('submit', event => { window.sent = (window.sent || 0) + 1; })")
    prevented = tab.evaluate(
        """() => { const form = document.querySelector("form[action='/account/password']");
        const send = () => !form.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true}));
        return [send(), send()]; }"""
    )
    assert prevented == [False, True]


def test_the_keyboard_goes_to_the_content_and_closes_the_popover(site, school):
    tab = site.tab(school.director, size=DESK)
    tab.goto(f"{site.address}/my")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "К содержанию"
    tab.locator("details.more summary").click()
    tab.keyboard.press("Escape")
    assert tab.locator("details.more").get_attribute("open") is None
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_renamed_school_breaks_no_line(site, school):
    with site.app.app_context(), transaction() as session:
        session.get_one(School, school.id).name = "Муниципальное бюджетное общеобразовательное учреждение № 12 " * 2
    tab = site.tab(school.director)
    tab.goto(f"{site.address}/school")
    check_page(tab)

"""The staff's screens in a real browser, on a phone and on a desk; checking a booking while it is typed."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.chats import Chat, ChatState, Platform, PostState
from scheduler.permissions import Role
from scheduler.planning.booking import LessonWish, book_lesson
from tests.browser.conftest import DESK, PHONE, check_page
from tests.factories import TUESDAY, make_person, make_school
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.rosters.test_reader import csv
from tests.imports.samples import render, tables_2012
from tests.web.screen_samples import make_part, run

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def school(site):
    """The small school at 7:35 of its Tuesday, with a lesson without a link, a chat by hand and one that is parked."""
    clock.configure(None, (datetime(2026, 11, 24, 4, 35, tzinfo=UTC) - clock.now()).total_seconds())
    with site.app.app_context():
        made = make_school(weekly_slots=False)
        book_lesson(made.id, LessonWish(course_id=made.algebra_a, date=TUESDAY, period=1))
        with transaction() as session:
            session.get_one(Chat, made.students_b).platform = Platform.BY_HAND
            session.get_one(Chat, made.teachers_chat).state = ChatState.REMOVED
        make_part(made, chat_id=made.students_b, state=PostState.BY_HAND)
        make_part(made, chat_id=made.parents_b, problem="rights", posted_text="Физика", posted_hash="old")
    return made


@pytest.fixture
def deputy(site, school):
    with site.app.app_context(), transaction() as session:
        return make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD).id


@SIZES
def test_pages_of_the_staff(site, school, deputy, size):
    with site.app.app_context():
        run_id = run(school)["run_id"]
    tab = site.tab(deputy, size=size)
    chats = ("/chats", "/chats/connect", "/chats/by-hand", f"/chats/{school.parents_b}", f"/chats/{school.students_a}")
    places = ("classes", f"classes/{school.class_a}", "settings", "bells", "terms", "publish", "imports")
    paths = ("/today", *chats, *(f"/school/{place}" for place in places), f"/school/imports/runs/{run_id}")
    for path in (*paths, "/director", "/week", "/lessons/new", "/lessons/1", "/lessons/requests"):
        assert tab.goto(site.address + path).status == 200
        check_page(tab)


@SIZES
def test_a_file_is_looked_at(site, deputy, size):
    tab = site.tab(deputy, size=size)
    tab.goto(site.address + "/school/imports")
    file = {"name": "расписание.xml", "mimeType": "text/xml", "buffer": render(tables_2012())}
    tab.set_input_files("[name=file]", files=[file])
    tab.get_by_role("button", name="Посмотреть файл").click()
    tab.get_by_text("Пока ничего не изменилось.").wait_for()
    check_page(tab)


@SIZES
def test_a_list_of_people_is_looked_at_and_applied(site, deputy, size):
    tab = site.tab(deputy, size=size)
    tab.goto(site.address + "/school/imports")
    file = {"name": "список.csv", "mimeType": "text/csv", "buffer": csv(HEADINGS, *ROWS)}
    tab.set_input_files("[name=file]", files=[file])
    tab.get_by_role("button", name="Посмотреть файл").click()
    tab.get_by_text("Не взято и нигде не сохранено:").first.wait_for()
    check_page(tab)
    tab.get_by_role("button", name="Применить").click()
    tab.get_by_text("Люди из этого списка теперь в школе.").wait_for()
    check_page(tab)


def test_a_booking_is_checked_while_it_is_typed(site, school):
    tab = site.tab(school.ivanova)
    tab.goto(f"{site.address}/lessons/new?class={school.class_a}&date=2026-11-25")
    tab.select_option("[name=period]", "2")
    tab.locator("[name=topic]").focus()
    tab.get_by_text("Что покажет чат «7А ученики»").wait_for()
    assert tab.evaluate("document.activeElement.name") == "topic"
    check_page(tab)


def test_a_text_by_hand_is_copied_and_placed(site, school, deputy):
    tab = site.tab(deputy)
    tab.goto(site.address + "/chats/by-hand")
    tab.get_by_role("button", name="Скопировать текст").click()
    tab.get_by_role("button", name="Скопировано").wait_for()
    tab.get_by_role("button", name="Размещено").click()
    tab.get_by_text("Всё размещено.").wait_for()
    check_page(tab)

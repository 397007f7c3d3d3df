"""The main job in a browser: first entry, a lesson booked, moved and cancelled, chats and calendar with it."""

import re
from datetime import timedelta

import pytest

from tests.browser.conftest import DESK, check_page
from tests.installation import installed, until
from tests.main_job import TEACHERS, connect_chats, find_ground, looking, make_school

MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
          "декабря")  # fmt: skip


@pytest.fixture(scope="module")
def one(tmp_path_factory, browser):
    with installed(tmp_path_factory.mktemp("main-job")) as one:
        make_school(one)
        yield one


@pytest.fixture(scope="module")
def ground(one):
    with looking(one):
        return connect_chats(one, find_ground(one))


@pytest.fixture
def tab(browser, one):
    context = browser.new_context(viewport=DESK, locale="ru-RU", base_url=one.web)
    tab = context.new_page()
    tab.set_default_timeout(20_000)
    tab.problems = []
    tab.on("console", lambda message: tab.problems.append(message.text) if message.type == "error" else None)
    yield tab
    context.close()


def enter(tab, one, ground):
    """The invited teacher's first entry."""
    tab.goto(one.command("invite", ground.teacher, "--role", "teacher")["url"])
    tab.get_by_label("Логин").fill("teacher")
    tab.get_by_role("textbox", name="Пароль").fill("тихий берег зимой")
    tab.get_by_role("button", name="Войти").click()
    tab.wait_for_url("**/today")


def book(tab, ground, day, hour):
    """Week, free hour, form, check, save; answers the address of the lesson's card."""
    tab.get_by_role("link", name="Неделя", exact=True).click()
    tab.get_by_label("Класс").select_option(label=ground.class_label)
    tab.wait_for_url("**class=*")
    tab.get_by_role("link", name=f"{day.day} {MONTHS[day.month - 1]}, урок № {hour},").click()
    tab.locator("[name=course_id]").select_option(str(ground.course_id))
    tab.get_by_label("Если нет интернета").fill("§ 12, № 245")
    tab.get_by_role("button", name="Проверить").click()
    tab.get_by_text("Что покажет чат").first.wait_for()
    check_page(tab)
    tab.get_by_role("button", name="Сохранить").click()
    tab.wait_for_url(re.compile(r"/lessons/\d+"))
    check_page(tab)


def test_a_teacher_books_moves_and_cancels_a_remote_lesson(one, ground, tab):
    feed = one.command("feed", "--class", ground.class_label)["url"]
    before = one.feed(feed)
    enter(tab, one, ground)
    book(tab, ground, one.today + timedelta(days=1), ground.hours[0])
    posted = {title: until(lambda title=title: one.messages(title)[0]) for title in ground.titles}
    assert {title: len(bulletins) for title, bulletins in posted.items()} == dict.fromkeys(ground.titles, 1)
    opened = joined(tab, posted[ground.pupils][0]["text"])
    assert opened == joined(tab, posted[ground.parents][0]["text"])
    after = one.feed(feed)
    (uid,) = after.keys() - before.keys()

    tab.locator("summary", has_text="Перенести").click()
    tab.locator("#move-period").select_option(str(ground.hours[1]))
    tab.get_by_role("button", name="Перенести").click()
    tab.get_by_text("Сохранено").wait_for()
    one.command("deliver", "--until-done")
    assert shown(one, ground) == {ground.pupils: (1, 1), ground.parents: (1, 1), TEACHERS: (1, 0)}
    for title in (ground.pupils, ground.parents):
        (bulletin,) = one.messages(title)[0]
        assert bulletin["id"] == posted[title][0]["id"]
        assert bulletin["edited_at"]
    assert int(one.feed(feed)[uid]["SEQUENCE"]) == int(after[uid]["SEQUENCE"]) + 1

    tab.locator("summary", has_text="Отменить урок").click()
    tab.get_by_role("button", name="Отменить урок").click()
    tab.get_by_text("Урок отменён").wait_for()
    one.command("deliver", "--until-done")
    for title in (ground.pupils, ground.parents):
        (bulletin,) = one.messages(title)[0]
        assert "отменён" in bulletin["text"]
    assert one.feed(feed)[uid]["STATUS"] == "CANCELLED"


def shown(one, ground):
    return {title: tuple(map(len, one.messages(title))) for title in ground.titles}


def joined(tab, text):
    """The heading of the join page that a post leads to."""
    (address,) = [word.rstrip(".,") for word in text.split() if "/j/" in word]
    guest = tab.context.browser.new_page()
    assert guest.goto(address).status == 200
    heading = guest.get_by_role("heading", level=1).inner_text()
    guest.close()
    return heading

"""From an empty installation to the first remote lesson in a class chat, with the guide and the sample files alone.

`--pictures FOLDER` keeps a picture of each step.
"""

import pytest

from tests.browser.conftest import DESK, PHONE, check_page
from tests.installation import ROOT, installed, until

SAMPLES = ROOT / "docs" / "samples"
PUPILS = "5 «А» ученики"
CHATS = 13
STEPS = "**/school/first-steps"


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    with installed(tmp_path_factory.mktemp("first-steps")) as one:
        yield one


class Walker:
    """A person with a browser; `looks` checks each page that is met and keeps its picture."""

    def __init__(self, browser, one, folder):
        context = browser.new_context(viewport=PHONE, locale="ru-RU", base_url=one.web)
        self.tab, self.folder = context.new_page(), folder
        self.tab.set_default_timeout(30_000)
        self.tab.problems = []

    def looks(self, name):
        check_page(self.tab)
        self.keeps(name)

    def keeps(self, name):
        if self.folder:
            self.tab.evaluate("document.querySelector('.demo')?.remove(); scrollTo(0, 0)")
            self.tab.screenshot(path=f"{self.folder}/first-steps-{name}.png")

    def presses(self, name, *, role="button"):
        self.tab.get_by_role(role, name=name).first.click()

    def fills(self, **fields):
        for label, text in fields.items():
            self.tab.get_by_label(label.replace("_", " ")).first.fill(text)


def enter(walker, one):
    walker.tab.goto(one.command("first-entry")["url"])
    walker.fills(Название_школы="Школа № 12", Ваши_фамилия="Соболева Марина Николаевна")
    walker.tab.get_by_label("Часовой пояс").select_option("Europe/Moscow")
    walker.fills(Логин="soboleva")
    walker.tab.get_by_role("textbox", name="Пароль").fill("тихий берег зимой")
    walker.looks("1-school")
    walker.presses("К первым шагам")
    walker.tab.wait_for_url(STEPS)
    walker.looks("2-steps")


def load(walker, button, name):
    walker.presses(button, role="link")
    walker.tab.set_input_files("[name=file]", SAMPLES / name)
    walker.presses("Посмотреть файл")
    walker.tab.get_by_text("Пока ничего не изменилось.").wait_for()
    walker.looks(f"3-{name.split('.')[0]}")
    walker.presses("Применить")
    walker.tab.wait_for_url(STEPS)


def come_back(walker):
    """Another browser, another day: the first page leads to the step that waits."""
    walker.tab.goto("/sign-in")
    walker.fills(Логин="soboleva")
    walker.tab.get_by_role("textbox", name="Пароль").fill("тихий берег зимой")
    walker.presses("Войти")
    walker.tab.get_by_text("Первые шаги: сделано 4 из 8.").wait_for()
    walker.looks("4-today")
    walker.presses("Продолжить", role="link")


def connect(walker):
    walker.presses("Ввести ключ", role="link")
    walker.fills(Ключ_бота="sandbox-max-token")
    walker.presses("Сохранить")
    walker.tab.wait_for_url(STEPS)
    with walker.tab.context.expect_page() as opened:
        walker.presses("Завести чаты", role="link")
    opened.value.get_by_role("button", name="Создать чаты").click()
    opened.value.get_by_text(PUPILS).wait_for()
    opened.value.close()
    walker.presses("Указать, чьи они", role="link")  # the page has found them by itself
    until(lambda: walker.tab.reload() and walker.tab.locator(".guessed li").count() == CHATS)
    walker.looks("5-chats")
    walker.presses("Подключить отмеченные")
    walker.tab.wait_for_url(STEPS)


def book(walker):
    walker.presses("Опубликовать", role="link")
    walker.looks("6-dates")
    walker.presses("Опубликовать")
    walker.tab.get_by_text("Опубликовано:").wait_for()
    walker.presses("Назначить:", role="link")
    walker.looks("7-lesson")
    walker.presses("Сохранить")
    walker.tab.wait_for_url(STEPS)
    if walker.tab.get_by_role("button", name="Показать сейчас").count():  # the free hour is later than tomorrow
        walker.presses("Показать сейчас")
    walker.tab.get_by_text("Первый видеоурок виден в чате.").wait_for()
    walker.looks("8-done")


def test_from_nothing_to_the_first_lesson_in_a_class_chat(browser, one, request):
    folder = request.config.getoption("--pictures")
    walker = Walker(browser, one, folder)
    enter(walker, one)
    load(walker, "Выбрать файл расписания", "timetable.xml")
    load(walker, "Выбрать список людей", "people.csv")
    walker.tab.context.close()
    walker = Walker(browser, one, folder)
    come_back(walker)
    connect(walker)
    book(walker)
    ((bulletin,), _notices) = one.messages(PUPILS)
    assert "видеоурок" in bulletin["text"]
    assert f"{one.web}/j/" in bulletin["text"]
    walker.tab.set_viewport_size(DESK)
    walker.looks("9-desk")
    walker.tab.set_viewport_size(PHONE)
    walker.tab.goto(one.sandbox)
    walker.presses(PUPILS, role="link")
    walker.keeps("9-messenger")
    walker.tab.context.close()

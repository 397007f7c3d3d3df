"""The questions of a file: asked in the browser, answered, not asked again; the import applied and undone."""

from datetime import date

from scheduler.database import transaction
from scheduler.permissions import Role
from scheduler.web.uploads import Upload, keep_upload
from tests.browser.conftest import DESK, PHONE, check_page
from tests.factories import make_person, make_school
from tests.imports.books import xlsx
from tests.imports.grids.test_traps import grid
from tests.imports.rosters.test_reader import csv


def table():
    return xlsx({"5 класс": grid({(0, 0, 1): ("ЛИТРАТУРА", 1)}, heads=("5А", date(2024, 5, 5), "5В"))})


def test_questions_are_answered_on_a_phone(site):
    with site.app.app_context():
        school = make_school(weekly_slots=False)
        with transaction() as session:
            deputy = make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD).id
        token = keep_upload(Upload("расписание.xlsx", table()), school_id=school.id, person_id=deputy)
    for size in (PHONE, DESK):
        tab = site.tab(deputy, size=size)
        tab.goto(f"{site.address}/school/imports/files/{token}")
        check_page(tab)
    tab.get_by_label("Другой класс").fill("5Г")
    tab.get_by_role("button", name="Запомнить ответы").click()
    tab.get_by_text("Запомнили 2 ответа").wait_for()
    assert tab.get_by_role("heading", name="Уточните, пожалуйста").count() == 0
    assert tab.problems == []


def test_two_who_may_be_one_are_asked_about_and_the_import_is_undone(site):
    rows = (("Класс", "ФИО ученика"), ("7А", "Ким Ян"), ("7А", "Ким Ян"), ("7Б", "Ли Вера"))
    with site.app.app_context():
        school = make_school(weekly_slots=False)
        with transaction() as session:
            deputy = make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD).id
        token = keep_upload(Upload("список.csv", csv(*rows)), school_id=school.id, person_id=deputy)
    tab = site.tab(deputy, size=PHONE)
    tab.goto(f"{site.address}/school/imports/files/{token}")
    tab.get_by_label("один человек").check()
    tab.get_by_role("button", name="Запомнить ответы").click()
    tab.get_by_role("button", name="Применить").click()
    tab.get_by_role("link", name="Отменить загрузку").click()
    check_page(tab)
    assert tab.locator("dd").all_inner_texts() == ["2"]  # the pupils, of whom one was named twice
    tab.get_by_role("button", name="Отменить загрузку").click()
    assert tab.get_by_role("heading", name="Загрузка отменена").count() == 1
    assert tab.problems == []

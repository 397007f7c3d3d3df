import datetime as dt
import os
import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.school import School, Term
from scheduler.models.timetable import ImportRun, TimetableSlot
from scheduler.permissions import Role
from scheduler.web.uploads import FOLDER
from tests.factories import TUESDAY, count, make_lesson, make_person, make_school
from tests.imports.books import csv_bytes, xlsx
from tests.imports.grids.test_readings import FEW
from tests.imports.grids.test_traps import grid
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.rosters.test_reader import csv
from tests.imports.samples import changed, render, tables_2012

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school(weekly_slots=False)


@pytest.fixture
def deputy(school, enter):
    return enter(deputy_of(school))


def deputy_of(school, name="Завуч"):
    with transaction() as session:
        return make_person(session, school.id, (name, "Анна", ""), role=Role.DEPUTY_HEAD).id


@pytest.fixture
def folder(app):
    return app.config["SETTINGS"].instance / FOLDER


def send(client, data, name="расписание.xml"):
    return client.post("/school/imports", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def sample():
    return render(tables_2012())


def test_a_file_is_looked_at_before_anything_changes(deputy, school, folder):
    answer = send(deputy, sample())
    assert answer.status_code == 303
    text = deputy.get(answer.location).get_data(as_text=True)
    assert "Пока ничего не изменилось." in text
    assert "новых — 2, уже есть в школе — 1" in text
    assert "Неделя, как она прочитана" in text
    assert (count(TimetableSlot), count(ImportRun)) == (0, 0)
    assert len(list(folder.iterdir())) == 1


def test_the_week_of_any_class_is_shown(deputy):
    path = send(deputy, sample()).location
    text = deputy.get(path).get_data(as_text=True)
    keys = [line.split('"')[0] for line in text.split('<option value="')[1:]]
    captions = [
        deputy.get(f"{path}?class={key}").get_data(as_text=True).split("<caption>")[1].split("<")[0] for key in keys
    ]
    assert "7 «А»" in captions
    assert len(set(captions)) == len(keys)


def test_an_applied_file_is_gone_and_its_run_stands(deputy, school, folder):
    path = send(deputy, sample()).location
    answer = deputy.post(f"{path}/apply")
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert answer.location == f"/school/imports/runs/{run.id}"
    assert run.file_name == "расписание.xml"
    assert list(folder.iterdir()) == []
    text = deputy.get(answer.location).get_data(as_text=True)
    assert "Файл применён" in text
    assert 'href="/school/publish"' in text
    assert "расписание.xml" in deputy.get("/school/imports").get_data(as_text=True)


def test_an_import_is_undone_from_its_page_and_only_the_latest(deputy, school):
    first = deputy.post(f"{send(deputy, sample()).location}/apply").location
    second = deputy.post(f"{send(deputy, csv(HEADINGS, *ROWS), 'список.csv').location}/apply").location
    assert "отменить уже нельзя" in deputy.get(first).get_data(as_text=True)
    assert "загружен другой" in deputy.get(f"{first}/undo", follow_redirects=True).get_data(as_text=True)
    page = deputy.get(f"{second}/undo").get_data(as_text=True)
    assert "Уйдёт: это пришло с файлом" in page
    assert "подписки с их адресами" in page
    people = count(Person)
    told = deputy.post(f"{second}/undo", follow_redirects=True).get_data(as_text=True)
    assert "Эта загрузка отменена" in told
    assert count(Person) < people
    assert "уже отменена" in deputy.post(f"{second}/undo", follow_redirects=True).get_data(as_text=True)
    assert count(TimetableSlot) == 8


def test_the_same_file_again_says_that_nothing_changes_and_another_what_does(deputy, school):
    deputy.post(f"{send(deputy, sample()).location}/apply")
    assert "В школе уже всё так" in deputy.get(send(deputy, sample()).location).get_data(as_text=True)

    def edit(tables):
        tables["cards"][0]["period"] = 6

    text = deputy.get(send(deputy, changed(edit)).location).get_data(as_text=True)
    assert "7 «А», Алгебра: понедельник, 1-й урок → понедельник, 6-й урок" in text


def test_the_second_press_finds_nothing_more_to_apply(deputy):
    path = send(deputy, sample()).location
    deputy.post(f"{path}/apply")
    answer = deputy.post(f"{path}/apply", follow_redirects=True)
    assert "уже применён" in answer.get_data(as_text=True)
    assert count(ImportRun) == 1


def test_another_file_forgets_the_first(deputy, folder):
    path = send(deputy, sample()).location
    assert deputy.post(f"{path}/drop").location == "/school/imports"
    assert list(folder.iterdir()) == []
    assert deputy.get(path).status_code == 303


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xml", "Файл пуст"),
        (b"%PDF-1.7 x", "a.pdf", "PDF"),
        (b"PK\x03\x04xl/workbook", "a.xlsx", "повреждён"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><timetable>&x;</timetable>', "a.xml", "aSc"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(deputy, folder, data, name, words):
    answer = send(deputy, data, name)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'class="error"' in text
    assert words in text
    assert not folder.exists() or list(folder.iterdir()) == []


def test_no_file_at_all_is_asked_for(deputy):
    answer = deputy.post("/school/imports", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Выберите файл." in answer.get_data(as_text=True)


def test_another_persons_file_is_not_shown(deputy, school, enter):
    path = send(deputy, sample()).location
    other = enter(deputy_of(school, "Второй"))
    assert other.get(path).location == "/school/imports"
    assert other.post(f"{path}/apply").location == "/school/imports"
    assert count(ImportRun) == 0


def test_a_name_that_is_no_token_reaches_no_file(deputy, folder):
    send(deputy, sample())
    assert deputy.get("/school/imports/files/..%2F..%2Fsecret_key").status_code == 404
    assert deputy.get("/school/imports/files/secret_key").location == "/school/imports"


def test_a_file_of_yesterday_is_deleted(deputy, folder):
    path = send(deputy, sample()).location
    old = next(folder.iterdir())
    day_ago = time.time() - 25 * 3600
    os.utime(old, (day_ago, day_ago))
    send(deputy, sample())
    assert not old.exists()
    assert "больше суток назад" in deputy.get(path, follow_redirects=True).get_data(as_text=True)


def apply_sample(client):
    client.post(f"{send(client, sample()).location}/apply")


def test_publishing_makes_lessons_and_says_how_many(deputy, school):
    apply_sample(deputy)
    page = deputy.get("/school/publish").get_data(as_text=True)
    assert 'value="2026-11-23"' in page
    assert 'value="2026-12-30"' in page
    wish = {"start": "2026-11-23", "end": "2026-12-04", "cycle_anchor": "2026-11-16"}
    answer = deputy.post("/school/publish", data=wish, follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert "Опубликовано:" in text
    assert "опубликована по 4 декабря 2026" in text
    assert count(Lesson) > 10
    assert db.session.get_one(School, school.id).cycle_anchor == date(2026, 11, 16)


def test_publishing_says_which_week_of_the_cycle_it_begins_with(deputy, school):
    with transaction() as session:
        row = {"school_id": school.id, "course_id": school.algebra_a, "weekday": 1, "period": 1}
        session.add(TimetableSlot(weeks="01", **row))
        session.get_one(School, school.id).cycle_anchor = None
    wish = {"start": "2026-11-25", "end": "2026-12-04"}
    refused = deputy.post("/school/publish", data=wish)
    assert refused.status_code == 422
    assert "Укажите понедельник первой недели" in refused.get_data(as_text=True)
    answer = deputy.post("/school/publish", data=wish | {"cycle_anchor": "2026-11-16"}, follow_redirects=True)
    text = answer.get_data(as_text=True).replace("\u202f", " ").replace("\xa0", " ")
    assert "Неделя с 23 ноября 2026 г. — 2-я." in text
    assert "с 23 ноября 2026 г. — 2-я неделя, с 30 ноября 2026 г. — 1-я неделя" in text


def test_bells_are_looked_at_and_applied_in_the_browser(deputy, school):
    page = send(
        deputy, csv(["№", "Время"], ["1", "8:30-9:10"], ["2", "25:70"], ["3", "9:20-10:00"]), "звонки.csv"
    ).location
    text = deputy.get(page).get_data(as_text=True)
    assert "«25:70» — не время: урок не взят." in text
    done = deputy.get(deputy.post(f"{page}/apply").location).get_data(as_text=True)
    assert "Расписание звонков школы — как в этом файле." in done


def test_publishing_again_keeps_what_a_person_changed(deputy, school):
    apply_sample(deputy)
    wish = {"start": "2026-11-23", "end": "2026-12-04"}
    deputy.post("/school/publish", data=wish)
    with transaction() as session:
        lesson = session.scalars(sa.select(Lesson).where(Lesson.date > TUESDAY).limit(1)).one()
        lesson.is_changed_by_person, lesson.period, lesson.start = True, 6, dt.time(13, 15)
    text = deputy.post("/school/publish", data=wish, follow_redirects=True).get_data(as_text=True)
    assert "1 урок остался как был" in text


@pytest.mark.parametrize("wish", [{}, {"start": "2026-12-04", "end": "2026-11-23"}])
def test_dates_that_make_no_sense_are_refused(deputy, wish):
    apply_sample(deputy)
    answer = deputy.post("/school/publish", data=wish)
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)
    assert count(Lesson) == 0


def test_nothing_to_publish_leads_to_the_file(deputy, school):
    with transaction() as session:
        session.execute(sa.delete(Term))
    text = deputy.get("/school/publish").get_data(as_text=True)
    assert "Основного расписания пока нет." in text
    assert 'href="/school/imports"' in text


def test_hours_without_bells_are_named(deputy, school):
    with transaction() as session:
        for weekday in range(1, 6):
            row = TimetableSlot(school_id=school.id, course_id=school.algebra_a, weekday=weekday, period=9)
            session.add(row)
    wish = {"start": "2026-11-23", "end": "2026-11-27"}
    text = deputy.post("/school/publish", data=wish, follow_redirects=True).get_data(as_text=True)
    assert "нет в расписании звонков" in text


def test_past_dates_of_a_term_are_not_proposed(deputy, school):
    make_lesson(school, school.algebra_a, day=TUESDAY - timedelta(days=7))
    with transaction() as session:
        session.add(TimetableSlot(school_id=school.id, course_id=school.algebra_a, weekday=1, period=1))
    assert 'value="2026-11-02"' not in deputy.get("/school/publish").get_data(as_text=True)


def test_a_list_of_people_is_looked_at_and_applied(deputy, school):
    people = count(Person)
    answer = send(deputy, csv(HEADINGS, *ROWS), "список.csv")
    text = deputy.get(answer.location).get_data(as_text=True)
    assert "Список людей" in text
    assert "Не взято и нигде не сохранено:</b> Телефон." in text
    assert "<dt>новых учеников</dt>" in text
    assert count(Person) == people
    applied = deputy.post(f"{answer.location}/apply")
    text = deputy.get(applied.location).get_data(as_text=True)
    assert "Люди из этого списка теперь в школе." in text
    assert "Опубликовать" not in text
    assert count(Person) == people + 7


def test_a_doubtful_spelling_is_asked_once(deputy):
    table = xlsx({"5 класс": grid({(0, 0, 1): ("ЛИТРАТУРА", 1)})})
    page = send(deputy, table, "расписание.xlsx").location
    assert "похоже на «Литература»" in deputy.get(page).get_data(as_text=True)
    answer = deputy.post(f"{page}/answers", data={"answer-0": "Литература"})
    assert (answer.status_code, answer.location) == (303, page)
    text = deputy.get(page).get_data(as_text=True)
    assert "Запомнили 1 ответ" in text
    assert "похоже на «Литература»" not in text


def test_a_damaged_class_takes_the_name_that_was_typed(deputy):
    table = xlsx({"5 класс": grid({}, heads=("5А", date(2024, 5, 5), "5В"))})
    page = send(deputy, table, "расписание.xlsx").location
    deputy.post(f"{page}/answers", data={"answer-0": "5Б", "other-0": "5Г"})
    assert "5 «Г»" in deputy.get(page).get_data(as_text=True)


def test_a_table_that_is_not_understood_is_shown_and_read_as_chosen(deputy):
    answer = send(deputy, csv_bytes(FEW), "таблица.csv")
    assert answer.location.endswith("/cells")
    text = deputy.get(answer.location).get_data(as_text=True)
    assert "уроков: 2, классов: 1" in text
    assert "известные предметы" in text
    page = answer.location.removesuffix("/cells")
    assert deputy.post(f"{page}/layout", data={"layout": "roster"}).location.endswith("/cells")  # gives nothing
    assert deputy.post(f"{page}/layout", data={"layout": "timetable-down"}).location == page
    assert "Неделя, как она прочитана" in deputy.get(page).get_data(as_text=True)
    deputy.post(f"{page}/apply")
    assert count(TimetableSlot) == 2


def test_questions_about_people_are_asked_on_the_page(deputy):
    rows = (("7А", "Ким Ян", "", "", "", ""), ("7А", "Ким Ян", "", "", "", ""))
    page = send(deputy, csv(HEADINGS[:3], *(row[:3] for row in rows)), "список.csv").location
    text = deputy.get(page).get_data(as_text=True)
    assert "один ученик или два?" in text
    assert deputy.post(f"{page}/answers", data={"answer-0": "one"}).status_code == 303
    assert "один ученик или два?" not in deputy.get(page).get_data(as_text=True)
    deputy.post(f"{page}/apply")
    assert count(Person, Person.last_name == "Ким", Person.first_name == "Ян") == 1


def test_answers_to_a_file_that_is_gone(deputy):
    page = send(deputy, sample()).location
    deputy.post(f"{page}/drop")
    assert deputy.post(f"{page}/answers").location == "/school/imports"

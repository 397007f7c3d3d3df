"""The page of tasks as a teacher and a deputy head use it, without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.lesson_tasks import TaskEdit, write_tasks
from tests.factories import (
    TUESDAY,
    make_class,
    make_course,
    make_group,
    make_lesson,
    make_person,
    make_school,
    make_subject,
)

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


def text_of(answer):
    return answer.get_data(as_text=True)


def sent(page, **typed):
    """The form as the page holds it, with what is typed over."""
    fields = dict(re.findall(r'<textarea id="(task-\d+)"[^>]*>([^<]*)</textarea>', page))
    hidden = dict(re.findall(r'name="(was-\d+)" value="([^"]*)"', page))
    return fields | hidden | {name.replace("_", "-"): text for name, text in typed.items()}


def task(lesson_id):
    db.session.expire_all()
    return db.session.get_one(Lesson, lesson_id).offline_task


def test_a_teacher_fills_all_tasks_on_one_page(school, enter):
    client = enter(school.ivanova)
    first, second = make_lesson(school, school.algebra_a), make_lesson(school, school.algebra_b, period=4)
    other = make_lesson(school, school.physics_a, period=2)
    page = text_of(client.get("/tasks"))
    assert "Алгебра, 7 «А»" in page
    assert f"task-{other}" not in page
    form = sent(page) | {f"task-{first}": "§ 12\r\n№ 245", f"task-{second}": "§ 13"}
    page = text_of(client.post("/tasks", data=form, follow_redirects=True))
    assert "Сохранено: 2 задания." in page
    assert (task(first), task(second)) == ("§ 12\n№ 245", "§ 13")
    assert "Сохранено" not in text_of(client.post("/tasks", data=sent(page), follow_redirects=True))


def test_one_tap_copies_to_the_parallel_class_and_leaves_what_is_written(school, enter):
    client = enter(school.ivanova)
    first, second = make_lesson(school, school.algebra_a), make_lesson(school, school.algebra_b, period=4)
    page = text_of(client.get("/tasks"))
    assert "То же для 7 «Б»" in page
    client.post("/tasks", data=sent(page) | {f"task-{first}": "§ 12", "copy": str(first)})
    assert (task(first), task(second)) == ("§ 12", "§ 12")
    page = text_of(client.get("/tasks"))
    client.post("/tasks", data=sent(page) | {f"task-{first}": "§ 99", "copy": str(first)})
    assert (task(first), task(second)) == ("§ 99", "§ 12")


def test_a_task_changed_meanwhile_is_told_with_both_texts_and_nothing_is_lost(school, enter):
    client = enter(school.ivanova)
    first, second = make_lesson(school, school.algebra_a), make_lesson(school, school.algebra_b, period=4)
    page = text_of(client.get("/tasks"))
    write_tasks(school.id, {first: TaskEdit("", "упр. 5")}, actor_id=None)
    answer = client.post("/tasks", data=sent(page) | {f"task-{first}": "§ 12", f"task-{second}": "§ 13"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Сейчас там: «упр. 5»" in page
    assert ">§ 12</textarea>" in page
    assert (task(first), task(second)) == ("упр. 5", "§ 13")
    assert client.post("/tasks", data=sent(page)).status_code == 303
    assert task(first) == "§ 12"


def test_a_text_too_long_keeps_everything_typed(school, enter):
    lesson_id = make_lesson(school, school.algebra_a)
    client = enter(school.ivanova)
    form = sent(text_of(client.get("/tasks"))) | {f"task-{lesson_id}": "§" * 1001}
    answer = client.post("/tasks", data=form)
    assert answer.status_code == 409
    assert "не длиннее" in text_of(answer)
    assert "§" * 1001 in text_of(answer)


def test_a_deputy_sees_who_still_owes_how_many(school, enter):
    with transaction() as session:
        deputy = make_person(session, school.id, ("Завуч", "Ольга", ""), role=Role.DEPUTY_HEAD).id
    make_lesson(school, school.algebra_a)
    lesson_id = make_lesson(school, school.algebra_b, period=4)
    client = enter(deputy)
    page = text_of(client.get("/tasks"))
    assert "Кто ещё не внёс задания" in page
    assert "2 урока" in page
    assert f'href="/tasks?teacher={school.ivanova}"' in page
    page = text_of(client.get(f"/tasks?teacher={school.ivanova}"))
    form = sent(page) | {f"task-{lesson_id}": "§ 1"}
    assert client.post(f"/tasks?teacher={school.ivanova}", data=form).status_code == 303
    assert task(lesson_id) == "§ 1"


def test_whose_page_is_closed_to_others(school, enter):
    client = enter(school.kim)
    assert client.get(f"/tasks?teacher={school.ivanova}").status_code == 403
    assert client.get(f"/tasks?class={school.class_a}").status_code == 403
    assert client.get("/tasks?class=999").status_code == 404
    with transaction() as session:
        scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
        leader = make_person(session, school.id, ("Классная", "Ида", ""), role=Role.CHAT_ADMINISTRATOR, **scope).id
    make_lesson(school, school.physics_a)
    page = text_of(enter(leader).get("/tasks"))
    assert f"/tasks?class={school.class_a}" in page
    assert "Физика, 7 «А»" in text_of(enter(leader).get(f"/tasks?class={school.class_a}"))


def test_today_and_the_own_page_lead_there(school, enter):
    make_lesson(school, school.algebra_a, day=TUESDAY)
    make_lesson(school, school.algebra_a, day=TUESDAY + timedelta(days=3), offline_task="§ 1")
    today = text_of(enter(school.ivanova).get("/today"))
    assert "У 1 урока нет задания" in today
    assert 'href="/tasks"' in today
    assert "Первый: начало" in today
    assert "не заполнено: 1" in text_of(enter(school.ivanova).get("/my"))
    assert "Задания к моим урокам" not in text_of(enter(school.kim).get("/my"))


def test_who_leads_all_chats_of_the_school_chooses_a_class_and_reads_one_sentence_for_all(school, enter):
    with transaction() as session:
        leader = make_person(session, school.id, ("Чатова", "Ида", ""), role=Role.CHAT_ADMINISTRATOR).id
        subject, kim = make_subject(session, school.id, "Химия"), session.get_one(Person, school.kim)
        rows = [make_class(session, school.id, f"{grade}Г") for grade in range(5, 10)]
        groups = [make_group(session, school.id, row.label, [(row.id,)]) for row in rows]
        courses = [make_course(session, subject, group, kim).id for group in groups]
    for course_id in courses:
        make_lesson(school, course_id)
    tasks, today = text_of(enter(leader).get("/tasks")), text_of(enter(leader).get("/today"))
    assert "Чтобы внести задания класса, выберите его." in tasks
    assert tasks.count('href="/tasks?class=') == 7
    assert "5 классов: у 5 уроков нет задания" in today
    assert today.count("нет задания") == 1

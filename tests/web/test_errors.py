import pytest
from flask import abort

from scheduler.database import transaction
from scheduler.models.timetable import Room
from scheduler.permissions import Action, Role, ScopeKind
from scheduler.planning.errors import NotThereError, PlanningError, StaleError, TakenError
from scheduler.planning.permission import NotAllowedError
from scheduler.web.access import ensure_may, public, requires
from tests.factories import make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def add_view(app, view, path="/probe"):
    app.add_url_rule(path, path.strip("/").replace("/", "."), view)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotThereError("Нет такого урока."), 404),
        (NotAllowedError("Это не ваш класс."), 403),
        (TakenError("Это время занято."), 409),
        (StaleError("Уже изменено."), 409),
        (PlanningError("Так нельзя."), 422),
    ],
)
def test_a_refusal_is_told_in_its_own_words(app, client, error, status):
    @public
    def view():
        raise error

    add_view(app, view)
    answer = client.get("/probe")
    assert answer.status_code == status
    assert error.text in answer.text


def test_two_people_at_one_instant_are_told_so_in_words(app, client):
    school = make_school()

    @public
    def view():
        with transaction() as session:
            for _ in range(2):
                session.add(Room(school_id=school.id, name="12", name_key="12"))

    add_view(app, view)
    answer = client.get("/probe")
    assert answer.status_code == 409
    assert "Кто-то только что изменил то же самое" in answer.text


def test_a_refusal_of_the_interface_for_programs_is_json(app, client):
    @public
    def view():
        raise TakenError("Это время занято.")

    add_view(app, view, "/api/probe")
    answer = client.get("/api/probe")
    assert answer.status_code == 409
    assert answer.json == {"error": {"status": 409, "title": "Так сделать нельзя", "text": "Это время занято."}}


def test_nobody_is_told_by_status_in_the_interface_for_programs(app, client):
    @requires(Action.VIEW_OWN_PAGES)
    def view():
        return "never"

    add_view(app, view, "/api/probe")
    assert client.get("/api/probe").json["error"]["status"] == 401


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "Запрос не удалось разобрать"),
        (403, "Вам это не открыто"),
        (404, "Такой страницы нет"),
        (413, "Файл слишком большой"),
        (418, "Запрос не удалось разобрать"),
        (429, "Слишком много попыток"),
        (503, "У нас что-то сломалось"),
    ],
)
def test_each_status_has_words(app, client, code, words):
    @public
    def view():
        abort(code)

    add_view(app, view)
    answer = client.get("/probe")
    assert answer.status_code == code
    assert f"<h1>{words}</h1>" in answer.text


def test_a_failure_shows_no_detail_and_asks_the_database_nothing(app, enter, monkeypatch):
    client = enter(make_school().director)

    @requires(Action.VIEW_OWN_PAGES)
    def view():
        raise ZeroDivisionError("secret detail")

    add_view(app, view)
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/probe")
    assert answer.status_code == 500
    assert "У нас что-то сломалось" in answer.text
    assert "secret detail" not in answer.text
    assert "Школа № 12" not in answer.text


def test_a_view_without_a_label_is_shut(app, enter):
    client = enter(make_school().director)
    add_view(app, lambda: "open")
    assert client.get("/probe").status_code == 403


def test_a_scope_that_does_not_reach_is_told_in_words(app, enter):
    school = make_school()
    with transaction() as session:
        names = ("Классная", "Анна", "")
        person_id = make_person(
            session, school.id, names, role=Role.CHAT_ADMINISTRATOR, scope=ScopeKind.CLASS, scope_id=school.class_a
        ).id

    @requires(Action.MANAGE_CHAT)
    def view():
        ensure_may(Action.BOOK_CLASS_LESSON, class_ids=[school.class_a])
        ensure_may(Action.BOOK_CLASS_LESSON, class_ids=[school.class_b])

    add_view(app, view)
    answer = enter(person_id).get("/probe")
    assert answer.status_code == 403
    assert "за пределами классов и чатов" in answer.text


def test_a_sent_form_of_nobody_comes_back_to_its_page(client):
    answer = client.post("/account/password", headers={"Referer": "http://localhost/account?x=1"})
    assert answer.headers["Location"] == "/sign-in?next=/account?x%3D1"
    foreign = client.post("/account/password", headers={"Referer": "http://evil.test/account"})
    assert foreign.headers["Location"] == "/sign-in?next=/"


def test_a_form_without_its_token_is_told_to_programs_as_json(app, client):
    @public
    def view():
        return "never"

    app.config["WTF_CSRF_ENABLED"] = True
    app.add_url_rule("/api/probe", "probe", view, methods=["POST"])
    answer = client.post("/api/probe")
    assert (answer.status_code, answer.json["error"]["status"]) == (400, 400)

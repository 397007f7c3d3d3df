"""The programs' interface: its description holds, keys may what their person may, private groups stay private."""

import re
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.permissions import Role
from scheduler.planning.api_keys import end_key, keys_of, make_key
from scheduler.web.api.openapi import description
from tests.factories import TUESDAY, count, make_course, make_group, make_lesson, make_person, make_school, make_subject
from tests.web.conftest import device_token

AT = f"?from={TUESDAY}&to={TUESDAY}"
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
UNAUTHORIZED, FORBIDDEN, CONFLICT, REFUSED, TOO_OFTEN = 401, 403, 409, 422, 429


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_school()


@pytest.fixture
def ask(app):
    """`ask(person_id, method, path)` with a new key of that person."""

    def request(person_id, method, path, *, may_write=False, headers=None, **values):
        sent = {"Authorization": f"Bearer {new_key(person_id, may_write=may_write)}", **(headers or {})}
        return app.test_client().open(f"/api/v1{path}", method=method, headers=sent, **values)

    return request


def new_key(person_id, *, may_write=False):
    device_token(person_id)
    with transaction() as session:
        school_id = session.get_one(Person, person_id).school_id
    return make_key(school_id, person_id, label="табло", may_write=may_write)


def groups(answer):
    return {course["group"] for course in answer.json["courses"]}


def wish(school, **values):
    return {"course_id": school.algebra_a, "date": "2026-11-25", "period": 5, "offline_task": "§ 12", **values}


def schema_of(path, method="get", status="200"):
    described = description()["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return {**described, "components": description()["components"]}


def test_description_names_every_route_and_none_else(app):
    described = {(path, method.upper()) for path, of_path in description()["paths"].items() for method in of_path}
    served = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1"), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == served


def test_document_is_open_and_names_this_server(app):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json["servers"] == [{"url": "http://school.test/api/v1"}]


@pytest.mark.parametrize("path", ["/school", "/classes", "/courses", "/lessons", "/chats", "/remote-days"])
def test_answers_are_as_described(app, school, ask, path):
    make_lesson(school, school.algebra_a, offline_task="§ 12")
    answer = ask(school.director, "GET", path + (AT if path == "/lessons" else ""))
    assert answer.status_code == 200
    Draft202012Validator(schema_of(path)).validate(answer.json)


def test_a_lesson_carries_its_offset_and_its_join_page(app, school, ask):
    lesson_id = make_lesson(school, school.algebra_a)
    answer = ask(school.ivanova, "GET", f"/lessons/{lesson_id}")
    Draft202012Validator(schema_of("/lessons/{lesson_id}")).validate(answer.json)
    lesson = answer.json["lesson"]
    assert (lesson["start"], lesson["starts_at"]) == ("08:30", "2026-11-24T08:30:00+03:00")
    assert lesson["join_page"].startswith("http://school.test/j/")


def test_lessons_of_one_class_and_one_teacher(app, school, ask):
    mine = make_lesson(school, school.algebra_a)
    theirs = make_lesson(school, school.algebra_b, period=4)
    physics = make_lesson(school, school.physics_a, period=3)

    of_class = ask(school.director, "GET", f"/lessons{AT}&class_id={school.class_a}").json["lessons"]
    of_teacher = ask(school.director, "GET", f"/lessons{AT}&teacher_id={school.ivanova}").json["lessons"]
    assert [one["id"] for one in of_class] == [mine, physics]
    assert [one["id"] for one in of_teacher] == [mine, theirs]


def test_an_unchanged_answer_is_304(app, school, ask):
    make_lesson(school, school.algebra_a)
    first = ask(school.director, "GET", f"/lessons{AT}")
    again = ask(school.director, "GET", f"/lessons{AT}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_private_group_is_its_teachers_alone(app, school, ask):
    with transaction() as session:
        group = make_group(session, school.id, "Обучение на дому", [(school.class_a,)], is_private=True)
        subject = make_subject(session, school.id, "Химия")
        course_id = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    lesson_id = make_lesson(school, course_id)

    assert [one["id"] for one in ask(school.kim, "GET", f"/lessons{AT}").json["lessons"]] == [lesson_id]
    assert ask(school.director, "GET", f"/lessons{AT}").json["lessons"] == []
    assert ask(school.director, "GET", f"/lessons/{lesson_id}").status_code == 404
    assert "Обучение на дому" not in groups(ask(school.director, "GET", "/courses"))
    assert "Обучение на дому" in groups(ask(school.kim, "GET", "/courses"))


def test_a_program_books_once_by_its_key(app, school, ask):
    sent = {"may_write": True, "headers": {"Idempotency-Key": "first-1"}}
    first = ask(school.ivanova, "POST", "/lessons", json=wish(school), **sent)
    again = ask(school.ivanova, "POST", "/lessons", json=wish(school), **sent)
    other = ask(school.ivanova, "POST", "/lessons", json=wish(school, period=6), **sent)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, REFUSED)
    Draft202012Validator(schema_of("/lessons", "post", "201")).validate(first.json)
    assert first.json["lesson_ids"] == again.json["lesson_ids"]
    assert count(Lesson) == 1


def test_a_taken_hour_is_409_in_words(app, school, ask):
    make_lesson(school, school.physics_a, day=TUESDAY.replace(day=25), period=5)
    answer = ask(school.ivanova, "POST", "/lessons", json=wish(school), may_write=True)
    assert answer.status_code == CONFLICT
    Draft202012Validator(
        {**description()["components"]["schemas"]["Error"], "components": description()["components"]}
    ).validate(answer.json)
    assert "Физика" in answer.json["error"]["text"]


def test_a_lesson_is_moved_and_cancelled(app, school, ask):
    lesson_id = make_lesson(school, school.algebra_a, day=TUESDAY.replace(day=25))
    moved = ask(school.ivanova, "PATCH", f"/lessons/{lesson_id}", json={"period": 5}, may_write=True)
    gone = ask(school.ivanova, "POST", f"/lessons/{lesson_id}/cancel", json={"reason": "болезнь"}, may_write=True)
    assert (moved.status_code, gone.status_code) == (200, 200)
    Draft202012Validator(schema_of("/lessons/{lesson_id}", "patch")).validate(moved.json)
    Draft202012Validator(schema_of("/lessons/{lesson_id}/cancel", "post")).validate(gone.json)
    assert ask(school.ivanova, "GET", f"/lessons/{lesson_id}").json["lesson"]["state"] == "cancelled"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"date": "25.11.2026"}, "date"),
        ({"date": None}, "date"),
        ({"period": "пять"}, "period"),
        ({"period": True}, "period"),
        ({"start": "8:30:15"}, "start"),
        ({"mode": "zoom"}, "mode"),
        ({"room_ids": "27"}, "room_ids"),
        ({"title": "я" * 2001}, "title"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_is_named(app, school, ask, sent, name):
    answer = ask(school.ivanova, "POST", "/lessons", json=wish(school, **sent), may_write=True)
    assert answer.status_code == REFUSED
    assert answer.json["error"]["text"].startswith(name)
    assert count(Lesson) == 0


@pytest.mark.parametrize(
    "query", ["?from=2026-13-01", "?from=2026-11-24&to=2026-11-23", "?from=2026-01-01&to=2026-12-31"]
)
def test_a_wrong_range_is_refused(app, school, ask, query):
    assert ask(school.director, "GET", f"/lessons{query}").status_code == REFUSED


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_refused(app, school, ask, body):
    answer = ask(
        school.ivanova, "POST", "/lessons", data=body, may_write=True, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == REFUSED


def test_a_reading_key_books_nothing(app, school, ask):
    answer = ask(school.ivanova, "POST", "/lessons", json=wish(school))
    assert (answer.status_code, count(Lesson)) == (FORBIDDEN, 0)


def test_an_ended_or_unknown_key_is_401(app, school, enter):
    key = new_key(school.ivanova)
    client = app.test_client()
    sent = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/school", headers=sent).status_code == 200
    end_key(keys_of(school.ivanova)[0].id, person_id=school.ivanova)
    assert client.get("/api/v1/school", headers=sent).status_code == UNAUTHORIZED
    assert client.get("/api/v1/school", headers={"Authorization": "Bearer "}).status_code == UNAUTHORIZED
    assert enter(school.ivanova).get("/api/v1/school", headers=sent).status_code == UNAUTHORIZED


def test_a_key_opens_no_page(app, school):
    sent = {"Authorization": f"Bearer {new_key(school.ivanova)}"}
    assert app.test_client().get("/week", headers=sent).status_code == 302


def test_a_parents_key_reads_nothing(app, school, ask):
    with transaction() as session:
        parent_id = make_person(session, school.id, ("Родитель", "Анна", ""), role=Role.PARENT).id
    assert ask(parent_id, "GET", "/lessons").status_code == FORBIDDEN


def test_a_browser_books_by_a_forms_token_alone(app, school, enter):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = enter(school.ivanova).post("/api/v1/lessons", json=wish(school))
    assert (answer.status_code, count(Lesson)) == (400, 0)


def test_too_many_requests_are_429(app, school, ask):
    key = {"Authorization": f"Bearer {new_key(school.ivanova)}"}
    client = app.test_client()
    statuses = {client.get("/api/v1/remote-days", headers=key).status_code for _ in range(121)}
    assert statuses == {200, TOO_OFTEN}


def test_a_key_is_made_shown_once_and_ended(app, school, enter):
    client = enter(school.ivanova)
    page = client.post("/account/keys", data={"label": "Табло в холле"})
    assert 'id="new-key"' in page.text
    assert 'id="new-key"' not in client.get("/account/keys").text
    key = keys_of(school.ivanova)[0]
    assert (key.label, key.may_write) == ("Табло в холле", False)
    assert client.post(f"/account/keys/{key.id}/end").status_code == 303
    assert keys_of(school.ivanova) == []


def test_a_key_without_a_name_or_past_the_twentieth_is_refused(app, school, enter):
    client = enter(school.ivanova)
    assert client.post("/account/keys", data={"label": ""}).status_code == REFUSED
    for _ in range(20):
        make_key(school.id, school.ivanova, label="табло", may_write=False)
    assert client.post("/account/keys", data={"label": "ещё"}).status_code == REFUSED
    assert client.post("/account/keys/999999/end").status_code == 404

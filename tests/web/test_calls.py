"""The screens of how lessons are joined."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.calls.tokens import token_of
from scheduler.database import db, transaction
from scheduler.models.calls import Call, RoomOwner, StandingRoom
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.models.secrets import decrypt
from scheduler.permissions import Role
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.links import replace_link
from scheduler.planning.permission import NotAllowedError
from tests.factories import TUESDAY, count, make_person, make_school

ROOM = "https://max.ru/joincall/abcdefghij"


MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return make_school()


@pytest.fixture
def browser(school, enter):
    """Signed in as a deputy head."""
    with transaction() as session:
        person_id = make_person(session, school.id, ("Сомова", "Ольга", "Игоревна"), role=Role.DEPUTY_HEAD).id
    return enter(person_id)


def book(school, course_id):
    return book_lesson(school.id, LessonWish(course_id=course_id, date=TUESDAY, period=1)).lesson_ids[0]


def call_of(lesson_id):
    db.session.rollback()
    return db.session.scalars(sa.select(Call).where(Call.lesson_id == lesson_id)).one()


def lesson(lesson_id):
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def test_the_page_shows_the_choice_and_what_is_wrong(browser, school):
    text = browser.get("/school/calls").text
    assert "Как подключаются к видеоурокам" in text
    assert "Не введён." in text

    answer = browser.post("/school/calls/ways", data={"way": "vk", "hosts": "telemost.yandex.ru\n"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/school/calls")
    row = db.session.get_one(School, school.id)
    assert (row.call_way, row.call_hosts) == (CallWay.VK, ["telemost.yandex.ru"])
    assert "ключ ВКонтакте ещё не введён" in browser.get("/school/calls").text


def test_another_way_is_told_to_chats_and_calendars_of_coming_lessons(browser, school):
    lesson_id = book(school, school.algebra_a)
    assert call_of(lesson_id).way is CallWay.IN_CHAT
    sequence = lesson(lesson_id).sequence

    browser.post("/school/calls/ways", data={"way": "vk", "hosts": ""})

    assert call_of(lesson_id).way is CallWay.VK
    assert lesson(lesson_id).sequence == sequence + 1


@pytest.mark.parametrize("data", [{"way": "vk", "hosts": "zoom.us"}, {"way": "", "hosts": ""}])
def test_what_cannot_be_used_changes_nothing_and_stays_typed(browser, school, data):
    answer = browser.post("/school/calls/ways", data=data)

    assert answer.status_code == 422
    assert data["hosts"] in answer.text
    assert db.session.get_one(School, school.id).call_way is CallWay.IN_CHAT


def test_a_token_is_stored_for_its_person_and_never_shown(browser, school):
    assert browser.post("/school/calls/token", data={"token": ""}).status_code == 422

    browser.post("/school/calls/token", data={"token": "vk1.a.secret", "expires_on": "2026-12-01"})

    stored = token_of(db.session(), school.id)
    assert decrypt(stored.token) == "vk1.a.secret"
    assert stored.expires_at == datetime(2026, 12, 1, 20, 59, 59, 999999, tzinfo=UTC)
    text = browser.get("/school/calls").text
    assert "Сомова О. И." in text
    assert "действует по 1 декабря" in text
    assert "secret" not in text
    browser.post("/school/calls/token", data={"token": "vk1.a.endless"})
    assert token_of(db.session(), school.id).expires_at is None


@pytest.mark.parametrize(
    ("kind", "words"), [("class", "7 «А»"), ("teacher", "Иванова Е. П."), ("course", "Алгебра — 7А"), ("odd", "7 «Б»")]
)
def test_standing_links_are_listed_by_owner(browser, kind, words):
    assert words in browser.get(f"/school/calls/rooms?kind={kind}").text


def test_a_link_pasted_once_serves_all_coming_lessons(browser, school):
    lesson_id = book(school, school.english_1)
    assert call_of(lesson_id).problem

    answer = browser.post(
        "/school/calls/rooms", data={"kind": "teacher", f"room-{school.kim}": f" {ROOM}?utm_source=max "}
    )

    assert answer.status_code == 303
    assert (call_of(lesson_id).url, call_of(lesson_id).problem) == (ROOM, "")
    assert ROOM in browser.get("/school/calls/rooms?kind=teacher").text


def test_links_change_owners_and_go_in_one_step(browser, school):
    field_a, field_b = f"room-{school.class_a}", f"room-{school.class_b}"
    browser.post("/school/calls/rooms", data={"kind": "class", field_a: ROOM})
    browser.post("/school/calls/rooms", data={"kind": "class", field_a: "", field_b: ROOM})

    rooms = db.session.execute(sa.select(StandingRoom.owner_kind, StandingRoom.owner_id, StandingRoom.url)).all()
    assert [tuple(room) for room in rooms] == [(RoomOwner.CLASS, school.class_b, ROOM)]
    assert "Ничего не изменилось" in browser.post(
        "/school/calls/rooms", data={"kind": "class", field_b: ROOM}, follow_redirects=True
    ).text  # fmt: skip


@pytest.mark.parametrize(("typed", "words"), [("https://zoom.us/j/1", "иностранный сервис"), (ROOM, "уже закреплена")])
def test_a_wrong_link_is_told_beside_its_field_and_nothing_is_stored(browser, school, typed, words):
    data = {"kind": "class", f"room-{school.class_a}": ROOM, f"room-{school.class_b}": typed}

    answer = browser.post("/school/calls/rooms", data=data)

    assert answer.status_code == 422
    assert words in answer.text
    assert typed in answer.text
    assert count(StandingRoom) == 0


def test_a_course_takes_a_way_of_its_own(browser, school):
    data = {"kind": "course", "class_id": school.class_a, f"way-{school.algebra_a}": "vk"}
    assert browser.post("/school/calls/rooms", data=data).status_code == 303
    assert db.session.get_one(Course, school.algebra_a).call_way is CallWay.VK
    assert db.session.get_one(Course, school.physics_a).call_way is None

    browser.post("/school/calls/rooms", data={**data, f"way-{school.algebra_a}": ""})
    db.session.rollback()
    assert db.session.get_one(Course, school.algebra_a).call_way is None


def test_a_teachers_own_link_changes_the_posts_only_where_the_way_does(school):
    lesson_id = book(school, school.algebra_a)
    sequence = lesson(lesson_id).sequence

    replace_link(school.id, lesson_id, ROOM, actor_id=school.ivanova)
    assert (call_of(lesson_id).url, lesson(lesson_id).sequence) == (ROOM, sequence + 1)

    replace_link(school.id, lesson_id, ROOM + "k", actor_id=school.ivanova)
    assert (call_of(lesson_id).url, lesson(lesson_id).sequence) == (ROOM + "k", sequence + 1)

    replace_link(school.id, lesson_id, None, actor_id=school.ivanova)
    assert (call_of(lesson_id).way, lesson(lesson_id).sequence) == (CallWay.IN_CHAT, sequence + 2)


def test_nobody_replaces_the_link_of_a_lesson_that_is_not_theirs(school):
    lesson_id, other = book(school, school.algebra_a), make_school(name="Школа № 13")
    with transaction() as session:
        stranger = make_person(session, school.id, ("Чужой", "Иван", ""), role=Role.TEACHER).id

    with pytest.raises(NotAllowedError):
        replace_link(school.id, lesson_id, ROOM, actor_id=stranger)
    with pytest.raises(NotThereError):
        replace_link(other.id, lesson_id, ROOM, actor_id=other.ivanova)
    with pytest.raises(PlanningError, match="иностранный"):
        replace_link(school.id, lesson_id, "https://zoom.us/j/1", actor_id=school.ivanova)
    assert call_of(lesson_id).url is None

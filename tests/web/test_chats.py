from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import (
    BulletinPart,
    Chat,
    ChatKind,
    ChatState,
    Connection,
    Delivery,
    Notice,
    Platform,
    PostState,
)
from scheduler.permissions import Role, ScopeKind
from tests.factories import TUESDAY, add, make_person, make_school
from tests.web.screen_samples import make_part, notice

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 5, 10, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


@pytest.fixture
def deputy(school, enter):
    with transaction() as session:
        person = make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD)
    return enter(person.id)


@pytest.fixture
def leader(school, enter):
    """The chat administrator of 7А alone."""
    scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
    with transaction() as session:
        person = make_person(session, school.id, ("Классная", "Анна", ""), role=Role.CHAT_ADMINISTRATOR, **scope)
    return enter(person.id)


def change(model, row_id, **values):
    with transaction() as session:
        row = session.get_one(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def state_of(part_id, model=BulletinPart):
    db.session.rollback()
    return db.session.get_one(model, part_id).state


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def found(school, title="7А родители"):
    with transaction() as session:
        connection_id = session.scalar(sa.select(Connection.id))
        row = Chat(
            school_id=school.id, connection_id=connection_id, external_id=-77, title=title, state=ChatState.FOUND
        )
        return add(session, row).id


def test_the_worst_chat_comes_first(deputy, school):
    make_part(school, chat_id=school.parents_b, problem="rights")
    change(Chat, school.teachers_chat, state=ChatState.UNCONNECTED)
    text = read(deputy, "/chats")
    places = [text.index(name) for name in ("7 «Б», родители", "Учителя", "7 «А», родители")]
    assert places == sorted(places)
    assert "У бота нет права" in text
    assert "3 из 5" in text


def test_a_class_leader_sees_the_own_chats_alone(leader):
    text = read(leader, "/chats")
    assert "7 «А», ученики" in text
    assert "7 «Б»" not in text


def test_a_chat_beyond_the_class_is_refused(leader, school):
    assert leader.get(f"/chats/{school.students_b}").status_code == 403
    assert leader.post(f"/chats/{school.students_b}/settings", data={"sounds": "no"}).status_code == 403


def test_wanted_and_posted_texts_stand_side_by_side(deputy, school):
    values = {"posted_text": "Алгебра в 8:30", "posted_hash": "old", "posted_at": MORNING, "text": "Алгебра в 9:25"}
    part_id = make_part(school, state=PostState.PARKED, problem="refused", **values)
    with transaction() as session:
        mark = session.get_one(BulletinPart, part_id).mark
        row = Delivery(school_id=school.id, chat_id=school.students_a, target=mark, verb="edit", at=MORNING)
        row.outcome, row.status, row.answer = "bad_request", 400, "too long"
        session.add(row)
    text = read(deputy, f"/chats/{school.students_a}")
    assert "Должен показывать" in text
    assert "Алгебра в 9:25" in text
    assert "Алгебра в 8:30" in text
    assert "исправление: сообщение не принято (400). too long" in text
    assert "Разместить снова" in text


def test_a_later_post_says_when_it_goes_out(deputy, school):
    day = TUESDAY + timedelta(days=7)
    make_part(school, day=day, state=PostState.WANTED, due_at=MORNING + timedelta(days=6, hours=10))
    assert "30 ноября, 18:10" in read(deputy, f"/chats/{school.students_a}")
    assert "сообщение выйдет позже" in read(deputy, "/chats")


def test_a_posted_chat_says_since_when(deputy, school):
    make_part(school, state=PostState.POSTED, posted_at=MORNING, posted_text="Алгебра", posted_hash="wanted")
    assert "24 ноября, 8:10" in read(deputy, "/chats")


def test_a_removed_bot_is_said_with_what_to_do(deputy, school):
    change(Chat, school.students_a, state=ChatState.REMOVED)
    text = read(deputy, f"/chats/{school.students_a}")
    assert "Бот удалён из чата." in text
    assert "обавьте бота" in text


def test_a_parked_post_is_posted_again(deputy, school):
    part_id = make_part(school, problem="rights")
    answer = deputy.post(f"/chats/parts/{part_id}/again")
    assert (answer.status_code, answer.location) == (303, f"/chats/{school.students_a}")
    assert state_of(part_id) is PostState.WANTED


def test_what_cannot_be_done_is_said(deputy, school):
    part_id = make_part(school, state=PostState.SENDING)
    answer = deputy.post(f"/chats/parts/{part_id}/again", follow_redirects=True)
    assert "отправляется" in answer.get_data(as_text=True)
    assert state_of(part_id) is PostState.SENDING


def test_notices_are_repeated_and_placed(deputy, school):
    notice_id = notice(school)["notice_id"]
    assert deputy.post(f"/chats/notices/{notice_id}/again").status_code == 303
    change(Notice, notice_id, state=PostState.PARKED)
    assert "Сообщение об изменении" in read(deputy, f"/chats/{school.students_a}")
    deputy.post(f"/chats/notices/{notice_id}/placed")
    assert state_of(notice_id, Notice) is PostState.POSTED


def test_texts_by_hand_are_copied_placed_and_asked_for_again(leader, school):
    change(Chat, school.students_a, platform=Platform.BY_HAND)
    part_id = make_part(school, state=PostState.BY_HAND)
    text = read(leader, "/chats/by-hand")
    assert "Скопировать текст" in text
    assert "7 «А», ученики" in text
    answer = leader.post(f"/chats/{school.students_a}/placed", data={"seen": f"part:{part_id}:wanted"})
    assert answer.location == "/chats/by-hand"
    assert state_of(part_id) is PostState.POSTED
    assert "Всё размещено." in read(leader, "/chats/by-hand")
    change(BulletinPart, part_id, state=PostState.BY_HAND, text="Физика", wanted_hash="new")
    assert "текст изменился: разместите новый" in read(leader, "/chats/by-hand")
    assert "разместите вручную 1 текст" in read(leader, "/chats")


def test_the_sound_of_a_chat_is_set(leader, school):
    path = f"/chats/{school.parents_a}"
    wish = {"sounds": "yes", "evening_hour": "19:30", "reminder": "15"}
    leader.post(f"{path}/settings", data=wish)
    chat = db.session.get_one(Chat, school.parents_a)
    assert (chat.sounds, chat.evening_hour, chat.reminder_minutes) == (True, time(19, 30), 15)
    assert 'value="19:30"' in read(leader, path)
    assert '<option selected value="15">за 15 минут</option>' in read(leader, path)
    assert leader.post(f"{path}/settings", data={"sounds": "loud"}).status_code == 422


def test_a_found_chat_is_guessed_and_connected(deputy, school):
    change(Chat, school.parents_a, state=ChatState.UNCONNECTED, external_id=None)
    chat_id = found(school)
    text = read(deputy, "/chats/connect")
    assert "Подобраны по названиям" in text
    assert f'selected value="{school.class_a}"' in text
    prefix = f"c{chat_id}"
    wish = {f"{prefix}-kind": "parents", f"{prefix}-class_id": str(school.class_a)}
    answer = deputy.post(f"/chats/{chat_id}/connect", data=wish)
    assert (answer.status_code, answer.location) == (303, f"/chats/{school.parents_a}")
    chat = db.session.get_one(Chat, school.parents_a)
    assert (chat.state, chat.external_id, chat.kind) == (ChatState.CONNECTED, -77, ChatKind.PARENTS)


def test_guessed_chats_are_connected_at_once_and_a_taken_place_is_told(deputy, school):
    change(Chat, school.parents_a, state=ChatState.UNCONNECTED, external_id=None)
    chat_id = found(school)
    assert f'value="{chat_id}:parents:{school.class_a}" checked' in read(deputy, "/chats/connect")
    places = [f"{chat_id}:parents:{school.class_a}", f"{school.parents_b}:students:{school.class_a}", "x:students:1"]
    text = deputy.post("/chats/connect-guessed", data={"place": places}, follow_redirects=True).text
    assert "Подключён 1 чат." in text
    assert "уже подключён" in text
    assert db.session.get_one(Chat, school.parents_a).state is ChatState.CONNECTED
    assert db.session.get_one(Chat, school.parents_b).kind is ChatKind.PARENTS
    other = make_school(name="Школа № 13")
    assert deputy.post("/chats/connect-guessed", data={"place": f"{other.parents_a}:parents:1"}).status_code == 404


def test_a_taken_place_is_said_beside_the_chat(deputy, school):
    chat_id = found(school)
    wish = {f"c{chat_id}-kind": "parents", f"c{chat_id}-class_id": str(school.class_a)}
    answer = deputy.post(f"/chats/{chat_id}/connect", data=wish)
    assert answer.status_code == 422
    assert "уже подключён" in answer.get_data(as_text=True)
    assert deputy.post(f"/chats/{chat_id}/connect", data={}).status_code == 422


def test_a_chat_is_disconnected(deputy, school):
    assert deputy.post(f"/chats/{school.students_a}/let-go").location == "/chats"
    assert db.session.get_one(Chat, school.students_a).state is ChatState.FOUND
    assert "1 чат ждёт," in read(deputy, "/chats")


def test_a_chat_by_hand_is_made_for_a_class(deputy, school):
    change(Chat, school.students_b, state=ChatState.UNCONNECTED)
    wish = {"kind": "students", "class_id": str(school.class_b)}
    answer = deputy.post("/chats/by-hand/new", data=wish)
    assert answer.location == f"/chats/{school.students_b}"
    assert "ведётся вручную" in read(deputy, answer.location)
    assert deputy.post("/chats/by-hand/new", data=wish).status_code == 422
    assert deputy.post("/chats/by-hand/new", data={"kind": "students"}).status_code == 422
    assert deputy.post("/chats/by-hand/new", data={}).status_code == 422


def test_the_bots_token_is_never_shown_again(deputy, school):
    change(Connection, db.session.scalar(sa.select(Connection.id)), is_refused=True)
    assert "не принимает ключ" in read(deputy, "/chats/connect")
    answer = deputy.post("/chats/bot", data={"token": "top-secret-token"}, follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert "top-secret-token" not in text
    assert "Ключ сохранён." in text
    assert deputy.post("/chats/bot", data={"token": "x"}).status_code == 422


def test_a_school_without_chats_says_who_connects_them(enter, school):
    with transaction() as session:
        session.execute(sa.delete(Chat))
    assert "не доверен ни один чат" in read(enter(school.kim), "/chats")

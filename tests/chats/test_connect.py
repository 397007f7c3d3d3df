"""Chats are learnt from events and connected by a person's word; what they should show then becomes due."""

import pytest

from scheduler.chats.connect import connect_chat, handle_update, learn_chat, unlearnt_chats
from scheduler.chats.connections import messenger_of, store_connection
from scheduler.chats.deliver import deliver_until_done, due_posts
from scheduler.chats.errors import ChatError, NoSuchPostError
from scheduler.chats.messenger import DeliveryError, Kind
from scheduler.chats.polling import poll_once, subscribe_webhook
from scheduler.chats.suggest import Suggestion, suggest_class
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection, PostState
from scheduler.models.classes import SchoolClass
from tests.chats.conftest import parts_of
from tests.factories import count, make_lesson, make_school

ADDED = {"update_type": "bot_added", "chat_id": -777, "is_channel": False}


def chat_of(external_id=-777):
    db.session.expire_all()
    return db.session.scalars(db.select(Chat).where(Chat.external_id == external_id)).one()


def place_free(school):
    """The students' chat of 7А stands by order only."""
    with transaction() as session:
        chat = session.get_one(Chat, school.students_a)
        chat.external_id, chat.state = None, ChatState.UNCONNECTED


def test_added_bot_finds_a_chat_once(school, twin):
    twin.titles[-777] = "7 «А» ученики"
    handle_update(1, ADDED)
    handle_update(1, ADDED)
    assert unlearnt_chats() == [chat_of().id]
    assert learn_chat(chat_of().id) is True
    assert (chat_of().state, chat_of().title, unlearnt_chats()) == (ChatState.FOUND, "7 «А» ученики", [])


def test_unknown_event_channel_and_foreign_chat_are_ignored(school, twin):
    before = count(Chat)
    for update in (
        {"update_type": "message_created"},
        {**ADDED, "is_channel": True},
        {"update_type": "bot_removed", "chat_id": -5},
        {"update_type": "chat_title_changed", "chat_id": -5, "title": "x"},
        {"update_type": "bot_admin_permissions_changed", "chat_id": -5},
    ):
        handle_update(1, update)
    assert count(Chat) == before


def test_connected_chat_gets_what_it_should_show(school, twin, announce, moment):
    place_free(school)
    announce(make_lesson(school, school.algebra_a, period=5))
    assert parts_of(school.students_a)[0].state is PostState.UNCONNECTED
    handle_update(1, ADDED)
    connected = connect_chat(chat_of().id, class_id=school.class_a, kind=ChatKind.STUDENTS, actor_id=school.director)
    assert connected == school.students_a
    deliver_until_done(school.id)
    assert twin.texts(-777) == [parts_of(school.students_a)[0].text]
    assert count(AuditEvent, AuditEvent.action == "chat_connected") == 1


def test_chat_without_a_place_of_its_own_becomes_one(school, twin, announce, moment):
    place_free(school)
    with transaction() as session:
        session.delete(session.get_one(Chat, school.students_a))
    announce(make_lesson(school, school.algebra_a, period=5))
    handle_update(1, ADDED)
    chat_id = connect_chat(chat_of().id, class_id=school.class_a, kind=ChatKind.STUDENTS, actor_id=None)
    assert [part.state for part in parts_of(chat_id)] == [PostState.WANTED]


def test_taken_place_and_wrong_class_are_refused(school, twin):
    handle_update(1, ADDED)
    found = chat_of().id
    other = make_school(name="Другая", weekly_slots=False)
    with pytest.raises(ChatError, match="другой чат"):
        connect_chat(found, class_id=school.class_a, kind=ChatKind.STUDENTS, actor_id=None)
    with pytest.raises(ChatError, match="класс"):
        connect_chat(found, class_id=None, kind=ChatKind.PARENTS, actor_id=None)
    with pytest.raises(NoSuchPostError):
        connect_chat(found, class_id=other.class_a, kind=ChatKind.PARENTS, actor_id=None)
    with pytest.raises(NoSuchPostError):
        connect_chat(999_999, class_id=None, kind=ChatKind.TEACHERS, actor_id=None)


def test_removed_bot_parks_and_added_again_goes_on(school, twin, announce, moment):
    external = db.session.get(Chat, school.students_a).external_id
    announce(make_lesson(school, school.algebra_a, period=5))
    handle_update(1, {"update_type": "bot_removed", "chat_id": external})
    (part,) = parts_of(school.students_a)
    assert (part.state, part.problem) == (PostState.PARKED, "gone")
    announce(make_lesson(school, school.physics_a, period=6))
    assert parts_of(school.students_a)[0].state is PostState.PARKED
    handle_update(1, {**ADDED, "chat_id": external})
    deliver_until_done(school.id)
    assert len(twin.standing(external)) == 1


def test_title_and_rights_follow_events(school, twin):
    external = db.session.get(Chat, school.students_a).external_id
    handle_update(1, {"update_type": "chat_title_changed", "chat_id": external, "title": "7А новый"})
    assert chat_of(external).title == "7А новый"
    twin.unreadable = True
    handle_update(1, {"update_type": "bot_admin_permissions_changed", "chat_id": external})
    learn_chat(school.students_a)
    assert chat_of(external).can_read is False


def test_silent_messenger_leaves_the_title_for_later(school, twin):
    handle_update(1, ADDED)
    twin.faults = [Kind.TRANSIENT, Kind.GONE]
    assert learn_chat(chat_of().id) is False
    assert chat_of().state is ChatState.FOUND
    assert learn_chat(chat_of().id) is False
    assert chat_of().state is ChatState.REMOVED
    place_free(school)
    assert learn_chat(school.students_a) is False


def test_copy_of_a_chat_being_connected_is_dropped(school, twin):
    handle_update(1, ADDED)
    with transaction() as session:
        session.get_one(Chat, school.students_a).external_id = -777
    handle_update(1, ADDED)
    assert chat_of().id == school.students_a


def test_marker_is_stored_after_the_batch(school, twin, monkeypatch):
    twin.events = [ADDED]
    assert poll_once(1, wait=0) == 1
    assert db.session.get(Connection, 1).marker == 1
    assert poll_once(1, wait=0) == 0
    assert unlearnt_chats() == [chat_of().id]


def test_webhook_address_is_subscribed(school, twin):
    url = subscribe_webhook(1)
    assert url == f"http://school.test/max/webhook/hook-{school.id}"
    assert twin.calls == [f"subscribe {url}"]


def test_webhook_acts_only_with_its_secret(app, school, twin, client):
    path, header = f"/max/webhook/hook-{school.id}", "X-Max-Bot-Api-Secret"
    assert client.post("/max/webhook/unknown", json=ADDED, headers={header: "secret"}).status_code == 404
    assert client.post(path, json=ADDED).status_code == 403
    assert client.post(path, json=ADDED, headers={header: "secrét"}).status_code == 403
    assert count(Chat, Chat.external_id == -777) == 0
    assert client.post(path, data=b"[]", headers={header: "secret"}).status_code == 200
    assert client.post(path, json=ADDED, headers={header: "secret"}).status_code == 200
    assert count(Chat, Chat.external_id == -777) == 1


def test_new_token_starts_the_queue_again(app, school, twin, announce, moment):
    announce(make_lesson(school, school.algebra_a, period=5))
    with transaction() as session:
        session.get_one(Connection, 1).is_refused = True
    assert due_posts() == []
    assert store_connection(school.id, "new-token") == 1
    assert len(due_posts()) == 3
    stored = db.session.get(Connection, 1).token
    assert "new-token" not in stored
    del app.extensions["messenger_factory"]
    assert messenger_of(1) is messenger_of(1)


def test_unreadable_or_missing_token_is_a_refused_one(app, school):
    with pytest.raises(DeliveryError) as missing:
        messenger_of(1)
    with transaction() as session:
        session.get_one(Connection, 1).token = "gAAAAA-of-another-key"
    with pytest.raises(DeliveryError) as foreign:
        messenger_of(1)
    assert (missing.value.kind, foreign.value.kind) == (Kind.AUTH, Kind.AUTH)


CLASSES = [
    SchoolClass(id=1, label="7А", label_key="7а"),
    SchoolClass(id=2, label="7Б", label_key="7б"),
    SchoolClass(id=3, label="Кадетский", label_key="кадетский"),
    SchoolClass(id=4, label="10", label_key="10"),
]


@pytest.mark.parametrize(
    ("title", "class_id", "kind"),
    [
        ("7 «А» родители", 1, ChatKind.PARENTS),
        ("Чат учеников 7-б", 2, ChatKind.STUDENTS),
        ("7A класс", 1, ChatKind.STUDENTS),
        ("Родители, классный руководитель 7А", 1, ChatKind.PARENTS),
        ("Учителя школы", None, ChatKind.TEACHERS),
        ("Кадетский класс, родители", 3, ChatKind.PARENTS),
        ("7А и 7Б", None, None),
        ("Футбол", None, None),
        ("7А", 1, None),
        ("10 класс, родители", 4, ChatKind.PARENTS),
        ("Родители, школа № 10", None, None),
    ],
)
def test_class_is_guessed_from_the_title(title, class_id, kind):
    assert suggest_class(title, CLASSES) == Suggestion(class_id, kind)

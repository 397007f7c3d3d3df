from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.chats.by_hand import mark_placed
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, ChatState, Connection, Platform, PostState
from scheduler.models.secrets import decrypt
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.official_chats import (
    ChatWish,
    change_chat,
    connect_official_chat,
    enter_bot_token,
    let_go,
    make_by_hand_chat,
)
from tests.factories import TUESDAY, add, count, make_school

MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


def book(school):
    return book_lesson(school.id, LessonWish(course_id=school.algebra_a, date=TUESDAY, period=1)).lesson_ids[0]


def chat_of(chat_id) -> Chat:
    db.session.rollback()
    return db.session.get_one(Chat, chat_id)


def parts_of(chat_id) -> list[BulletinPart]:
    db.session.rollback()
    query = sa.select(BulletinPart).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return list(db.session.scalars(query))


def test_a_chat_that_is_let_go_shows_nothing_more(school):
    book(school)
    let_go(school.id, school.parents_a, actor_id=school.director)
    chat = chat_of(school.parents_a)
    assert (chat.state, chat.kind, chat.class_id) == (ChatState.FOUND, None, None)
    assert [part.state for part in parts_of(school.parents_a)] == [PostState.WITHDRAWN]


def test_what_stands_in_a_chat_that_is_let_go_stays(school):
    book(school)
    with transaction() as session:
        part = session.get_one(BulletinPart, parts_of(school.parents_a)[0].id)
        part.posted_hash, part.state = part.wanted_hash, PostState.POSTED
    let_go(school.id, school.parents_a, actor_id=None)
    assert [part.state for part in parts_of(school.parents_a)] == [PostState.POSTED]


def test_a_found_chat_is_connected_by_a_persons_word(school):
    let_go(school.id, school.students_a, actor_id=None)
    lesson_id = book(school)
    call = sa.select(Call.state).where(Call.lesson_id == lesson_id)
    assert db.session.scalar(call) is CallState.FAILED
    wish = {"kind": ChatKind.STUDENTS, "class_id": school.class_a}
    connect_official_chat(school.id, school.students_a, **wish, actor_id=school.director)
    assert chat_of(school.students_a).state is ChatState.CONNECTED
    assert "Алгебра" in parts_of(school.students_a)[0].text
    assert db.session.scalar(call) is CallState.READY


def test_two_chats_in_one_place_are_refused(school):
    let_go(school.id, school.parents_a, actor_id=None)
    wish = {"kind": ChatKind.STUDENTS, "class_id": school.class_a, "actor_id": school.director}
    with pytest.raises(TakenError):
        connect_official_chat(school.id, school.parents_a, **wish)
    with pytest.raises(TakenError):
        make_by_hand_chat(school.id, **wish)


def test_a_chat_kept_by_hand_asks_for_its_texts(school):
    let_go(school.id, school.parents_a, actor_id=None)
    book(school)
    wish = {"kind": ChatKind.PARENTS, "class_id": school.class_a}
    chat_id = make_by_hand_chat(school.id, **wish, actor_id=school.director)
    assert (chat_of(chat_id).title, chat_of(chat_id).platform) == ("7 «А», родители", Platform.BY_HAND)
    assert [part.state for part in parts_of(chat_id)] == [PostState.BY_HAND]
    mark_placed(parts_of(chat_id)[0].id, actor_id=school.director)
    assert [part.state for part in parts_of(chat_id)] == [PostState.POSTED]


def test_the_row_of_the_order_is_taken_for_a_chat_by_hand(school):
    with transaction() as session:
        chat = session.get_one(Chat, school.parents_b)
        chat.state, chat.external_id = ChatState.UNCONNECTED, None
    made = make_by_hand_chat(school.id, kind=ChatKind.PARENTS, class_id=school.class_b, actor_id=None)
    assert (made, chat_of(made).title) == (school.parents_b, "7Б родители")
    let_go(school.id, made, actor_id=None)
    chat = chat_of(made)
    assert (chat.state, chat.kind, chat.platform) == (ChatState.UNCONNECTED, ChatKind.PARENTS, Platform.MAX)


@pytest.mark.parametrize(("kind", "with_class"), [(ChatKind.TEACHERS, True), (ChatKind.PARENTS, False)])
def test_a_class_chat_has_a_class_and_the_teachers_none(school, kind, with_class):
    with pytest.raises(PlanningError):
        make_by_hand_chat(school.id, kind=kind, class_id=school.class_a if with_class else None, actor_id=None)


def test_a_chat_or_class_of_another_school_is_not_there(school):
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        let_go(school.id, other.parents_a, actor_id=None)
    with pytest.raises(NotThereError):
        make_by_hand_chat(school.id, kind=ChatKind.PARENTS, class_id=other.class_a, actor_id=None)
    with transaction() as session:
        row = Chat(school_id=school.id, title="Без номера", state=ChatState.UNCONNECTED)
        chat_id = add(session, row).id
    with pytest.raises(NotThereError):
        connect_official_chat(school.id, chat_id, kind=ChatKind.TEACHERS, class_id=None, actor_id=school.director)


def test_the_sound_of_what_is_not_posted_yet_follows(school):
    book(school)
    change_chat(school.id, school.parents_a, ChatWish(sounds=True, evening_hour=time(19)), actor_id=None)
    assert [part.is_loud for part in parts_of(school.parents_a)] == [True]
    assert chat_of(school.parents_a).evening_hour == time(19)
    change_chat(school.id, school.parents_a, ChatWish(), actor_id=None)
    assert [part.is_loud for part in parts_of(school.parents_a)] == [False]


def test_the_bots_token_is_stored_encrypted(school):
    enter_bot_token(school.id, " secret-token ", actor_id=school.director)
    stored = db.session.scalars(sa.select(Connection.token)).one()
    assert "secret" not in stored
    assert decrypt(stored) == "secret-token"
    assert count(AuditEvent, AuditEvent.action == "bot_token") == 1


def test_a_blank_token_is_refused(school):
    with pytest.raises(PlanningError):
        enter_bot_token(school.id, " ", actor_id=None)

"""What stands in for a link is told: posts and calendars name the way that is really in force."""

import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class
from scheduler.calls.provide import due_calls
from scheduler.calls.require import OPENS_BEFORE
from scheduler.calls.tokens import seed_token
from scheduler.chats.connect import handle_update
from scheduler.chats.outcome import close_chat
from scheduler.database import db, transaction
from scheduler.models.calls import CallState
from scheduler.models.chats import Bulletin, BulletinPart, Chat, Notice, PostState
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.links import provide
from scheduler.planning.official_chats import learn_official_chat
from tests.calls.conftest import LESSON_AT
from tests.factories import TUESDAY

IN_CHAT = "видеозвонок в чате класса"


def choose_way(school, way):
    with transaction() as session:
        session.get_one(School, school.id).call_way = way


def book(school):
    return book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1)).lesson_ids[0]


def text(school):
    db.session.rollback()
    query = sa.select(BulletinPart).join(Bulletin).where(Bulletin.chat_id == school.students_a)
    (part,) = db.session.scalars(query)
    return part.text


def show(school):
    """The bulletin stands in the pupils' chat."""
    with transaction() as session:
        for part in session.scalars(sa.select(BulletinPart)):
            part.message_id, part.posted_hash, part.state = "7", part.wanted_hash, PostState.POSTED


def notices(school):
    db.session.rollback()
    return [row.text for row in db.session.scalars(sa.select(Notice).where(Notice.chat_id == school.students_a))]


def lesson(lesson_id):
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def calendar(app, school):
    token = feed_for_class(school.id, school.class_a).url.rsplit("/", 1)[1]
    return app.test_client().get(f"/feeds/{token}").text.replace("\r\n ", "")


def test_vk_that_stays_away_is_told_as_the_call_in_the_chat_once_that_is_settled(
    app_with_vk, school, time, vk, call_of
):
    choose_way(school, CallWay.VK)
    seed_token(school.id)
    time.set(LESSON_AT - OPENS_BEFORE * 2)
    lesson_id = book(school)
    show(school)
    vk.fault(code=1, times=9)

    provide(call_of(lesson_id).id)
    assert (call_of(lesson_id).state, call_of(lesson_id).chat_id) == (CallState.WANTED, school.students_a)
    assert (IN_CHAT in text(school), lesson(lesson_id).sequence, notices(school)) == (False, 0, [])

    time.set(LESSON_AT - OPENS_BEFORE)
    provide(call_of(lesson_id).id)
    assert (call_of(lesson_id).state, call_of(lesson_id).shown_way) == (CallState.READY, CallWay.IN_CHAT)
    assert (IN_CHAT in text(school), lesson(lesson_id).sequence) == (True, 1)
    (notice,) = notices(school)
    assert IN_CHAT in notice
    assert "Видеозвонок в чате учеников класса" in calendar(app_with_vk, school)

    provide(call_of(lesson_id).id)
    assert (lesson(lesson_id).sequence, len(notices(school))) == (1, 1)


def test_a_chat_that_is_taken_away_and_comes_back_takes_its_calls_along(app, school, time, call_of, monkeypatch):
    choose_way(school, CallWay.IN_CHAT)
    lesson_id = book(school)
    show(school)
    assert IN_CHAT in text(school)

    close_chat(school.students_a)
    assert due_calls() == [call_of(lesson_id).id]
    provide(call_of(lesson_id).id)
    assert (call_of(lesson_id).state, due_calls()) == (CallState.FAILED, [])
    assert (IN_CHAT in text(school), lesson(lesson_id).sequence) == (False, 1)

    monkeypatch.setattr("scheduler.planning.official_chats.learn_chat", lambda _chat_id: True)
    chat = db.session.get_one(Chat, school.students_a)
    handle_update(chat.connection_id, {"update_type": "bot_added", "chat_id": chat.external_id})
    learn_official_chat(school.students_a)
    assert (call_of(lesson_id).state, call_of(lesson_id).way) == (CallState.READY, CallWay.IN_CHAT)
    assert (IN_CHAT in text(school), lesson(lesson_id).sequence) == (True, 2)

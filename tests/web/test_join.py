"""The join page by the time of day and the state of its lesson."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall_time

import pytest

from scheduler import clock
from scheduler.calls.links import set_link, set_room, set_way
from scheduler.calls.require import require
from scheduler.database import db, transaction
from scheduler.models.calls import Call, RoomOwner
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from scheduler.models.timetable import Room
from scheduler.planning.audit import record_lesson
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.join import wait_words
from tests.factories import make_lesson, make_school

START = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
END = START + timedelta(minutes=40)
ROOM = "https://max.ru/joincall/abcdefghij"


@pytest.fixture
def school(app):
    at(START - timedelta(hours=1))
    return make_school()


def at(moment):
    """Set the product's clock."""
    clock.configure(None, fixed=(moment - datetime.now(UTC)).total_seconds())


def booked(school, course_id=None, *, link=ROOM, **values):
    lesson_id = make_lesson(school, course_id or school.algebra_a, **values)
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        require(session, school.id, [LessonChange(None, lesson)])
        if link:
            set_link(session, lesson, link)
    return lesson_id


def edit(lesson_id, **values):
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        for name, value in values.items():
            setattr(lesson, name, value)


def ask(client, lesson_id, method="GET"):
    token = db.session.get_one(Lesson, lesson_id).join_token
    db.session.rollback()
    return client.open(f"/j/{token}", method=method)


def page(client, lesson_id):
    answer = ask(client, lesson_id)
    assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    return answer.text


@pytest.mark.parametrize("moment", [START - timedelta(minutes=10), START, END - timedelta(seconds=1)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_from_ten_minutes_before_to_the_end_it_sends_on(client, school, moment, method):
    lesson_id = booked(school)
    at(moment + timedelta(milliseconds=200))

    answer = ask(client, lesson_id, method)

    assert (answer.status_code, answer.headers["Location"]) == (303, ROOM)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "Set-Cookie" not in answer.headers


def test_earlier_it_says_when_and_never_where(client, school):
    lesson_id = booked(school, offline_task="§ 12, № 245")
    at(START - timedelta(hours=22, minutes=15))

    text = page(client, lesson_id)

    assert "Урок начнётся через 22 часа 15 минут." in text
    assert "Подключиться можно с 8:20 (вторник, 24 ноября)." in text
    assert "Вторник, 24 ноября" in text
    assert "§ 12, № 245" in text
    assert "8 (000) 000-00-00" in text
    assert "max.ru" not in text


def test_near_the_time_the_page_comes_back_by_itself_without_script(client, school):
    lesson_id = booked(school)
    for before, seconds in ((70, "60"), (10.5, "30"), (75, None), (24 * 60, None)):
        at(START - timedelta(minutes=before))
        told = ask(client, lesson_id).headers.get("Refresh")
        if seconds == "30":
            assert 25 <= int(told) <= 31
        else:
            assert told == (seconds if before <= 70 else None)


def test_today_it_says_from_what_time(client, school):
    lesson_id = booked(school)

    text = page(client, lesson_id)

    assert "Подключиться можно с 8:20. Тогда эта же страница приведёт на урок." in text
    assert "Сегодня" in text
    assert "Урок начнётся через 1 час." in text


def test_it_is_small_works_without_script_and_sets_no_cookie(client, school):
    answer = ask(client, booked(school))

    assert len(answer.data) < 8_000
    assert "<form" not in answer.text
    assert "noindex" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_after_a_move_it_says_where_from(client, school):
    lesson_id = booked(school)
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        before = snapshot(lesson)
        lesson.start, lesson.end = wall_time(10, 25), wall_time(11, 5)
        lesson.starts_at, lesson.ends_at = lesson.starts_at.replace(hour=7, minute=25), END + timedelta(hours=2)
        record_lesson(session, LessonChange(before, lesson), action="change", actor_id=None, reason="")
        before = snapshot(lesson)
        lesson.homework = "§ 13"
        record_lesson(session, LessonChange(before, lesson), action="change", actor_id=None, reason="")

    text = page(client, lesson_id)

    assert "Урок перенесён. Раньше он стоял так: вторник, 24 ноября, 8:30." in text
    assert "10:25–11:05" in text
    edit(lesson_id, start=wall_time(8, 30))
    assert "перенесён" not in page(client, lesson_id)


def test_a_cancelled_lesson_says_so_at_any_time(client, school):
    lesson_id = booked(school, state=LessonState.PLANNED)
    edit(lesson_id, state=LessonState.CANCELLED, cancel_reason="Учитель на совещании.")
    for moment in (START - timedelta(hours=5), START, END + timedelta(hours=1)):
        at(moment)
        text = page(client, lesson_id)
        assert "Урок отменён." in text
        assert "Учитель на совещании." in text
        assert "max.ru" not in text


def test_an_ended_lesson_leaves_the_task(client, school):
    lesson_id = booked(school, homework="§ 12, № 5")
    at(END)

    text = page(client, lesson_id)

    assert "Урок закончился." in text
    assert "Задание: § 12, № 5" in text


def test_self_study_shows_the_task_and_in_person_the_room(client, school):
    lesson_id = booked(school)
    at(START)
    edit(lesson_id, mode=LessonMode.SELF_STUDY, offline_task="§ 14, вопросы")
    assert "Задание: § 14, вопросы" in page(client, lesson_id)

    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        lesson.mode = LessonMode.IN_PERSON
        lesson.rooms = [session.get_one(Room, school.room_27)]
    text = page(client, lesson_id)
    assert "Урок пройдёт в школе." in text
    assert "Кабинет 27" in text


@pytest.mark.parametrize("moment", [START - timedelta(hours=3), START])
def test_a_call_in_the_chat_says_where_to_press(client, school, moment):
    lesson_id = booked(school, link=None)
    at(moment)

    text = page(client, lesson_id)

    assert "Видеозвонок — в чате учеников класса." in text
    assert "Не получается подключиться?" in text
    assert ("Урок идёт в чате учеников класса." in text) == (moment == START)


def test_a_call_in_a_chat_whose_row_is_gone_is_still_in_the_chat(client, school):
    lesson_id = booked(school, link=None)
    at(START)
    with transaction() as session:
        session.execute(db.update(Call).values(chat_id=None))

    assert "Урок идёт в чате учеников класса." in page(client, lesson_id)


def test_no_link_yet_says_so_with_the_task_and_whom_to_ask(client, school):
    lesson_id = booked(school, school.english_1, link=None)
    at(START - timedelta(minutes=5))

    answer = ask(client, lesson_id)

    assert answer.headers["Refresh"] == "20"
    for words in ("Ссылки пока нет.", "задание — в электронном дневнике до 8:30", "Школа: 8 (000) 000-00-00."):
        assert words in answer.text


def test_where_the_worker_did_not_come_the_room_stands_in(client, school):
    with transaction() as session:
        set_way(session, school.id, CallWay.VK)
    whole = booked(school, link=None)
    half = booked(school, school.english_1, link=None)
    with transaction() as session:
        set_room(session, school.id, (RoomOwner.TEACHER, school.kim), ROOM)
    assert "max.ru" not in page(client, half)

    at(START)
    assert ask(client, half).headers["Location"] == ROOM
    assert "Урок идёт в чате учеников класса." in page(client, whole)
    edit(half, mode=LessonMode.BROADCAST)
    with transaction() as session:
        session.execute(db.delete(Call))
    assert ask(client, half).headers["Location"] == ROOM


def test_an_unknown_a_replaced_and_a_waiting_lessons_address_are_not_there(client, school):
    lesson_id = booked(school)
    old = db.session.get_one(Lesson, lesson_id).join_token
    edit(lesson_id, join_token="a-new-token-of-it")

    for token in (old, "x", "%27--", "a" * 200):
        assert client.get(f"/j/{token}").status_code == 404
    assert client.get("/j/a-new-token-of-it").status_code == 200
    edit(lesson_id, state=LessonState.WAITING)
    assert client.get("/j/a-new-token-of-it").status_code == 404


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=5), "через 1 минуту"),
        (timedelta(minutes=59, seconds=1), "через 1 час"),
        (timedelta(hours=2, minutes=2), "через 2 часа 2 минуты"),
        (timedelta(hours=23, minutes=11), "через 23 часа 11 минут"),
        (timedelta(days=5, hours=3), "через 5 дней"),
    ],
)
def test_wait_words(app, left, words):
    assert wait_words(left) == words


def test_a_private_lessons_page_names_no_pupil(client, school):
    lesson_id = booked(school)
    with transaction() as session:
        group = session.get_one(Lesson, lesson_id).group
        group.is_private, group.name = True, "Петров Иван, на дому"

    assert "Петров" not in page(client, lesson_id)

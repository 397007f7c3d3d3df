import gzip

import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import (
    FeedNotFoundError,
    FeedOptions,
    feed_answer,
    feed_for_class,
    feed_for_person,
    feed_for_teacher,
    replace_feed,
)
from scheduler.calendars.readers import family
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import CancelledPolicy, Feed
from scheduler.models.calls import Call
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.school import CallWay
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonMode, LessonState
from tests.calendars.changes import announce, change, events_of, later, set_clock, text_of
from tests.factories import make_class, make_course, make_group, make_lesson, make_school


def test_feed_of_a_class_is_made_once_and_named(school):
    feed = feed_for_class(school.id, school.class_a)
    assert feed == feed_for_class(school.id, school.class_a)
    assert feed.name == "7 «А» — уроки"
    assert feed.url == f"http://school.test/feeds/{feed.token}.ics"
    assert feed.webcal_url == f"webcal://school.test/feeds/{feed.token}.ics"


def test_each_choice_is_a_feed_of_its_own(school):
    options = [FeedOptions(), FeedOptions(CancelledPolicy.SHOWN), FeedOptions(alarm_minutes=10)]
    tokens = {feed_for_class(school.id, school.class_a, choice).token for choice in options}
    assert len(tokens) == 3


def test_teachers_feed_is_named_for_the_teacher(school):
    assert feed_for_teacher(school.id, school.ivanova).name == "Иванова Е. П. — уроки"


def test_nobody_gets_a_feed_of_another_school(school):
    other = make_school(name="Школа № 13")
    with pytest.raises(FeedNotFoundError):
        feed_for_class(other.id, school.class_a)
    with pytest.raises(FeedNotFoundError):
        feed_for_person(other.id, school.ivanova)
    with pytest.raises(FeedNotFoundError):
        replace_feed(other.id, feed_for_class(school.id, school.class_a).feed_id, None)


def test_replaced_feed_answers_only_at_its_new_address(school):
    announce(school, make_lesson(school, school.algebra_a))
    old = feed_for_class(school.id, school.class_a, FeedOptions(CancelledPolicy.SHOWN, 5))
    text = text_of(old)
    new = replace_feed(school.id, old.feed_id, school.director)
    assert feed_answer(old.token) is None
    assert text_of(new) == text
    assert feed_for_class(school.id, school.class_a, FeedOptions(CancelledPolicy.SHOWN, 5)).token == new.token
    event = db.session.scalar(sa.select(AuditEvent))
    assert (event.action, event.person_id, event.subject_id) == ("replace_feed", school.director, new.feed_id)
    with pytest.raises(FeedNotFoundError):
        replace_feed(school.id, old.feed_id, school.director)


def test_unknown_token_has_no_feed(app):
    assert feed_answer("nothing") is None


def test_event_carries_all_that_a_family_needs(school):
    lesson = make_lesson(
        school,
        school.algebra_a,
        offline_task="§ 12",
        topic="Дроби",
        materials="линейка",
        homework="№ 5",
        online_minutes=20,
    )
    announce(school, lesson)
    (event,) = events_of(feed_for_class(school.id, school.class_a)).values()
    address = str(event["URL"])
    assert address.startswith("http://school.test/j/")
    assert str(event["CONFERENCE"]) == address
    assert event["CONFERENCE"].params == {
        "FEATURE": "VIDEO", "LABEL": "Подключиться к видеоуроку", "VALUE": "URI",
    }  # fmt: skip
    assert str(event["DESCRIPTION"]).split("\n") == [
        "Учитель: Иванова Е. П.",
        "Видеоурок 20 мин, затем самостоятельно; подключиться можно за 10 минут до начала:",
        address,
        "Тема: Дроби",
        "Приготовьте: линейка",
        "Если нет интернета: § 12",
        "Домашнее задание: № 5",
    ]


@pytest.mark.parametrize(
    ("mode", "summary", "first_line"),
    [
        (LessonMode.IN_PERSON, "Алгебра", ""),
        (LessonMode.BROADCAST, "▶ Алгебра — трансляция из класса", "Для тех, кто дома, — трансляция"),
        (LessonMode.SELF_STUDY, "✎ Алгебра — самостоятельно", "http://school.test/j/"),
    ],
)
def test_each_mode_says_how_it_is_held(school, mode, summary, first_line):
    announce(school, make_lesson(school, school.algebra_a, mode=mode))
    (event,) = events_of(feed_for_class(school.id, school.class_a)).values()
    assert str(event["SUMMARY"]) == summary
    teacher, *rest = str(event["DESCRIPTION"]).split("\n")
    assert teacher == "Учитель: Иванова Е. П."
    assert "\n".join(rest).startswith(first_line)
    assert ("CONFERENCE" in event) is mode.has_call


def test_task_of_the_school_stands_where_none_is_written(school):
    announce(school, make_lesson(school, school.algebra_a, mode=LessonMode.SELF_STUDY))
    (event,) = events_of(feed_for_class(school.id, school.class_a)).values()
    assert "Задание: задание — в электронном дневнике до 8:30" in str(event["DESCRIPTION"])


def test_cancelled_lesson_by_the_standard_and_kept_in_sight(school):
    lesson = make_lesson(school, school.algebra_a)
    announce(school, lesson)
    usual = feed_for_class(school.id, school.class_a)
    shown = feed_for_class(school.id, school.class_a, FeedOptions(CancelledPolicy.SHOWN))
    assert text_of(usual) == text_of(shown)
    change(school, lesson, state=LessonState.CANCELLED, cancel_reason="заболел учитель")
    ((uid, struck),) = events_of(usual).items()
    ((same_uid, kept),) = events_of(shown).items()
    assert uid == same_uid
    assert (str(struck["STATUS"]), str(struck["SUMMARY"])) == ("CANCELLED", "▶ Алгебра — видеоурок")
    assert (str(kept["STATUS"]), str(kept["SUMMARY"])) == ("CONFIRMED", "Отменён: ▶ Алгебра — видеоурок")
    assert struck["SEQUENCE"] == kept["SEQUENCE"] == 1
    assert str(kept["TRANSP"]) == "TRANSPARENT"
    assert str(kept["DESCRIPTION"]).startswith("Урок отменён: заболел учитель\n")
    assert "Если нет интернета" not in str(kept["DESCRIPTION"])


def test_waiting_and_refused_lessons_stand_in_no_feed(school):
    waiting = make_lesson(school, school.algebra_a, state=LessonState.WAITING)
    announce(school, waiting)
    feeds = [
        feed_for_class(school.id, school.class_a, FeedOptions(CancelledPolicy.SHOWN)),
        feed_for_teacher(school.id, school.ivanova),
    ]
    assert [events_of(feed) for feed in feeds] == [{}, {}]
    change(school, waiting, state=LessonState.CANCELLED)
    assert [events_of(feed) for feed in feeds] == [{}, {}]
    change(school, waiting, state=LessonState.PLANNED)
    assert [len(events_of(feed)) for feed in feeds] == [1, 1]


def test_reading_is_noted_once_an_hour_by_family(school):
    feed = feed_for_class(school.id, school.class_a)
    for agent in ("Google-Calendar-Importer", "Microsoft.Exchange"):
        gzip.decompress(feed_answer(feed.token, agent).gzipped)
    noted = db.session.get_one(Feed, feed.feed_id)
    assert noted.read_by == "Google"
    assert later() <= noted.read_at < later(minutes=5)


def test_reading_noted_by_another_process_is_not_written_again(school, app):
    feed = feed_for_class(school.id, school.class_a)
    feed_answer(feed.token, "Google-Calendar-Importer")
    app.extensions["feed_readings"].clear()
    set_clock(later(minutes=30))
    feed_answer(feed.token, "Thunderbird")
    db.session.rollback()
    assert db.session.get_one(Feed, feed.feed_id).read_by == "Google"
    app.extensions["feed_readings"].clear()
    set_clock(later(hours=2))
    feed_answer(feed.token, "Thunderbird")
    db.session.rollback()
    assert db.session.get_one(Feed, feed.feed_id).read_by == "Thunderbird"


def test_reader_is_answered_though_the_note_cannot_be_written(school, app, monkeypatch):
    feed = feed_for_class(school.id, school.class_a)
    answer = feed_answer(feed.token)
    app.extensions["feed_readings"].clear()
    monkeypatch.setattr("scheduler.calendars.readers.transaction", busy)
    assert feed_answer(feed.token) == answer


def busy():
    raise sa.exc.OperationalError("database is locked", None, Exception())


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "Google"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Apple"),
        ("Mozilla/5.0 Thunderbird/128.0", "Thunderbird"),
        ("curl/8", ""),
    ],
)
def test_family_is_all_that_is_kept_of_a_program(agent, name):
    assert family(agent) == name


def test_feed_with_reminders_has_none_on_past_or_cancelled_lessons(school):
    past = make_lesson(school, school.algebra_a, day=later(days=-1).date())
    today = make_lesson(school, school.algebra_a, period=2)
    off = make_lesson(school, school.algebra_a, period=3, state=LessonState.CANCELLED)
    announce(school, past, today, off)
    feed = feed_for_class(school.id, school.class_a, FeedOptions(alarm_minutes=10))
    alarms = [len(event.walk("VALARM")) for event in events_of(feed).values()]
    assert alarms == [0, 1, 0]
    set_clock(later(days=1))
    assert [len(event.walk("VALARM")) for event in events_of(feed).values()] == [0, 0, 0]


def test_call_in_the_chat_is_said_in_words(school):
    lesson = make_lesson(school, school.algebra_a)
    with transaction() as session:
        session.add(Call(school_id=school.id, lesson_id=lesson, way=CallWay.IN_CHAT, due_at=later()))
    announce(school, lesson)
    (event,) = events_of(feed_for_class(school.id, school.class_a)).values()
    assert "Видеозвонок в чате учеников класса; если не получается подключиться:" in str(event["DESCRIPTION"])


def test_lesson_of_many_classes_names_the_first_and_its_room(school):
    with transaction() as session:
        classes = [(make_class(session, school.id, f"8{letter}").id,) for letter in "АБВГ"]
        group = make_group(session, school.id, "Хор", classes)
        subject = session.scalars(sa.select(Subject)).first()
        course = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    lesson = make_lesson(school, course, mode=LessonMode.IN_PERSON, state=LessonState.CANCELLED)
    with transaction() as session:
        session.get_one(Lesson, lesson).rooms = [session.get_one(Room, school.room_27)]
    announce(school, lesson)
    (event,) = events_of(feed_for_teacher(school.id, school.kim)).values()
    assert str(event["SUMMARY"]) == "8 «А», 8 «Б», 8 «В» и другие: Алгебра"
    assert str(event["LOCATION"]) == "кабинет 27"
    assert str(event["DESCRIPTION"]).startswith("Урок отменён.\n")

from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa

from scheduler.calendars import bodies, texts
from scheduler.calendars.bodies import Memory, body_of, feed_state
from scheduler.calendars.feeds import feed_answer, feed_for_class, feed_for_teacher
from scheduler.calendars.render import render_calendar
from scheduler.calendars.texts import store_texts
from scheduler.calendars.touch import touch_school
from scheduler.database import db, transaction
from scheduler.models.calendars import Calendar, FeedBody, LessonText
from scheduler.models.lessons import LessonTeacher
from scheduler.models.people import Person
from tests.calendars.changes import announce, change, events_of, later, set_clock, text_of
from tests.factories import count, make_lesson


@pytest.fixture
def lesson(school):
    lesson = make_lesson(school, school.algebra_a)
    announce(school, lesson)
    return lesson


@pytest.fixture
def feed(school, lesson):
    return feed_for_class(school.id, school.class_a)


def forget(app):
    """Be another process: nothing in memory."""
    app.extensions["feed_bodies"] = Memory()


def rendered(monkeypatch):
    """The lessons whose text is rendered from now on."""
    seen = []
    true = texts.worded
    monkeypatch.setattr(texts, "worded", lambda lesson, wording: seen.append(lesson.lesson_id) or true(lesson, wording))
    return seen


def test_two_reads_are_the_same_bytes_in_any_process(feed, app):
    first = feed_answer(feed.token)
    forget(app)
    assert feed_answer(feed.token) == first


def test_every_change_is_in_the_next_read(school, lesson, feed):
    first = feed_answer(feed.token)
    change(school, lesson, start=time(8, 40))
    second = feed_answer(feed.token)
    assert second.etag != first.etag
    assert second.last_modified > first.last_modified
    (event,) = events_of(feed).values()
    assert event["SEQUENCE"] == 1
    assert event["DTSTART"].dt.time() == time(8, 40)


def test_touch_without_a_difference_keeps_bytes_and_date(school, feed):
    first = feed_answer(feed.token)
    set_clock(later(hours=1))
    with transaction() as session:
        touch_school(session, school.id)
    assert feed_answer(feed.token) == first


def test_only_changed_lessons_are_rendered(school, lesson, feed, monkeypatch):
    other = make_lesson(school, school.algebra_a, period=2)
    announce(school, other)
    text_of(feed)
    seen = rendered(monkeypatch)
    change(school, other, topic="Дроби")
    text_of(feed)
    assert seen == [other]


def test_renamed_teacher_is_in_the_next_read_after_a_touch(school, feed):
    text_of(feed)
    with transaction() as session:
        session.get_one(Person, school.ivanova).last_name = "Петрова"
        touch_school(session, school.id)
    (event,) = events_of(feed).values()
    assert "Петрова Е. П." in str(event["DESCRIPTION"])


def test_worker_renders_ahead_and_the_request_only_sends(school, lesson, feed, app, monkeypatch):
    seen = rendered(monkeypatch)
    for calendar_id in db.session.scalars(sa.select(Calendar.id)).all():
        render_calendar(calendar_id)
    assert seen == [lesson]
    forget(app)
    text_of(feed)
    assert seen == [lesson]


def test_calendar_without_a_subscriber_renders_nothing(school, lesson, monkeypatch):
    seen = rendered(monkeypatch)
    for calendar_id in db.session.scalars(sa.select(Calendar.id)).all():
        render_calendar(calendar_id)
    assert seen == []


def test_lesson_stands_once_however_many_teach_it(school, lesson):
    with transaction() as session:
        session.add(LessonTeacher(school_id=school.id, lesson_id=lesson, person_id=school.kim))
    announce(school, lesson)
    feed = feed_for_teacher(school.id, school.kim)
    assert text_of(feed).count("BEGIN:VEVENT") == 1
    assert "Иванова Е. П.\\, Ким А. С." in text_of(feed).replace("\r\n ", "")


def test_window_moves_with_the_week_and_not_with_the_day(school, feed):
    old = make_lesson(school, school.algebra_a, day=later(days=-15).date())
    older = make_lesson(school, school.algebra_a, day=later(days=-16).date())
    announce(school, old, older)
    monday = text_of(feed)
    assert len(events_of(feed)) == 2
    set_clock(later(days=5, hours=17))
    assert text_of(feed) == monday
    set_clock(later(days=6, hours=18))
    assert len(events_of(feed)) == 1


def test_changes_within_one_second_have_different_dates(school, lesson, feed):
    set_clock(datetime(2026, 11, 24, 3, 50, 0, 1000, tzinfo=UTC))
    dates = []
    for topic in ("а", "б", "в"):
        change(school, lesson, topic=topic)
        dates.append(feed_answer(feed.token).last_modified)
    assert len(set(dates)) == 3


def test_reader_is_answered_though_nothing_can_be_stored(feed, monkeypatch):
    def busy(*_args, **_values):
        raise sa.exc.OperationalError("database is locked", None, Exception())

    monkeypatch.setattr(bodies, "_keep", busy)
    assert "BEGIN:VEVENT" in text_of(feed)
    assert count(FeedBody) == 0


def test_failure_goes_up_and_is_no_empty_calendar(feed, monkeypatch):
    def broken(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(bodies, "contents_of", broken)
    with pytest.raises(ZeroDivisionError):
        feed_answer(feed.token)


def test_older_bytes_never_replace_newer_ones(school, lesson, feed, app, monkeypatch):
    text_of(feed)
    true = bodies._keep
    late = []
    monkeypatch.setattr(bodies, "_keep", lambda *args, **values: late.append((args, values)))
    change(school, lesson, topic="первая")
    forget(app)
    text_of(feed)
    monkeypatch.setattr(bodies, "_keep", true)
    change(school, lesson, topic="вторая")
    newest = text_of(feed)
    for args, values in late:
        true(*args, **values)
    forget(app)
    assert text_of(feed) == newest
    assert "вторая" in db.session.scalar(sa.select(LessonText.text))


def test_first_text_of_two_readers_is_kept(school, lesson):
    row = {"school_id": school.id, "lesson_id": lesson, "wording": "plain", "seen": None}
    store_texts([{**row, "version": "1", "text": "первый"}])
    store_texts([{**row, "version": "1", "text": "второй"}])
    assert db.session.scalars(sa.select(LessonText.text)).all() == ["первый"]


def test_memory_forgets_the_longest_unused(feed, monkeypatch):
    monkeypatch.setattr(bodies, "KEPT_IN_MEMORY", 2)
    memory = Memory()
    state = feed_state(db.engine, feed.token)
    _feed_id, body = body_of(feed.token)
    states = [bodies.FeedState(state.feed_id, key, None) for key in ("a", "b", "c")]
    memory.put(states[0], body)
    memory.put(states[1], body)
    assert memory.get(states[0]) is body
    memory.put(states[2], body)
    assert [memory.get(one) for one in states] == [body, None, body]


def test_stored_bytes_of_another_moment_are_not_sent(feed, app):
    text_of(feed)
    state = feed_state(db.engine, feed.token)
    other = bodies.FeedState(state.feed_id, "later", "later")
    assert bodies._stored(other) is None

"""A reminder stands once for each moment, moves along with its lesson, and says so where the lesson is gone."""

from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler.chats.deliver import deliver_until_done, due_posts
from scheduler.chats.messenger import Kind
from scheduler.database import db, transaction
from scheduler.models.chats import Chat, ChatState, PostState, Reminder
from scheduler.planning.official_chats import ChatWish, change_chat
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import BELLS, TUESDAY, make_lesson

LOCAL = timedelta(hours=3)


@pytest.fixture
def reminded(school, moment, twin):
    """The pupils' chat wants to be reminded ten minutes before; it is 7:30 in the morning."""
    change_chat(school.id, school.students_a, ChatWish(reminder_minutes=10), actor_id=None)
    return school


def reminders():
    db.session.expire_all()
    return db.session.scalars(db.select(Reminder).order_by(Reminder.start)).all()


def start_of(period):
    """When a lesson of today begins, as the product's instant."""
    return datetime.combine(TUESDAY, BELLS[period][0], UTC) - LOCAL


def own(twin, school):
    """What the chat holds of reminders, in order."""
    chat = db.session.get(Chat, school.students_a).external_id
    return [message for message in twin.standing(chat) if "?m=a" in message.url]


def test_reminder_goes_once_at_its_minute(reminded, announce, twin, moment):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    deliver_until_done(reminded.id)
    assert own(twin, reminded) == []
    moment.at = start_of(5) - timedelta(minutes=10)
    deliver_until_done(reminded.id)
    deliver_until_done(reminded.id)
    (message,) = own(twin, reminded)
    words = f"7 «А»: в {BELLS[5][0]:%-H:%M} видеоурок — Алгебра (Иванова Е. П.).\nПодключиться: http://school.test/j/"
    assert message.text.startswith(words)
    assert message.loud


def test_only_the_chat_that_wants_it_is_reminded(reminded, announce):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    assert [one.chat_id for one in reminders()] == [reminded.students_a]


def test_work_on_ones_own_is_not_reminded_of(reminded, announce):
    announce(make_lesson(reminded, reminded.algebra_a, period=5, mode=LessonMode.SELF_STUDY))
    assert reminders() == []


def test_groups_of_one_moment_share_a_message(reminded, announce):
    announce(make_lesson(reminded, reminded.english_1, period=5), make_lesson(reminded, reminded.english_2, period=5))
    (one,) = reminders()
    assert one.text.count("Подключиться: ") == 2


def test_moved_lesson_takes_its_reminder_along(reminded, announce):
    lesson = make_lesson(reminded, reminded.algebra_a, period=5)
    announce(lesson)
    start, end = BELLS[6]
    announce(lesson, period=6, start=start, end=end)
    before, after = reminders()
    assert (before.state, after.state) == (PostState.WITHDRAWN, PostState.WANTED)
    assert after.due_at == start_of(6) - timedelta(minutes=10)


def test_cancelled_lesson_is_not_reminded_of(reminded, announce, twin, moment):
    lesson = make_lesson(reminded, reminded.algebra_a, period=5)
    announce(lesson)
    announce(lesson, state=LessonState.CANCELLED)
    moment.at = start_of(5) - timedelta(minutes=10)
    deliver_until_done(reminded.id)
    assert own(twin, reminded) == []


def test_sent_reminder_says_that_the_lesson_is_gone(reminded, announce, twin, moment):
    lesson = make_lesson(reminded, reminded.algebra_a, period=5)
    announce(lesson)
    moment.at = start_of(5) - timedelta(minutes=9)
    deliver_until_done(reminded.id)
    announce(lesson, state=LessonState.CANCELLED)
    deliver_until_done(reminded.id)
    (message,) = own(twin, reminded)
    assert message.text.startswith(f"7 «А»: видеоурока в {BELLS[5][0]:%-H:%M} не будет.")
    assert message.edits == 1


def test_lesson_planned_in_the_last_minutes_needs_no_reminder(reminded, announce, moment):
    moment.at = start_of(5) - timedelta(minutes=8)
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    assert reminders() == []


@pytest.mark.parametrize("fault", [Kind.TRANSIENT, Kind.UNKNOWN, (Kind.UNKNOWN, "after")])
def test_lost_answer_leaves_one_reminder(reminded, announce, twin, moment, fault):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    deliver_until_done(reminded.id)
    moment.at = start_of(5) - timedelta(minutes=10)
    twin.faults = [fault]
    deliver_until_done(reminded.id)
    assert len(own(twin, reminded)) == 1


def test_reminder_that_comes_too_late_is_withdrawn(reminded, announce, twin, moment):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    deliver_until_done(reminded.id)
    moment.at = start_of(5) + timedelta(minutes=6)
    deliver_until_done(reminded.id)
    assert own(twin, reminded) == []
    assert [one.state for one in reminders()] == [PostState.WITHDRAWN]
    assert due_posts() == []


def test_reminders_follow_the_chats_wish(reminded, announce):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    change_chat(reminded.id, reminded.students_a, ChatWish(reminder_minutes=30, sounds=False), actor_id=None)
    (one,) = reminders()
    assert (one.due_at, one.is_loud) == (start_of(5) - timedelta(minutes=30), False)
    change_chat(reminded.id, reminded.students_a, ChatWish(), actor_id=None)
    assert [one.state for one in reminders()] == [PostState.WITHDRAWN]
    change_chat(reminded.id, reminded.students_a, ChatWish(reminder_minutes=15), actor_id=None)
    assert [(one.state, one.due_at) for one in reminders()] == [(PostState.WANTED, start_of(5) - timedelta(minutes=15))]


def test_parents_of_the_upper_grades_are_reminded_silently(school, moment, twin, announce):
    change_chat(school.id, school.parents_a, ChatWish(reminder_minutes=10), actor_id=None)
    announce(make_lesson(school, school.algebra_a, period=5))
    (one,) = reminders()
    assert (one.chat_id, one.is_loud) == (school.parents_a, False)


def test_early_lesson_is_reminded_of_within_the_quiet_hours(reminded, announce, moment):
    moment.at = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # 6:30
    announce(make_lesson(reminded, reminded.algebra_a, period=5, start=time(7, 5), end=time(7, 40)))
    (one,) = reminders()
    assert one.due_at == datetime(2026, 11, 24, 3, 55, tzinfo=UTC)


def test_chat_that_is_gone_keeps_no_reminder_back(reminded, announce):
    announce(make_lesson(reminded, reminded.algebra_a, period=5))
    with transaction() as session:
        session.get_one(Chat, reminded.students_a).state = ChatState.REMOVED
    announce(make_lesson(reminded, reminded.algebra_a, period=6))
    assert [one.state for one in reminders()] == [PostState.WITHDRAWN]

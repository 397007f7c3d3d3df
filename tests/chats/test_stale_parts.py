"""Parts, hand-placed chats, settings, hours and sounds in the rows that delivery reads."""

from datetime import date, time, timedelta

import pytest

from scheduler.chats.by_hand import mark_placed, post_again
from scheduler.chats.deliver import deliver_notice, deliver_until_done
from scheduler.chats.overview import chat_outcomes, chat_views
from scheduler.chats.sounding import sounding_chats
from scheduler.chats.stale import mark_stale, refresh_day
from scheduler.database import db, transaction
from scheduler.models.calls import Call
from scheduler.models.changes import LessonChange
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Notice, Platform, PostState
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.rules.facts import LessonMode, LessonState
from tests.chats.conftest import notices_of, parts_of
from tests.factories import TUESDAY, count, make_group, make_lesson

FRIDAY = date(2026, 11, 27)
LONG = "параграф " * 40


@pytest.fixture
def full_day(school, announce, twin, moment):
    """Fifteen lessons with long tasks: more than one part."""
    lessons = [
        make_lesson(school, school.algebra_a, period=5, start=time(8 + n // 2, 30 * (n % 2)),
                    end=time(8 + n // 2, 30 * (n % 2) + 20), offline_task=LONG)
        for n in range(15)
    ]  # fmt: skip
    announce(*lessons)
    deliver_until_done(school.id)
    return lessons


def by_hand(school):
    with transaction() as session:
        chat = session.get_one(Chat, school.students_a)
        chat.platform, chat.external_id = Platform.BY_HAND, None


def test_parts_come_in_order_and_only_the_first_sounds(school, full_day, twin):
    chat = db.session.get(Chat, school.students_a).external_id
    parts = parts_of(school.students_a)
    assert len(parts) > 1
    assert twin.texts(chat) == [part.text for part in parts]
    assert [message.loud for message in twin.standing(chat)] == [True] + [False] * (len(parts) - 1)


def test_days_that_stand_grow_at_once_even_by_one_decision(school, announce, twin, moment):
    days = (TUESDAY, TUESDAY + timedelta(days=1))
    announce(*[make_lesson(school, school.algebra_a, period=5, day=day) for day in days])
    deliver_until_done(school.id)
    announce(*[
        make_lesson(school, school.algebra_a, day=day, period=5, start=time(9 + n), end=time(9 + n, 30),
                    offline_task=LONG)
        for day in days for n in range(14)
    ])  # fmt: skip
    assert {part.due_at <= moment.at for part in parts_of(school.students_a)} == {True}
    deliver_until_done(school.id)
    assert {part.state for part in parts_of(school.students_a)} == {PostState.POSTED}


def test_part_no_longer_needed_leads_to_the_first(school, full_day, announce, twin):
    announce(*full_day, offline_task="§ 1")
    deliver_until_done(school.id)
    first, *rest = parts_of(school.students_a)
    assert {part.posted_text for part in rest} == {"7 «А», вторник, 24 ноября: смотрите первую часть."}
    assert twin.texts(first.bulletin.chat.external_id)[0] == first.text
    assert notices_of(school.students_a) == []  # a task changes silently


def test_part_never_posted_is_withdrawn_and_comes_back(school, announce, twin, moment):
    lesson = make_lesson(school, school.algebra_a, period=5)
    announce(lesson)
    announce(lesson, mode=LessonMode.IN_PERSON)
    assert [part.state for part in parts_of(school.students_a)] == [PostState.WITHDRAWN]
    announce(lesson, mode=LessonMode.CALL)
    assert [part.state for part in parts_of(school.students_a)] == [PostState.WANTED]


def test_text_by_hand_is_asked_for_again_after_a_change(school, announce, twin, moment):
    by_hand(school)
    announce(make_lesson(school, school.algebra_a, period=5))
    (part,) = parts_of(school.students_a)
    assert part.state is PostState.BY_HAND
    mark_placed(part.id, actor_id=school.director)
    assert parts_of(school.students_a)[0].state is PostState.POSTED
    announce(make_lesson(school, school.physics_a, period=6))
    assert parts_of(school.students_a)[0].state is PostState.BY_HAND
    assert notices_of(school.students_a) == []
    mark_placed(part.id, actor_id=None)
    post_again(part.id, actor_id=None)
    assert parts_of(school.students_a)[0].state is PostState.BY_HAND
    assert {row.state for row in chat_outcomes(school.id)} == {"by_hand", "wanted", "posted"}


def test_call_in_the_chat_is_told_to_each_kind(school, announce, twin, moment):
    lesson = make_lesson(school, school.algebra_a, period=5)
    with transaction() as session:
        session.add(Call(school_id=school.id, lesson_id=lesson, way=CallWay.IN_CHAT, due_at=moment.at))
    announce(lesson)
    assert "— видеозвонок в чате класса\n" in parts_of(school.students_a)[0].text
    assert "— видеозвонок в чате учеников класса\n" in parts_of(school.parents_a)[0].text


def test_private_waiting_past_and_teacherless_lessons_stand_nowhere(school, announce, twin, moment):
    with transaction() as session:
        private = make_group(session, school.id, "дома", [(school.class_a,)], is_private=True).id
    alone = make_lesson(school, school.algebra_a, period=5)
    with transaction() as session:
        session.get_one(Lesson, alone).group_id = private
    waiting = make_lesson(school, school.algebra_a, period=6, state=LessonState.WAITING)
    past = make_lesson(school, school.algebra_a, period=6, day=date(2026, 11, 23))
    nobody = make_lesson(school, school.algebra_a, period=7)
    with transaction() as session:
        session.get_one(Lesson, nobody).teaching = []
    announce(alone, waiting, past, nobody)
    assert count(Bulletin) == 0


def test_later_day_waits_for_the_evening_of_its_eve(school, announce, twin, moment):
    announce(make_lesson(school, school.algebra_a, period=5, day=FRIDAY))
    assert deliver_until_done(school.id)[0].state == "posted"
    assert twin.standing() == []
    (part,) = parts_of(school.students_a)
    assert part.due_at.hour == 15  # 18:00 in Moscow on Thursday
    moment.at = part.due_at
    deliver_until_done(school.id)
    assert len(twin.standing()) == 3


def test_setting_changes_every_chat_silently(school, announce, twin, moment):
    announce(make_lesson(school, school.algebra_a, period=5))
    deliver_until_done(school.id)
    with transaction() as session:
        session.get_one(School, school.id).offline_line = "задание у учителя"
        refresh_day(session, school.id, TUESDAY)
    deliver_until_done(school.id)
    assert "Если нет интернета: задание у учителя" in parts_of(school.students_a)[0].posted_text
    assert count(Notice) == 0


def test_remote_day_goes_at_once_and_sounds(school, announce, twin, moment):
    announce(make_lesson(school, school.algebra_a, period=5, day=FRIDAY))
    with transaction() as session:
        for bulletin in session.scalars(db.select(Bulletin)):
            bulletin.is_remote_day, bulletin.remote_words = True, {"reason_line": "Карантин."}
        refresh_day(session, school.id, FRIDAY)
    deliver_until_done(school.id)
    assert [message.loud for message in twin.standing()] == [True, True, True]
    assert parts_of(school.students_a)[0].text.startswith("Дистанционный день. 7 «А», пятница, 27 ноября")


def test_changes_join_into_one_notice_and_may_cancel_out(school, announce, twin, moment):
    lesson = make_lesson(school, school.algebra_a, period=5)
    announce(lesson)
    deliver_until_done(school.id)
    announce(lesson, start=time(13, 30), end=time(14, 0))
    (notice,) = notices_of(school.students_a)
    assert notice.due_at == moment.at + timedelta(minutes=2)
    assert deliver_notice(notice.id) is False
    moment.at += timedelta(minutes=1)
    announce(lesson, start=time(14, 30), end=time(15, 0))
    (notice,) = notices_of(school.students_a)
    assert "начало в 14:30 (было в 12:20)" in notice.text
    announce(lesson, start=time(12, 20), end=time(13, 0))
    assert [row.state for row in notices_of(school.students_a)] == [PostState.WITHDRAWN]
    new = make_lesson(school, school.physics_a, period=7)
    announce(new)
    announce(new, state=LessonState.CANCELLED)
    assert {row.state for row in notices_of(school.students_a)} == {PostState.WITHDRAWN}


def test_confirm_button_knows_how_many_chats_will_sound(school, twin, moment):
    today = make_lesson(school, school.algebra_a, period=5)
    later = make_lesson(school, school.algebra_b, period=5, day=FRIDAY)
    with transaction() as session:
        changes = [LessonChange(None, session.get_one(Lesson, lesson)) for lesson in (today, later)]
        assert sounding_chats(session, school.id, changes) == 1
        session.get_one(Chat, school.parents_a).sounds = True
        assert sounding_chats(session, school.id, changes) == 2
        assert sounding_chats(session, school.id, []) == 0


def test_removed_chat_parks_what_it_should_show(school, announce, twin, moment):
    with transaction() as session:
        session.get_one(Chat, school.students_a).state = ChatState.REMOVED
    announce(make_lesson(school, school.algebra_a, period=5))
    (part,) = parts_of(school.students_a)
    assert (part.state, part.problem) == (PostState.PARKED, "gone")


def test_overview_tells_should_shows_since_and_answer(school, announce, twin, moment):
    announce(make_lesson(school, school.algebra_a, period=5))
    deliver_until_done(school.id)
    (view,) = chat_views(school.id, chat_ids=[school.students_a])
    (post,) = view.posts
    assert (post.should_show, post.since, post.answer) == (post.shows, moment.at, "send: sent")
    assert (post.is_right, view.state, view.problem, view.class_name) == (True, PostState.POSTED, None, "7 «А»")
    with transaction() as session:
        part = session.get_one(BulletinPart, post.id)
        part.state, part.attempts, part.wanted_hash = PostState.WANTED, 5, "other"
    (view,) = chat_views(school.id, chat_ids=[school.students_a])
    assert view.problem.name == "unreachable"


def test_many_lessons_take_as_few_queries_as_one(school, twin, moment):
    def queries(lesson_ids):
        with transaction() as session:
            changes = [LessonChange(None, session.get_one(Lesson, lesson)) for lesson in lesson_ids]
            seen = []
            event = db.event
            event.listen(db.engine, "after_cursor_execute", lambda *told: seen.append(told[2]))
            mark_stale(session, school.id, changes)
            return len(seen)

    one = queries([make_lesson(school, school.algebra_a, period=1)])
    many = queries([make_lesson(school, school.algebra_a, period=5, day=FRIDAY, start=time(8, n)) for n in range(30)])
    assert many <= one + 12

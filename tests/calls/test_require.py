"""Which lessons want a way to join, and what becomes of it when they change."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from scheduler.calls.links import set_course_way, set_link, set_room, set_way
from scheduler.calls.require import reconsider, require
from scheduler.calls.room import LinkRefusedError
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState, RoomOwner
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.rules.facts import LessonMode, LessonState
from tests.calls.conftest import LESSON_AT
from tests.factories import count, make_lesson, make_school

ROOM = "https://max.ru/joincall/abcdefghij"
OTHER = "https://max.ru/joincall/klmnopqrst"


def change(lesson_id, *, by=timedelta(0), is_new=False, **values):
    """What a use case does: note the lesson as it was, change it, draw the consequence for calls."""
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        before = None if is_new else snapshot(lesson)
        if by:
            lesson.starts_at, lesson.ends_at = lesson.starts_at + by, lesson.ends_at + by
            shift = lesson.starts_at.hour - LESSON_AT.hour
            lesson.start = lesson.start.replace(hour=8 + shift, minute=lesson.starts_at.minute)
        for name, value in values.items():
            setattr(lesson, name, value)
        session.flush()
        require(session, lesson.school_id, [LessonChange(before, lesson)])


def lesson_with_call(school, course_id=None, **values):
    lesson_id = make_lesson(school, course_id or school.algebra_a, **values)
    change(lesson_id, is_new=True)
    return lesson_id


def by_vk(school):
    with transaction() as session:
        set_way(session, school.id, CallWay.VK)


def paste(school, owner, url=ROOM):
    with transaction() as session:
        set_room(session, school.id, owner, url)


def made(lesson_id, at):
    with transaction() as session:
        call = session.scalars(sa.select(Call).where(Call.lesson_id == lesson_id)).one()
        call.state, call.url, call.external_id, call.made_at = CallState.READY, "https://vk.com/call/join/x", "id", at


def test_a_whole_class_is_called_in_its_chat_at_once(school, call_of):
    call = call_of(lesson_with_call(school))

    assert (call.way, call.state, call.chat_id, call.url) == (
        CallWay.IN_CHAT, CallState.READY, school.students_a, None,
    )  # fmt: skip
    assert call.has_way


def test_a_subgroup_without_a_room_is_a_persons_problem(school, call_of):
    call = call_of(lesson_with_call(school, school.english_1))

    assert (call.state, call.has_way) == (CallState.FAILED, False)
    assert call.problem.startswith("Подключиться не к чему")


def test_a_standing_room_is_ready_at_once(school, call_of):
    paste(school, (RoomOwner.TEACHER, school.kim))

    call = call_of(lesson_with_call(school, school.english_1))

    assert (call.way, call.state, call.url, call.room_id) == (CallWay.ROOM, CallState.READY, ROOM, 1)


@pytest.mark.parametrize(("before", "due"), [(timedelta(hours=5), timedelta(hours=2)), (timedelta(minutes=30),) * 2])
def test_a_link_is_wanted_two_hours_before_or_now(school, time, call_of, before, due):
    by_vk(school)
    time.set(LESSON_AT - before)

    call = call_of(lesson_with_call(school))

    assert (call.way, call.state, call.url, call.due_at) == (CallWay.VK, CallState.WANTED, None, LESSON_AT - due)


def test_only_a_link_that_is_due_wakes_the_worker(school, time, call_of, woken):
    by_vk(school)
    time.set(LESSON_AT - timedelta(hours=5))
    lesson_with_call(school)
    assert woken == []

    time.set(LESSON_AT - timedelta(hours=1))
    lesson_id = lesson_with_call(school, school.algebra_b)
    assert woken == [("call", call_of(lesson_id).id)]


@pytest.mark.parametrize(
    "values",
    [
        {"mode": LessonMode.IN_PERSON},
        {"mode": LessonMode.SELF_STUDY},
        {"state": LessonState.CANCELLED},
        {"state": LessonState.WAITING},
    ],
)
def test_a_lesson_that_wants_no_call_loses_it_and_gets_it_back(school, call_of, values):
    lesson_id = lesson_with_call(school)

    change(lesson_id, **values)
    assert call_of(lesson_id).state is CallState.DROPPED

    change(lesson_id, mode=LessonMode.BROADCAST, state=LessonState.PLANNED)
    assert call_of(lesson_id).state is CallState.READY


def test_lessons_that_never_wanted_a_call_have_none(school):
    change(make_lesson(school, school.algebra_a, mode=LessonMode.IN_PERSON), homework="§ 12")

    assert count(Call) == 0


def test_a_held_lesson_keeps_its_call(school, call_of):
    lesson_id = lesson_with_call(school)
    change(lesson_id, state=LessonState.HELD)
    assert call_of(lesson_id).state is CallState.READY


def test_a_moved_lesson_gets_another_link_where_the_made_one_is_too_old(school, call_of):
    by_vk(school)
    lesson_id = lesson_with_call(school)
    made(lesson_id, LESSON_AT - timedelta(minutes=90))

    change(lesson_id, by=timedelta(minutes=15))
    assert call_of(lesson_id).state is CallState.READY

    change(lesson_id, by=timedelta(hours=2))
    call = call_of(lesson_id)
    assert (call.state, call.url, call.external_id, call.made_at) == (CallState.WANTED, None, None, None)
    assert call.due_at == LESSON_AT + timedelta(minutes=15)


def test_an_edited_lesson_keeps_its_link_and_an_attempt_under_way(school, call_of):
    by_vk(school)
    lesson_id = lesson_with_call(school)
    with transaction() as session:
        session.scalars(sa.select(Call)).one().lease_token = "mine"

    change(lesson_id, homework="§ 12")
    assert call_of(lesson_id).lease_token == "mine"

    change(lesson_id, by=timedelta(hours=1))
    assert call_of(lesson_id).lease_token is None


def test_a_cancelled_lesson_that_comes_back_soon_has_its_link_again(school, call_of):
    by_vk(school)
    lesson_id = lesson_with_call(school)
    made(lesson_id, LESSON_AT - timedelta(minutes=30))
    change(lesson_id, state=LessonState.CANCELLED)
    change(lesson_id, state=LessonState.PLANNED)

    assert (call_of(lesson_id).state, call_of(lesson_id).external_id) == (CallState.READY, "id")


def test_a_whole_remote_day_costs_a_fixed_number_of_queries(app, school):
    lesson_ids = [make_lesson(school, school.algebra_a, day=date(2026, 11, 25 + n % 5)) for n in range(12)]

    def queries(ids):
        seen = []
        with transaction() as session:
            lessons = session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids))).all()
            listen = SimpleNamespace(note=lambda *args: seen.append(args[2]))
            sa.event.listen(session.get_bind(), "before_cursor_execute", listen.note)
            require(session, school.id, [LessonChange(None, lesson) for lesson in lessons])
        return len([statement for statement in seen if statement.startswith("SELECT")])

    assert queries(lesson_ids[:2]) == queries(lesson_ids[2:])


def test_a_persons_link_stays_whatever_else_changes(school, call_of):
    lesson_id = lesson_with_call(school)
    with transaction() as session:
        assert set_link(session, session.get_one(Lesson, lesson_id), f"{OTHER}?utm_source=x") is True

    change(lesson_id, by=timedelta(hours=3))
    call = call_of(lesson_id)
    assert (call.way, call.state, call.url, call.chat_id) == (CallWay.ROOM, CallState.READY, OTHER, None)
    assert call.is_chosen_by_person

    change(lesson_id, mode=LessonMode.SELF_STUDY)
    change(lesson_id, mode=LessonMode.CALL)
    assert (call_of(lesson_id).state, call_of(lesson_id).url) == (CallState.READY, OTHER)


def test_no_link_goes_back_to_the_schools_choice(app, school, time, call_of):
    by_vk(school)
    lesson_id = lesson_with_call(school)
    for url, changes_words in ((OTHER, False), (None, False)):
        with transaction() as session:
            assert set_link(session, session.get_one(Lesson, lesson_id), url) is changes_words

    call = call_of(lesson_id)
    assert (call.way, call.state, call.url) == (CallWay.VK, CallState.WANTED, None)
    assert not call.is_chosen_by_person


def test_a_link_is_refused_in_words(school):
    lesson_id = make_lesson(school, school.algebra_a, mode=LessonMode.SELF_STUDY)
    with pytest.raises(LinkRefusedError, match="без видеозвонка"), transaction() as session:
        set_link(session, session.get_one(Lesson, lesson_id), ROOM)
    change(lesson_id, mode=LessonMode.CALL)
    with pytest.raises(LinkRefusedError, match="иностранный"), transaction() as session:
        set_link(session, session.get_one(Lesson, lesson_id), "https://zoom.us/j/1")


def test_reconsider_follows_the_schools_choice_for_lessons_to_come(school, time, call_of):
    coming = lesson_with_call(school)
    half = lesson_with_call(school, school.english_1, period=2)
    past = lesson_with_call(school, school.algebra_b, day=date(2026, 11, 23))

    with transaction() as session:
        set_room(session, school.id, (RoomOwner.CLASS, school.class_a), ROOM)
        set_course_way(session, school.id, school.algebra_a, CallWay.ROOM)
        assert reconsider(session, school.id) == [coming]

    assert (call_of(coming).way, call_of(coming).url) == (CallWay.ROOM, ROOM)
    assert (call_of(half).state, call_of(half).url) == (CallState.READY, ROOM)
    assert call_of(past).way is CallWay.IN_CHAT

    paste(school, (RoomOwner.CLASS, school.class_a), OTHER)
    with transaction() as session:
        assert reconsider(session, school.id) == []
    assert call_of(half).url == OTHER

    paste(school, (RoomOwner.CLASS, school.class_a), "")
    with transaction() as session:
        assert reconsider(session, school.id) == [coming]
    assert (call_of(half).state, call_of(half).room_id) == (CallState.FAILED, None)


def test_a_room_belongs_to_one_owner_of_this_school(school):
    other_school = make_school(name="Школа № 13")
    paste(school, (RoomOwner.TEACHER, school.kim))
    paste(other_school, (RoomOwner.TEACHER, other_school.kim))
    paste(school, (RoomOwner.TEACHER, school.kim), f"{ROOM}?utm_source=again")

    for owner, words in (
        ((RoomOwner.TEACHER, school.ivanova), "уже закреплена"),
        ((RoomOwner.CLASS, other_school.class_a), "в школе нет"),
        ((RoomOwner.COURSE, 999), "в школе нет"),
    ):
        with pytest.raises(LinkRefusedError, match=words):
            paste(school, owner)
    with pytest.raises(LinkRefusedError), transaction() as session:
        set_course_way(session, school.id, other_school.algebra_a, CallWay.VK)
    assert db.session.get_one(School, school.id).call_way is CallWay.IN_CHAT

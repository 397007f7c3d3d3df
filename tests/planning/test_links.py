from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.calls.links import set_room, set_way
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call, CallState, RoomOwner, StandingRoom
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.links import change_ways, replace_link
from scheduler.planning.permission import NotAllowedError
from tests.factories import TUESDAY, count, make_school

LINK = "https://max.ru/joincall/AbCdEfGh12345678"
OTHER_LINK = "https://max.ru/joincall/ZyXwVuTs87654321"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    school = make_school()
    with transaction() as session:
        session.get_one(School, school.id).call_way = CallWay.IN_CHAT
    return school


def book(school, course_id=None, period=1):
    return book_lesson(school.id, LessonWish(course_id or school.algebra_a, TUESDAY, period=period)).lesson_ids[0]


def call_of(lesson_id) -> Call:
    db.session.rollback()
    return db.session.scalars(sa.select(Call).where(Call.lesson_id == lesson_id)).one()


def sequence(lesson_id):
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id).sequence


def test_a_link_in_place_of_the_chats_call_is_told_to_all_who_named_the_chat(school):
    first = book(school)
    assert call_of(first).way is CallWay.IN_CHAT
    replace_link(school.id, first, LINK, actor_id=school.ivanova)
    assert (call_of(first).url, call_of(first).state, sequence(first)) == (LINK, CallState.READY, 1)
    replace_link(school.id, first, OTHER_LINK, actor_id=school.ivanova)  # the join page's address stays
    assert (call_of(first).url, sequence(first)) == (OTHER_LINK, 1)
    replace_link(school.id, first, None, actor_id=school.ivanova)
    assert (call_of(first).way, sequence(first)) == (CallWay.IN_CHAT, 2)
    assert count(AuditEvent, AuditEvent.action == "replace_link") == 3


def test_an_address_that_cannot_be_used_is_refused_in_words(school):
    first = book(school)
    with pytest.raises(PlanningError) as refusal:
        replace_link(school.id, first, "https://zoom.us/j/123", actor_id=school.ivanova)
    assert refusal.value.text
    assert call_of(first).way is CallWay.IN_CHAT


def test_only_who_plans_a_lesson_replaces_its_link(school):
    first = book(school)
    with pytest.raises(NotAllowedError):
        replace_link(school.id, first, LINK, actor_id=school.kim)
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        replace_link(other.id, first, LINK, actor_id=None)


def test_a_standing_room_reaches_all_coming_lessons(school):
    first = book(school)
    owner = (RoomOwner.TEACHER, school.ivanova)

    def change(session):
        set_way(session, school.id, CallWay.ROOM)
        set_room(session, school.id, owner, LINK)

    change_ways(school.id, change, action="rooms", actor_id=school.director)
    assert (call_of(first).way, call_of(first).url, sequence(first)) == (CallWay.ROOM, LINK, 1)


def test_a_refused_room_changes_nothing(school):
    def change(session):
        set_room(session, school.id, (RoomOwner.CLASS, school.class_a), "https://zoom.us/j/123")

    with pytest.raises(PlanningError):
        change_ways(school.id, change, action="rooms", actor_id=school.director)
    assert (count(StandingRoom), count(AuditEvent, AuditEvent.action == "rooms")) == (0, 0)


def test_two_lessons_cannot_share_a_room_of_calls_at_once(school):
    def change(session):
        set_way(session, school.id, CallWay.ROOM)
        set_room(session, school.id, (RoomOwner.CLASS, school.class_a), LINK)

    change_ways(school.id, change, action="rooms", actor_id=None)
    book(school, school.english_1, period=2)
    with pytest.raises(TakenError) as refusal:
        book(school, school.english_2, period=2)
    assert {finding.rule for finding in refusal.value.findings} >= {"CLASH_CALL"}

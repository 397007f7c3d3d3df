from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.lessons import ChangeRequest, Lesson, RequestState
from scheduler.models.school import School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import (
    LessonEdit,
    cancel_lesson,
    change_lesson,
    decide_lesson,
    decide_request,
    lesson_of,
)
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.requests import open_requests
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, count, make_lesson, make_school

MONDAY_MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY_MORNING)


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def asking(school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
    return school


def lesson(lesson_id) -> Lesson:
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def request_id():
    db.session.rollback()
    return db.session.scalar(sa.select(ChangeRequest.id).order_by(ChangeRequest.id.desc()))


def test_every_text_and_the_people_can_be_edited_at_once(school):
    first = make_lesson(school, school.algebra_a)
    edit = LessonEdit(
        title="Алгебра и начала", topic="Дроби", homework="№ 245", materials="учебник", offline_task="§ 12",
        room_ids=frozenset({school.room_27}), teacher_ids=frozenset({school.kim}), online_minutes=20,
    )  # fmt: skip
    change_lesson(school.id, first, edit)
    row = lesson(first)
    assert (row.title, row.topic, row.homework, row.materials) == ("Алгебра и начала", "Дроби", "№ 245", "учебник")
    assert (row.offline_task, row.online_minutes, row.sequence) == ("§ 12", 20, 1)
    assert [person.id for person in row.teachers] == [school.kim]
    assert [room.id for room in row.rooms] == [school.room_27]


def test_only_the_minutes_of_the_call_are_a_change_too(school):
    first = make_lesson(school, school.algebra_a, online_minutes=30)
    change_lesson(school.id, first, LessonEdit(online_minutes=15))
    assert (lesson(first).online_minutes, lesson(first).sequence) == (15, 1)
    assert count(AuditEvent, AuditEvent.action == "change") == 1


def test_another_end_keeps_the_start(school):
    first = make_lesson(school, school.algebra_a, start=time(8, 35), end=time(9, 10))
    change_lesson(school.id, first, LessonEdit(end=time(8, 55)))
    assert (lesson(first).start, lesson(first).end) == (time(8, 35), time(8, 55))
    with pytest.raises(PlanningError):
        change_lesson(school.id, first, LessonEdit(end=time(8, 30)))


def test_a_lesson_without_a_number_keeps_its_times_on_another_day(school):
    first = make_lesson(school, school.algebra_a, period=None, start=time(15, 0), end=time(15, 30))
    day = TUESDAY + timedelta(days=1)
    change_lesson(school.id, first, LessonEdit(day=day))
    assert (lesson(first).date, lesson(first).start, lesson(first).period) == (day, time(15, 0), None)
    change_lesson(school.id, first, LessonEdit(start=time(14, 50)))
    assert (lesson(first).start, lesson(first).end) == (time(14, 50), time(15, 30))


def test_a_lesson_of_no_course_moves_by_the_clock(school):
    first = make_lesson(school, school.algebra_a, period=1)
    with transaction() as session:
        session.get_one(Lesson, first).course_id = None
    change_lesson(school.id, first, LessonEdit(start=time(12, 20), end=time(12, 50), period=5))
    assert (lesson(first).start, lesson(first).period) == (time(12, 20), 5)


def test_moving_into_a_taken_hour_is_refused_and_changes_nothing(school):
    first = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1)).lesson_ids[0]
    book_lesson(school.id, LessonWish(school.physics_a, TUESDAY, period=3))
    with pytest.raises(TakenError):
        change_lesson(school.id, first, LessonEdit(period=3))
    assert (lesson(first).period, lesson(first).sequence) == (1, 0)


@pytest.mark.parametrize("state", [LessonState.CANCELLED, LessonState.HELD])
def test_what_is_over_cannot_be_changed(school, state):
    first = make_lesson(school, school.algebra_a, state=state)
    with pytest.raises(PlanningError):
        change_lesson(school.id, first, LessonEdit(topic="Дроби"))


def test_the_past_can_be_neither_changed_nor_cancelled(school):
    first = make_lesson(school, school.algebra_a, day=TUESDAY - timedelta(days=7))
    for act in (
        lambda: change_lesson(school.id, first, LessonEdit(topic="Дроби")),
        lambda: cancel_lesson(school.id, first),
    ):
        with pytest.raises(PlanningError, match="прошёл"):
            act()


def test_another_schools_lesson_is_not_there(school):
    first = make_lesson(school, school.algebra_a)
    other = make_school(name="Другая")
    with pytest.raises(NotThereError):
        change_lesson(other.id, first, LessonEdit(topic="Дроби"))
    with pytest.raises(NotThereError):
        lesson_of(db.session(), other.id, first)
    assert lesson_of(db.session(), school.id, first).id == first


def test_a_wish_waits_with_everything_it_says_and_is_carried_out_whole(asking):
    first = make_lesson(asking, asking.algebra_a)
    day = TUESDAY + timedelta(days=8)
    edit = LessonEdit(
        day=day, start=time(9, 30), end=time(10, 0), mode=LessonMode.CALL, topic="Дроби",
        room_ids=frozenset({asking.room_27}), teacher_ids=frozenset({asking.ivanova}),
    )  # fmt: skip
    assert change_lesson(asking.id, first, edit, actor_id=asking.ivanova).is_waiting
    asked = open_requests(db.session(), asking.id)
    assert (asked.total, [one.lesson_id for one in asked.changes], lesson(first).sequence) == (1, [first], 0)
    decide_request(asking.id, request_id(), is_given=True, actor_id=asking.director)
    row = lesson(first)
    assert (row.date, row.start, row.topic, row.sequence) == (day, time(9, 30), "Дроби", 1)
    assert [room.id for room in row.rooms] == [asking.room_27]
    assert open_requests(db.session(), asking.id).total == 0


def test_a_wish_to_cancel_is_carried_out_when_consented_to(asking):
    first = make_lesson(asking, asking.algebra_a)
    assert cancel_lesson(asking.id, first, actor_id=asking.ivanova, reason="болезнь").is_waiting
    assert lesson(first).state is LessonState.PLANNED
    decide_request(asking.id, request_id(), is_given=True, actor_id=asking.director)
    assert (lesson(first).state, lesson(first).cancel_reason) == (LessonState.CANCELLED, "болезнь")


def test_a_consented_wish_that_clashes_by_now_stays_open(asking):
    first = make_lesson(asking, asking.algebra_a, period=1)
    change_lesson(asking.id, first, LessonEdit(period=3), actor_id=asking.ivanova)
    make_lesson(asking, asking.physics_a, period=3)
    with pytest.raises(TakenError):
        decide_request(asking.id, request_id(), is_given=True, actor_id=asking.director)
    db.session.rollback()
    assert db.session.get_one(ChangeRequest, request_id()).state is RequestState.ASKED


def test_a_refused_wish_for_a_lesson_is_cancelled_and_was_never_there(asking):
    first = book_lesson(asking.id, LessonWish(asking.algebra_a, TUESDAY, period=1), actor_id=asking.ivanova)
    assert [one.id for one in open_requests(db.session(), asking.id).lessons] == list(first.lesson_ids)
    decide_lesson(asking.id, first.lesson_ids[0], is_given=False, actor_id=asking.director, reason="нет")
    row = lesson(first.lesson_ids[0])
    assert (row.state, row.is_refused, row.cancel_reason) == (LessonState.CANCELLED, True, "нет")
    with pytest.raises(PlanningError):
        decide_lesson(asking.id, row.id, is_given=True, actor_id=asking.director)


def test_only_those_who_may_consent_decide_a_request(asking):
    first = make_lesson(asking, asking.algebra_a)
    change_lesson(asking.id, first, LessonEdit(period=5), actor_id=asking.ivanova)
    with pytest.raises(PlanningError):
        decide_request(asking.id, request_id(), is_given=True, actor_id=asking.ivanova)


def test_the_directors_own_change_needs_no_consent(asking):
    first = make_lesson(asking, asking.algebra_a)
    assert not change_lesson(asking.id, first, LessonEdit(period=5), actor_id=asking.director).is_waiting
    assert lesson(first).period == 5


def together(school, **values):
    return LessonEdit(mode=LessonMode.CALL, is_joined_together=True, room_ids=frozenset({school.room_27}), **values)


def test_joining_together_in_a_named_room_ends_the_warning_of_the_way_home(school):
    make_lesson(school, school.physics_a, period=3, mode=LessonMode.IN_PERSON)
    first = make_lesson(school, school.algebra_a, period=2, mode=LessonMode.IN_PERSON)
    alone = change_lesson(school.id, first, LessonEdit(mode=LessonMode.CALL))
    assert [one.rule for one in alone.findings if one.rule == "REMOTE_GAP"] == ["REMOTE_GAP"]
    done = change_lesson(school.id, first, together(school))
    assert [one.rule for one in done.findings if one.rule == "REMOTE_GAP"] == []
    assert (lesson(first).is_joined_together, lesson(first).sequence) == (True, 2)


def test_the_mark_of_joining_together_goes_with_the_call(school):
    first = make_lesson(school, school.algebra_a)
    change_lesson(school.id, first, together(school))
    change_lesson(school.id, first, LessonEdit(mode=LessonMode.BROADCAST))
    assert lesson(first).is_joined_together is False


def test_joining_together_needs_a_room(school):
    first = make_lesson(school, school.algebra_a)
    with pytest.raises(PlanningError, match="кабинет"):
        change_lesson(school.id, first, LessonEdit(is_joined_together=True))


def test_a_wish_to_join_together_that_was_asked_for_is_kept_with_the_request(asking):
    first = make_lesson(asking, asking.algebra_a)
    change_lesson(asking.id, first, together(asking), actor_id=asking.ivanova)
    decide_request(asking.id, request_id(), is_given=True, actor_id=asking.director)
    assert lesson(first).is_joined_together is True

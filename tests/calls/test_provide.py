"""Making links in the worker, with a VK that fails in every way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from scheduler.calls.links import set_room, set_way
from scheduler.calls.provide import due_calls
from scheduler.calls.tokens import renew_token, seed_token, token_of
from scheduler.calls.vk import VkLinks
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState, CallToken, RoomOwner
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from scheduler.models.secrets import KEY_FILE
from scheduler.planning.links import provide
from scheduler.rules.facts import LessonState
from tests.calls.conftest import LESSON_AT
from tests.calls.test_require import ROOM, change, lesson_with_call

SCHOOL_FROM = LESSON_AT - timedelta(hours=1)


@pytest.fixture
def vk_school(app_with_vk, school):
    """The small school making links by VK, at 7:30 of its Tuesday."""
    with transaction() as session:
        set_way(session, school.id, CallWay.VK)
    seed_token(school.id)
    return school


@pytest.fixture
def call_id(vk_school, time, call_of):
    time.set(SCHOOL_FROM)
    return call_of(lesson_with_call(vk_school, vk_school.english_1)).id


def call(call_id) -> Call:
    db.session.rollback()
    return db.session.get_one(Call, call_id)


def wanted_by(call_id):
    found = call(call_id)
    return found.state, found.url, found.chat_id


def paste_room(school):
    with transaction() as session:
        set_room(session, school.id, (RoomOwner.TEACHER, school.kim), ROOM)


def test_a_due_call_gets_its_link_and_is_no_longer_due(vk, call_id, time):
    assert due_calls() == [call_id]

    provide(call_id)
    provide(call_id)

    found = call(call_id)
    assert [(made["id"], made["url"]) for made in vk.calls] == [(found.external_id, found.url)]
    assert (found.state, found.made_at, found.problem, found.lease_token) == (CallState.READY, time.now, "", None)
    assert due_calls() == []


def test_nothing_is_asked_before_it_is_due(vk, call_id, time):
    time.set(LESSON_AT - timedelta(hours=3))
    with transaction() as session:
        session.get_one(Call, call_id).due_at = LESSON_AT - timedelta(hours=2)

    provide(call_id)
    provide(call_id + 99)

    assert (due_calls(), vk.calls) == ([], [])


def test_the_next_lesson_comes_first_and_past_ones_never(vk_school, time, call_of):
    time.set(SCHOOL_FROM)
    later = call_of(lesson_with_call(vk_school, vk_school.algebra_a, period=2)).id
    sooner = call_of(lesson_with_call(vk_school, vk_school.algebra_b, period=1)).id

    assert due_calls() == [sooner, later]
    assert due_calls(limit=1) == [sooner]
    time.set(LESSON_AT + timedelta(minutes=45))
    assert due_calls() == [later]


@pytest.mark.parametrize("fault", [{"drop_after_accept": True}, {"status": 502}])
def test_after_an_unknown_outcome_another_is_made(vk, call_id, time, fault):
    vk.fault(times=1, **fault)

    provide(call_id)
    assert wanted_by(call_id) == (CallState.WANTED, None, None)
    assert call(call_id).problem.startswith("Ссылки пока нет")

    time.set(call(call_id).due_at)
    provide(call_id)
    assert (call(call_id).state, call(call_id).url) == (CallState.READY, vk.calls[-1]["url"])


def test_a_timeout_is_an_unknown_outcome(vk, call_id, monkeypatch):
    monkeypatch.setattr(VkLinks.__init__, "__kwdefaults__", {"timeout": 0.2})
    vk.fault(delay_s=0.6, times=1)

    provide(call_id)

    assert (wanted_by(call_id), len(vk.calls)) == ((CallState.WANTED, None, None), 1)


def test_too_many_a_second_waits_a_second_or_two(vk, call_id, time):
    vk.fault(code=6, times=1)

    provide(call_id)

    pause = call(call_id).due_at - time.now
    assert call(call_id).state is CallState.WANTED
    assert timedelta(seconds=1) <= pause < timedelta(seconds=2)


def test_a_failure_is_stood_in_for_at_once_and_vk_tried_until_pupils_come(vk, vk_school, call_id, time):
    paste_room(vk_school)
    vk.fault(code=1)

    provide(call_id)
    assert wanted_by(call_id) == (CallState.WANTED, ROOM, None)
    assert call(call_id).way is CallWay.VK
    assert "по постоянной ссылке" in call(call_id).problem

    time.set(LESSON_AT - timedelta(minutes=11))
    vk.heal()
    provide(call_id)
    assert wanted_by(call_id) == (CallState.READY, vk.calls[0]["url"], None)
    assert (call(call_id).room_id, call(call_id).problem) == (None, "")


def test_nobody_is_parted_from_those_who_came_early(vk, vk_school, call_id, time):
    paste_room(vk_school)
    vk.fault(code=1)
    provide(call_id)
    vk.heal()
    time.set(LESSON_AT - timedelta(minutes=10))

    provide(call_id)

    assert (wanted_by(call_id), vk.calls) == ((CallState.READY, ROOM, None), [])


def test_a_whole_class_falls_back_to_its_chat(vk, vk_school, time, call_of):
    time.set(SCHOOL_FROM)
    found = call_of(lesson_with_call(vk_school))
    vk.fault(code=23)

    provide(found.id)

    assert wanted_by(found.id) == (CallState.WANTED, None, vk_school.students_a)
    assert "в чате класса" in call(found.id).problem


def test_without_anything_to_stand_in_a_person_is_told_and_trying_goes_on(vk, call_id, time):
    vk.fault(code=1, times=3)
    for _ in range(3):
        provide(call_id)
        time.set(call(call_id).due_at)
    assert call(call_id).state is CallState.FAILED
    assert "Вставьте ссылку" in call(call_id).problem

    assert due_calls() == [call_id]
    provide(call_id)
    assert call(call_id).state is CallState.READY


def test_at_the_start_a_missing_link_is_a_persons_problem_at_once(vk, call_id, time):
    time.set(LESSON_AT)
    vk.fault(code=10, times=1)

    provide(call_id)

    assert call(call_id).state is CallState.FAILED


def test_an_expired_token_is_asked_once_and_renewed(vk, vk_school, call_id, time, woken):
    renew_token(vk_school.id, "old-token", None, vk_school.director)
    provide(call_id)
    assert (call(call_id).state, token_of(db.session(), vk_school.id).is_refused) == (CallState.FAILED, True)
    assert "больше не принимает" in call(call_id).problem

    with transaction() as session:
        session.get_one(Call, call_id).due_at = time.now
    vk.fault(code=6)  # would be told if it were asked
    provide(call_id)
    assert "больше не принимает" in call(call_id).problem
    vk.heal()

    woken.clear()
    renew_token(vk_school.id, " sandbox-vk-user-token ", time.now + timedelta(days=30), vk_school.director)
    assert woken == [("call", call_id)]
    provide(call_id)
    assert call(call_id).state is CallState.READY
    assert db.session.scalar(sa.select(sa.func.count(CallToken.id))) == 1
    assert "sandbox-vk-user-token" not in token_of(db.session(), vk_school.id).token


@pytest.mark.parametrize("trouble", ["none", "ended", "unreadable"])
def test_a_token_that_cannot_serve_is_not_tried(vk, vk_school, call_id, time, trouble):
    if trouble == "none":
        with transaction() as session:
            session.execute(sa.delete(CallToken))
    elif trouble == "ended":
        renew_token(vk_school.id, "sandbox-vk-user-token", time.now, None)
    else:
        (current_app.config["SETTINGS"].instance / KEY_FILE).unlink()

    provide(call_id)

    assert (call(call_id).state, vk.calls) == (CallState.FAILED, [])
    assert call(call_id).problem.startswith("Ссылка не создана")


def test_a_lease_keeps_others_away_until_it_ends(vk, call_id, time):
    with transaction() as session:
        row = session.get_one(Call, call_id)
        row.state, row.lease_token, row.lease_until = CallState.MAKING, "other", time.now + timedelta(seconds=30)
    provide(call_id)
    assert (due_calls(), vk.calls) == ([], [])

    time.set(time.now + timedelta(seconds=31))
    assert due_calls() == [call_id]
    provide(call_id)
    assert (call(call_id).state, len(vk.calls)) == (CallState.READY, 1)


@pytest.mark.parametrize("outcome", ["link", "failure"])
def test_an_answer_for_a_lesson_that_changed_meanwhile_is_dropped_and_its_room_ended(
    vk, vk_school, call_id, monkeypatch, outcome
):
    true_make = VkLinks.make

    def make(self):
        made = true_make(self)
        change(call(call_id).lesson_id, state=LessonState.CANCELLED)
        if outcome == "failure":
            vk.fault(code=1, times=1)
            return true_make(self)
        return made

    monkeypatch.setattr(VkLinks, "make", make)
    provide(call_id)

    assert wanted_by(call_id) == (CallState.DROPPED, None, None)
    assert [made["finished"] for made in vk.calls] == [outcome == "link"]


def test_a_lesson_that_needs_no_call_any_more_is_not_asked_for(vk, call_id):
    with transaction() as session:
        session.get_one(Lesson, call(call_id).lesson_id).state = LessonState.CANCELLED

    provide(call_id)

    assert (call(call_id).state, vk.calls) == (CallState.DROPPED, [])


def test_a_lesson_without_any_way_finds_one_when_there_is_one(school, time, call_of, woken):
    time.set(SCHOOL_FROM)
    found = call_of(lesson_with_call(school, school.english_1))
    provide(found.id)
    assert call(found.id).state is CallState.FAILED
    assert call(found.id).due_at > time.now
    assert due_calls() == []

    paste_room(school)
    time.set(call(found.id).due_at)
    assert due_calls() == [found.id]
    provide(found.id)
    assert wanted_by(found.id) == (CallState.READY, ROOM, None)


def test_a_token_makes_vk_the_way_out_for_a_subgroup(school, time, call_of, woken):
    time.set(SCHOOL_FROM)
    found = call_of(lesson_with_call(school, school.english_1))
    assert seed_token(school.id)
    assert not seed_token(school.id)

    provide(found.id)

    assert (call(found.id).way, call(found.id).state) == (CallWay.VK, CallState.WANTED)
    assert woken == [("call", found.id)]

"""Each lesson has its way to join a quarter of an hour before it, whatever the provider does."""

from datetime import timedelta

import pytest

from scheduler.calls.provide import _take
from scheduler.calls.stand_in import late_calls
from scheduler.calls.vk import VkLinks
from scheduler.models.calls import CallState
from scheduler.planning.links import provide, stand_in_for, tell_new_way
from tests.calls.conftest import LESSON_AT
from tests.calls.test_provide import call, call_id, paste_room, vk_school  # noqa: F401 - fixtures
from tests.calls.test_require import ROOM

QUARTER = timedelta(minutes=15)


@pytest.fixture
def late(call_id, time):  # noqa: F811 - the fixture
    """A wanted link that nobody has come to make; it is a quarter of an hour before its lesson."""
    time.set(LESSON_AT - QUARTER)
    return call_id


def test_a_room_stands_in_for_a_link_that_nobody_came_to_make(vk_school, late):  # noqa: F811 - the fixture
    paste_room(vk_school)
    assert late_calls() == [late]
    stand_in_for(late)
    found = call(late)
    assert (found.state, found.url) == (CallState.READY, ROOM)
    assert "постоянн" in found.problem or "standing" in found.problem
    assert late_calls() == []


def test_nothing_is_late_before_its_quarter_of_an_hour(vk_school, call_id, time):  # noqa: F811 - the fixtures
    time.set(LESSON_AT - 2 * QUARTER)
    assert late_calls() == []


def test_a_slow_providers_answer_comes_too_late(vk_school, vk, late, monkeypatch):  # noqa: F811 - the fixture
    """The worker has asked and waits; meanwhile the room stands in; the answer's own room is ended again."""
    paste_room(vk_school)
    finished = []
    make = VkLinks.make

    def slow(self):
        made = make(self)
        stand_in_for(late)
        return made

    monkeypatch.setattr(VkLinks, "make", slow)
    monkeypatch.setattr(VkLinks, "finish", lambda _self, external_id: finished.append(external_id))
    provide(late)
    assert (call(late).state, call(late).url) == (CallState.READY, ROOM)
    assert len(finished) == 1


def test_what_a_dead_worker_was_making_gets_its_stand_in(vk_school, late):  # noqa: F811 - the fixture
    paste_room(vk_school)
    assert _take(late, tell_new_way) is not None
    assert late_calls() == [late]
    stand_in_for(late)
    assert call(late).url == ROOM


def test_where_nothing_can_stand_in_the_provider_is_asked_on(vk_school, vk, late):  # noqa: F811 - the fixture
    stand_in_for(late)
    assert call(late).state is CallState.WANTED
    provide(late)
    assert call(late).state is CallState.READY

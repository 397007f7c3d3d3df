"""What follows when no link came."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.calls.failing import after_failure, pause, words
from scheduler.calls.ground import Choice
from scheduler.calls.provider import CallError, Failure
from scheduler.models.calls import CallState
from scheduler.models.school import CallWay

START = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
ROOM = Choice(CallWay.ROOM, room_id=1, url="https://max.ru/joincall/abcdefghij")
CHAT = Choice(CallWay.IN_CHAT, chat_id=1)


@pytest.fixture(autouse=True)
def _words(app_for_words):
    """Problems are said in words, which need an application."""


def state(failure, *, attempts=1, standing_in=None, minutes_before=60):
    now = START - timedelta(minutes=minutes_before)
    return after_failure(CallError(failure), attempts, standing_in, now=now, starts_at=START).state


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"failure": Failure.TRANSIENT}, CallState.WANTED),
        ({"failure": Failure.TRANSIENT, "attempts": 3}, CallState.FAILED),
        ({"failure": Failure.UNKNOWN, "minutes_before": 0}, CallState.FAILED),
        ({"failure": Failure.EXPIRED_TOKEN}, CallState.FAILED),
        ({"failure": Failure.NO_RIGHT}, CallState.FAILED),
        ({"failure": Failure.NO_RIGHT, "standing_in": ROOM}, CallState.WANTED),
        ({"failure": Failure.TRANSIENT, "attempts": 9, "standing_in": CHAT}, CallState.WANTED),
        ({"failure": Failure.UNKNOWN, "standing_in": ROOM, "minutes_before": 10}, CallState.READY),
        ({"failure": Failure.EXPIRED_TOKEN, "standing_in": ROOM, "minutes_before": 12}, CallState.READY),
    ],
)
def test_the_state_after_a_failure(case, expected):
    assert state(**case) is expected


def test_pauses_double_are_spread_and_end_at_five_minutes():
    first = [pause(CallError(Failure.TRANSIENT), 1) for _ in range(50)]
    last = [pause(CallError(Failure.TRANSIENT), 99) for _ in range(50)]

    assert all(5 * 0.75 <= seconds <= 5 * 1.25 for seconds in first)
    assert len(set(first)) > 1
    assert all(300 * 0.75 <= seconds <= 300 * 1.25 for seconds in last)


def test_a_provider_that_wants_to_be_left_alone_is():
    assert pause(CallError(Failure.THROTTLE, retry_after=300), 1) >= 300
    assert pause(CallError(Failure.THROTTLE, retry_after=0), 1) >= 1
    assert pause(CallError(Failure.NO_RIGHT), 1) >= 400


@pytest.mark.parametrize("failure", list(Failure))
@pytest.mark.parametrize(
    ("standing_in", "end"), [(None, "Вставьте"), (ROOM, "по постоянной ссылке."), (CHAT, "в чате класса.")]
)
def test_words_say_what_happened_and_what_stands_in(failure, standing_in, end):
    told = words(failure, standing_in)

    assert told.startswith("Ссылк")
    assert end in told

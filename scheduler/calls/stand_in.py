"""Lets a room or the chat's call stand in where a link is late: each lesson has its way a quarter of an hour before.

It asks no provider and needs no queue that a slow one fills. Where nothing can stand in, `/today` has told the lesson
for an hour, and the provider goes on being asked.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import fallback
from scheduler.calls.failing import words
from scheduler.calls.loading import load_audiences, load_ground
from scheduler.calls.provide import Tell, under_its_day
from scheduler.calls.provider import Failure
from scheduler.calls.require import wants_call
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay

STANDS_BEFORE = timedelta(minutes=15)
AHEAD_OF_IT = timedelta(minutes=1)
"""The sweep and a worker take their time."""

CHANCE = timedelta(minutes=1)
"""So long the provider has for a lesson that was planned at the last minute."""


def late_calls(limit: int = 200) -> list[int]:
    """Calls without any way to join whose lesson begins within a quarter of an hour, the next one first."""
    with Session(db.engine) as session:
        query = (
            sa.select(Call.id)
            .join(Lesson, Lesson.id == Call.lesson_id)
            .where(*_is_late())
            .order_by(Lesson.starts_at, Call.id)
        )
        return list(session.scalars(query.limit(limit)))


def _is_late() -> tuple[sa.ColumnElement[bool], ...]:
    now = clock.now()
    return (
        Call.way == CallWay.VK,
        Call.state.in_((CallState.WANTED, CallState.MAKING)),
        Call.url.is_(None),
        Call.chat_id.is_(None),
        Call.due_at <= now - CHANCE,
        Lesson.starts_at <= now + STANDS_BEFORE + AHEAD_OF_IT,
        Lesson.ends_at > now,
    )


def stand_in(call_id: int, tell: Tell) -> None:
    """Give a late call what can stand in; whoever asks the provider just now finds that its answer is too late."""
    with transaction() as session:
        call = under_its_day(session, call_id)
        if call is None or call.state not in (CallState.WANTED, CallState.MAKING) or call.has_way:
            return
        lesson = call.lesson
        found = fallback(load_audiences(session, [lesson])[lesson.id], load_ground(session, call.school_id))
        if found is None or not wants_call(lesson):
            return
        call.state, call.problem = CallState.READY, words(Failure.TRANSIENT, found)
        call.room_id, call.url, call.chat_id = found.room_id, found.url, found.chat_id
        call.lease_token = call.lease_until = None
        session.flush()
        if call.shown_way is not call.way:
            tell(session, lesson)

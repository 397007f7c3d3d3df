"""Entries through join pages: counted together, added up over processes, nothing about who came."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.calls.joins import EXTENSION, JoinCounter
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.joins import LessonJoins
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from tests.factories import add, make_lesson, make_school

DURING = datetime(2026, 11, 24, 5, 35, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    at = [DURING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_school(weekly_slots=False)


@pytest.fixture
def lesson(school):
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        values = {"url": "https://call.test/1", "state": CallState.READY, "due_at": DURING}
        add(session, Call(school_id=school.id, lesson_id=lesson_id, way=CallWay.VK, **values))
    return db.session.get_one(Lesson, lesson_id)


def stored():
    """What stands in the table now, past what this test's session has read before."""
    db.session.rollback()
    return {row.lesson_id: row.count for row in db.session.query(LessonJoins)}


def test_each_entry_is_counted_and_stored_together(app, client, lesson, now):
    for _pupil in range(3):
        assert client.get(f"/j/{lesson.join_token}").status_code == 303
        now[0] += timedelta(minutes=1)
    app.extensions[EXTENSION].store()
    db.session.rollback()
    row = db.session.query(LessonJoins).one()
    assert (row.count, row.first_at, row.last_at) == (3, DURING, DURING + timedelta(minutes=2))
    assert {column.name for column in LessonJoins.__table__.columns} == {
        "id", "school_id", "lesson_id", "count", "first_at", "last_at",
    }  # fmt: skip


def test_the_counts_of_several_processes_add_up(app, lesson):
    lesson_id = lesson.id
    for _process in range(2):
        counter = JoinCounter(app)
        counter.note(lesson.school_id, lesson.id)
        counter.note(lesson.school_id, lesson.id)
        counter.store()
    assert stored() == {lesson_id: 4}


def test_looking_early_or_from_afar_is_no_entry(app, client, lesson, now):
    client.head(f"/j/{lesson.join_token}")
    client.get(f"/j/{lesson.join_token}", headers={"Sec-Purpose": "prefetch"})
    now[0] = DURING - timedelta(hours=2)
    assert client.get(f"/j/{lesson.join_token}").status_code == 200
    app.extensions[EXTENSION].store()
    assert stored() == {}


def test_what_could_not_be_stored_is_stored_later(app, lesson, monkeypatch):
    counter = JoinCounter(app)
    counter.note(lesson.school_id, lesson.id)
    broken = sa.exc.OperationalError("", {}, Exception("database is locked"))
    with monkeypatch.context() as patch:
        patch.setattr("scheduler.calls.joins._add", lambda *_: (_ for _ in ()).throw(broken))
        counter.store()
    assert stored() == {}
    counter.note(lesson.school_id, lesson.id)
    counter.store()
    assert stored() == {lesson.id: 2}

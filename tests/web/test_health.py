from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy.exc import OperationalError

from scheduler import clock
from scheduler.database import Base, db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, BulletinPart, PostState
from scheduler.models.school import CallWay
from scheduler.web.health import is_ready
from tests.factories import TUESDAY, make_lesson, make_school


def post(school, state, *, due=timedelta(0)):
    with transaction() as session:
        bulletin = Bulletin(school_id=school.id, chat_id=school.students_a, date=TUESDAY)
        bulletin.parts = [
            BulletinPart(school_id=school.id, number=1, text="", wanted_hash="", state=state, due_at=clock.now() + due)
        ]
        session.add(bulletin)


def test_alive(client):
    assert client.get("/healthz").text == "ok\n"


def test_ready_with_all_tables(client):
    make_school()
    assert (client.get("/readyz").status_code, is_ready()) == (200, True)


def test_not_ready_without_tables(app, client):
    notices = Base.metadata.tables["notice"]
    notices.drop(db.engine)
    answer = client.get("/readyz")
    notices.create(db.engine)  # the run's database goes on to serve other tests
    assert (answer.status_code, answer.text) == (503, "the database has not all tables: run `scheduler init`\n")


def test_not_ready_without_a_database(app, client, monkeypatch):
    def fail(_engine):
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr("scheduler.web.health.sa.inspect", fail)
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("state", "due", "status"),
    [
        (PostState.WANTED, timedelta(0), 503),
        (PostState.SENDING, timedelta(0), 503),
        (PostState.WANTED, timedelta(hours=1), 200),
        (PostState.POSTED, timedelta(0), 200),
        (PostState.BY_HAND, timedelta(0), 200),
    ],
)
def test_a_demonstration_is_ready_when_its_first_posts_stand(client, state, due, status):
    post(make_school(), state, due=due)
    assert client.get("/readyz").status_code == 200
    Path(current_app.instance_path, "demo.json").write_text("{}")
    assert client.get("/readyz").status_code == status


def test_metrics_count_by_state(client):
    school = make_school()
    post(school, PostState.PARKED)
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        session.add(
            Call(school_id=school.id, lesson_id=lesson_id, way=CallWay.VK, state=CallState.FAILED, due_at=clock.now())
        )
    text = client.get("/metrics").text
    assert 'scheduler_bulletin_parts{state="parked"} 1' in text.splitlines()
    assert 'scheduler_calls{state="failed"} 1' in text.splitlines()


def test_robots_are_sent_away(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"

"""Two browsers at one hour, over real HTTP: one wins, the other is told what stands there, with the form as typed."""

import threading
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.school_day import locked_days
from tests.factories import TUESDAY, make_school
from tests.web.conftest import device_token

SEE_OTHER, CONFLICT = 303, 409


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


def send_at_once(address, school, forms):
    """Send (person, form) pairs; all have come as far as the day's lock before the first is let on."""
    senders, answers = [], [None] * len(forms)
    cookies = [{"device": device_token(person_id)} for person_id, _form in forms]

    def send(number):
        with httpx.Client(base_url=address, cookies=cookies[number], timeout=40, trust_env=False) as browser:
            answers[number] = browser.post("/lessons/new", data=form(forms[number][1]))

    with transaction() as session:
        locked_days(session, school.id, [TUESDAY])
        for number in range(len(forms)):
            senders.append(threading.Thread(target=send, args=(number,)))
            senders[-1].start()
        senders[0].join(0.5)
        assert all(sender.is_alive() for sender in senders)
    for sender in senders:
        sender.join(40)
    db.session.rollback()
    return answers


def form(values):
    return {
        "date": TUESDAY.isoformat(), "period": "1", "mode": "call", "kind": "plan", "weeks": "1", "do": "save",
    } | values  # fmt: skip


def test_of_two_people_one_wins_and_the_other_keeps_what_was_typed(address, school):
    algebra = (school.ivanova, {"course_id": school.algebra_a, "topic": "Дроби", "form_key": "k1"})
    physics = (school.kim, {"course_id": school.physics_a, "topic": "Сила тока", "form_key": "k2"})
    answers = send_at_once(address, school, [algebra, physics])
    assert sorted(answer.status_code for answer in answers) == [SEE_OTHER, CONFLICT]
    lost = next(number for number, answer in enumerate(answers) if answer.status_code == CONFLICT)
    winner, typed = ("Физика", "Дроби") if lost == 0 else ("Алгебра", "Сила тока")
    assert f"{winner}, 7" in answers[lost].text
    assert f'value="{typed}"' in answers[lost].text
    assert [lesson.shown_title for lesson in db.session.scalars(sa.select(Lesson))] == [winner]


def test_a_form_sent_twice_at_once_leads_to_one_lesson(address, school):
    same = (school.ivanova, {"course_id": school.algebra_a, "form_key": "k1"})
    first, second = send_at_once(address, school, [same, same])
    assert (first.status_code, second.status_code) == (SEE_OTHER, SEE_OTHER)
    assert first.headers["location"] == second.headers["location"]
    assert len(db.session.scalars(sa.select(Lesson)).all()) == 1

"""Workers killed at random moments while the messenger answers 429, 500, late or not at all: each post stands once."""

import collections
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from datetime import time as wall_time
from pathlib import Path

import pytest

from scheduler import clock
from scheduler.chats.connections import store_connection
from scheduler.chats.deliver import deliver_until_done
from scheduler.chats.pace import CONFIG_KEY
from scheduler.chats.posts import outgoing_text
from scheduler.chats.stale import mark_stale
from scheduler.config import read_settings
from scheduler.database import db, transaction
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.chats import Bulletin, BulletinPart, Chat, Delivery, Notice, PostState
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.models.school_day import locked_days
from scheduler.rules.facts import LessonState
from scheduler.sandbox.app import close, create_sandbox
from scheduler.sandbox.server import running
from tests.chaos.dying_worker import PACE
from tests.contract.conftest import Control
from tests.factories import BELLS, count, make_lesson, make_school

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
DAYS = (date(2026, 11, 24), date(2026, 11, 25))
FAULTS = (
    {"status": 429, "retry_after": 0},
    {"status": 429},
    {"status": 500},
    {"status": 502},
    {"drop_after_accept": True},
    {"truncate": True},
    {"delay_s": 0.9},
)
MOST_SECONDS = 900


@pytest.fixture
def world(app, tmp_path):
    """The small school with its bot in a sandbox, at the clock of a school morning."""
    offset = (MORNING - datetime.now(UTC)).total_seconds()
    sandbox = create_sandbox(
        tmp_path / "sandbox.sqlite3", clock=lambda: int((time.time() + offset) * 1000), postman=False, limits=False
    )
    with running(sandbox, threads=8) as address:
        environ = {
            **os.environ,
            "SCHEDULER_INSTANCE": str(app.instance_path),
            "SECRET_KEY": "test-secret",
            "PUBLIC_URL": "http://school.test",
            "DATABASE_URL": app.config["SETTINGS"].database_url.replace("+psycopg", ""),
            "MAX_API_URL": f"{address}/max",
            "SCHEDULER_CLOCK_OFFSET": str(offset),
            "PYTHONPATH": str(ROOT),
        }
        clock.configure(None, offset)
        app.config.update(SETTINGS=read_settings(environ), **{CONFIG_KEY: PACE})
        control = Control(address)
        yield app, control, environ
        control.close()
    close(sandbox)


def connected_school(control):
    school = make_school(weekly_slots=False)
    connection_id = store_connection(school.id, "sandbox-max-token")
    with transaction() as session:
        row = session.get_one(School, school.id)
        row.quiet_from = row.quiet_to = wall_time(0)
        for chat in session.scalars(db.select(Chat).order_by(Chat.id)):
            chat.external_id, chat.connection_id = control.chat(chat.title), connection_id
    return school


def change_something(school, chance):
    """Add, move or cancel a lesson as planning would, under the lock of both days."""
    course = chance.choice([school.algebra_a, school.english_1, school.physics_a, school.algebra_b])
    new = make_lesson(school, course, day=chance.choice(DAYS), period=chance.randint(4, 7))
    with transaction() as session:
        locked_days(session, school.id, DAYS)
        lessons = session.scalars(db.select(Lesson).order_by(Lesson.id)).all()
        old = chance.choice(lessons)
        changes = [LessonChange(None, session.get_one(Lesson, new))]
        if old.id != new:
            before = snapshot(old)
            old.period = chance.randint(1, 7)
            old.start, old.end = BELLS[old.period]
            old.date, old.state = chance.choice(DAYS), chance.choice(list(LessonState)[1:3])
            changes.append(LessonChange(before, old))
        mark_stale(session, school.id, changes)


def deliveries():
    return count(Delivery, Delivery.outcome.in_(("sent", "edited")))


def wrong_chats(control):
    """Chats that do not show exactly what the plan says."""
    db.session.expire_all()
    parts = db.select(BulletinPart).join(Bulletin).where(BulletinPart.state != PostState.WITHDRAWN)
    posts = [*db.session.scalars(parts), *db.session.scalars(db.select(Notice).where(Notice.state != "withdrawn"))]
    wanted = collections.defaultdict(dict)
    for post in posts:
        chat = post.bulletin.chat if isinstance(post, BulletinPart) else post.chat
        wanted[chat.external_id][post.mark] = outgoing_text(post)
    wrong = []
    for chat in db.session.scalars(db.select(Chat)):
        shown = [(m["buttons"][0]["url"].rpartition("m=")[2], m["text"]) for m in control.standing(chat.external_id)]
        plan = wanted[chat.external_id]
        if sorted(shown) != sorted(plan.items()):
            marks = collections.Counter(mark for mark, _ in shown)
            doubled = [mark for mark, number in marks.items() if number > 1]
            unlike = [(mark, text, plan[mark]) for mark, text in shown if mark in plan and plan[mark] != text]
            lost, unknown = plan.keys() - marks.keys(), marks.keys() - plan.keys()
            wrong.append((chat.title, {"doubled": doubled, "lost": lost, "unknown": unknown, "unlike": unlike}))
    return wrong


def test_killed_workers_leave_one_copy_of_each_post(world, tmp_path, request):
    _app, control, environ = world
    wanted = 300 if request.config.getoption("--full-size") else 8  # on each of both databases
    chance, stop = random.Random(20261124), tmp_path / "stop"
    school = connected_school(control)
    script = ROOT / "tests" / "chaos" / "dying_worker.py"
    workers = [
        subprocess.Popen([sys.executable, script, str(seed), stop], env=environ, stderr=subprocess.DEVNULL)
        for seed in (1, 2)
    ]
    try:
        give_up = time.monotonic() + MOST_SECONDS
        while deliveries() < wanted and time.monotonic() < give_up:
            change_something(school, chance)
            for _ in range(chance.randint(0, 2)):
                control.fault(chance.choice(("POST", "PUT", "GET")), **chance.choice(FAULTS))
            time.sleep(chance.uniform(0, 0.3))
    finally:
        stop.touch()
        assert [worker.wait(20) for worker in workers] == [0, 0]
    control.ask("DELETE", "/faults")
    time.sleep(PACE.join_quiet)
    outcomes = deliver_until_done(school.id, patience=120)
    assert {outcome.state for outcome in outcomes} == {"posted"}
    assert deliveries() >= wanted
    assert wrong_chats(control) == []
    deaths = count(Delivery, Delivery.outcome == "")
    sys.stderr.write(f"{deliveries()} deliveries, {count(Delivery)} attempts, {deaths} without an answer\n")

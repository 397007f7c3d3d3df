"""Remote days declared and undone while everything dies: afterwards every chat equals the plan, nothing stands twice.

Each round sends one decision from three processes at once, orders faults of the messenger and of the provider of
links, kills workers, a deciding process and the messenger with SIGKILL at random moments, and sometimes undoes the
decision in the middle.
"""

import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time

import httpx
import pytest
import redis
import sqlalchemy as sa

from scheduler import clock
from scheduler.calls.links import set_way
from scheduler.calls.provide import due_calls
from scheduler.calls.tokens import seed_token
from scheduler.chats.connections import store_connection
from scheduler.chats.deliver import is_anything_under_way
from scheduler.chats.pace import CONFIG_KEY
from scheduler.chats.stale import refresh_day
from scheduler.config import read_settings
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import BulletinPart, Chat, Delivery, Notice, PostState, Reminder
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.school import CallWay, School
from scheduler.rules.facts import LessonMode
from tests.chaos import process
from tests.chaos.crowd import fight_school
from tests.chaos.dying_worker import PACE
from tests.chaos.test_worker_killed import ROOT, wrong_chats
from tests.conftest import REDIS
from tests.contract.conftest import Control
from tests.factories import BELLS, ZONE, count
from tests.installation import free_port

MORNING = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # 7:30 in Moscow
DAYS = [date(2026, 11, 24) + timedelta(days=number) for number in range(3)]
SEED = 20261125
FAULTS = (
    ("max", {"status": 429, "retry_after": 0}), ("max", {"status": 500}), ("max", {"drop_after_accept": True}),
    ("max", {"truncate": True}), ("max", {"delay_s": 0.9}), ("max", {"status": 503}),
    ("vk", {"status": 500}), ("vk", {"drop_after_accept": True}), ("vk", {"delay_s": 0.5}),
)  # fmt: skip
PATIENCE = 90
FORK = multiprocessing.get_context("fork")
"""Nothing is imported twice: under load a new interpreter takes longer than a round."""


class Theatre:
    """The processes of an installation; any of them may be killed and is started again."""

    def __init__(self, environ):
        self.environ = environ
        self.address = f"http://127.0.0.1:{environ['SANDBOX_PORT']}"
        self.crew, self.links = {}, {}
        self.deaths = Counter()

    def start(self, name):
        if name == "sandbox":
            self.crew[name] = subprocess.Popen(
                [sys.executable, "-m", "scheduler.sandbox"], env=self.environ, cwd=ROOT, stderr=subprocess.DEVNULL
            )
            self.wait_for_sandbox()
            return
        db.session.remove()
        db.engine.dispose()  # a forked process must not share connections
        here, there = FORK.Pipe()
        target = {"worker": process.work, "decide": process.decide}[name.rstrip("0123456789")]
        self.crew[name] = FORK.Process(target=target, args=(self.environ, there), daemon=True)
        self.crew[name].start()
        there.close()
        self.links[name] = here

    def wait_for_sandbox(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/healthz").status_code == httpx.codes.OK:
                    return
            time.sleep(0.05)
        raise AssertionError("the sandbox does not start")

    def kill(self, name):
        os.kill(self.crew[name].pid, signal.SIGKILL)
        self.crew[name].wait(10) if name == "sandbox" else self.crew[name].join(10)
        self.deaths[name.rstrip("0123456789")] += 1

    def restart(self, name):
        self.kill(name)
        self.start(name)

    def answer(self, name):
        """What a deciding process answers."""
        assert self.links[name].poll(90), f"{name} says nothing"
        return self.links[name].recv()

    def end(self):
        for name in self.crew:
            self.kill(name)


@pytest.fixture
def theatre(app, request):
    """The school of the crowd with lessons on three days, its chats in a sandbox, two workers, three who decide."""
    offset = (MORNING - datetime.now(UTC)).total_seconds()
    settings = app.config["SETTINGS"]
    environ = {
        **os.environ,
        "SCHEDULER_INSTANCE": str(settings.instance),
        "SECRET_KEY": "test-secret",
        "PUBLIC_URL": "http://school.test",
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "SCHEDULER_CLOCK_OFFSET": str(offset),
        "SANDBOX_PORT": str(free_port()),
        "PYTHONPATH": str(ROOT),
    }
    if db.engine.dialect.name == "postgresql":
        environ["REDIS_URL"] = REDIS
        redis.Redis.from_url(REDIS).flushdb()
    address = f"http://127.0.0.1:{environ['SANDBOX_PORT']}"
    environ |= {"MAX_API_URL": f"{address}/max", "VK_API_URL": f"{address}/vk"}
    clock.configure(None, offset)
    app.config.update(SETTINGS=read_settings(environ), **{CONFIG_KEY: PACE})
    made = Theatre(environ)
    try:
        made.start("sandbox")
        Control(address).ask("POST", "/switches", {"limits": False})
        fill(address)
        for name in ("worker1", "worker2", "decide1", "decide2", "decide3"):
            made.start(name)
        yield made
    finally:
        made.end()


def fill(address):
    school_id, courses = fight_school()
    control = Control(address)
    connection_id = store_connection(school_id, "sandbox-max-token")
    seed_token(school_id)
    with transaction() as session:
        set_way(session, school_id, CallWay.VK)
        row = session.get_one(School, school_id)
        row.quiet_from = row.quiet_to = wall_time(0)
        for chat in session.scalars(sa.select(Chat).order_by(Chat.id)):
            chat.external_id, chat.connection_id = control.chat(chat.title), connection_id
            chat.reminder_minutes = 10 if chat.class_id else None
        for number, course_id in enumerate(courses[::4] + courses[1::4]):
            for day in DAYS:
                add_lesson(session, session.get_one(Course, course_id), day, 1 + number // 4)
                add_lesson(session, session.get_one(Course, course_id), day, 3 + number // 4)
    control.close()


def add_lesson(session, course, day, period):
    start, end = BELLS[period]
    lesson = Lesson(
        school_id=course.school_id, course_id=course.id, subject_id=course.subject_id, group_id=course.group_id,
        date=day, start=start, end=end, starts_at=clock.to_utc(day, start, ZONE), ends_at=clock.to_utc(day, end, ZONE),
        period=period, mode=LessonMode.IN_PERSON, changed_at=clock.now(),
    )  # fmt: skip
    lesson.teaching = [LessonTeacher(school_id=course.school_id, person_id=one.id) for one in course.teachers]
    session.add(lesson)


def play_round(theatre, chance, told):
    """One decision from three processes, and what befalls them."""
    control = Control(theatre.address)
    for platform, order in chance.sample(FAULTS, chance.randint(1, 4)):
        method = "POST" if platform == "vk" else chance.choice(("POST", "PUT", "GET"))
        path = "/calls.start" if platform == "vk" else "/messages"
        control.fault(method, path, **{"platform": platform, "times": chance.randint(1, 4), **order})
    control.close()
    day = chance.choice(DAYS).isoformat()
    act = "undo" if told["declared", day] and chance.random() < 0.5 else "declare"
    told["declared", day] = int(act == "declare")
    decide(theatre, chance, told, {"act": act, "day": day, "text": "мороз"})
    time.sleep(chance.uniform(0, 0.5))
    theatre.restart(chance.choice(("worker1", "worker2")))
    if chance.random() < 0.4:
        theatre.restart("sandbox")
    if act == "declare" and chance.random() < 0.4:  # undone in the middle of the delivery
        told["declared", day] = 0
        decide(theatre, chance, told, {"act": "undo", "day": day, "text": ""})


def decide(theatre, chance, told, wish):
    names = ["decide1", "decide2", "decide3"]
    for name in names:
        theatre.links[name].send(wish)
    if chance.random() < 0.4:
        time.sleep(chance.uniform(0, 0.2))
        theatre.kill("decide3")
        names.remove("decide3")
    answers = [theatre.answer(name) for name in names]
    assert all("changed" in answer for answer in answers), answers
    assert sum(answer["changed"] > 0 for answer in answers) <= 1
    told[wish["act"]] += 1
    if "decide3" not in names:
        theatre.start("decide3")


def settle(theatre):
    """No more faults; wait until nothing is on its way."""
    control = Control(theatre.address)
    control.ask("DELETE", "/faults")
    control.close()
    with transaction() as session:  # notices end their quiet
        session.execute(sa.update(Notice).where(Notice.state == PostState.WANTED).values(due_at=clock.now()))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and (is_anything_under_way() or due_calls() or pausing_calls()):
        time.sleep(0.2)
        db.session.rollback()
    db.session.expire_all()


def pausing_calls():
    """Calls that a worker has in hand just now, or that are asked for again in a moment."""
    soon = clock.now() + timedelta(seconds=30)
    calls = db.session.scalars(
        sa.select(Call).where(Call.state.in_((CallState.WANTED, CallState.MAKING)), Call.due_at <= soon)
    )
    return [call.id for call in calls if not call.has_way]


def test_remote_days_survive_the_death_of_everything(theatre, request):
    rounds = 20 if request.config.getoption("--full-size") else 3
    chance, told = random.Random(SEED), Counter()
    began = time.monotonic()
    for _ in range(rounds):
        play_round(theatre, chance, told)
    settle(theatre)
    print_figures(theatre, rounds, told, time.monotonic() - began)
    assert_posts_equal_the_plan(theatre)
    assert_decided_once()
    assert_calls_can_be_joined()


def assert_posts_equal_the_plan(theatre):
    control = Control(theatre.address)
    assert wrong_chats(control) == []
    control.close()
    assert open_posts() == []
    for day in DAYS:  # the texts are those that the plan gives when it is asked anew
        with transaction() as session:
            refresh_day(session, 1, day)
    db.session.expire_all()
    assert open_posts() == []


def open_posts():
    """Parts, notices and reminders that are neither posted nor withdrawn, reminders of later hours apart."""
    found = []
    for model in (BulletinPart, Notice, Reminder):
        query = sa.select(model).where(model.state.not_in((PostState.POSTED, PostState.WITHDRAWN)))
        due = db.session.scalars(query.where(model.due_at <= clock.now()))
        found += [(post.mark, post.state, post.problem) for post in due]
    return found


def assert_decided_once():
    applied = db.session.scalars(sa.select(RemoteDay).where(RemoteDay.state == RemoteDayState.APPLIED)).all()
    assert {day: number for day, number in Counter(row.date_from for row in applied).items() if number > 1} == {}


def assert_calls_can_be_joined():
    """Every call that may be asked for has its way, or says why not."""
    calls = db.session.scalars(sa.select(Call).where(Call.state != CallState.DROPPED, Call.due_at <= clock.now())).all()
    assert [call.id for call in calls if not (call.has_way or (call.state is CallState.FAILED and call.problem))] == []


def print_figures(theatre, rounds, told, seconds):
    posts = count(BulletinPart, BulletinPart.message_id.is_not(None)) + count(Notice, Notice.message_id.is_not(None))
    lost = count(Delivery, Delivery.outcome == "")
    sys.stderr.write(
        f"{db.engine.dialect.name}: {rounds} rounds in {seconds:.0f} s, {told['declare']} decisions and {told['undo']} "
        f"undone, each from 3 processes; killed: {dict(theatre.deaths)}; {posts} posts stand, {count(Delivery)} "
        f"attempts, {lost} of them without an answer\n"
    )

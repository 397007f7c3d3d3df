"""The whole demo school on a database, with a stand-in for the messenger."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db
from scheduler.demo import making
from scheduler.demo.blueprint import ConsultationSpec
from scheduler.demo.enliven import enliven, ensure_published
from scheduler.demo.live import live_situation
from scheduler.demo.making import KEPT_FILE, DemoError, demo_sign_ins, make_demo
from scheduler.demo.school import make_school
from scheduler.models.chats import Chat, ChatState, Connection, Platform
from scheduler.models.classes import Enrollment, GroupPart, SchoolClass
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Account, Person
from scheduler.models.school import School
from scheduler.models.secrets import decrypt
from scheduler.planning.accounts import Browser, sign_in
from scheduler.planning.errors import TakenError
from scheduler.rules.facts import LessonKind, LessonMode, LessonState
from tests.demo.conftest import SIZE


def count(model, *conditions):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def today():
    return clock.today("Europe/Moscow")


def test_demo_opens_in_a_school_morning(demo):
    local = demo.opens_at.astimezone(ZoneInfo("Europe/Moscow"))
    assert (local + timedelta(seconds=1)).time().replace(microsecond=0, second=0) == time(10, 20)
    assert abs((clock.now() - demo.opens_at).total_seconds()) < 120


def test_demo_has_its_people_and_classes(demo):
    assert demo.is_new
    assert count(SchoolClass) == SIZE
    assert count(Enrollment) == SIZE * 25
    assert db.session.get(School, demo.school_id).days_per_week == 5


def test_demo_signs_its_people_in(app, demo):
    for one in demo.sign_ins:
        assert sign_in(one.login, one.password, browser=Browser())
        person = db.session.scalar(sa.select(Person).join(Account).where(Account.login == one.login))
        assert person.full_name == one.name
    assert demo_sign_ins(app.config["SETTINGS"]) == demo.sign_ins


def test_demo_sign_ins_are_kept_from_others(app, demo):
    path = app.config["SETTINGS"].instance / KEPT_FILE
    assert path.stat().st_mode & 0o077 == 0


def test_no_demo_has_no_sign_ins(empty):
    assert demo_sign_ins(empty.config["SETTINGS"]) == ()


def test_published_lessons_put_nobody_in_two_places(demo):
    rows = db.session.execute(
        sa.select(LessonTeacher.person_id, Lesson.starts_at, Lesson.ends_at, Lesson.id)
        .join(Lesson, Lesson.id == LessonTeacher.lesson_id)
        .order_by(LessonTeacher.person_id, Lesson.starts_at)
    ).all()
    assert len(rows) > 1000
    for one, other in pairwise(rows):
        assert one.person_id != other.person_id or one.ends_at <= other.starts_at


def test_published_term_covers_a_feed(demo):
    shown = db.session.scalar(sa.select(SchoolClass.id).where(SchoolClass.label_key == "7а"))
    lessons = count(Lesson, Lesson.group_id.in_(sa.select(GroupPart.group_id).where(GroupPart.class_id == shown)))
    assert lessons > 300


def test_chats_of_the_sandbox_are_connected_and_the_others_are_not(demo, phone):
    states = db.session.execute(
        sa.select(Chat.platform, Chat.state, sa.func.count()).group_by(Chat.platform, Chat.state)
    )
    assert sorted(tuple(row) for row in states) == [
        (Platform.BY_HAND, ChatState.CONNECTED, 2),
        (Platform.MAX, ChatState.CONNECTED, SIZE * 2 - 3),
        (Platform.MAX, ChatState.UNCONNECTED, 2),
    ]
    numbers = db.session.execute(sa.select(Chat.title, Chat.external_id).where(Chat.external_id.is_not(None)))
    assert dict(tuple(row) for row in numbers) == phone.chats
    assert all(len(members) > 20 for title, members in phone.members.items())


def test_bot_token_is_kept_encrypted(app, demo):
    stored = db.session.scalar(sa.select(Connection.token))
    token = app.config["SETTINGS"].max_token
    assert token not in stored
    assert decrypt(stored) == token


def test_lessons_of_today_are_remote_and_have_a_task(demo):
    remote = db.session.scalars(
        sa.select(Lesson).where(Lesson.mode != LessonMode.IN_PERSON, Lesson.date >= today())
    ).all()
    assert len(remote) == demo.made_remote >= SIZE - 2
    assert all(lesson.offline_task for lesson in remote)
    assert all(lesson.state is LessonState.PLANNED for lesson in remote)
    calls = [lesson for lesson in remote if lesson.mode is LessonMode.CALL and lesson.kind is LessonKind.LESSON]
    assert calls
    assert all(lesson.online_minutes <= 35 for lesson in calls)


def test_second_start_keeps_the_data(demo, phone):
    lessons, chats = count(Lesson), dict(phone.chats)
    again = make_demo(classes=30, seed=9, messenger=phone.open)
    assert (again.is_new, again.classes, again.seed, again.made_remote) == (False, SIZE, 1, 0)
    assert again.sign_ins == demo.sign_ins
    assert (count(School), count(Lesson), phone.chats) == (1, lessons, chats)


def test_broken_start_is_finished_by_the_next(empty, phone):
    phone.fails = True
    with pytest.raises(ConnectionError):
        make_demo(classes=SIZE, messenger=phone.open)
    made = dict(phone.chats)
    demo = make_demo(classes=SIZE, messenger=phone.open)
    assert phone.chats == made
    assert demo.made_remote > 0
    assert count(Chat, Chat.state == ChatState.CONNECTED) == SIZE * 2 - 1


def test_later_start_on_another_day_goes_on_from_there(app, demo, phone):
    path = app.config["SETTINGS"].instance / clock.OFFSET_FILE
    before = today()
    path.write_text(str(float(path.read_text()) + 6 * 3600))
    again = make_demo(messenger=phone.open)
    assert today() > before
    assert again.made_remote > 0
    assert again.opens_at > demo.opens_at


def test_lost_folder_is_told(app, demo, phone):
    (app.config["SETTINGS"].instance / KEPT_FILE).unlink()
    with pytest.raises(DemoError, match=KEPT_FILE):
        make_demo(messenger=phone.open)


def test_emptied_database_gets_a_new_demo(app, demo, phone):
    path = app.config["SETTINGS"].instance / KEPT_FILE
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"school_id": 10_000}))
    with pytest.raises(DemoError):
        make_demo(messenger=phone.open)


def test_demo_posts_nowhere_but_to_the_sandbox(empty):
    empty.config["SETTINGS"] = replace(empty.config["SETTINGS"], max_api_url="https://platform-api.max.ru")
    with pytest.raises(DemoError):
        make_demo()


def test_demo_of_no_classes_is_refused(empty):
    with pytest.raises(DemoError, match="480"):
        make_demo(classes=0)


def test_offset_of_the_environment_is_left_alone(empty, phone):
    settings = replace(empty.config["SETTINGS"], clock_offset=3600.0)
    empty.config["SETTINGS"] = settings
    fixed = (datetime(2026, 11, 24, 7, 30, tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    clock.configure(None, fixed)
    demo = make_demo(classes=3, messenger=phone.open)
    assert not (settings.instance / clock.OFFSET_FILE).exists()
    assert demo.opens_at.date() == date(2026, 11, 24)


def test_publishing_twice_makes_nothing_twice(demo):
    assert ensure_published(demo.school_id, today()) == 0


def test_lessons_that_the_rules_refuse_stay_at_school(demo, phone, monkeypatch):
    plan = make_school(classes=SIZE, today=today())
    with db.engine.begin() as connection:
        connection.execute(sa.update(Lesson).values(mode=LessonMode.IN_PERSON))

    def refuse(*_args, **_kwargs):
        raise TakenError("занято")

    monkeypatch.setattr("scheduler.demo.enliven.carry_out", refuse)
    monkeypatch.setattr("scheduler.demo.enliven.change_lesson", refuse)
    monkeypatch.setattr("scheduler.demo.enliven.book_lesson", refuse)
    consultation = ConsultationSpec("7А/Алгебра", today(), time(16), time(16, 30), 30, "№ 5")
    live = live_situation(plan, today(), None)
    monkeypatch.setattr(
        "scheduler.demo.enliven.live_situation", lambda *_: replace(live, consultations=(consultation,))
    )
    assert enliven(demo.school_id, plan, today()) == 0


def test_lessons_are_turned_one_by_one_where_all_at_once_is_refused(demo, monkeypatch):
    plan = make_school(classes=SIZE, today=today())
    with db.engine.begin() as connection:
        connection.execute(sa.update(Lesson).values(mode=LessonMode.IN_PERSON))

    def refuse(*_args, **_kwargs):
        raise TakenError("занято")

    monkeypatch.setattr("scheduler.demo.enliven.carry_out", refuse)
    assert enliven(demo.school_id, plan, today()) >= SIZE - 2


def test_passwords_differ_and_are_long():
    passwords = {making._password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(password) == 14 for password in passwords)

"""What the doctor finds, each with what to do; only what stops planning or delivery is a fault."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.cli.doctor import examine
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Connection, PostState
from scheduler.models.people import Account, Person
from scheduler.models.school import CallWay, School, Term
from tests.factories import TUESDAY, add, make_lesson, make_school

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_school()


def found(school):
    db.session.rollback()
    return examine(db.session.get_one(School, school.id))


def set_terms(until):
    with transaction() as session:
        session.execute(sa.update(Term).values(published_from=date(2026, 11, 2), published_to=until))


def test_unpublished_and_nearly_over_timetables_are_told(school):
    assert any("scheduler publish" in text for text in found(school).warnings)
    set_terms(date(2026, 11, 28))
    assert any("2026-11-28" in text for text in found(school).warnings)
    set_terms(date(2026, 12, 30))
    assert not any("publish" in text or "2026-12-30" in text for text in found(school).warnings)


def test_two_people_who_can_declare_are_enough(school):
    before = len(found(school).warnings)
    with transaction() as session:
        for number, person_id in enumerate((school.director, school.ivanova)):
            account = add(session, Account(login=f"a{number}", password_hash="-"))
            session.get_one(Person, person_id).account_id = account.id
        session.get_one(Person, school.ivanova).roles[0].role = "deputy_head"
    assert len(found(school).warnings) == before - 1


def test_shifted_clock_is_told(school, monkeypatch):
    before = len(found(school).warnings)
    monkeypatch.setattr(clock, "offset", lambda: 60.0)
    assert len(found(school).warnings) == before + 1


def test_lost_chats_and_posts_in_need_are_told(school):
    before = len(found(school).warnings)
    with transaction() as session:
        session.get_one(Chat, school.students_b).state = ChatState.UNCONNECTED
        session.get_one(Chat, school.parents_b).state = ChatState.REMOVED
        bulletin = add(session, Bulletin(school_id=school.id, chat_id=school.students_a, date=TUESDAY))
        for number, state in ((1, PostState.PARKED), (2, PostState.WANTED)):
            add(
                session,
                BulletinPart(
                    school_id=school.id,
                    bulletin_id=bulletin.id,
                    number=number,
                    text="",
                    wanted_hash="x",
                    state=state,
                    due_at=NOW - timedelta(hours=1),
                ),
            )
    assert len(found(school).warnings) == before + 4


def test_lesson_without_a_way_to_join_is_told(school):
    before = len(found(school).warnings)
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        add(
            session,
            Call(school_id=school.id, lesson_id=lesson_id, way=CallWay.VK, state=CallState.FAILED, due_at=NOW),
        )
    assert len(found(school).warnings) == before + 1


def test_refused_token_is_a_fault(school):
    assert found(school).faults == []
    with transaction() as session:
        session.execute(sa.update(Connection).values(is_refused=True))
    told = found(school)
    assert len(told.faults) == 1
    assert told.words().startswith("✗")

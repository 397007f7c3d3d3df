from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from scheduler.database import ReadOnlySessionError, db, register_wake, transaction, wake_after_commit
from scheduler.models.audit import AuditEvent
from scheduler.models.school import School
from scheduler.models.school_day import SchoolDay, locked_days


def add_school():
    with transaction() as session:
        school = School(name="Школа", timezone="Europe/Moscow")
        session.add(school)
        session.flush()
        return school.id


def test_transaction_commits(app):
    add_school()
    assert db.session.scalar(sa.select(sa.func.count(School.id))) == 1


def test_request_session_refuses_to_write(app):
    db.session.add(School(name="Школа", timezone="Europe/Moscow"))
    with pytest.raises(ReadOnlySessionError):
        db.session.flush()
    db.session.rollback()


def test_wake_comes_after_commit_and_not_after_rollback(app):
    woken = []
    register_wake(app, woken.append)
    with transaction() as session:
        wake_after_commit(session, "call", 7)
        assert woken == []
    assert woken == [(("call", 7),)]
    with pytest.raises(ZeroDivisionError), transaction() as session:  # noqa: PT012 - the block is the transaction
        wake_after_commit(session, "call", 8)
        raise ZeroDivisionError
    assert len(woken) == 1


def test_locked_days_are_whole_weeks_in_order(app):
    school_id = add_school()
    with transaction() as session:
        days = locked_days(session, school_id, [date(2026, 11, 25), date(2026, 11, 24)])
    assert list(days) == [date(2026, 11, 23 + n) for n in range(7)]
    with transaction() as session:
        locked_days(session, school_id, [date(2026, 11, 25)])
    assert db.session.scalar(sa.select(sa.func.count(SchoolDay.id))) == 7


def test_instants_come_back_aware(app):
    school_id = add_school()
    at = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
    with transaction() as session:
        session.add(AuditEvent(school_id=school_id, at=at, action="x", subject_kind="y"))
    assert db.session.scalar(sa.select(AuditEvent.at)) == at


def test_naive_instants_are_refused(app):
    school_id = add_school()
    with pytest.raises(sa.exc.StatementError), transaction() as session:
        session.add(AuditEvent(school_id=school_id, at=datetime(2026, 1, 1), action="x", subject_kind="y"))  # noqa: DTZ001


def test_a_queue_that_is_down_fails_nobody(app):
    def refuse(_rows):
        raise ConnectionError

    register_wake(app, refuse)
    with transaction() as session:
        session.add(School(name="Школа", timezone="Europe/Moscow"))
        wake_after_commit(session, "call", 7)
    assert db.session.scalar(sa.select(sa.func.count(School.id))) == 1

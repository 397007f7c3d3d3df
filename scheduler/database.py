"""The database: one writing transaction a use case, read-only sessions for everything else, instants kept in UTC."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

WRITING = "scheduler_writing"
BUSY_SECONDS = 30
TURN_SECONDS = (0.002, 0.012)
PRIMARY_CODE = 0xFF  # the low byte of an extended result code

log = structlog.get_logger(__name__)

Rows = tuple[tuple[str, int], ...]
Wake = Callable[[Rows], None]


class Base(DeclarativeBase):
    """All tables; named constraints let SQLite's batch migrations drop them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class ReadOnlySessionError(RuntimeError):
    """Somebody tried to write through the request's session instead of a use case's transaction."""


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database; naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def text_enum(kind: type[StrEnum]) -> sa.Enum:
    """A column that keeps the enum's value as text, the same on both databases."""
    return sa.Enum(kind, native_enum=False, length=24, values_callable=lambda members: [m.value for m in members])


def init_database(app: Flask) -> None:
    """Bind the database to the application and set up both kinds of session."""
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "connect", _prepare_connection)
        event.listen(db.engine, "begin", _begin)
        event.listen(db.session, "before_flush", _refuse_writing)


def _prepare_connection(dbapi: Any, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(dbapi, sqlite3.Connection):
        return
    dbapi.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=wal", "foreign_keys=on", "synchronous=normal"):
        dbapi.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get(WRITING, False):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the one right to write, all at the same pace.

    SQLite's own waiting asks ever more seldom (sqlite3_busy_timeout), so that newcomers overtake who waits longest:
    of sixteen busy processes one was left without a turn for half a minute.
    """
    dbapi = cast("sqlite3.Connection", connection.connection.driver_connection)
    give_up = time.monotonic() + BUSY_SECONDS
    dbapi.execute("pragma busy_timeout=0")
    try:
        while not _has_begun(dbapi) and time.monotonic() < give_up:
            time.sleep(random.uniform(*TURN_SECONDS))
        if not dbapi.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # says what is wrong in SQLAlchemy's words
    finally:
        dbapi.execute(f"pragma busy_timeout={BUSY_SECONDS * 1000}")


def _has_begun(dbapi: sqlite3.Connection) -> bool:
    """Whether the transaction stands; True also for an error that waiting does not mend."""
    try:
        dbapi.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY
    return True


def _refuse_writing(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise ReadOnlySessionError("write inside `with transaction() as session`")


@contextmanager
def transaction() -> Iterator[Session]:
    """The one writing transaction of a use case: committed at the end, rolled back on any error.

    On SQLite it begins IMMEDIATE, so that what is read inside cannot change before the write. After the commit the
    rows noted by `wake_after_commit` are handed to the engine; a lost wake-up is found by the sweep.
    """
    engine = db.engine.execution_options(**{WRITING: True})
    with Session(engine, expire_on_commit=False) as session:
        with session.begin():
            yield session
        woken = tuple(session.info.get("wake", ()))
    db.session.rollback()  # what the request reads next is what now stands
    if woken:
        _wake(woken)


def database_now(session: Session) -> datetime:
    """The database's own time: leases of several machines are compared by one clock that nobody shifts.

    SQLite has no other clock than its machine's; the demonstration's offset is not in it.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection()  # where it has to wait for its turn to write, the time is that after the waiting
        return datetime.now(UTC)
    return cast("datetime", session.scalar(sa.text("SELECT clock_timestamp()"))).astimezone(UTC)


@contextmanager
def rehearsal() -> Iterator[Session]:
    """A writing transaction that is always rolled back: what a change would do, found out by doing it.

    A preview made so cannot differ from what is saved. Nobody is woken.
    """
    engine = db.engine.execution_options(**{WRITING: True})
    with Session(engine, expire_on_commit=False) as session:
        try:
            yield session
        finally:
            session.rollback()


def wake_after_commit(session: Session, kind: str, row_id: int) -> None:
    """Note that the engine should look at a row of `kind` once this transaction stands; first noted, first woken."""
    session.info.setdefault("wake", {})[kind, row_id] = True


def register_wake(app: Flask, wake: Wake) -> None:
    """Tell `transaction` whom to wake; done once by `create_app`."""
    app.extensions["scheduler_wake"] = wake


def _wake(rows: Rows) -> None:
    wake: Wake | None = current_app.extensions.get("scheduler_wake")
    if wake is None:
        return
    try:
        wake(rows)
    except Exception:  # the change stands, whatever became of the queue; the sweep finds these rows
        log.exception("wake_failed", rows=len(rows))

"""Fixtures of the whole suite: one application per database, emptied between tests; only loopback may be reached."""

import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask_sqlalchemy import SQLAlchemy
from hypothesis import settings as hypothesis_settings
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from scheduler import clock, create_app
from scheduler.config import read_settings
from scheduler.database import Base, db

_compile_builder = Rule._compile_builder
_compiled: dict[object, object] = {}


def _compile_once(rule, append_unknown=True):  # noqa: FBT002 - werkzeug's own shape
    """Every test has an application of its own with the same addresses: compiling them was most of its making."""
    key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile_builder(rule, append_unknown)
    return _compiled[key]


Rule._compile_builder = _compile_once


class _CompiledTemplates(BytecodeCache):
    """The same for templates: every page was parsed anew in each test that looked at it."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket):
        self.known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _CompiledTemplates()}

TESTS = Path(__file__).parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
REQUIRED = bool(os.environ.get("REQUIRE_SERVICES"))

# A shared machine is sometimes slow: no deadline for one example. Whether a change may land is no matter of luck: there
# the examples are always the same; every other run looks for new ones.
hypothesis_settings.register_profile("default_here", max_examples=50, deadline=None, derandomize=REQUIRED)
hypothesis_settings.load_profile("default_here")


def pytest_addoption(parser):
    parser.addoption("--full-size", action="store_true", help="run the long races and faults in full size")
    parser.addoption("--pictures", metavar="FOLDER", help="let browser tests put pictures of their pages there")


PROCESSES = ("browser/", "chaos/", "cli/test_run.py", "sandbox/test_process.py", "test_main_job.py")


def pytest_collection_modifyitems(items):
    """What drives the product from outside, in processes or a browser, is run without counting its lines."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(PROCESSES):
            item.add_marker(pytest.mark.processes)


def missing(what):
    """Skip, or fail where every service is required."""
    if REQUIRED:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    true_connect = socket.socket.connect

    def connect(self, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test reached for {address}")
        return true_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _true_clock():
    yield
    clock.configure(None)


@pytest.fixture(scope="session")
def postgres_url(worker_id="master"):
    """A database of this run's own, removed at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"zvonok_test_{worker}_{os.getpid()}"
    engine = sa.create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    except sa.exc.OperationalError:
        missing("no PostgreSQL: set TEST_POSTGRES_URL to a server where databases may be created")
    url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    made = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    Base.metadata.create_all(made)
    made.dispose()
    with engine.connect() as connection:  # the tests kill workers, never the server
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    yield url
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """An empty migrated database file, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app(settings_for(folder))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return folder / "scheduler.sqlite3"


def settings_for(folder: Path, **env):
    environ = {
        "SCHEDULER_INSTANCE": str(folder),
        "SECRET_KEY": "test-secret",
        "PUBLIC_URL": "http://school.test",
        **env,
    }
    return replace(read_settings(environ))


_engines: dict[str, sa.Engine] = {}


def _make_engine_once(_db, _bind_key, options, _app):
    """One engine for all tests on a database, because it keeps the compiled statements: half of a short test's time."""
    url = sa.engine.make_url(options["url"])
    name = url.get_backend_name()
    if name not in _engines:
        _engines[name] = sa.engine_from_config(options, prefix="")
        if name == "sqlite":
            sa.event.listen(_engines[name], "do_connect", _connect_to_tests_file)
    _engines[name].url = url
    return _engines[name]


def _connect_to_tests_file(_dialect, _record, arguments, _named):
    arguments[0] = _engines["sqlite"].url.database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request, tmp_path, sqlite_template, monkeypatch):
    """The application on an empty database, once on SQLite and once on PostgreSQL."""
    variables = {}
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "scheduler.sqlite3")
    else:
        variables["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    with monkeypatch.context() as patch:
        patch.setattr(SQLAlchemy, "_make_engine", _make_engine_once)
        app = create_app(settings_for(tmp_path, **variables))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.before_request_funcs[None].insert(0, forget_last_request)
    with app.app_context():
        if request.param == "postgres":
            empty_postgres()
        yield app
        db.session.remove()
        db.engine.dispose()


def forget_last_request():
    """The test's own application context outlives its requests, and so would what they keep in `g`."""
    vars(g._get_current_object()).clear()


def empty_postgres():
    """Delete, not truncate: of some sixty tables a test fills a few with a few rows, and new files cost the most."""
    tables = list(reversed(Base.metadata.sorted_tables))
    deletions = [f'DELETE FROM "{table.name}"' for table in tables]
    sequences = [
        f"setval('{table.name}_id_seq', 1, false)" for table in tables if table.autoincrement_column is not None
    ]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        connection.exec_driver_sql("; ".join(deletions))
        connection.exec_driver_sql(f"SELECT {', '.join(sequences)}")


@pytest.fixture
def client(app):
    return app.test_client()

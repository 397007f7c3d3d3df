"""A school with a clock of its own, and a VK that answers over a real socket."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler import clock, create_app
from scheduler.database import db
from scheduler.models.calls import Call
from scheduler.sandbox.app import close, create_sandbox
from scheduler.sandbox.server import running
from tests.conftest import settings_for
from tests.factories import make_school

LESSON_AT = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""The first lesson of the small school's Tuesday: 8:30 in Moscow."""


class Time:
    """The product's clock, set by hand."""

    def __init__(self, monkeypatch):
        self.now = LESSON_AT.replace(hour=4)
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def set(self, moment):
        self.now = moment


@pytest.fixture
def time(monkeypatch):
    return Time(monkeypatch)


@pytest.fixture(scope="session")
def words_app(tmp_path_factory):
    return create_app(settings_for(tmp_path_factory.mktemp("words")))


@pytest.fixture
def app_for_words(words_app):
    with words_app.app_context():
        yield


@pytest.fixture
def school(app, time):
    return make_school()


@pytest.fixture
def woken(app):
    """What the engine was woken for."""
    rows = []
    app.extensions["scheduler_wake"] = rows.extend
    return rows


@pytest.fixture(scope="session")
def vk_server(tmp_path_factory):
    sandbox = create_sandbox(tmp_path_factory.mktemp("vk") / "sandbox.sqlite3", limits=False, postman=False)
    with running(sandbox) as address:
        yield sandbox, address
    close(sandbox)


class Vk:
    """The stand-in of VK as a test drives it."""

    def __init__(self, sandbox, address):
        self.address = address
        self._client = sandbox.test_client()
        self._client.post("/control/reset")

    @property
    def url(self):
        return f"{self.address}/vk"

    def fault(self, method="calls.start", **order):
        order = {"platform": "vk", "path": f"/{method}", **order}
        answer = self._client.post("/control/faults", json=order)
        assert answer.status_code in (200, 201), answer.text

    def heal(self):
        self._client.delete("/control/faults")

    @property
    def calls(self):
        return self._client.get("/control/state").json["calls"]


@pytest.fixture
def vk(vk_server):
    found = Vk(*vk_server)
    yield found
    found.heal()


@pytest.fixture
def app_with_vk(app, vk):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], vk_api_url=vk.url)
    return app


@pytest.fixture
def call_of():
    def read(lesson_id):
        db.session.rollback()
        return db.session.execute(db.select(Call).where(Call.lesson_id == lesson_id)).scalar_one_or_none()

    return read

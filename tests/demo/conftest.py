"""The demo school made once for all tests here, with a messenger in memory; each test gets a copy."""

import shutil
from contextlib import contextmanager
from copy import deepcopy

import pytest

from scheduler import create_app
from scheduler.database import db
from scheduler.demo.making import make_demo
from tests.conftest import settings_for

SIZE = 11


class Phone:
    """A messenger in memory; `fails` breaks the next order after it was carried out."""

    def __init__(self):
        self.chats, self.members, self.fails = {}, {}, False

    def titles(self):
        return dict(self.chats)

    def make(self, chats):
        for chat in chats:
            self.chats[chat["title"]] = -1000 - len(self.chats)
            self.members[chat["title"]] = chat["members"]
        if self.fails:
            self.fails = False
            raise ConnectionError("cut")
        return [self.chats[chat["title"]] for chat in chats]

    @contextmanager
    def open(self, _settings):
        yield self


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The demo made once: its folder, what was answered, and the messenger; copied for each test."""
    folder, phone = tmp_path_factory.mktemp("demo"), Phone()
    app = create_app(settings_for(folder))
    with app.app_context():
        db.create_all()
        demo = make_demo(classes=SIZE, messenger=phone.open)
        db.session.remove()
        db.engine.dispose()
    return folder, demo, phone


@pytest.fixture
def empty(tmp_path, sqlite_template):
    """An application on an empty database."""
    shutil.copy(sqlite_template, tmp_path / "scheduler.sqlite3")
    yield from running(tmp_path)


@pytest.fixture
def app(tmp_path, made):
    """The application on the demo's database."""
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    yield from running(tmp_path)


def running(folder):
    app = create_app(settings_for(folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo(app, made, phone):
    phone.chats, phone.members = deepcopy(made[2].chats), made[2].members
    return made[1]

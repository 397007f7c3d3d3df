"""A fresh sandbox with a clock that the test moves, and a client for each of its doors."""

from types import SimpleNamespace

import pytest

from scheduler.sandbox.app import close, create_sandbox

MORNING = 1_795_500_000_000


class Door:
    """A test client that names its token and reads JSON."""

    def __init__(self, client, prefix="", headers=None):
        self.client, self.prefix, self.headers = client, prefix, headers or {}

    def __call__(self, method, path, body=None, **query):
        return self.client.open(
            self.prefix + path, method=method, json=body, headers=self.headers, query_string=query or None
        )

    def json(self, method, path, body=None, **query):
        return self(method, path, body, **query).get_json()


@pytest.fixture
def clock():
    return SimpleNamespace(ms=MORNING)


@pytest.fixture
def make(tmp_path, clock):
    made = []

    def make_app(**settings):
        settings = {"limits": False, "postman": False, **settings}
        app = create_sandbox(tmp_path / "sandbox.sqlite3", clock=lambda: clock.ms, **settings)
        made.append(app)
        return app

    yield make_app
    for app in made:
        close(app)


@pytest.fixture
def app(make):
    return make()


@pytest.fixture
def control(app):
    return Door(app.test_client(), "/control")


@pytest.fixture
def bot(app):
    return Door(app.test_client(), "/max", {"Authorization": "sandbox-max-token"})


@pytest.fixture
def vk(app):
    client = app.test_client()

    def call(name, *, community=True, **params):
        token = "sandbox-vk-group-token" if community else "sandbox-vk-user-token"
        return client.post(f"/vk/method/{name}", data={"access_token": token, "v": "5.199", **params}).get_json()

    return call


@pytest.fixture
def chat(control):
    people = ["Анна Петрова", {"user_id": 4_000_124, "name": "Иван", "is_admin": True}]
    return control.json("POST", "/chats", {"platform": "max", "title": "7 «А» ученики", "members": people})["chat_id"]


@pytest.fixture
def vk_chat(control):
    people = [{"user_id": 77, "name": "Ольга Ким", "is_admin": True}]
    return control.json("POST", "/chats", {"platform": "vk", "title": "7 «Б»", "members": people})["chat_id"]


@pytest.fixture
def shown(control):
    """What the state says of one chat."""

    def of(chat_id):
        return next(one for one in control.json("GET", "/state")["chats"] if one["chat_id"] == chat_id)

    return of

"""A sandbox behind a real socket, driven by its /control/ interface."""

import httpx
import pytest

from scheduler.sandbox.app import close, create_sandbox
from scheduler.sandbox.server import running


class Control:
    """The sandbox as tests see it: chats, faults, what stands."""

    def __init__(self, address):
        self.address = address
        self.api = f"{address}/max"
        self._client = httpx.Client(base_url=f"{address}/control", trust_env=False)

    def ask(self, method, path, body=None):
        answer = self._client.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def chat(self, title="7А ученики", **values):
        return self.ask("POST", "/chats", {"platform": "max", "title": title, "members": [], **values})["chat_id"]

    def fault(self, method="POST", path="/messages", **values):
        self.ask("POST", "/faults", {"platform": "max", "method": method, "path": path, "times": 1, **values})

    def standing(self, chat_id):
        (chat,) = [chat for chat in self.ask("GET", "/state")["chats"] if chat["chat_id"] == chat_id]
        return [message for message in chat["messages"] if not message["deleted"]]

    def close(self):
        self._client.close()


@pytest.fixture
def box(tmp_path):
    app = create_sandbox(tmp_path / "sandbox.sqlite3", postman=False, limits=False)
    with running(app) as address:
        control = Control(address)
        yield control
        control.close()
    close(app)

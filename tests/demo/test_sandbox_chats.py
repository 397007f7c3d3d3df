import socket
from dataclasses import replace

import pytest

from scheduler.demo.errors import SandboxError
from scheduler.demo.sandbox_chats import SandboxControl, running_sandbox


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def settings(app):
    return replace(app.config["SETTINGS"], sandbox_port=free_port())


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_sandbox_is_started_where_none_runs_and_keeps_what_was_made(settings):
    with running_sandbox(settings) as control:
        with running_sandbox(settings) as same:
            numbers = same.make(
                [{"platform": "max", "title": "7А ученики", "members": [{"user_id": 5, "name": "Анна"}]}]
            )
        with pytest.raises(SandboxError):
            control.make([{"title": ""}])
    with SandboxControl(settings.sandbox_port) as gone:
        assert not gone.answers()
    with running_sandbox(settings) as again:
        assert again.titles() == {"7А ученики": numbers[0]}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_sandbox_that_cannot_start_is_told(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.sandbox_port))
        with pytest.raises(SandboxError), running_sandbox(settings):
            pass

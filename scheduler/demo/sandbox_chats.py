"""The messenger sandbox over its /control interface: makes the demo's chats there; starts it where none runs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx
from flask_babel import gettext as _

from scheduler.config import Settings
from scheduler.demo.errors import SandboxError

_START_SECONDS = 20.0
_PAUSE = 0.1


class SandboxControl:
    """The sandbox's /control over HTTP; a context manager."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}/control", trust_env=False, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def answers(self) -> bool:
        """Whether a sandbox listens."""
        try:
            return self._client.get("/faults").is_success
        except httpx.TransportError:
            return False

    def titles(self) -> dict[str, int]:
        """Chats that stand there already, by title."""
        return {chat["title"]: chat["chat_id"] for chat in self._ask("GET", "/state")["chats"]}

    def make(self, chats: list[dict[str, Any]]) -> list[int]:
        """Make chats in one request; answers their numbers in order."""
        return [made["chat_id"] for made in self._ask("POST", "/chats", chats)]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._client.request(method, path, json=body)
        if not answer.is_success:
            raise SandboxError(
                _("The messenger sandbox refused (%(status)s): %(path)s.", status=answer.status_code, path=path)
            )
        return answer.json()


@contextmanager
def running_sandbox(settings: Settings) -> Iterator[SandboxControl]:
    """The sandbox that runs, or one started for as long as it is needed (it keeps its state in the instance folder)."""
    with SandboxControl(settings.sandbox_port) as control:
        if control.answers():
            yield control
            return
        process = _start(settings)
        try:
            _wait(control, process)
            yield control
        finally:
            process.terminate()
            process.wait(_START_SECONDS)


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "SCHEDULER_INSTANCE": str(settings.instance),
        "SANDBOX_PORT": str(settings.sandbox_port),
    }
    command = [sys.executable, "-m", "scheduler.sandbox"]
    return subprocess.Popen(command, env=environ, cwd=settings.root)


def _wait(control: SandboxControl, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while not control.answers():
        if process.poll() is not None or time.monotonic() > end:
            raise SandboxError(_("The messenger sandbox does not start. Is its port (SANDBOX_PORT) taken?"))
        time.sleep(_PAUSE)

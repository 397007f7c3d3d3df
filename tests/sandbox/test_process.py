import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest


@pytest.fixture
def start(tmp_path):
    """Start `python -m scheduler.sandbox` over one instance folder; all that was started is killed at the end."""
    started = []

    def run():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        env = {**os.environ, "SANDBOX_PORT": str(port), "SCHEDULER_INSTANCE": str(tmp_path)}
        env.pop("SCHEDULER_CLOCK_OFFSET", None)
        process = subprocess.Popen([sys.executable, "-m", "scheduler.sandbox"], env=env)
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if httpx.get(f"{url}/healthz").status_code == 200:
                    return process, url
            except httpx.TransportError:
                time.sleep(0.05)
        pytest.fail("the sandbox did not answer")

    yield run
    for process in started:
        process.kill()
        process.wait()


def test_killed_process_loses_nothing_it_answered(start):
    process, url = start()
    chat = httpx.post(f"{url}/control/chats", json={"platform": "max", "title": "7 «А»"}).json()["chat_id"]
    headers = {"Authorization": "sandbox-max-token"}
    httpx.post(f"{url}/max/messages?chat_id={chat}", json={"text": "Урок"}, headers=headers).raise_for_status()
    before = httpx.get(f"{url}/control/state").json()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process, url = start()
    assert httpx.get(f"{url}/control/state").json() == before
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0

"""All in one: the product starts with one command, tells where to look, and ends with all its children."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def environ(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    return kept | ports | {"SCHEDULER_INSTANCE": str(tmp_path)}


def start(environ, *args):
    command = [sys.executable, "-c", "from scheduler.cli import main; main()", *args]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def answers(url):
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def test_run_serves_and_ends_with_all_its_children(environ):
    process = start(environ, "run")
    try:
        url = f"http://127.0.0.1:{environ['PORT']}/healthz"
        deadline = time.monotonic() + 60
        while not answers(url) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert answers(url)
        assert answers(f"http://127.0.0.1:{environ['SANDBOX_PORT']}/healthz")
        told = iter(process.stdout.readline, "")
        assert any(f"127.0.0.1:{environ['PORT']}" in line for line in told)
        first = next(line.strip() for line in told if "/start/" in line)
        assert httpx.get(first).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert not answers(url)


def test_run_says_when_a_port_is_taken(environ):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environ["SANDBOX_PORT"])))
        taken.listen()
        process = start(environ, "run")
        told, _ = process.communicate(timeout=90)
    assert process.returncode != 0
    assert "SANDBOX_PORT" in told or "sandbox" in told

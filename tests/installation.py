"""A whole installation of its own for a test: its folder, its ports, its processes, its command line."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

ZONE = "Europe/Moscow"
COMMAND = [sys.executable, "-c", "from scheduler.cli import main; main()"]
ROOT = Path(__file__).resolve().parents[1]
OF_PRODUCT = ("SCHEDULER_", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "MAX_", "VK_", "SECRET_KEY", "PORT")
MARK = re.compile(r"[?&]m=([bna])[0-9]")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def school_morning():
    """Ten o'clock of the next Tuesday with school, so that tomorrow is a school day whenever the test runs."""
    now = datetime.now(UTC)
    day = now.astimezone(ZoneInfo(ZONE)).date()
    while day.isoweekday() != 2 or day.month in (6, 7, 8):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(ZONE)) - now


class Installation:
    """Commands, processes and what the sandbox's chats show."""

    def __init__(self, folder):
        self.folder, self.port, self.sandbox_port = folder, free_port(), free_port()
        self.web, self.sandbox = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.sandbox_port}"
        self.offset = school_morning()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(OF_PRODUCT)}
        self.env |= {
            "SCHEDULER_INSTANCE": str(folder),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "SCHEDULER_CLOCK_OFFSET": str(int(self.offset.total_seconds())),
        }
        self._started = []

    @property
    def today(self):
        return (datetime.now(UTC) + self.offset).astimezone(ZoneInfo(ZONE)).date()

    def command(self, *args):
        """What `scheduler … --json` prints."""
        words = [*COMMAND, *map(str, args), "--json"]
        done = subprocess.run(words, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, (args, done.stderr, done.stdout)
        return json.loads(done.stdout)

    def init(self):
        subprocess.run([*COMMAND, "init"], cwd=ROOT, env=self.env, check=True, capture_output=True, timeout=120)

    def start(self, name):
        log = (self.folder / f"{name}.log").open("w")
        process = subprocess.Popen([*COMMAND, name], cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self._started.append((process, log))

    def stop(self):
        for process, _log in self._started:
            process.terminate()
        for process, log in self._started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()

    def make_chat(self, title):
        asked = {"platform": "max", "title": title, "members": ["Учитель"], "bot_admin": True}
        answer = httpx.post(f"{self.sandbox}/control/chats", json=asked)
        answer.raise_for_status()
        return answer.json()["chat_id"]

    def messages(self, title):
        """(bulletins, notices): what stands in a chat, told apart by the mark in the button's address."""
        chats = httpx.get(f"{self.sandbox}/control/state").json()["chats"]
        (chat,) = [one for one in chats if one["title"] == title]
        found = {"b": [], "n": [], "a": []}
        for message in chat["messages"]:
            if not message["deleted"]:
                found[mark_of(message)].append(message)
        assert found["a"] == []
        return found["b"], found["n"]

    def feed(self, url):
        """{uid: {property: value}} of a feed's events."""
        text = httpx.get(url).text.replace("\r\n ", "")
        events = [dict(properties(block)) for block in text.split("BEGIN:VEVENT\r\n")[1:]]
        return {event["UID"]: event for event in events}


def properties(block):
    for line in block.split("END:VEVENT")[0].splitlines():
        name, _, value = line.partition(":")
        yield name.split(";")[0], value


def mark_of(message):
    (mark,) = {*MARK.findall(json.dumps(message["buttons"]))}
    return mark


def until(happened, *, seconds=30):
    """Wait until something is the case and answer it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = answered(happened)
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {happened}")


def answered(happened):
    try:
        return happened()
    except httpx.TransportError:
        return None


def healthy(url):
    return httpx.get(f"{url}/healthz").status_code == httpx.codes.OK


@contextmanager
def installed(folder):
    """A new installation with its three processes running."""
    one = Installation(folder)
    one.init()
    try:
        for name in ("sandbox", "worker", "web"):
            one.start(name)
        for url in (one.sandbox, one.web):
            until(lambda url=url: healthy(url), seconds=120)
        yield one
    finally:
        one.stop()

"""All in one: web, worker and sandbox as children of one process, ended together."""

import signal
import subprocess
import sys
import time
from types import FrameType

import click
import httpx

from scheduler.config import Settings

START_SECONDS = 180
ENDING_SECONDS = 20
"""Longer than `service.WORKERS_KILL_SECONDS`: whoever is killed leaves the workers of its own behind, with the port."""


class Processes:
    """The children of `scheduler run`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *, with_demo: bool) -> int:
        """Start everything and wait; answers the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        try:
            if self.settings.is_sandboxed:
                self.start("sandbox", [sys.executable, "-m", "scheduler.sandbox"])
                self.wait_for(f"http://127.0.0.1:{self.settings.sandbox_port}/healthz")
            self.once("init")
            if with_demo:
                self.once("demo")
            self.start("worker", [*_SELF, "worker"])
            self.start("web", [*_SELF, "web"])
            self.wait_for(f"http://127.0.0.1:{self.settings.port}/healthz")
            self.greet(with_demo=with_demo)
            return self.watch()
        finally:
            self.stop()

    def start(self, name: str, command: list[str]) -> None:
        """Start a child in this process group."""
        self.children[name] = subprocess.Popen(command)

    def once(self, command: str) -> None:
        """Run a sub-command to its end; a refusal ends everything. What it answers is told by `greet`."""
        done = subprocess.run([*_SELF, command], check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(done.returncode)

    def wait_for(self, url: str) -> None:
        """Wait until an address answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.stop_if_died()
            try:
                if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise SystemExit(f"{url} does not answer: is the port taken? Set PORT or SANDBOX_PORT to a free one.")

    def stop_if_died(self) -> None:
        """End with a sentence when a child is gone."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise SystemExit(f"{name} ended by itself with code {child.returncode}")

    def greet(self, *, with_demo: bool) -> None:
        """Say where to look and how to sign in."""
        click.echo(f"\n«Звонок»:   {self.settings.public_url}")
        if self.settings.is_sandboxed:
            click.echo(f"Мессенджер: http://127.0.0.1:{self.settings.sandbox_port} (демонстрационный)")
        note = self.settings.instance / "demo_sign_ins.txt"
        if with_demo and note.exists():
            click.echo(note.read_text())
        else:
            self.greet_first()
        click.echo("Ctrl-C — остановить всё.")

    def greet_first(self) -> None:
        """Where nobody can sign in yet, print the address that whoever runs this makes the school at."""
        told = subprocess.run([*_SELF, "first-entry"], check=False, capture_output=True, text=True)
        if told.returncode == 0:
            click.echo("\nЗдесь ещё нет ни одной школы. Откройте этот адрес: он проведёт по первым шагам.")
            click.echo(told.stdout.strip())
            click.echo("Адрес работает сутки и один раз, не передавайте его. Новый: scheduler first-entry\n")

    def watch(self) -> int:
        """Wait until a child ends; the others are ended then."""
        while True:
            self.stop_if_died()
            time.sleep(0.5)

    def stop(self) -> None:
        """End all children, gently first."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + ENDING_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)


_SELF = [sys.executable, "-c", "from scheduler.cli import main; main()"]

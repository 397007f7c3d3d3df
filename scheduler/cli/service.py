"""Serving: all in one, or web, worker and sandbox each alone; delivering by hand; the doctor."""

import os
import signal
import sys
import threading
from dataclasses import asdict
from types import FrameType

import click

from scheduler import clock, create_lasting_app, logs
from scheduler.chats.deliver import deliver_until_done
from scheduler.cli.context import chosen_school, json_option, school_option, show, with_app
from scheduler.cli.doctor import examine
from scheduler.cli.processes import Processes
from scheduler.config import Settings, read_settings
from scheduler.tasks import run_worker

WAIT_SECONDS = 900.0

WORKERS_KILL_SECONDS = 5


@click.command()
def web() -> None:
    """Serve the pages (granian, or waitress where it has no wheel)."""
    settings = read_settings(_environ())
    try:
        from granian import Granian  # noqa: PLC0415 - absent where there is no wheel
        from granian.constants import Interfaces  # noqa: PLC0415 - likewise
        from granian.log import LogLevels  # noqa: PLC0415 - likewise
    except ImportError:
        _serve_waitress(settings)
        return
    Granian(
        "scheduler:create_lasting_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=8,
        factory=True,
        log_level=LogLevels.warning,
        log_dictconfig=logs.server_config(),
        websockets=False,
        workers_kill_timeout=WORKERS_KILL_SECONDS,
    ).serve()


def _environ() -> dict[str, str]:
    """The one look at the environment that this process hands to config."""
    return dict(os.environ)


def _serve_waitress(settings: Settings) -> None:
    from waitress import serve  # noqa: PLC0415 - only where granian is absent

    serve(
        create_lasting_app(settings),
        host=settings.host,
        port=settings.port,
        threads=8,
        outbuf_overflow=8 * 1024 * 1024,
        outbuf_high_watermark=32 * 1024 * 1024,
        send_bytes=256 * 1024,
    )


@click.command()
@click.option("--workers", default=8, help="Threads of this process.")
def worker(workers: int) -> None:
    """Deliver, make links and render calendars; any number of these may run."""
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        logs.hush()
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_worker(create_lasting_app(), stop, workers=workers)


@click.command()
def sandbox() -> None:
    """Serve the local stand-in of the messengers."""
    # in place of this process: a child would outlive whoever ends the command
    os.execv(sys.executable, [sys.executable, "-m", "scheduler.sandbox"])  # noqa: S606 - our own module, no shell


@click.command()
@click.option("--demo", is_flag=True, help="With the demo school.")
def run(*, demo: bool) -> None:
    """Web, worker and messenger sandbox in one process group; Ctrl-C ends all."""
    settings = read_settings(_environ())
    processes = Processes(settings)
    sys.exit(processes.run(with_demo=demo))


@click.command()
@click.option("--until-done", is_flag=True, help="Wait for leases and back-offs until nothing due is left.")
@school_option
@json_option
@with_app
def deliver(school: str | None, *, until_done: bool, as_json: bool) -> None:
    """Deliver what is due, beside running workers."""
    at = chosen_school(school) if school else None
    told = deliver_until_done(at.id if at else None, patience=WAIT_SECONDS if until_done else 0.1)
    words = "\n".join(f"{one.chat}: {one.state} {one.problem}".rstrip() for one in told)
    show([asdict(one) for one in told], as_json=as_json, words=words)
    if any(one.is_parked_now for one in told):
        sys.exit(1)


@click.command()
@school_option
@json_option
@with_app
def doctor(school: str | None, *, as_json: bool) -> None:
    """Check database, engine, tokens, clock, links and stale bulletins; say what to do."""
    at = chosen_school(school)
    found = examine(at)
    facts = {"today": clock.today(at.timezone), "faults": found.faults, "warnings": found.warnings}
    show(facts, as_json=as_json, words=found.words())
    if found.faults:
        sys.exit(1)


COMMANDS = (web, worker, sandbox, run, deliver, doctor)

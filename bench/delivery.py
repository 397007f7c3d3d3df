"""How long a whole-school remote day takes in the chats, from the first send to the last, beside what the limits allow.

The messenger is the sandbox in a process of its own, with its limits on; the workers are real ones. The bound is
(requests - 1) ÷ 30 a second or (parts of the longest chat - 1) ÷ 2 a second, whichever is more: so long would a
delivery take that loses no time at all. The wake-up, from the commit to the first send, is printed apart.

    python bench/delivery.py [--classes 30] [--workers 1 4] [--long]

PostgreSQL and Redis are measured where TEST_POSTGRES_URL and TEST_REDIS_URL name servers.
"""

import argparse
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402 - the folder above must be found first
import sqlalchemy as sa  # noqa: E402

from scheduler import clock, create_app  # noqa: E402
from scheduler.chats.deliver import is_anything_under_way  # noqa: E402
from scheduler.config import read_settings  # noqa: E402
from scheduler.database import db, transaction  # noqa: E402
from scheduler.models.chats import Bulletin  # noqa: E402
from scheduler.models.lessons import Lesson  # noqa: E402
from scheduler.models.school import School  # noqa: E402
from scheduler.planning.remote.declaring import declare_remote_day  # noqa: E402
from scheduler.planning.remote.wish import RemoteWish  # noqa: E402
from scheduler.tasks import WORKERS  # noqa: E402

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
COMMAND = [sys.executable, "-c", "from scheduler.cli import main; main()"]
PER_BOT, PER_CHAT = 30, 2
AIM, WAKE_AIM = 1.2, 1.0
LONG_TASK = "Прочитать параграф, выписать определения, решить задачи. " * 7


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, default=30)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--long", action="store_true", help="tasks so long that a day takes several parts")
    options = parser.parse_args()
    grounds = (("SQLite, file queue", sqlite), ("PostgreSQL, Redis", services))
    for name, opened in grounds:
        try:
            with opened() as environ, installed(environ, options.classes) as app:
                for workers in options.workers:
                    measure(name, app, environ, workers, options)
        except (sa.exc.OperationalError, httpx.TransportError) as error:
            print(f"{name}: not measured ({type(error).__name__})")


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory() as folder:
        yield environ_of(folder)


@contextmanager
def services():
    name = f"zvonok_bench_{os.getpid()}"
    engine = sa.create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield environ_of(folder) | {"DATABASE_URL": f"{POSTGRES.rsplit('/', 1)[0]}/{name}", "REDIS_URL": REDIS}
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.dispose()


def environ_of(folder):
    ports = {name: str(free_port()) for name in ("PORT", "SANDBOX_PORT")}
    return {"SCHEDULER_INSTANCE": folder, "SECRET_KEY": "bench", "PATH": os.environ["PATH"], **ports}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def installed(environ, classes):
    """The demo school with its chats in a sandbox that goes on running."""
    run(environ, "init")
    sandbox = subprocess.Popen([sys.executable, "-m", "scheduler.sandbox"], env=environ, cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{environ['SANDBOX_PORT']}/healthz")
        run(environ, "demo", "--classes", str(classes))
        app = create_app(read_settings(environ))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        sandbox.send_signal(signal.SIGTERM)
        sandbox.wait(10)
        clock.configure(None)


def run(environ, *words):
    subprocess.run([*COMMAND, *words], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def wait_for(url):
    for _ in range(200):
        try:
            if httpx.get(url).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


@contextmanager
def working(environ, processes, engine):
    crew = [subprocess.Popen([*COMMAND, "worker"], env=environ, cwd=ROOT) for _ in range(processes)]
    try:
        until_settled(crew)
        until_idle(seconds=60)
        while any(queue.pending_count() for queue in engine.queues.values()):  # the chats are being learnt
            time.sleep(0.2)
        time.sleep(2)
        yield
    finally:
        for one in crew:
            one.terminate()
        for one in crew:
            one.wait(20)


def until_settled(crew):
    """Wait until every process works: what they spend on importing is not what is measured here."""
    for _ in range(600):
        if all(threads_of(one) > WORKERS for one in crew):
            time.sleep(3)
            return
        time.sleep(0.2)
    raise SystemExit("the workers do not settle")


def threads_of(process):
    (line,) = [row for row in Path(f"/proc/{process.pid}/status").read_text().splitlines() if row.startswith("Threads")]
    return int(line.split()[1])


def until_idle(*, seconds):
    """Wait until nothing is on its way."""
    end = time.monotonic() + seconds
    while is_anything_under_way():
        if time.monotonic() > end:
            raise SystemExit(f"posts are still due after {seconds} seconds")
        time.sleep(0.2)


def measure(name, app, environ, workers, options):
    school = db.session.scalars(sa.select(School)).first()
    day = untouched_day(school)
    if options.long:
        write_long_tasks(school.id, day)
    messages = Path(environ["SCHEDULER_INSTANCE"]) / "sandbox.sqlite3"
    with working(environ, workers, app.extensions["scheduler_engine"]):
        before = rows(messages, "SELECT coalesce(max(n), 0) FROM messages")[0][0]
        refused = limited(environ)
        committed = []
        wake = app.extensions["scheduler_wake"]
        app.extensions["scheduler_wake"] = lambda found: (committed.append(clock.now()), wake(found))
        try:
            told = declare_remote_day(school.id, RemoteWish(day, day, text="мороз −34 °C"), override="проверка")
        finally:
            app.extensions["scheduler_wake"] = wake
        until_idle(seconds=120)
        time.sleep(1)
    sent = rows(messages, f"SELECT chat_id, sent_ms FROM messages WHERE by_bot AND n > {before} ORDER BY n")
    show(name, told, sent, workers=workers, committed=committed[0], refused=limited(environ) - refused)


def untouched_day(school):
    """The next school day of which no chat has been told."""
    first = clock.today(school.timezone) + timedelta(days=1)
    days = db.session.scalars(
        sa.select(Lesson.date)
        .where(Lesson.date >= first, Lesson.date.not_in(sa.select(Bulletin.date)))
        .distinct()
        .order_by(Lesson.date)
    )
    return next(iter(days))


def write_long_tasks(school_id, day):
    with transaction() as session:
        session.execute(
            sa.update(Lesson).where(Lesson.school_id == school_id, Lesson.date == day).values(offline_task=LONG_TASK)
        )


def rows(path, query):
    with sqlite3.connect(path) as connection:
        return connection.execute(query).fetchall()


def limited(environ):
    return httpx.get(f"http://127.0.0.1:{environ['SANDBOX_PORT']}/control/state").json()["counters"]["rate_limited"]


def show(name, told, sent, *, workers, committed, refused):
    times = [at for _, at in sent]
    chats = [chat for chat, _ in sent]
    longest = max(chats.count(chat) for chat in set(chats))
    bound = max((len(sent) - 1) / PER_BOT, (longest - 1) / PER_CHAT)
    took = (max(times) - min(times)) / 1000
    woke = min(times) / 1000 - committed.timestamp()
    print(
        f"{name}, {workers} worker{'s' if workers > 1 else ''}: {told.changed} lessons, {len(sent)} posts in "
        f"{len(set(chats))} chats, at most {longest} in one; {took:.2f} s, the limits' bound is {bound:.2f} s: "
        f"{took / bound:.2f} times (aim {AIM}); woken after {woke:.2f} s (aim {WAKE_AIM:.0f}); "
        f"{refused} answers «too many requests»",
        flush=True,
    )


if __name__ == "__main__":
    main()

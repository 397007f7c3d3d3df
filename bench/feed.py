"""A class feed beside a bare WSGI application and a Flask view that send the same bytes with no database.

One run, one server program (granian), one client: only ratios within a run mean something. Uses wrk where it is
installed, else a few threads of Python, which then are the slower side.

    python bench/feed.py [--seconds 3] [--events 2900]
"""

import argparse
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scheduler import create_app  # noqa: E402 - the folder above must be found first
from scheduler.calendars.feeds import feed_answer, feed_for_class  # noqa: E402
from scheduler.clock import to_utc  # noqa: E402
from scheduler.config import read_settings  # noqa: E402
from scheduler.database import db, transaction  # noqa: E402
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup  # noqa: E402
from scheduler.models.courses import Subject  # noqa: E402
from scheduler.models.lessons import Lesson, LessonTeacher  # noqa: E402
from scheduler.models.people import Person  # noqa: E402
from scheduler.models.school import School  # noqa: E402
from scheduler.rules.facts import LessonMode  # noqa: E402

CLIENTS = 8
GROUPS = 12
ZONE = "Europe/Moscow"
AIM = 0.6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--events", type=int, default=2900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options)


def run(folder, options):
    path, etag = make_feed(folder, options.events)
    client = "wrk" if shutil.which("wrk") else "python threads"
    size = (folder / "body.gz").stat().st_size
    print(f"{options.events} events, {size} bytes gzipped, client: {client}, {os.cpu_count()} cores")
    rates = {}
    for name in ("bare", "flask_view", "ours"):
        rates[name] = measure(folder, name, path, etag, options.seconds)
        print(f"{name:<12} gzip 200: {rates[name][0]:>8.0f}/s   304: {rates[name][1]:>8.0f}/s")
    for index, what in enumerate(("gzip 200", "304")):
        to_view = rates["ours"][index] / rates["flask_view"][index]
        to_bare = rates["ours"][index] / rates["bare"][index]
        print(f"{what}: {to_view:.2f} of the Flask view (aim {AIM}), {to_bare:.2f} of bare WSGI")


def make_feed(folder, events):
    """A school with one class of several groups, its feed rendered; answers the feed's path and ETag."""
    app = create_app(read_settings({"SCHEDULER_INSTANCE": str(folder), "SECRET_KEY": "bench"}))
    with app.app_context():
        db.create_all()
        with transaction() as session:
            school_id, class_id = add_lessons(session, events)
        token = feed_for_class(school_id, class_id).token
        started = time.perf_counter()
        answer = feed_answer(token)
        print(f"first rendering of {events} lessons: {time.perf_counter() - started:.2f} s")
        (folder / "body.gz").write_bytes(answer.gzipped)
        return f"/feeds/{token}.ics", answer.etag


def add_lessons(session, events):
    school = School(name="Школа", timezone=ZONE)
    session.add(school)
    session.flush()
    own = {"school_id": school.id}
    teacher = Person(**own, last_name="Иванова", first_name="Елена", middle_name="Петровна", name_key="иванова")
    subject = Subject(**own, name="Английский язык", name_key="английский язык")
    school_class = SchoolClass(**own, label="7А", label_key="7а", grade=7)
    groups = [StudyGroup(**own, name=f"7А-{number}") for number in range(GROUPS)]
    session.add_all([teacher, subject, school_class, *groups])
    session.flush()
    session.add_all(GroupPart(**own, group_id=group.id, class_id=school_class.id) for group in groups)
    first = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011 - any Monday will do
    for number in range(events):
        lesson = bench_lesson(own, subject, groups[number % GROUPS], first + timedelta(days=number // GROUPS))
        lesson.start, lesson.end = wall(8 + number % GROUPS, 0), wall(8 + number % GROUPS, 40)
        lesson.starts_at, lesson.ends_at = (to_utc(lesson.date, at, ZONE) for at in (lesson.start, lesson.end))
        lesson.teaching = [LessonTeacher(**own, person_id=teacher.id)]
        session.add(lesson)
    session.flush()
    return school.id, school_class.id


def bench_lesson(own, subject, group, day):
    return Lesson(
        **own,
        subject_id=subject.id,
        group_id=group.id,
        date=day,
        mode=LessonMode.CALL,
        offline_task="§ 12, № 245, 247. Тетрадь — на следующий урок.",
        changed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )


def measure(folder, name, path, etag, seconds):
    port = free_port()
    server = start_server(folder, name, port, etag)
    try:
        wait_for(port, path)
        gzip_headers = {"Accept-Encoding": "gzip"}
        full = rate(port, path, gzip_headers, seconds)
        return full, rate(port, path, {**gzip_headers, "If-None-Match": f'W/"{etag}"'}, seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def start_server(folder, name, port, etag):
    environ = {
        **os.environ,
        "SCHEDULER_INSTANCE": str(folder),
        "SECRET_KEY": "bench",
        "FEED_BENCH_BODY": str(folder / "body.gz"),
        "FEED_BENCH_TAG": etag,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}",
    }
    if name == "ours":
        environ["FEED_BENCH_OURS"] = "1"
    granian = Path(sys.executable).parent / "granian"
    command = [granian, "--interface", "wsgi", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    return subprocess.Popen([*command, f"feed_app:{name}"], env=environ, cwd=ROOT, start_new_session=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, path):
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
            continue
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return


def rate(port, path, headers, seconds):
    """Requests a second, after a short warm-up."""
    count = by_wrk if shutil.which("wrk") else by_threads
    count(port, path, headers, 1)
    return count(port, path, headers, seconds)


def by_wrk(port, path, headers, seconds):
    marks = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{max(1, round(seconds))}s", *marks, f"http://127.0.0.1:{port}{path}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def by_threads(port, path, headers, seconds):
    counts = []
    threads = [
        threading.Thread(target=lambda: counts.append(ask(port, path, headers, seconds))) for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def ask(port, path, headers, seconds):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
        count += 1
    return count


if __name__ == "__main__":
    main()

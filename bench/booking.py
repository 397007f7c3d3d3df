"""The time to book a lesson with 1,000 and with 100,000 lessons in the table, on SQLite and on PostgreSQL.

Both tables hold schools of one shape: 30 classes, about 1,000 lessons a week. The large one holds more weeks and
more schools, not more lessons in a week, so booking should take the same time: the ratio is what counts.

    python bench/booking.py [--bookings 60] [--lessons 1000 100000] [--profile]

PostgreSQL is measured where TEST_POSTGRES_URL names a server on which databases may be created.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import sqlalchemy as sa  # noqa: E402 - the folders above must be found first
from booking_school import CLASSES, fill, next_monday  # noqa: E402

from scheduler import create_app  # noqa: E402
from scheduler.config import read_settings  # noqa: E402
from scheduler.database import db  # noqa: E402
from scheduler.models.lessons import Lesson  # noqa: E402
from scheduler.planning import carry_out  # noqa: E402
from scheduler.planning.booking import LessonWish, book_lesson  # noqa: E402
from scheduler.planning.changing import cancel_lesson  # noqa: E402

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
FREE_PERIOD = 7
FRIDAY = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bookings", type=int, default=60)
    parser.add_argument("--lessons", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--profile", action="store_true", help="print where the time of a booking goes")
    options = parser.parse_args()
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        try:
            medians = [measure(name, opened, lessons, options) for lessons in options.lessons]
        except sa.exc.OperationalError:
            print(f"{name}: no server (set TEST_POSTGRES_URL)")
            continue
        by_clock, at_work = (last / first for first, last in zip(medians[0], medians[-1], strict=True))
        print(f"{name}: {by_clock:.2f} times the time at {options.lessons[0]} lessons, {at_work:.2f} times the work")


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory() as folder:
        yield folder, None


@contextmanager
def postgres():
    name = f"zvonok_bench_{os.getpid()}"
    engine = sa.create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield folder, f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.dispose()


def measure(name, opened, lessons, options):
    """The median of one booking in milliseconds: by the clock, and this process's own work, which neighbours spare."""
    with opened() as (folder, url):
        environ = {"SCHEDULER_INSTANCE": folder, "SECRET_KEY": "bench"} | ({"DATABASE_URL": url} if url else {})
        app = create_app(read_settings(environ))
        with app.app_context():
            db.create_all()
            schools = fill(lessons)
            analyse()
            total = db.session.scalar(sa.select(sa.func.count(Lesson.id)))
            times, statements, parts = run(schools, options)
            db.session.remove()
            db.engine.dispose()
    median, busy = (statistics.median(column) for column in zip(*times, strict=True))
    inner = ", ".join(f"{part} {statistics.median(spent):.1f}" for part, spent in parts.items())
    print(
        f"{name:<11} {total:>7} lessons: median {median:6.1f} ms, {busy:5.1f} of it this process at work, "
        f"{statistics.median(statements):.0f} statements ({inner} ms)"
    )
    return median, busy


def analyse():
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def run(schools, options):
    with timed_parts() as parts:
        return (*timed_bookings(list(islice(free_hours(schools), CLASSES)), options), parts)


def timed_bookings(wishes, options):
    profile, times, statements, seen = cProfile.Profile(), [], [], Counter()
    event_of = counting(seen)
    for wish in wishes:  # calendars, days and bulletins are made by the first booking of each class
        cancel_lesson(wish[0], book(wish).lesson_ids[0])
    for number in range(options.bookings):
        wish = wishes[number % len(wishes)]
        seen.clear()
        if options.profile:
            profile.enable()
        started, busy = time.perf_counter(), time.process_time()
        booked = book(wish)
        times.append(((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000))
        profile.disable()
        statements.append(seen.total())
        cancel_lesson(wish[0], booked.lesson_ids[0])
    sa.event.remove(db.engine, "before_cursor_execute", event_of)
    if options.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
        for statement, count in seen.most_common(12):
            print(count, " ".join(statement.split())[:150])
    return times, statements


def book(wish):
    school_id, course_id, day = wish
    return book_lesson(school_id, LessonWish(course_id, day, period=FREE_PERIOD), actor_id=None)


def free_hours(schools):
    """Each class's free last hour of a Friday, with a course whose teacher is free."""
    friday = next_monday() + timedelta(days=FRIDAY)
    for number in range(CLASSES):
        for school in schools:
            yield school.id, school.courses[number][0], friday


def counting(seen):
    def note(_connection, _cursor, statement, *_rest):
        seen[statement] += 1

    sa.event.listen(db.engine, "before_cursor_execute", note)
    return note


@contextmanager
def timed_parts():
    """Measure the judging and the consequences inside each booking, in milliseconds."""
    places = ((carry_out, "judge_wished"), (carry_out.consequences, "draw"))
    plain, parts = [getattr(module, name) for module, name in places], {}
    for (module, name), function in zip(places, plain, strict=True):
        parts[name] = []
        setattr(module, name, _timed(function, parts[name]))
    yield parts
    for (module, name), function in zip(places, plain, strict=True):
        setattr(module, name, function)


def _timed(function, spent):
    def timed(*args, **kwargs):
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent.append((time.perf_counter() - started) * 1000)

    return timed


if __name__ == "__main__":
    main()

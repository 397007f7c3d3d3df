"""The time to apply a prepared remote day for a whole demo school, lock to commit, and how it grows with the school.

The plan is prepared beforehand (its mix apart, its time printed); what is measured is confirming it: the transaction
from BEGIN to COMMIT. Schools of 2, 4 and 8 times the classes should cost 2, 4 and 8 times that or less.

    python bench/remote_day.py [--classes 60 120 240 480] [--repeat 3] [--profile] [--only SQLite]

PostgreSQL is measured where TEST_POSTGRES_URL names a server on which databases may be created.
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import time
from collections import Counter
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import sqlalchemy as sa  # noqa: E402 - the folders above must be found first
from booking import analyse, counting, postgres, sqlite  # noqa: E402

from scheduler import create_app  # noqa: E402
from scheduler.config import read_settings  # noqa: E402
from scheduler.database import db  # noqa: E402
from scheduler.demo.making import make_demo  # noqa: E402
from scheduler.models.school import School  # noqa: E402
from scheduler.planning.remote.declaring import confirm_plan  # noqa: E402
from scheduler.planning.remote.preparing import prepare_remote_day  # noqa: E402
from scheduler.planning.remote.undoing import undo_remote_day  # noqa: E402
from scheduler.planning.remote.wish import RemoteWish, open_days  # noqa: E402


class InMemory:
    """The chats get numbers; nobody is asked."""

    numbers = count(1)

    def titles(self):
        return {}

    def make(self, chats):
        return [next(self.numbers) for _chat in chats]


@contextmanager
def in_memory(_settings):
    yield InMemory()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, nargs="+", default=[60, 120, 240, 480])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="print where the time of confirming goes")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    options = parser.parse_args()
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        if options.only in (None, name):
            compare(name, opened, options)


def compare(name, opened, options):
    try:
        figures = [measure(name, opened, classes, options) for classes in options.classes]
    except sa.exc.OperationalError as error:
        print(f"{name}: no server (set TEST_POSTGRES_URL): {str(error)[:100]}")
        return
    first, *more = zip(options.classes, figures, strict=True)
    for classes, (by_clock, at_work) in more:
        times = classes / first[0]
        print(
            f"{name}: {times:.0f} times the classes cost {by_clock / first[1][0]:.2f} times the time, "
            f"{at_work / first[1][1]:.2f} times the work"
        )


def measure(name, opened, classes, options):
    """The median of applying in seconds: by the clock, and this process's own work, which neighbours spare."""
    with opened() as (folder, url):
        environ = {"SCHEDULER_INSTANCE": folder, "SECRET_KEY": "bench"} | ({"DATABASE_URL": url} if url else {})
        app = create_app(read_settings(environ))
        with app.app_context():
            db.create_all()
            school_id = make_demo(classes=classes, messenger=in_memory).school_id
            analyse()
            freeze()
            day = open_days(db.session(), db.session.get_one(School, school_id))[-1]
            times, prepared, seen = run(school_id, RemoteWish(day, day, text="мороз −34 °C"), options)
            db.session.remove()
            db.engine.dispose()
    by_clock, at_work = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"{name:<11} {classes:>4} classes, {len(prepared.plan.rows):>5} lessons: applied in {by_clock:.2f} s, "
        f"{at_work:.2f} s of it this process at work, {seen.total()} statements (prepared in {prepared.seconds:.2f} s)"
    )
    return by_clock, at_work


def freeze():
    """As in a process that serves: what was made before is looked through no more (`create_lasting_app`)."""
    db.session.remove()
    gc.collect()
    gc.freeze()


class Timed:
    """A prepared plan with the seconds that preparing took."""

    def __init__(self, school_id, wish):
        started = time.perf_counter()
        prepared = prepare_remote_day(school_id, wish)
        self.seconds = time.perf_counter() - started
        self.id, self.plan = prepared.id, prepared.plan


def run(school_id, wish, options):
    profile, times, seen = cProfile.Profile(), [], Counter()
    for _number in range(options.repeat):
        prepared = Timed(school_id, wish)
        seen.clear()
        listener = counting(seen)
        if options.profile:
            profile.enable()
        started, busy = time.perf_counter(), time.process_time()
        done = confirm_plan(school_id, prepared.id, actor_id=None, override="bench").declared
        times.append((time.perf_counter() - started, time.process_time() - busy))
        profile.disable()
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        assert done.changed == len(prepared.plan.rows) > 0, "the plan was not applied"
        undo_remote_day(school_id, done.remote_day_id)
    if options.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
        for statement, times_seen in seen.most_common(15):
            print(times_seen, " ".join(statement.split())[:150])
    return times, prepared, seen


if __name__ == "__main__":
    main()

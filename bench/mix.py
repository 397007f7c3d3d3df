"""How good the mix of calls of a remote day is: both methods against the proven bound, and how long they take.

For each school one remote day over all classes, with bells that overlap in time for younger and older classes. The
bound is the solver's: no mix of that day can be worth more. What a mix is worth is stated in docs/decisions/mix.md.

    python bench/mix.py [--days 1] [--classes 30 60] [--files FILE…]

Real timetables are taken from ../shared/data where they are; without OR-Tools (`make solver`) there is no bound.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from mix_schools import demo_school, imported_school, next_thursday  # noqa: E402 - the folders above must be found

from scheduler import clock, create_app  # noqa: E402
from scheduler.config import read_settings  # noqa: E402
from scheduler.database import db  # noqa: E402
from scheduler.planning.remote import mixing  # noqa: E402
from scheduler.planning.remote.preparing import preview_remote_day  # noqa: E402
from scheduler.planning.remote.wish import RemoteWish  # noqa: E402
from scheduler.rules.mix.greedy import choose_greedily  # noqa: E402
from scheduler.rules.mix.ground import lay_out  # noqa: E402
from scheduler.rules.mix.objective import objective_of  # noqa: E402
from scheduler.rules.mix.problem import rows_of  # noqa: E402
from scheduler.rules.mix.solver import solve, solver_is_there  # noqa: E402

ABOVE = [folder / "shared" / "data" / "asc" for folder in ROOT.parents]
FOLDER = next((folder for folder in ABOVE if folder.exists()), ABOVE[0])
FILES = [FOLDER / "ua_school_asc2008.xml", FOLDER / "th_school_v1_asc2012.xml"]
ASKED = {"greedy": 0.90, "solver": 0.98}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1, help="dates of one decision, from a Monday on where several")
    parser.add_argument("--classes", type=int, nargs="*", default=[30, 60])
    parser.add_argument("--files", type=Path, nargs="*", default=FILES)
    options = parser.parse_args()
    if not solver_is_there():
        print("no OR-Tools: no bound is proven (make solver)")
    for path in options.files:
        if path.exists():
            measure(path.name, lambda path=path: imported_school(path), options.days)
        else:
            print(f"{path.name}: not there, skipped")
    for classes in options.classes:
        measure(f"demo school, {classes} classes", lambda classes=classes: demo_school(classes), options.days)


def measure(name, make, days):
    with school(make) as school_id:
        given, seconds = asked_of_the_mix(school_id, days)
        started = time.perf_counter()
        ground = lay_out(*given)
        rows, objective = rows_of(ground), objective_of(ground)
        laid = time.perf_counter() - started
        classes = len({class_id for class_id, _day in ground.days})
        print(f"{name}: {classes} classes, {len(ground.calls)} lessons that may be calls, {len(rows)} rows")
        print(f"  laid out in {laid:.2f} s; the whole preview, with reading and judging, {seconds:.2f} s")
        compare(ground, rows, objective)


def compare(ground, rows, objective):
    started = time.perf_counter()
    greedy = choose_greedily(rows, objective)
    plain = time.perf_counter() - started
    if not solver_is_there():
        print(f"  greedy {objective.value(greedy)} points in {plain:.2f} s")
        return
    solve([], objective_of(lay_out([], [], ground.rules)), ())  # the library is loaded before the watch runs
    started = time.perf_counter()
    solved = solve(rows, objective, greedy)
    seconds = time.perf_counter() - started
    for method, chosen, spent in (("greedy", greedy, plain), ("solver", solved.chosen, seconds)):
        value = objective.value(chosen)
        share = value / solved.bound if solved.bound else 1.0
        verdict = "" if share >= ASKED[method] else f"  BELOW {ASKED[method]:.0%}"
        told = f"{len(chosen)} calls, {value} points of at most {solved.bound}: {share:.2%} in {spent:.2f} s"
        print(f"  {method}: {told}{verdict}")


@contextmanager
def school(make):
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"SCHEDULER_INSTANCE": folder, "SECRET_KEY": "bench"}))
        with app.app_context():
            db.create_all()
            yield make()
            db.session.remove()
            db.engine.dispose()


def asked_of_the_mix(school_id, days):
    """What a preview asks of the choice of calls, and how long the whole preview takes."""
    asked, plain = [], mixing.choose_calls

    def noting(*given, **options):
        asked.append(given)
        return plain(*given, **options)

    mixing.choose_calls = noting
    first = next_thursday() if days == 1 else next_thursday() - timedelta(days=3)
    clock.now = lambda: datetime.combine(first - timedelta(days=4), datetime.min.time(), tzinfo=UTC)
    started = time.perf_counter()
    preview_remote_day(school_id, RemoteWish(first, first + timedelta(days=days - 1), text="bench"))
    seconds = time.perf_counter() - started
    mixing.choose_calls = plain
    return asked[0], seconds


if __name__ == "__main__":
    main()

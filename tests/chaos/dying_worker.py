"""A worker that is killed at random moments and started again, until a file tells it to stop. Run as a program."""

import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scheduler import create_app
from scheduler.chats.attempt import make_step
from scheduler.chats.deliver import due_posts
from scheduler.chats.pace import CONFIG_KEY, Pace

PACE = Pace(
    lease=2, connect=0.3, read=0.7, margin=0.2, look_pause=0.4, backoff_first=0.05, backoff_most=0.2,
    join_quiet=0.3, join_most=0.6, per_bot=200, per_chat=200,
)  # fmt: skip


def work(app):
    """Deliver for ever, with some threads, as the engine does."""

    def step(post):
        with app.app_context():
            return make_step(*post)

    with app.app_context(), ThreadPoolExecutor(4) as pool:
        while True:
            list(pool.map(step, due_posts()))
            time.sleep(0.02)


def main(seed, stop):
    """Fork a worker, kill it after a random time, fork the next: nothing is set up twice, so most time is work."""
    moments = random.Random(seed)
    app = create_app()
    app.config[CONFIG_KEY] = PACE
    while not stop.exists():
        child = os.fork()
        if child == 0:
            work(app)
        time.sleep(moments.uniform(0.4, 1.6))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

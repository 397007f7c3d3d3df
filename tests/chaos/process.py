"""Processes of the product that may be killed at any moment: a worker, and one that decides as a web process does."""

import threading
from datetime import date, timedelta

from scheduler import create_app, tasks
from scheduler.calls import provide
from scheduler.chats.pace import CONFIG_KEY
from scheduler.config import read_settings
from scheduler.planning.errors import PlanningError
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.undoing import undo_remote_days
from scheduler.planning.remote.wish import RemoteWish
from tests.chaos.dying_worker import PACE

SCHOOL = 1


def made(environ):
    app = create_app(read_settings(environ))
    app.config[CONFIG_KEY] = PACE
    return app


def work(environ, _link):
    """The engine as it is, only less patient."""
    tasks.SWEEP_SECONDS, tasks.SEEN_SECONDS = 0.3, 0.6
    provide.LEASE = timedelta(seconds=2)
    tasks.run_worker(made(environ), threading.Event(), workers=4)


def decide(environ, link):
    """Answer each wish: how many lessons changed, or why none."""
    app = made(environ)
    while True:
        wish = link.recv()
        with app.app_context():
            link.send(answer(wish))


def answer(wish):
    day = date.fromisoformat(wish["day"])
    try:
        if wish["act"] == "undo":
            return {"changed": undo_remote_days(SCHOOL, day, day).changed}
        return {"changed": declare_remote_day(SCHOOL, RemoteWish(day, day, text=wish["text"]), override="хаос").changed}
    except PlanningError as error:
        return {"refused": error.text}

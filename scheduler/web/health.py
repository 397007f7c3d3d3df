"""What machines ask: does the process answer, may it be sent to, how much waits. Counts only, no names."""

from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from scheduler import clock
from scheduler.database import Base, db
from scheduler.models.calls import Call
from scheduler.models.chats import BulletinPart, Notice, PostState, Reminder
from scheduler.web.access import public

blueprint = Blueprint("health", __name__)

DEMO_FILE = "demo.json"


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """200 once pages can be served and, in a demonstration, its first posts stand."""
    problem = what_is_missing()
    return Response(f"{problem or 'ready'}\n", 503 if problem else 200, mimetype="text/plain")


def is_ready() -> bool:
    """Whether `/readyz` says yes; `scheduler run` and the doctor ask the same."""
    return what_is_missing() == ""


def what_is_missing() -> str:
    """What keeps the product from being ready, for a log; empty when nothing does."""
    try:
        missing = {table.name for table in Base.metadata.sorted_tables} - set(sa.inspect(db.engine).get_table_names())
        if missing:
            return "the database has not all tables: run `scheduler init`"
        waiting = _waiting_posts() if Path(current_app.instance_path, DEMO_FILE).exists() else 0
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return "the database does not answer"
    return f"{waiting} posts of the demonstration are still to be delivered" if waiting else ""


def _waiting_posts() -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count(BulletinPart.id)).where(
                BulletinPart.due_at <= clock.now(), BulletinPart.state.in_((PostState.WANTED, PostState.SENDING))
            )
        )
        or 0
    )


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Posts and calls by state, as Prometheus reads them."""
    lines = []
    for name, model, text in (
        ("scheduler_bulletin_parts", BulletinPart, "Parts of the chats' days by state"),
        ("scheduler_notices", Notice, "Notices of changes by state"),
        ("scheduler_reminders", Reminder, "Reminders before video lessons by state"),
        ("scheduler_calls", Call, "Ways to join by state"),
    ):
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
        counts = db.session.execute(sa.select(model.state, sa.func.count(model.id)).group_by(model.state))
        lines += sorted(f'{name}{{state="{state.value}"}} {count}' for state, count in counts)
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")

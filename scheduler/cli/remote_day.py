"""The remote day from the command line: preview, declare, undo."""

import sys
from datetime import date
from typing import Any

import click
import sqlalchemy as sa

from scheduler.cli.context import (
    chosen_class,
    chosen_school,
    date_of,
    json_option,
    school_option,
    show,
    with_app,
)
from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.school import School
from scheduler.planning.errors import NotThereError, ReasonNeededError
from scheduler.planning.remote.declaring import declare_remote_day, facts_of, preview_remote_day
from scheduler.planning.remote.undoing import undo_remote_days
from scheduler.planning.remote.wish import RemoteWish, Scope
from scheduler.planning.words import finding_text


@click.command("remote-day")
@click.argument("day", metavar="DATE", callback=date_of)
@click.option("--to", "last", callback=date_of, help="Last date, where there are several.")
@click.option("--classes", help="Classes by name: 7А,7Б.")
@click.option("--grades", help="Grades: 1-4, or 1,2,9.")
@click.option("--all", "everybody", is_flag=True, help="The whole school.")
@click.option("--reason", required=True, help="What the families read: «мороз −34 °C».")
@click.option("--order", default="", help="Number and date of the order.")
@click.option("--preview", is_flag=True, help="Change nothing, only say what would be.")
@click.option("--undo", is_flag=True, help="Take back what was declared for the date.")
@click.option("--override", default="", help="Why norms may be broken; the director sees it.")
@school_option
@json_option
@with_app
def remote_day(day: date, *, school: str | None, as_json: bool, **wish: Any) -> None:
    """Make DATE a remote day: calls and work on one's own within the norms, every chat told."""
    at = chosen_school(school)
    if wish["undo"]:
        undone = undo_remote_days(at.id, day, wish["last"] or day, reason=wish["reason"])
        show({"remote_days": list(undone.remote_day_ids), "changed": undone.changed, "kept": len(undone.kept)},
             as_json=as_json)  # fmt: skip
        return
    wished = RemoteWish(day, wish["last"] or day, _scope(at, wish), text=wish["reason"], order_reference=wish["order"])
    if wish["preview"]:
        proposal = preview_remote_day(at.id, wished)
        show(facts_of(proposal) | {"changed": 0}, as_json=as_json)
        _say(proposal.findings)
        return
    _declare(at, wished, wish["override"], as_json=as_json)


def _declare(at: School, wished: RemoteWish, override: str, *, as_json: bool) -> None:
    try:
        done = declare_remote_day(at.id, wished, override=override)
    except ReasonNeededError:
        proposal = preview_remote_day(at.id, wished)
        show(facts_of(proposal) | {"changed": 0}, as_json=as_json)
        _say(proposal.blocking)
        sys.exit(1)
    show(facts_of(done.proposal) | {"changed": done.changed, "id": done.remote_day_id}, as_json=as_json)


def _say(findings: Any) -> None:
    for finding in findings:
        click.echo(finding_text(finding), err=True)


def _scope(at: School, wish: dict[str, Any]) -> Scope:
    if sum(map(bool, (wish["classes"], wish["grades"], wish["everybody"]))) != 1:
        raise click.UsageError("Say one of --all, --grades, --classes.")
    if wish["classes"]:
        return Scope(class_ids=frozenset(chosen_class(at, label).id for label in wish["classes"].split(",")))
    if wish["grades"]:
        return Scope(grades=_grades(at, wish["grades"]))
    return Scope()


def _grades(at: School, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not first.strip().isdigit() or (last and not last.strip().isdigit()):
            raise click.UsageError(f"{text}: write grades as 1-4 or 1,2,9")
        found |= set(range(int(first), int(last or first) + 1))
    known = set(db.session.scalars(sa.select(SchoolClass.grade).where(SchoolClass.school_id == at.id)))
    if not found & known:
        raise NotThereError(f"There are no classes of grades {text}.")
    return frozenset(found)


COMMANDS = (remote_day,)

"""The remote day from the command line: preview, declare, undo."""

import sys
from collections.abc import Iterable
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
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.plan import PlanFinding
from scheduler.planning.remote.preparing import preview_remote_day
from scheduler.planning.remote.school_lines import reason_of_words
from scheduler.planning.remote.undoing import undo_remote_days
from scheduler.planning.remote.wish import RemoteWish, Scope


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
@click.option("--solver", is_flag=True, help="Look for the best mix with the optional solver (make solver).")
@school_option
@json_option
@with_app
def remote_day(day: date, *, school: str | None, as_json: bool, **wish: Any) -> None:
    """Make DATE a remote day: calls and work on one's own within the norms, every chat told."""
    at = chosen_school(school)
    last = wish["last"] or day
    if wish["undo"]:
        undone = undo_remote_days(at.id, day, last, scope=_scope(at, wish, usual=Scope()), reason=wish["reason"])
        show({"remote_days": list(undone.remote_day_ids), "changed": undone.changed, "kept": len(undone.kept)},
             as_json=as_json)  # fmt: skip
        return
    reason = reason_of_words(wish["reason"])
    wished = RemoteWish(day, last, _scope(at, wish), reason, wish["reason"], wish["order"], uses_solver=wish["solver"])
    if wish["preview"]:
        plan = preview_remote_day(at.id, wished)
        show(plan.facts() | {"changed": 0}, as_json=as_json)
        _say(plan.findings)
        return
    _declare(at, wished, wish["override"], as_json=as_json)


def _declare(at: School, wished: RemoteWish, override: str, *, as_json: bool) -> None:
    try:
        done = declare_remote_day(at.id, wished, override=override)
    except ReasonNeededError:
        plan = preview_remote_day(at.id, wished)
        show(plan.facts() | {"changed": 0}, as_json=as_json)
        _say(plan.blocking)
        sys.exit(1)
    show(done.plan.facts() | {"changed": done.changed, "id": done.remote_day_id}, as_json=as_json)


def _say(findings: Iterable[PlanFinding]) -> None:
    for finding in findings:
        click.echo(finding.text, err=True)


def _scope(at: School, wish: dict[str, Any], *, usual: Scope | None = None) -> Scope:
    said = sum(map(bool, (wish["classes"], wish["grades"], wish["everybody"])))
    if not said and usual is not None:
        return usual
    if said != 1:
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

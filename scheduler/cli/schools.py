"""Setting up: the database, schools, the demo school, invitations."""

from dataclasses import asdict
from zoneinfo import available_timezones

import click
import sqlalchemy as sa
from flask import current_app
from flask_migrate import upgrade

from scheduler.cli.context import chosen_school, json_option, school_option, show, with_app
from scheduler.config import Settings
from scheduler.database import db
from scheduler.demo.making import DemoError, make_demo
from scheduler.models.addresses import first_entry_url
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning.accounts import create_invitation
from scheduler.planning.errors import PlanningError
from scheduler.planning.first_entry import first_entry_token
from scheduler.planning.schools import add_person, add_school
from scheduler.planning.seeding import seed_school

SIGN_INS_FILE = "demo_sign_ins.txt"


@click.command()
@with_app
def init() -> None:
    """Create or migrate the database."""
    upgrade()


@click.group()
def school() -> None:
    """Schools of this installation."""


@school.command("add")
@click.argument("name")
@click.option("--timezone", required=True, help="IANA name, such as Europe/Moscow.")
@json_option
@with_app
def school_add(name: str, timezone: str, *, as_json: bool) -> None:
    """Add a school."""
    if timezone not in available_timezones():
        raise click.BadParameter(f"{timezone}: write an IANA name such as Asia/Yekaterinburg", param_hint="--timezone")
    school_id = add_school(name, timezone)
    settings: Settings = current_app.config["SETTINGS"]
    seed_school(school_id, settings)
    show({"id": school_id, "name": name}, as_json=as_json)


@school.command("list")
@json_option
@with_app
def school_list(*, as_json: bool) -> None:
    """List the schools."""
    rows = db.session.scalars(sa.select(School).order_by(School.id))
    facts = [{"id": row.id, "name": row.name, "timezone": row.timezone} for row in rows]
    words = "\n".join(f"{one['id']}\t{one['name']}\t{one['timezone']}" for one in facts)
    show(facts, as_json=as_json, words=words)


@click.command()
@click.option("--classes", default=30, help="How many classes.")
@click.option("--seed", default=1, help="Seed of everything invented.")
@json_option
@with_app
def demo(classes: int, seed: int, *, as_json: bool) -> None:
    """Make the synthetic demo school, its published term and its chats in the sandbox."""
    try:
        made = make_demo(classes=classes, seed=seed)
    except DemoError as error:
        raise PlanningError(str(error)) from error
    lines = [f"  {one.login:<10} {one.password:<14} {one.title}: {one.name}" for one in made.sign_ins]
    note = "\n".join(["Вход (логин, пароль):", *lines])
    path = current_app.config["SETTINGS"].instance / SIGN_INS_FILE
    path.touch(mode=0o600)
    path.write_text(note)
    facts = {"school": made.school_id, "is_new": made.is_new, "classes": made.classes, "opens_at": made.opens_at}
    show(facts | {"sign_ins": [asdict(one) for one in made.sign_ins]}, as_json=as_json, words=note)


@click.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@school_option
@json_option
@with_app
def invite(name: str, role: str, school: str | None, *, as_json: bool) -> None:
    """Print the invitation address of a person; a new one is put on the list."""
    at = chosen_school(school)
    person_id = add_person(at.id, name, Role(role))
    url = f"{current_app.config['PUBLIC_URL']}/invite/{create_invitation(person_id, school_id=at.id, actor_id=None)}"
    show({"person": person_id, "url": url}, as_json=as_json, words=url)


@click.command("first-entry")
@json_option
@with_app
def first_entry(*, as_json: bool) -> None:
    """Print the address where an empty installation gets its school and its first person; good for a day, once."""
    url = first_entry_url(first_entry_token(current_app.config["SETTINGS"].secret_key))
    show({"url": url}, as_json=as_json, words=url)


COMMANDS = (init, school, demo, invite, first_entry)

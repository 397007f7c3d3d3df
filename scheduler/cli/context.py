"""What the sub-commands share: the application, the school that is meant, and printing facts."""

import functools
import json
from collections.abc import Callable
from datetime import date
from typing import Any, ParamSpec, TypeVar

import click
import sqlalchemy as sa

from scheduler import create_lasting_app
from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.names import class_key, name_key
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.planning.errors import NotThereError

P = ParamSpec("P")
R = TypeVar("R")

school_option = click.option("--school", help="Name or number of the school; optional while there is one.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")


def with_app(function: Callable[P, R]) -> Callable[P, R]:
    """Run a sub-command within the application."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        app = create_lasting_app()
        with app.app_context():
            return function(*args, **kwargs)

    return wrapped


def chosen_school(wish: str | None) -> School:
    """The school meant by `--school`; raises NotThereError where it is unclear."""
    if not sa.inspect(db.engine).has_table(School.__tablename__):
        raise NotThereError("There is no database yet: see `scheduler init`.")
    schools = db.session.scalars(sa.select(School).order_by(School.id)).all()
    if wish:
        schools = [one for one in schools if wish in (str(one.id), one.name)]
    if len(schools) == 1:
        return schools[0]
    if not schools:
        raise NotThereError(
            "There is no such school: see `scheduler school list`, `scheduler first-entry`, `scheduler school add`."
        )
    raise NotThereError("There are several schools: say which with --school.")


def chosen_class(school: School, label: str) -> SchoolClass:
    """A class by any spelling of its label."""
    found = db.session.scalar(
        sa.select(SchoolClass).where(SchoolClass.school_id == school.id, SchoolClass.label_key == class_key(label))
    )
    if found is None:
        raise NotThereError(f"There is no class {label}.")
    return found


def chosen_person(school: School, name: str) -> Person:
    """A person by the full name or by surname and initials; raises NotThereError where it is unclear."""
    people = db.session.scalars(sa.select(Person).where(Person.school_id == school.id)).all()
    key = name_key(name)
    found = [one for one in people if key in (one.name_key, name_key(one.short_name), name_key(one.last_name))]
    if len(found) != 1:
        raise NotThereError(f"{name}: {len(found)} people of that name.")
    return found[0]


def show(facts: object, *, as_json: bool, words: str = "") -> None:
    """Print facts as JSON, or the sentence for a person."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else words or _plain(facts))


def _plain(facts: object) -> str:
    if isinstance(facts, dict):
        return "\n".join(f"{key}: {value}" for key, value in facts.items())
    return str(facts)


def date_of(_ctx: Any, _param: Any, text: str | None) -> date | None:
    """A date written YYYY-MM-DD or DD.MM.YYYY."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text if "-" in text else "-".join(reversed(text.split("."))))
    except ValueError:
        raise click.BadParameter(f"{text}: write a date as 2026-11-24 or 24.11.2026") from None

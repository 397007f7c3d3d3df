"""Exporting files: a school's timetable and people, out of the installation."""

from pathlib import Path

import click

from scheduler.cli.context import chosen_school, json_option, school_option, show, with_app
from scheduler.database import db
from scheduler.exports.kinds import KINDS, export
from scheduler.planning.errors import PlanningError

BY_SUFFIX = {".xml": "asc", ".xlsx": "grid", ".csv": "csv", ".zip": "archive"}
FOR_OWNER = 0o600


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(list(KINDS)), help="Told by the file's ending where it is not stated.")
@school_option
@json_option
@with_app
def export_file(file: Path, kind: str | None, school: str | None, *, as_json: bool) -> None:
    """Write the timetable (asc, grid, csv), the people (roster), bells, calendar or all of it (archive) into FILE."""
    chosen = kind or BY_SUFFIX.get(file.suffix.lower())
    if chosen is None:
        raise click.BadParameter(f"{file}: say with --kind what to write", param_hint="FILE")
    found = export(db.session(), chosen_school(school).id, chosen)
    try:
        file.touch(mode=FOR_OWNER)
        file.write_bytes(found.data)
    except OSError as error:
        raise PlanningError(f"{file}: {error.strerror}") from None
    show({"kind": chosen, "file": str(file), "bytes": len(found.data)}, as_json=as_json, words=str(file))


COMMANDS = (export_file,)

"""Importing files: what was read, what is wrong with it, and taking it over."""

from pathlib import Path

import click

from scheduler.cli.context import chosen_school, json_option, school_option, show, with_app
from scheduler.imports.apply import apply_draft
from scheduler.imports.recognise import read_files
from scheduler.imports.remembering import remembered
from scheduler.imports.report import facts as facts_of
from scheduler.imports.source import read_path

KINDS = ("asc", "fet", "grid", "roster")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="The kind is recognised; this insists on one.")
@click.option("--preview", is_flag=True, help="Change nothing, only say what was read.")
@school_option
@json_option
@with_app
def import_file(file: Path, kind: str | None, school: str | None, *, preview: bool, as_json: bool) -> None:
    """Read a timetable into the school's base timetable; `publish` then makes lessons of it.

    FILE is a file, a zip, or a folder whose files belong together.
    """
    if not file.exists():
        raise click.BadParameter(f"{file}: there is no such file", param_hint="FILE")
    if preview:
        show(facts_of(read_files(read_path(file), kind=kind)), as_json=as_json)
        return
    school_id = chosen_school(school).id
    draft = read_files(read_path(file), kind=kind, answers=remembered(school_id))
    apply_draft(school_id, draft, actor_id=None, file_name=file.name)
    show(facts_of(draft), as_json=as_json)


COMMANDS = (import_file,)

"""Importing files: what was read, what is wrong with it, what it changes, taking it over, and taking it back."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from scheduler.cli.context import chosen_school, json_option, school_option, show, with_app
from scheduler.imports.apply import apply_draft
from scheduler.imports.difference import Difference, headings
from scheduler.imports.draft import Draft, Finding
from scheduler.imports.errors import ImportRefusedError, UnclearTableError
from scheduler.imports.grids.readings import LAYOUTS
from scheduler.imports.preview import ImportPreview, preview_draft
from scheduler.imports.recognise import AnyDraft, read_files
from scheduler.imports.remembering import remembered
from scheduler.imports.report import facts as facts_of
from scheduler.imports.report import findings_of
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.source import read_path
from scheduler.imports.undo import undo_import
from scheduler.planning.errors import NotThereError

KINDS = ("asc", "fet", "grid", "roster", "curriculum", "extracurricular", "bells", "calendar")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--kind", type=click.Choice(KINDS), help="The kind is recognised; this insists on one.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="How a table is to be read where it is not recognised.")
@click.option("--preview", is_flag=True, help="Change nothing, only say what was read and what it would change.")
@click.option("--undo", is_flag=True, help="Take the latest import back; with --preview only say what that would do.")
@school_option
@json_option
@with_app
def import_file(
    file: Path | None,
    *,
    kind: str | None,
    layout: str | None,
    school: str | None,
    preview: bool,
    undo: bool,
    as_json: bool,
) -> None:
    """Read a timetable into the school's base timetable; `publish` then makes lessons of it.

    FILE is a file, a zip, or a folder whose files belong together. The latest import can be undone as a whole.
    """
    if undo:
        if file is not None:
            raise click.UsageError("--undo takes no FILE: it takes back the latest import.")
        _undo(school, preview=preview, as_json=as_json)
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    if not file.exists():
        raise click.BadParameter(f"{file}: there is no such file", param_hint="FILE")
    school_id = _school_id(school, needed=not preview)
    answers = remembered(school_id) if school_id else {}
    try:
        draft = read_files(read_path(file), kind=kind, layout=layout, answers=answers)
    except UnclearTableError as refusal:
        if not refusal.layouts:
            raise
        raise ImportRefusedError(f"{refusal.text} --layout {'|'.join(refusal.layouts)}") from refusal
    facts = facts_of(draft)
    if school_id and preview:
        found = preview_draft(school_id, draft, file.name)
        facts |= _what_if(found) | _remarks(draft, found.findings)
    elif school_id:
        done = apply_draft(school_id, draft, actor_id=None, file_name=file.name)
        facts |= {"difference": done.difference} | _remarks(draft, done.findings)
    show(facts, as_json=as_json, words="\n".join(_words(facts)))


def _remarks(draft: AnyDraft, findings: Iterable[Finding]) -> dict[str, Any]:
    """Of plans, bells and calendars half of what is to be said is known only where they meet the school."""
    is_of_file = isinstance(draft, Draft | RosterDraft)
    return {} if is_of_file else {"findings": findings_of(findings)}


def _school_id(wish: str | None, *, needed: bool) -> int | None:
    """A file can be looked at before there is any school, or any database, to bring it into."""
    try:
        return chosen_school(wish).id
    except NotThereError:
        if needed or wish:
            raise
        return None


def _what_if(found: Any) -> dict[str, Any]:
    ahead = found.ahead if isinstance(found, ImportPreview) else None
    return {"difference": found.difference, "published": ahead.facts() if ahead else None}


def _words(facts: Mapping[str, Any]) -> Iterator[str]:
    """The figures, then each remark and each difference on a line of its own."""
    apart = ("findings", "difference", "published")
    yield from (f"{key}: {value}" for key, value in facts.items() if key not in apart)
    yield from (f"{row['severity']}: {row['where']}: {row['text']}" for row in facts["findings"])
    yield from _difference(facts.get("difference", {}))
    ahead = facts.get("published")
    if ahead:
        yield _("Lessons published till %(day)s", day=ahead["until"])
        yield _("Then new %(new)d, changed %(changed)d, cancelled %(gone)d.", new=ahead["new"],
                changed=ahead["changed"], gone=ahead["cancelled"])  # fmt: skip
        yield from (f"  {line}" for line in ahead["remote"])


def _difference(lines: Difference) -> Iterator[str]:
    for key, heading in headings().items():
        if key in lines:
            yield f"{heading}: {len(lines[key])}"
            yield from (f"  {line}" for line in lines[key])


def _undo(school: str | None, *, preview: bool, as_json: bool) -> None:
    school_id = chosen_school(school).id
    facts = undo_import(school_id, actor_id=None, is_rehearsal=preview).facts()
    counted = ((_("Goes: it came with the file"), "goes"), (_("Becomes what it was before"), "returns"),
               (_("Comes back: the file had taken it away"), "comes_again"))  # fmt: skip
    words = [f"{facts['file']}: {facts['changed']}"]
    for heading, key in counted:
        words += [f"{heading}: {kind}: {count}" for kind, count in facts[key].items()]
    words += [f"{_('Stays as it is')}: {line}" for line in facts["stays"]]
    show(facts, as_json=as_json, words="\n".join(words))


COMMANDS = (import_file,)

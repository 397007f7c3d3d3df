"""A timetable's file: chosen, looked at, applied. Until «apply» is pressed nothing of the school changes."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.bells.scopes import scope_words
from scheduler.imports.difference import headings
from scheduler.imports.draft import DraftQuestion, Finding
from scheduler.imports.grids.readings import LAYOUTS, readings
from scheduler.imports.preview import ImportPreview, RosterPreview, SchoolPreview, preview
from scheduler.imports.recognise import AnyDraft, read_source, sheets_of
from scheduler.imports.remembering import remember, remembered
from scheduler.imports.seen import see, seen_sheets
from scheduler.imports.source import LARGEST_SOURCE, MEGABYTE, SourceFile
from scheduler.imports.undo import undo_import, undoable_run_id
from scheduler.models.timetable import ImportFinding, ImportRun
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.uploads import Upload, belongs_elsewhere, choose_layout, drop_upload, find_upload, keep_upload
from scheduler.web.walk import is_walking, way_on

blueprint = Blueprint("imports", __name__, url_prefix="/school/imports")

REFUSED = 422
AT_ONCE = 12
SEVERITIES = ("error", "warning", "info")
Remark = TypeVar("Remark", Finding, ImportFinding)


class UploadForm(FlaskForm):
    file = FileField(_l("File"), [FileRequired(_l("Choose the file."))])


@blueprint.get("")
@requires(Action.IMPORT_TIMETABLE)
def index() -> str:
    """Where a file is chosen, and which were applied before."""
    return _index_page(UploadForm(formdata=None))


def _index_page(form: UploadForm) -> str:
    runs = db.session.scalars(
        sa.select(ImportRun)
        .where(ImportRun.school_id == current_school_id())
        .options(selectinload(ImportRun.findings))
        .order_by(ImportRun.applied_at.desc())
        .limit(AT_ONCE)
    ).all()
    return render_template("imports/index.html", form=form, runs=runs, limit=LARGEST_SOURCE // MEGABYTE)


@blueprint.post("")
@requires(Action.IMPORT_TIMETABLE)
def upload() -> Response | tuple[str, int]:
    """Read the file once; one that cannot be read is told in words and kept nowhere."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form), REFUSED
    data = form.file.data.stream.read(LARGEST_SOURCE + 1)
    name = PurePath(form.file.data.filename or "").name[:200]
    try:
        read_source(data, name)
    except PlanningError as error:
        if not _has_cells(data, name):
            form.file.errors = [error.text]
            return _index_page(form), REFUSED
        flash(error.text, "bad")
        return redirect(url_for("imports.cells", token=_keep(name, data)), 303)
    return redirect(url_for("imports.look", token=_keep(name, data)), 303)


def _keep(name: str, data: bytes) -> str:
    return keep_upload(Upload(name, data), school_id=current_school_id(), person_id=current_person().id)


def _has_cells(data: bytes, name: str) -> bool:
    """Whether a file that was not understood is a table that a person can be shown, with some way to read it."""
    try:
        return bool(readings(sheets_of((SourceFile(name, data),))))
    except PlanningError:
        return False


@blueprint.get("/files/<token>/cells")
@requires(Action.IMPORT_TIMETABLE)
def cells(token: str) -> Response | str:
    """The beginning of a table with what was recognised in it, and the ways in which it can be read."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    try:
        sheets = seen_sheets(sheets_of((SourceFile(kept.name, kept.data),)))
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("imports.index"), 303)
    if not sheets:
        return _gone()
    number = max(0, min(request.args.get("sheet", 0, type=int), len(sheets) - 1))
    return render_template(
        "imports/cells.html",
        upload=kept,
        token=token,
        names=[sheet.name for sheet in sheets],
        number=number,
        seen=see(sheets[number]),
        ways=readings(sheets),
    )


@blueprint.post("/files/<token>/layout")
@requires(Action.IMPORT_TIMETABLE)
def layout(token: str) -> Response:
    """Read the table the chosen way from now on."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    wish = request.form.get("layout", "")
    try:
        read_source(kept.data, kept.name, layout=wish if wish in LAYOUTS else None)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("imports.cells", token=token), 303)
    chosen = wish if wish in LAYOUTS else None
    choose_layout(token, chosen, school_id=current_school_id(), person_id=current_person().id)
    return redirect(url_for("imports.look", token=token), 303)


@blueprint.get("/files/<token>")
@requires(Action.IMPORT_TIMETABLE)
def look(token: str) -> Response | str:
    """What the file would bring: figures, remarks with their places, the week of any class as read."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    try:
        found = preview(current_school_id(), kept.data, kept.name, layout=kept.layout)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("imports.cells", token=token), 303)
    if isinstance(found, RosterPreview):
        return render_template(
            "imports/roster.html",
            preview=found,
            token=token,
            questions=_open_questions(found.draft),
            groups=by_severity(found.findings),
            differences=_differences(found),
            at_once=AT_ONCE,
        )
    if isinstance(found, SchoolPreview):
        return render_template(
            f"imports/{found.draft.kind}.html",
            preview=found,
            token=token,
            groups=by_severity(found.findings),
            at_once=AT_ONCE,
            scope_words=scope_words,
        )
    return _timetable_page(found, token)


def _timetable_page(found: ImportPreview, token: str) -> str:
    classes = [(row.key, row.name) for row in found.draft.classes]
    wished = request.args.get("class", "")
    chosen = wished if wished in dict(classes) else next((key for key, _name in classes), None)
    return render_template(
        "imports/preview.html",
        preview=found,
        token=token,
        classes=classes,
        chosen=chosen,
        grid=found.week_grid(chosen) if chosen and found.draft.slots else None,
        questions=_open_questions(found.draft),
        groups=by_severity(found.findings),
        differences=_differences(found),
        at_once=AT_ONCE,
    )


def _differences(found: ImportPreview | RosterPreview) -> list[tuple[str, tuple[str, ...]]]:
    return [(words, found.difference[key]) for key, words in headings().items() if key in found.difference]


def _open_questions(draft: AnyDraft) -> list[DraftQuestion]:
    """What nobody has answered yet; until somebody does, the first option holds."""
    answered = remembered(current_school_id())
    return [question for question in draft.questions if question.key not in answered]


@blueprint.post("/files/<token>/answers")
@requires(Action.IMPORT_TIMETABLE)
def answer(token: str) -> Response:
    """Keep the answers to the questions of a file; they hold for every later file of the school too."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    questions = _open_questions(_read(kept))
    answers = {row.key: _answer_to(place) for place, row in enumerate(questions)}
    count = remember(current_school_id(), questions, answers, actor_id=current_person().id)
    flash(ngettext("%(num)s answer was kept.", "%(num)s answers were kept.", count), "good")
    return redirect(url_for("imports.look", token=token), 303)


def _read(kept: Upload) -> AnyDraft:
    return read_source(kept.data, kept.name, layout=kept.layout, answers=remembered(current_school_id()))


def _answer_to(place: int) -> str:
    """What was typed comes before what was chosen."""
    return request.form.get(f"other-{place}", "").strip() or request.form.get(f"answer-{place}", "")


def _kept(token: str) -> Upload | None:
    if belongs_elsewhere(token, school_id=current_school_id()):
        abort(404)
    return find_upload(token, school_id=current_school_id(), person_id=current_person().id)


def _gone() -> Response:
    flash(_("This file was applied already, or it was loaded more than a day ago. Please choose it again."), "soft")
    return redirect(url_for("imports.index"), 303)


def by_severity(findings: Sequence[Remark]) -> list[tuple[str, list[Remark]]]:
    """The remarks in three lists, what was not taken first."""
    return [(name, [row for row in findings if row.severity == name]) for name in SEVERITIES]


@blueprint.post("/files/<token>/apply")
@requires(Action.IMPORT_TIMETABLE)
def apply(token: str) -> Response:
    """Make the file the school's base timetable, in one transaction."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    school_id, person_id = current_school_id(), current_person().id
    try:
        done = import_file(school_id, kept.data, kept.name, actor_id=person_id, layout=kept.layout)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("imports.look", token=token), 303)
    drop_upload(token, school_id=school_id, person_id=person_id)
    if is_walking():
        flash(_("The file “%(name)s” is applied.", name=kept.name), "done")
    return redirect(way_on(url_for("imports.done", run_id=done.run_id)), 303)


@blueprint.post("/files/<token>/drop")
@requires(Action.IMPORT_TIMETABLE)
def drop(token: str) -> Response:
    """Another file after all."""
    if _kept(token) is not None:
        drop_upload(token, school_id=current_school_id(), person_id=current_person().id)
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/runs/<int:run_id>")
@requires(Action.IMPORT_TIMETABLE)
def done(run_id: int) -> str:
    """What an applied file brought, what to do next, and whether it can still be undone."""
    run = get_in_school(ImportRun, run_id)
    return render_template(
        "imports/done.html",
        run=run,
        groups=by_severity(run.findings),
        at_once=AT_ONCE,
        may_undo=undoable_run_id(run.school_id) == run.id,
    )


@blueprint.get("/runs/<int:run_id>/undo")
@requires(Action.IMPORT_TIMETABLE)
def look_back(run_id: int) -> Response | str:
    """What undoing would take back and what it would leave, before it is confirmed."""
    run = get_in_school(ImportRun, run_id)
    try:
        found = undo_import(run.school_id, run_id, actor_id=None, is_rehearsal=True)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("imports.done", run_id=run_id), 303)
    return render_template("imports/undo.html", run=run, found=found)


@blueprint.post("/runs/<int:run_id>/undo")
@requires(Action.IMPORT_TIMETABLE)
def undo(run_id: int) -> Response:
    """Take the import back as a whole, in one transaction."""
    run = get_in_school(ImportRun, run_id)
    try:
        undo_import(run.school_id, run_id, actor_id=current_person().id)
    except PlanningError as error:
        flash(error.text, "bad")
    return redirect(url_for("imports.done", run_id=run_id), 303)

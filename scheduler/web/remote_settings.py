"""What the school says and does on its remote days: its lines by reason, its defaults by subject, its frost table."""

from collections.abc import Sequence
from datetime import time

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.courses import Subject
from scheduler.models.remote_day import FrostPolicy
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.remote.defaults import change_remote_settings, change_subject_uses
from scheduler.planning.remote.frosting import frost_table, keep_frost_table
from scheduler.planning.remote.right import ADVISED_DECLARERS, declarers
from scheduler.planning.remote.school_lines import Line, remote_settings
from scheduler.rules.facts import LessonKind
from scheduler.rules.frost import FrostTable, example_tables
from scheduler.rules.remote_use import OF_ACTIVITIES, OF_LESSONS, RemoteUse, usual_use
from scheduler.web.access import current_person, current_school, current_school_id, requires
from scheduler.web.remote_forms import LINES, REASONS, USES
from scheduler.web.remote_settings_forms import (
    CONTACTS,
    PLACEHOLDERS,
    FrostForm,
    LinesForm,
    UsesForm,
    typed_rows,
)

blueprint = Blueprint("remote_settings", __name__, url_prefix="/school/remote-days")

REFUSED = 422
USUAL_TIME = time(6)


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL)
def index() -> str:
    """Everything on one page."""
    return _page()


def _page(frost: FrostForm | None = None, table: FrostTable | None = None) -> str:
    school = current_school()
    people = declarers(db.session(), school.id)
    shown = table or frost_table(db.session(), school.id)
    return render_template(
        "remote_days/settings.html",
        settings=remote_settings(school),
        lines={line: LINES[line] for line in Line if line is not Line.PHONE},
        all_lines=LINES,
        contacts=CONTACTS,
        placeholders=PLACEHOLDERS,
        reasons=REASONS,
        lines_form=LinesForm(formdata=None),
        uses_form=UsesForm(formdata=None),
        activities=[(use, USES[use]) for use in OF_ACTIVITIES],
        subjects=[(row, _choices(row), _usual(row)) for row in _subjects(school.id)],
        frost=frost or _frost_form(shown),
        rows=[*(shown.rows if shown else ()), None, None, None],
        examples=example_tables(),
        people=people,
        is_few=len(people) < ADVISED_DECLARERS,
        advised=ADVISED_DECLARERS,
    )


def _subjects(school_id: int) -> Sequence[Subject]:
    query = sa.select(Subject).where(Subject.school_id == school_id)
    return db.session.scalars(query.order_by(Subject.kind.desc(), Subject.name)).all()


def _choices(row: Subject) -> list[tuple[RemoteUse, object]]:
    of = OF_LESSONS if row.kind is LessonKind.LESSON else OF_ACTIVITIES
    return [(use, USES[use]) for use in of]


def _usual(row: Subject) -> object:
    """What is done where nothing is stated."""
    if row.kind is not LessonKind.LESSON:
        return USES[remote_settings(current_school()).activities]
    return USES[usual_use(row.name, is_physical_education=row.is_physical_education)]


def _frost_form(table: FrostTable | None) -> FrostForm:
    policy = db.session.scalar(sa.select(FrostPolicy).where(FrostPolicy.school_id == current_school_id()))
    at = policy.decision_time if policy else USUAL_TIME
    if table is None:
        return FrostForm(formdata=None, decision_time=at)
    return FrostForm(formdata=None, region=table.region, source=table.source, scope=table.scope.value, decision_time=at)


@blueprint.post("/lines")
@requires(Action.MANAGE_SCHOOL)
def keep_lines() -> Response:
    """The school's sentences, and which of them each reason brings."""
    form, before = LinesForm(), remote_settings(current_school())
    form.validate_on_submit()
    wish = form.settings(before)
    changed = change_remote_settings(current_school_id(), wish, actor_id=current_person().id)
    flash(_("Saved.") if changed else _("Nothing was changed."), "done")
    return redirect(url_for("remote_settings.index", _anchor="lines"), 303)


@blueprint.post("/subjects")
@requires(Action.MANAGE_SCHOOL)
def keep_uses() -> Response:
    """What becomes of each subject and activity."""
    uses: dict[int, RemoteUse | None] = {}
    for row in _subjects(current_school_id()):
        said = request.form.get(f"use-{row.id}")
        allowed = {use.value: use for use, _words in _choices(row)}
        if said is not None:
            uses[row.id] = allowed.get(said)
    changed = change_subject_uses(current_school_id(), uses, actor_id=current_person().id)
    flash(_("Saved.") if changed else _("Nothing was changed."), "done")
    return redirect(url_for("remote_settings.index", _anchor="subjects"), 303)


@blueprint.post("/frost")
@requires(Action.MANAGE_SCHOOL)
def keep_frost() -> Response | str | tuple[str, int]:
    """The school's own table; an example is only laid into the form, to be checked and saved."""
    example = next((one for one in example_tables() if one.code == request.form.get("example")), None)
    if example is not None:
        return _page(_frost_form(example), example)
    form = FrostForm()
    rows, wrong = typed_rows(request.form)
    if not form.validate_on_submit() or wrong:
        return _page(_with_error(form, wrong), form.table(rows)), REFUSED
    try:
        keep_frost_table(current_school_id(), form.table(rows), form.decision_time.data, actor_id=current_person().id)
    except PlanningError as error:
        return _page(_with_error(form, error.text), form.table(rows)), REFUSED
    flash(_("Saved."), "done")
    return redirect(url_for("remote_settings.index", _anchor="frost"), 303)


def _with_error(form: FrostForm, text: str) -> FrostForm:
    if text:
        form.region.errors = [text]
    return form

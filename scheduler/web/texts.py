"""The texts of posts in the school's own words: seen on a sample day before they are kept, taken back with one tap."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from scheduler.chats.own_texts import LONGEST_SOURCE, OwnTextError, load_own_texts
from scheduler.chats.rendering import usual_source
from scheduler.chats.text_kinds import KINDS, TextKind, tried
from scheduler.database import db
from scheduler.models.post_texts import PostText
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.post_texts import change_post_text, kind_of_text, reset_post_text
from scheduler.web.access import current_person, current_school_id, requires

blueprint = Blueprint("texts", __name__, url_prefix="/school/texts")

REFUSED = 422


class TextForm(FlaskForm):
    source = TextAreaField(_l("Text"), [Length(max=LONGEST_SOURCE)])


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL)
def index() -> str:
    """All texts, with those that are the school's own and those that could not be used lately."""
    rows = db.session.scalars(sa.select(PostText).where(PostText.school_id == current_school_id()))
    return render_template("texts/index.html", kinds=KINDS.values(), own={row.name: row for row in rows})


@blueprint.route("/<name>", methods=["GET", "POST"])
@requires(Action.MANAGE_SCHOOL)
def one(name: str) -> Response | str | tuple[str, int]:
    """One text: try it on the sample day, then keep it."""
    kind = kind_of_text(name)
    own = load_own_texts(db.session(), current_school_id())
    form = TextForm(source=own.sources.get(name) or usual_source(name))
    if not form.is_submitted():
        return _page(kind, form, own.sources)
    source = (form.source.data or "").replace("\r\n", "\n")
    if not form.validate():
        return _page(kind, form, own.sources), REFUSED
    if request.form.get("do") != "save":
        return _page(kind, form, own.sources)
    try:
        change_post_text(current_school_id(), name, source, actor_id=current_person().id)
    except PlanningError:
        return _page(kind, form, own.sources), REFUSED
    flash(_("Saved. Posts of today and tomorrow will show it within a minute, without a sound."), "done")
    return redirect(url_for("texts.index"), 303)


@blueprint.post("/<name>/usual")
@requires(Action.MANAGE_SCHOOL)
def usual(name: str) -> Response:
    """Back to the usual words."""
    reset_post_text(current_school_id(), name, actor_id=current_person().id)
    flash(_("The usual text is in force again."), "done")
    return redirect(url_for("texts.one", name=name), 303)


def _page(kind: TextKind, form: TextForm, own: Mapping[str, str]) -> str:
    sample = ""
    if not form.source.errors:
        try:
            sample = tried(kind, (form.source.data or "").replace("\r\n", "\n"), own)
        except OwnTextError as error:
            form.source.errors = [error.text]
    words = sorted({word for values in kind.samples() for word in values})
    row = db.session.scalar(
        sa.select(PostText).where(PostText.school_id == current_school_id(), PostText.name == kind.name)
    )
    return render_template("texts/one.html", kind=kind, form=form, sample=sample, words=words, row=row)

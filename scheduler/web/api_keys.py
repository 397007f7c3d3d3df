"""The keys of a person's other programs: made, shown once, ended."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.permissions import Action
from scheduler.planning import api_keys
from scheduler.planning.errors import PlanningError
from scheduler.web.access import current_person, current_school_id, requires

blueprint = Blueprint("api_keys", __name__, url_prefix="/account/keys")


class KeyForm(FlaskForm):
    label = StringField(
        _l("What program it is for"),
        [InputRequired(_l("Name the program, so that you know it later.")), Length(max=80)],
    )
    may_write = BooleanField(_l("The program may also book, move and cancel lessons"))


@blueprint.get("")
@requires(Action.VIEW_STAFF_PAGES)
def index() -> str:
    """One's own keys."""
    return _page(KeyForm(formdata=None))


def _page(form: KeyForm, *, made: str = "") -> str:
    return render_template("account/keys.html", form=form, keys=api_keys.keys_of(current_person().id), made=made)


@blueprint.post("")
@requires(Action.VIEW_STAFF_PAGES)
def make() -> str | tuple[str, int]:
    """A new key, shown this once."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        made = api_keys.make_key(
            current_school_id(), current_person().id, label=form.label.data, may_write=form.may_write.data
        )
    except PlanningError as error:
        form.label.errors = [error.text]
        return _page(form), 422
    return _page(KeyForm(formdata=None), made=made)


@blueprint.post("/<int:key_id>/end")
@requires(Action.VIEW_STAFF_PAGES)
def end(key_id: int) -> Response:
    """End a key: the program is let in no more."""
    if not api_keys.end_key(key_id, person_id=current_person().id):
        abort(404)
    flash(_("The key is ended."))
    return redirect(url_for("api_keys.index"), 303)

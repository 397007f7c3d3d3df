"""How the families of a class are told where it is not the chat: kept by the class teacher, a way a child."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.remote_told import TellingWay
from scheduler.permissions import Action
from scheduler.planning.families import set_family_ways
from scheduler.web.access import current_person, get_in_school, requires
from scheduler.web.pupils import pupils_of
from scheduler.web.remote_state import may_say_for

blueprint = Blueprint("families", __name__, url_prefix="/school/classes/<int:class_id>/families")

WAYS = {way.value for way in TellingWay}


@blueprint.get("")
@requires(Action.VIEW_STAFF_PAGES)
def index(class_id: int) -> str | Response:
    """The class's list with a choice beside each name; for its class teacher alone."""
    row = get_in_school(SchoolClass, class_id)
    if not _is_theirs(row):
        flash(_("Only the class teacher sees and keeps how the families are told."), "soft")
        return redirect(url_for("today.index"), 303)
    words = {"chat": _("in the chat"), "phone": _("by telephone"), "diary": _("through the diary")}
    words["paper"] = _("a note on paper")
    return render_template("families/index.html", row=row, pupils=pupils_of(db.session(), row.id), words=words)


@blueprint.post("")
@requires(Action.VIEW_STAFF_PAGES)
def keep(class_id: int) -> Response:
    """Keep the choices."""
    row = get_in_school(SchoolClass, class_id)
    if not FlaskForm().validate_on_submit():
        abort(400)
    pupils = pupils_of(db.session(), row.id)
    sent = {pupil.id: request.form.get(f"way-{pupil.id}", "") for pupil in pupils}
    ways = {pupil_id: TellingWay(way) for pupil_id, way in sent.items() if way in WAYS}
    set_family_ways(row.school_id, row.id, ways, actor_id=current_person().id)
    flash(_("Saved."), "done")
    return redirect(url_for("families.index", class_id=row.id), 303)


def _is_theirs(row: SchoolClass) -> bool:
    return may_say_for(row.id, [person.id for person in row.class_teachers])

"""The school's settings on one page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.settings import change_settings, settings_of
from scheduler.web.access import current_person, current_school, requires
from scheduler.web.school_forms import SettingsForm
from scheduler.web.walk import way_on

blueprint = Blueprint("settings", __name__, url_prefix="/school/settings")

REFUSED = 422


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL)
def index() -> str:
    """What is set now."""
    school = current_school()
    return render_template("school/settings.html", school=school, form=SettingsForm(obj=settings_of(school)))


@blueprint.post("")
@requires(Action.MANAGE_SCHOOL)
def change() -> Response | tuple[str, int]:
    """Store what was set; the page keeps what was typed where something is wrong."""
    school, form = current_school(), SettingsForm()
    if not form.validate_on_submit():
        return render_template("school/settings.html", school=school, form=form), REFUSED
    try:
        changed = change_settings(school.id, form.settings(), actor_id=current_person().id)
    except PlanningError as error:
        form.name.errors = [error.text]
        return render_template("school/settings.html", school=school, form=form), REFUSED
    flash(_("Saved.") if changed else _("Nothing was changed."), "done")
    return redirect(way_on(url_for("settings.index")), 303)

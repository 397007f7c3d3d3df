"""The school's settings on one page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.school import School
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.settings import change_settings, has_lessons, settings_of
from scheduler.web.access import current_person, current_school, requires
from scheduler.web.options import options
from scheduler.web.school_forms import SettingsForm
from scheduler.web.walk import way_on
from scheduler.web.zones import zone_words

blueprint = Blueprint("settings", __name__, url_prefix="/school/settings")

REFUSED = 422


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL)
def index() -> str:
    """What is set now."""
    school = current_school()
    return _page(school, SettingsForm(obj=settings_of(school)))


def _page(school: School, form: SettingsForm) -> str:
    form.timezone.choices = options(zone_words(school.timezone))
    is_movable = not has_lessons(db.session(), school.id)
    return render_template("school/settings.html", school=school, form=form, is_movable=is_movable)


@blueprint.post("")
@requires(Action.MANAGE_SCHOOL)
def change() -> Response | tuple[str, int]:
    """Store what was set; the page keeps what was typed where something is wrong."""
    school, form = current_school(), SettingsForm()
    if not form.validate_on_submit():
        return _page(school, form), REFUSED
    try:
        changed = change_settings(school.id, form.settings(school), actor_id=current_person().id)
    except PlanningError as error:
        form.name.errors = [error.text]
        return _page(school, form), REFUSED
    flash(_("Saved.") if changed else _("Nothing was changed."), "done")
    return redirect(way_on(url_for("settings.index")), 303)

"""The norms in force with their source, and the school's own word about those that no act states."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler import clock
from scheduler.permissions import Action
from scheduler.planning.judging import pack_of
from scheduler.planning.norms import Norms, change_norms, norms_of
from scheduler.rules.settings import DayColumn
from scheduler.web.access import current_person, current_school, requires
from scheduler.web.options import options

blueprint = Blueprint("norms", __name__, url_prefix="/school/norms")

REFUSED = 422
OWN_WORDS = {
    "REMOTE_LESSON_MAX": _l("A remote lesson is not longer than 40 minutes"),
    "REMOTE_DAY_END_MAX": _l("Remote lessons end by 18:00"),
    "REMOTE_GAP": _l("There is time for the way between a lesson at school and a remote one"),
    "EXTRACURRICULAR_WEEK": _l("Extracurricular activities take not more than 10 hours a week"),
}


class NormsForm(FlaskForm):
    day_column = RadioField(
        _l("Video lessons of one day are counted by"),
        choices=options(
            {
                DayColumn.SCHOOL.value: _l("the column «at school»"),
                DayColumn.HOME.value: _l("the column «at home»"),
            }
        ),
    )
    blocking = SelectMultipleField(
        _l("To break it, a reason is needed"),
        choices=options(OWN_WORDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.MANAGE_SCHOOL)
def index() -> Response | str | tuple[str, int]:
    """What is in force; the school's own word is stored."""
    school = current_school()
    now = norms_of(school)
    form = NormsForm(day_column=now.day_column.value, blocking=sorted(now.blocking))
    pack = pack_of(clock.today(school.timezone))
    if not form.is_submitted():
        return render_template("norms/index.html", form=form, pack=pack)
    if not form.validate():
        return render_template("norms/index.html", form=form, pack=pack), REFUSED
    wish = Norms(DayColumn(form.day_column.data), frozenset(form.blocking.data or ()))
    changed = change_norms(school.id, wish, actor_id=current_person().id)
    flash(_("Saved.") if changed else _("Nothing was changed."), "done")
    return redirect(url_for("norms.index"), 303)

"""One term or holiday put right, and what is known of the school year taken over at once."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.models.school import Holiday, Term
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.holidays import change_holiday
from scheduler.planning.terms import change_term, remove_term
from scheduler.planning.year_proposals import accept_proposal
from scheduler.web.access import current_person, current_school, get_in_school, requires
from scheduler.web.school_forms import HolidayForm, TermForm

blueprint = Blueprint("year", __name__, url_prefix="/school")

REFUSED = 422


@blueprint.get("/terms/<int:term_id>")
@requires(Action.MANAGE_SCHOOL)
def term(term_id: int) -> str:
    """The name and dates of a term."""
    row = get_in_school(Term, term_id)
    return render_template("school/term.html", term=row, form=TermForm(formdata=None, obj=row))


@blueprint.post("/terms/<int:term_id>")
@requires(Action.MANAGE_SCHOOL)
def save_term(term_id: int) -> Response | tuple[str, int]:
    """Keep the name and dates of a term."""
    row, form = get_in_school(Term, term_id), TermForm()
    if form.validate_on_submit():
        name, start, end = form.name.data.strip(), form.start.data, form.end.data
        try:
            change_term(row.school_id, term_id, name, start, end, actor_id=current_person().id)
        except PlanningError as error:
            form.start.errors = [error.text]
        else:
            return _saved()
    return render_template("school/term.html", term=row, form=form), REFUSED


@blueprint.post("/terms/<int:term_id>/remove")
@requires(Action.MANAGE_SCHOOL)
def drop_term(term_id: int) -> Response:
    """The school year has no such term after all."""
    row = get_in_school(Term, term_id)
    remove_term(row.school_id, row.id, actor_id=current_person().id)
    flash(_("Removed. Lessons that are published already stay."), "soft")
    return redirect(url_for("bells.terms"), 303)


@blueprint.get("/holidays/<int:holiday_id>")
@requires(Action.MANAGE_SCHOOL)
def holiday(holiday_id: int) -> str:
    """The name and dates of days off or of a working Saturday."""
    row = get_in_school(Holiday, holiday_id)
    form = HolidayForm(formdata=None, obj=row)
    form.kind.data, form.follows_weekday.data = row.kind.value, str(row.follows_weekday or "")
    return render_template("school/holiday.html", holiday=row, form=form)


@blueprint.post("/holidays/<int:holiday_id>")
@requires(Action.MANAGE_SCHOOL)
def save_holiday(holiday_id: int) -> Response | tuple[str, int]:
    """Keep the name and dates; what a person writes is confirmed."""
    row, form = get_in_school(Holiday, holiday_id), HolidayForm()
    if form.validate_on_submit():
        try:
            change_holiday(row.school_id, holiday_id, form.wish(), actor_id=current_person().id)
        except PlanningError as error:
            form.start.errors = [error.text]
        else:
            return _saved()
    return render_template("school/holiday.html", holiday=row, form=form), REFUSED


def _saved() -> Response:
    flash(_("Saved. Publish the timetable again so that the lessons of these days follow."), "soft")
    return redirect(url_for("bells.terms"), 303)


@blueprint.post("/terms/proposal")
@requires(Action.MANAGE_SCHOOL)
def accept() -> Response:
    """Take over what is known of the school year."""
    school = current_school()
    try:
        count = accept_proposal(school.id, clock.today(school.timezone), actor_id=current_person().id)
    except PlanningError as error:
        flash(error.text, "soft")
    else:
        flash(ngettext("%(num)d line was added.", "%(num)d lines were added.", count), "done")
    return redirect(url_for("bells.terms"), 303)

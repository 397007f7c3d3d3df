"""Bells, terms and holidays as they stand; the latter are stated here, bells come with a file."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.names import shown_class
from scheduler.models.school import Holiday, Term
from scheduler.models.timetable import BellAssignment, BellSchedule
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.holidays import add_holiday, confirm_holiday, remove_holiday
from scheduler.planning.terms import add_term
from scheduler.planning.year_proposals import propose_year
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.formats import full_date
from scheduler.web.school_forms import DAYS, HolidayForm, TermForm
from scheduler.web.walk import way_on

blueprint = Blueprint("bells", __name__, url_prefix="/school")

REFUSED = 422


@blueprint.get("/bells")
@requires(Action.VIEW_SCHOOL)
def index() -> str:
    """Every bell schedule with its hours and where it is in force."""
    school_id = current_school_id()
    schedules = db.session.scalars(
        sa.select(BellSchedule)
        .where(BellSchedule.school_id == school_id)
        .options(selectinload(BellSchedule.periods))
        .order_by(BellSchedule.id)
    ).all()
    return render_template("school/bells.html", schedules=schedules, where=_where(school_id))


def _where(school_id: int) -> dict[int, list[str]]:
    rows = db.session.execute(
        sa.select(BellAssignment, SchoolClass)
        .outerjoin(SchoolClass, SchoolClass.id == BellAssignment.class_id)
        .where(BellAssignment.school_id == school_id)
        .order_by(BellAssignment.id)
    )
    found: dict[int, list[str]] = {}
    for assignment, klass in rows:
        found.setdefault(assignment.bell_schedule_id, []).append(_words(assignment, klass))
    return found


def _words(row: BellAssignment, klass: SchoolClass | None) -> str:
    parts = [
        _("class %(label)s", label=shown_class(klass.label)) if klass else "",
        _("shift %(shift)s", shift=row.shift) if row.shift else "",
        str(DAYS[row.weekday - 1]) if row.weekday else "",
        _("from %(day)s", day=full_date(row.date_from)) if row.date_from else "",
        _("till %(day)s", day=full_date(row.date_to)) if row.date_to else "",
    ]
    return ", ".join(filter(None, parts)) or _("every day")


@blueprint.get("/terms")
@requires(Action.VIEW_SCHOOL)
def terms() -> str:
    """Terms and holidays."""
    return _terms_page()


def _terms_page(holiday: HolidayForm | None = None, term: TermForm | None = None) -> str:
    school = current_school()
    terms = db.session.scalars(sa.select(Term).where(Term.school_id == school.id).order_by(Term.start)).all()
    holidays = db.session.scalars(sa.select(Holiday).where(Holiday.school_id == school.id).order_by(Holiday.start))
    today = clock.today(school.timezone)
    return render_template(
        "school/terms.html",
        terms=terms,
        holidays=holidays.all(),
        form=holiday or HolidayForm(formdata=None),
        term_form=term or TermForm(formdata=None),
        today=today,
        days=DAYS,
        proposal=propose_year(db.session(), school.id, today),
    )


@blueprint.post("/terms")
@requires(Action.MANAGE_SCHOOL)
def new_term() -> Response | tuple[str, int]:
    """State a quarter or trimester."""
    form = TermForm()
    if not form.validate_on_submit():
        return _terms_page(term=form), REFUSED
    try:
        add_term(current_school_id(), form.name.data, form.start.data, form.end.data, actor_id=current_person().id)
    except PlanningError as error:
        form.start.errors = [error.text]
        return _terms_page(term=form), REFUSED
    flash(_("Saved. Publish the timetable for these dates."), "done")
    return redirect(way_on(url_for("bells.terms")), 303)


@blueprint.post("/holidays")
@requires(Action.MANAGE_SCHOOL)
def add() -> Response | tuple[str, int]:
    """State a holiday or a transferred day."""
    form = HolidayForm()
    if not form.validate_on_submit():
        return _terms_page(form), REFUSED
    try:
        add_holiday(current_school_id(), form.wish(), actor_id=current_person().id)
    except PlanningError as error:
        form.start.errors = [error.text]
        return _terms_page(form), REFUSED
    _suggest()
    return redirect(url_for("bells.terms"), 303)


def _suggest() -> None:
    flash(_("Saved. Publish the timetable again so that the lessons of these days follow."), "soft")


@blueprint.post("/holidays/<int:holiday_id>/confirm")
@requires(Action.MANAGE_SCHOOL)
def confirm(holiday_id: int) -> Response:
    """A proposed holiday is right."""
    row = get_in_school(Holiday, holiday_id)
    confirm_holiday(row.school_id, row.id, actor_id=current_person().id)
    flash(_("Confirmed."), "done")
    return redirect(url_for("bells.terms"), 303)


@blueprint.post("/holidays/<int:holiday_id>/remove")
@requires(Action.MANAGE_SCHOOL)
def remove(holiday_id: int) -> Response:
    """These days have lessons after all."""
    row = get_in_school(Holiday, holiday_id)
    remove_holiday(row.school_id, row.id, actor_id=current_person().id)
    _suggest()
    return redirect(url_for("bells.terms"), 303)

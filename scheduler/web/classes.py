"""Classes of the school: their secret pages and calendars, and what a person states about them."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from scheduler.calendars.feeds import feed_for_class, replace_feed
from scheduler.database import db
from scheduler.models.addresses import class_url
from scheduler.models.classes import SchoolClass
from scheduler.permissions import Action
from scheduler.planning.classes import change_class, replace_class_page
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.school_forms import ClassForm

blueprint = Blueprint("classes", __name__, url_prefix="/school/classes")

REFUSED = 422


@blueprint.get("")
@requires(Action.VIEW_SCHOOL)
def index() -> str:
    """All classes with their grades, shifts and class teachers."""
    rows = db.session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == current_school_id(), ~SchoolClass.is_archived)
        .options(selectinload(SchoolClass.class_teachers))
        .order_by(SchoolClass.grade, SchoolClass.label)
    ).all()
    return render_template("school/classes.html", classes=rows)


@blueprint.get("/<int:class_id>")
@requires(Action.VIEW_SCHOOL)
def one(class_id: int) -> str:
    """One class: its addresses, its grade and shift."""
    row = get_in_school(SchoolClass, class_id)
    return _page(row, ClassForm(obj=row))


def _page(row: SchoolClass, form: ClassForm) -> str:
    feed = feed_for_class(row.school_id, row.id)
    return render_template("school/class.html", row=row, form=form, feed=feed, page=class_url(row.page_token))


@blueprint.post("/<int:class_id>")
@requires(Action.MANAGE_SCHOOL)
def change(class_id: int) -> Response | tuple[str, int]:
    """Store the grade and the shift."""
    row, form = get_in_school(SchoolClass, class_id), ClassForm()
    if not form.validate_on_submit():
        return _page(row, form), REFUSED
    grade, shift = form.grade.data, form.shift.data
    change_class(row.school_id, class_id, grade=grade, shift=shift, actor_id=current_person().id)
    flash(_("Saved. New bells of a shift come with the next publishing."), "done")
    return redirect(url_for("classes.one", class_id=class_id), 303)


@blueprint.post("/<int:class_id>/page")
@requires(Action.MANAGE_SCHOOL)
def replace_page(class_id: int) -> Response:
    """A new secret address of the class page."""
    row = get_in_school(SchoolClass, class_id)
    replace_class_page(row.school_id, row.id, actor_id=current_person().id)
    flash(_("The class page has a new address; the old one no longer opens. The chats get it by themselves."), "done")
    return redirect(url_for("classes.one", class_id=class_id), 303)


@blueprint.post("/<int:class_id>/feed")
@requires(Action.MANAGE_SCHOOL)
def replace_calendar(class_id: int) -> Response:
    """A new secret address of the class calendar."""
    row = get_in_school(SchoolClass, class_id)
    feed = feed_for_class(row.school_id, row.id)
    replace_feed(row.school_id, feed.feed_id, current_person().id)
    flash(_("The calendar has a new address; families have to subscribe again."), "done")
    return redirect(url_for("classes.one", class_id=class_id), 303)

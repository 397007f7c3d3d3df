"""Publishing: from which date to which the base timetable becomes lessons, and which week of the cycle is the first."""

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import InputRequired, Optional

from scheduler import clock
from scheduler.database import db
from scheduler.models.school import School, Term
from scheduler.models.timetable import TimetableSlot
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.publish import Published, publish_timetable
from scheduler.planning.settings import change_settings, settings_of
from scheduler.rules.parity import WeekCycle
from scheduler.web.access import current_person, current_school, requires
from scheduler.web.formats import full_date
from scheduler.web.walk import way_on

blueprint = Blueprint("publishing", __name__, url_prefix="/school/publish")

REFUSED = 422
SHOWN = 6
UNKNOWN_TERM = timedelta(days=27)  # four weeks, until a person states the terms


class PublishForm(FlaskForm):
    start = DateField(_l("From"), [InputRequired(_l("Choose the date."))])
    end = DateField(_l("Till"), [InputRequired(_l("Choose the date."))])
    cycle_anchor = DateField(_l("Week 1 begins on"), [Optional()])


@blueprint.get("")
@requires(Action.PUBLISH_TIMETABLE)
def index() -> str:
    """The dates, proposed from the term in hand."""
    school = current_school()
    start, end = _proposed(school)
    return _page(school, PublishForm(formdata=None, start=start, end=end, cycle_anchor=school.cycle_anchor))


def _page(school: School, form: PublishForm) -> str:
    terms = db.session.scalars(sa.select(Term).where(Term.school_id == school.id).order_by(Term.start)).all()
    cycle, hours = _cycle(school), _hours(school)
    weeks = _weeks(school, form.start.data, form.cycle_anchor.data, cycle)
    return render_template("imports/publish.html", form=form, terms=terms, cycle=cycle, hours=hours, weeks=weeks)


def _weeks(school: School, start: date | None, anchor: date | None, cycle: int) -> list[tuple[date, int]]:
    """The Mondays from the first date on, each with its week of the cycle; none where every week is alike."""
    anchor = anchor or school.cycle_anchor
    if cycle == 1 or start is None or anchor is None:
        return []
    monday = start - timedelta(days=start.weekday())
    days = [monday + timedelta(weeks=number) for number in range(cycle)]
    return [(day, WeekCycle(anchor, cycle).index(day) + 1) for day in days]


def _proposed(school: School) -> tuple[date, date]:
    today = clock.today(school.timezone)
    term = db.session.scalar(
        sa.select(Term).where(Term.school_id == school.id, Term.end >= today).order_by(Term.start).limit(1)
    )
    return (max(today, term.start), term.end) if term else (today, today + UNKNOWN_TERM)


def _cycle(school: School) -> int:
    longest = sa.select(sa.func.max(sa.func.length(TimetableSlot.weeks))).where(TimetableSlot.school_id == school.id)
    return db.session.scalar(longest) or 1


def _hours(school: School) -> int:
    query = sa.select(sa.func.count(TimetableSlot.id)).where(TimetableSlot.school_id == school.id)
    return db.session.scalar(query) or 0


@blueprint.post("")
@requires(Action.PUBLISH_TIMETABLE)
def publish() -> Response | tuple[str, int]:
    """Make the lessons; what was held, is past or was changed by a person stays."""
    school, form, person_id = current_school(), PublishForm(), current_person().id
    if not form.validate_on_submit():
        return _page(school, form), REFUSED
    weeks = _weeks(school, form.start.data, form.cycle_anchor.data, _cycle(school))
    if not weeks and _cycle(school) > 1:
        form.cycle_anchor.errors = [_("State a Monday of the first week: the timetable changes from week to week.")]
        return _page(school, form), REFUSED
    try:
        if form.cycle_anchor.data and _cycle(school) > 1:
            wish = replace(settings_of(school), cycle_anchor=form.cycle_anchor.data)
            change_settings(school.id, wish, actor_id=person_id)
        done = publish_timetable(school.id, form.start.data, form.end.data, actor_id=person_id)
    except PlanningError as error:
        form.end.errors = [error.text]
        return _page(school, form), REFUSED
    _say(done)
    if weeks:
        flash(_("The week of %(day)s is week %(number)s.", day=full_date(weeks[0][0]), number=weeks[0][1]), "soft")
    return redirect(way_on(url_for("publishing.index")), 303)


def _say(done: Published) -> None:
    made = ngettext("Published: %(num)d new lesson.", "Published: %(num)d new lessons.", done.made)
    flash(
        made
        + " "
        + _("Changed %(changed)d, cancelled %(gone)d, as before %(same)d.",
            changed=done.updated, gone=done.cancelled, same=done.unchanged),
        "done",
    )  # fmt: skip
    if done.kept:
        flash(
            ngettext(
                "%(num)d lesson stays as a person changed it, or is past.",
                "%(num)d lessons stay as a person changed them, or are past.",
                len(done.kept),
            ),
            "soft",
        )
    if done.without_bells:
        hours = "; ".join(done.without_bells[:SHOWN]) + (" …" if len(done.without_bells) > SHOWN else "")
        flash(_("No bells for these hours, so they have no lessons: %(hours)s.", hours=hours), "bad")

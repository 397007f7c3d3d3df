"""The ways to the first steps and through them: where somebody who follows them is led after each.

Only the browser that opened the steps is led back to them, and only until a class chat has shown a remote lesson.
"""

from flask import g, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.database import db
from scheduler.models.school import School
from scheduler.permissions import Action
from scheduler.planning.skipping import StepName
from scheduler.reports.first_steps import has_first_lesson, standing_of
from scheduler.web.access import current_school_id, visitor_may
from scheduler.web.need import Need
from scheduler.web.step_words import MINUTES, TITLES

KEY = "first_steps"


def begin_walk() -> None:
    """From now on this browser is led back to the first steps."""
    session[KEY] = current_school_id()


def is_walking() -> bool:
    """Whether this visitor follows the first steps of a school that has not finished them; looked up once a request."""
    if KEY not in session or not visitor_may(Action.MANAGE_SCHOOL):
        return False
    if "is_walking" not in g:
        g.is_walking = session[KEY] == current_school_id() and not has_first_lesson(db.session(), current_school_id())
    return bool(g.is_walking)


def way_on(otherwise: str) -> str:
    """Where to go after something was done: to the first steps for those who follow them, else on as usual."""
    return url_for("first_steps.index") if is_walking() else otherwise


def first_steps_need(school: School) -> list[Need]:
    """The line of the first page that leads back here; none once a class chat has shown a remote lesson."""
    if not visitor_may(Action.MANAGE_SCHOOL) or has_first_lesson(db.session(), school.id):
        return []
    standing = standing_of(db.session(), school)
    lead = _("First steps: %(done)d of %(all)d are done.", done=standing.done, all=len(StepName))
    if standing.current is None:
        return []
    text = ngettext(
        "Next: %(what)s, about %(num)d minute.",
        "Next: %(what)s, about %(num)d minutes.",
        MINUTES[standing.current],
        what=str(TITLES[standing.current]).lower(),
    )
    return [Need("soft", lead, text, url_for("first_steps.index"), _("Go on"))]

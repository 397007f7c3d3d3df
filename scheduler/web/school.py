"""The school's own place: where each thing is kept, and the way to the first steps."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from scheduler.database import db
from scheduler.models.base import SchoolRow
from scheduler.models.chats import Chat, ChatState
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import Term
from scheduler.models.timetable import BellSchedule
from scheduler.permissions import Action, Role
from scheduler.web.access import current_school, current_school_id, requires, visitor_may
from scheduler.web.formats import local_now
from scheduler.web.walk import first_steps_need

blueprint = Blueprint("school", __name__)


@blueprint.get("/school")
@requires(Action.VIEW_SCHOOL)
def index() -> str:
    """The first steps while they are not finished, and the list of places."""
    school = current_school()
    return render_template(
        "school/index.html",
        school=school,
        now=local_now(school.timezone),
        first_steps=first_steps_need(school),
        counts=_counts(),
        links=_links(),
    )


def _counts() -> list[tuple[str, int]]:
    return [
        (_("Classes"), _count(SchoolClass, ~SchoolClass.is_archived)),
        (_("Teachers"), _teachers()),
        (_("Subjects by class"), _count(Course, ~Course.is_archived)),
        (_("Bells"), _count(BellSchedule)),
        (_("Terms"), _count(Term)),
        (_("Published lessons"), _count(Lesson)),
        (_("Connected chats"), _count(Chat, Chat.state == ChatState.CONNECTED)),
    ]


def _links() -> list[tuple[str, str, str]]:
    wishes = (
        (
            _("First steps"),
            _("from the files to the first lesson"),
            open_path("/school/first-steps", Action.MANAGE_SCHOOL),
        ),
        (_("People"), _("invitations, roles, closed hours"), _path_of_people()),
        (_("Classes"), _("pages, calendars, grades"), open_path("/school/classes", Action.VIEW_SCHOOL)),
        (_("Bell schedule"), _("lesson hours by schedule"), open_path("/school/bells", Action.VIEW_SCHOOL)),
        (_("Terms and holidays"), _("dates, transferred days"), open_path("/school/terms", Action.VIEW_SCHOOL)),
        (_("Timetable's file"), _("load and compare"), open_path("/school/imports", Action.IMPORT_TIMETABLE)),
        (_("Download"), _("timetable and people as files"), _path_of_exports()),
        (_("Publishing"), _("timetable to lessons"), open_path("/school/publish", Action.PUBLISH_TIMETABLE)),
        (_("Video calls"), _("rooms, links, the token"), open_path("/school/calls", Action.MANAGE_CALLS)),
        (_("Texts of posts"), _("the school's own words"), open_path("/school/texts", Action.MANAGE_SCHOOL)),
        (
            _("Remote days"),
            _("the school's lines, frost table, subjects"),
            open_path("/school/remote-days", Action.MANAGE_SCHOOL),
        ),
        (_("Norms"), _("what warns and what needs a reason"), open_path("/school/norms", Action.MANAGE_SCHOOL)),
        (_("Settings"), _("consent, quiet hours, norms"), open_path("/school/settings", Action.MANAGE_SCHOOL)),
    )
    return [wish for wish in wishes if wish[2]]


def _path_of_people() -> str:
    return open_path("/school/people", Action.MANAGE_SCHOOL) or open_path("/school/people", Action.INVITE_PEOPLE)


def _path_of_exports() -> str:
    return open_path("/school/exports", Action.MANAGE_SCHOOL) or open_path("/school/exports", Action.IMPORT_TIMETABLE)


def open_path(path: str, action: Action) -> str:
    """The path, where its screen exists and the visitor may open it."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return ""
    return path if visitor_may(action) else ""


def _count(model: type[SchoolRow], *conditions: Any) -> int:
    query = sa.select(sa.func.count(model.id)).where(model.school_id == current_school_id(), *conditions)
    return db.session.scalar(query) or 0


def _teachers() -> int:
    return _count(Person, ~Person.is_archived, Person.roles.any(RoleGrant.role == Role.TEACHER))

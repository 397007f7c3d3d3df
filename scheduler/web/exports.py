"""Downloads: the timetable and the people of the school as files. Each file says who may have it."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from scheduler.database import db
from scheduler.exports.kinds import KINDS, export
from scheduler.permissions import Action, ScopeKind, may
from scheduler.web.access import current_school_id, get_visitor, requires

blueprint = Blueprint("exports", __name__, url_prefix="/school/exports")

PEOPLE = (Action.MANAGE_SCHOOL, Action.INVITE_PEOPLE)
ALLOWED: dict[str, tuple[Action, ...]] = {
    "grid": (Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE),
    "csv": (Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE),
    "asc": (Action.IMPORT_TIMETABLE,),
    "roster": PEOPLE,
    "bells": (Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE),
    "calendar": (Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE),
    "archive": PEOPLE,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that the visitor may have. `is_personal`: it names pupils or tells of lessons of single children."""

    kind: str
    name: str
    text: str
    is_personal: bool = False


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE)
def index() -> str:
    """What can be downloaded, by what it is good for."""
    return render_template("exports/index.html", offers=[offer for offer in _offers() if _is_allowed(offer.kind)])


@blueprint.get("/<name>")
@requires(Action.MANAGE_SCHOOL, Action.IMPORT_TIMETABLE)
def download(name: str) -> Response:
    """One file, made now."""
    if name not in KINDS:
        abort(404)
    if not _is_allowed(name):
        abort(403, _("This file holds names of pupils: it is for those who look after the school's lists."))
    found = export(db.session(), current_school_id(), name)
    response = Response(found.data, mimetype=found.media_type)
    suffix = found.name.rpartition(".")[2]
    response.headers["Content-Disposition"] = (
        f"attachment; filename={name}.{suffix}; filename*=UTF-8''{quote(found.name)}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_allowed(kind: str) -> bool:
    """A file is of the whole school: a role within a class does not reach it."""
    grants = [grant for grant in get_visitor().grants if grant.scope is ScopeKind.SCHOOL]
    return any(may(grants, action) for action in ALLOWED[kind])


def _offers() -> list[Offer]:
    return [
        Offer(
            "grid", _("Timetable for printing"), _("a table: classes side by side, days down, each shift on its sheet")
        ),
        Offer("csv", _("Lessons line by line"), _("a plain table for sorting and for other programs")),
        Offer(
            "asc",
            _("Timetable for aSc Timetables"),
            _("XML with groups, rooms and weeks; loads again here or in aSc"),
            is_personal=True,
        ),
        Offer(
            "roster",
            _("People"),
            _("teachers, pupils with classes and groups, parents; loads again here"),
            is_personal=True,
        ),
        Offer("bells", _("Bell schedule"), _("a plain table; loads again here")),
        Offer("calendar", _("Terms and holidays"), _("a plain table; loads again here")),
        Offer("archive", _("Everything at once"), _("one archive with all the files above"), is_personal=True),
    ]

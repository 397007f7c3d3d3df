"""How the school's lessons are joined: the choice, standing links, the VK token and what is wrong with it."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from scheduler.calls.links import set_course_way, set_hosts, set_room, set_way
from scheduler.calls.tokens import renew_token, token_of, token_warnings
from scheduler.database import db
from scheduler.models.calls import CallToken, RoomOwner
from scheduler.models.people import Person
from scheduler.models.school import CallWay
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.links import change_ways
from scheduler.web.access import current_person, current_school, current_school_id, requires
from scheduler.web.call_forms import WAYS, TokenForm, WaysForm
from scheduler.web.call_rooms import RoomRow, class_names, room_rows, typed_rows

blueprint = Blueprint("calls", __name__, url_prefix="/school/calls")

REFUSED = 422


@blueprint.get("")
@requires(Action.MANAGE_CALLS)
def index() -> str:
    """The choice of way, and the token where links are made by VK."""
    return _page()


def _page(ways: WaysForm | None = None, token_form: TokenForm | None = None) -> str:
    school = current_school()
    token = token_of(db.session(), school.id)
    return render_template(
        "calls/index.html",
        school=school,
        ways=ways or WaysForm(formdata=None, way=school.call_way.value, hosts="\n".join(school.call_hosts)),
        token_form=token_form or TokenForm(formdata=None),
        token=token,
        owner=_owner(token),
        warnings=token_warnings(school.id),
    )


def _owner(token: CallToken | None) -> Person | None:
    return db.session.get(Person, token.person_id) if token is not None and token.person_id else None


@blueprint.post("/ways")
@requires(Action.MANAGE_CALLS)
def change() -> Response | tuple[str, int]:
    """Another way for the school: all coming lessons follow it, chats and calendars say so."""
    form = WaysForm()
    if not form.validate_on_submit():
        return _page(ways=form), REFUSED

    def act(session: Session) -> None:
        set_hosts(session, current_school_id(), form.wished_hosts())
        set_way(session, current_school_id(), CallWay(form.way.data))

    try:
        change_ways(current_school_id(), act, action="settings", actor_id=current_person().id)
    except PlanningError as error:
        form.hosts.errors = [error.text]
        return _page(ways=form), REFUSED
    flash(_("Saved. Coming lessons follow it."), "done")
    return redirect(url_for("calls.index"), 303)


@blueprint.post("/token")
@requires(Action.MANAGE_CALLS)
def renew() -> Response | tuple[str, int]:
    """A new token in the place of the old one; links that were waiting for it are asked for at once."""
    form, school = TokenForm(), current_school()
    if not form.validate_on_submit():
        return _page(token_form=form), REFUSED
    renew_token(school.id, form.token.data, form.expires_at(school.timezone), current_person().id)
    flash(_("The token is stored. The links that were waiting are being made."), "done")
    return redirect(url_for("calls.index"), 303)


@blueprint.get("/rooms")
@requires(Action.MANAGE_CALLS)
def rooms() -> str:
    """The standing links of classes, teachers or one class's courses."""
    kind, class_id = _chosen()
    return _rooms_page(kind, class_id, room_rows(current_school_id(), kind, class_id))


def _chosen() -> tuple[RoomOwner, int | None]:
    wish = request.values.get("kind", "")
    kind = RoomOwner(wish) if wish in set(RoomOwner) else RoomOwner.CLASS
    known = class_names(current_school_id())
    wished = request.values.get("class_id", 0, int)
    return kind, wished if wished in known else next(iter(known), None)


def _rooms_page(kind: RoomOwner, class_id: int | None, rows: list[RoomRow]) -> str:
    return render_template(
        "calls/rooms.html",
        kind=kind.value,
        class_id=class_id,
        classes=class_names(current_school_id()),
        rows=rows,
        ways=WAYS,
        school=current_school(),
    )


@blueprint.post("/rooms")
@requires(Action.MANAGE_CALLS)
def change_rooms() -> Response | tuple[str, int]:
    """Store the links that were changed, all or none; what was typed stays where one is wrong."""
    school, (kind, class_id) = current_school(), _chosen()
    rows = typed_rows(school, room_rows(school.id, kind, class_id), request.form)
    changed = [row for row in rows if row.is_changed]
    if any(row.error for row in rows):
        return _rooms_page(kind, class_id, rows), REFUSED
    refused: list[RoomRow] = []
    try:
        change_ways(
            school.id,
            lambda session: _store(session, changed, refused),
            action="settings",
            actor_id=current_person().id,
        )
    except PlanningError as error:
        shown = [replace(row, error=error.text) if row in refused else row for row in rows]
        return _rooms_page(kind, class_id, shown), REFUSED
    flash(_("Saved. Coming lessons follow it.") if changed else _("Nothing was changed."), "done")
    return redirect(url_for("calls.rooms", kind=kind.value, class_id=class_id), 303)


def _store(session: Session, rows: list[RoomRow], refused: list[RoomRow]) -> None:
    """Those that are taken away first, so that a link can go from one owner to another in one step."""
    for row in sorted(rows, key=lambda row: row.url != ""):
        refused[:] = [row]
        school_id = current_school_id()
        if row.owner[0] is RoomOwner.COURSE:
            set_course_way(session, school_id, row.owner[1], row.way)
        set_room(session, school_id, row.owner, row.url)

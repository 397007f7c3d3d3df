"""What became of a remote day: how far it has come, without reloading, until it can be read as a proof."""

from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from scheduler import clock
from scheduler.database import db
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.permissions import Action
from scheduler.planning.remote.told import give_back_chat, take_over_chat
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires, visitor_may
from scheduler.web.lesson_choices import group_name
from scheduler.web.remote_state import state_of
from scheduler.web.remote_words import dates_words, reason_words
from scheduler.web.soon import with_people

blueprint = Blueprint("remote_progress", __name__, url_prefix="/remote-days")

AT_ONCE = 50
LONGEST_REASON = 500
WATCHERS = (Action.DECLARE_REMOTE_DAY, Action.VIEW_DIRECTOR_PAGES)


@blueprint.get("")
@requires(*WATCHERS)
def index() -> str:
    """The decisions, the newest first."""
    query = (
        sa.select(RemoteDay, Person)
        .outerjoin(Person, Person.id == RemoteDay.declared_by_id)
        .where(RemoteDay.school_id == current_school_id())
        .order_by(RemoteDay.date_from.desc(), RemoteDay.id.desc())
        .limit(AT_ONCE)
    )
    days = [(day, person, dates_words(day), reason_words(day)) for day, person in db.session.execute(query)]
    return render_template("remote_progress/index.html", days=days)


@blueprint.get("/<int:remote_day_id>")
@requires(*WATCHERS)
def show(remote_day_id: int) -> str:
    """One decision: what is done, what is still open and who mends it."""
    day = get_in_school(RemoteDay, remote_day_id)
    is_undone = day.state is RemoteDayState.UNDONE
    by_id = day.undone_by_id if is_undone else day.declared_by_id
    return render_template(
        "remote_progress/show.html",
        day=day,
        dates=dates_words(day),
        reason=reason_words(day),
        by=db.session.get(Person, by_id) if by_id else None,
        is_undone=is_undone,
        zone=current_school().timezone,
        state=state_of(day, current_school().timezone),
        group_name=group_name,
        poll=url_for("remote_progress.progress", remote_day_id=day.id),
        kept=_kept(day),
        may_undo=visitor_may(Action.DECLARE_REMOTE_DAY) and day.date_to >= clock.today(current_school().timezone),
    )


def _kept(day: RemoteDay) -> Sequence[Lesson]:
    """The lessons that undoing left alone."""
    if not day.kept:
        return []
    query = sa.select(Lesson).where(Lesson.school_id == day.school_id, Lesson.id.in_(day.kept))
    return db.session.scalars(with_people(query).order_by(Lesson.starts_at, Lesson.id)).unique().all()


@blueprint.get("/<int:remote_day_id>/progress")
@requires(*WATCHERS)
def progress(remote_day_id: int) -> Response:
    """The part of the page that changes; 304 while it has not."""
    day = get_in_school(RemoteDay, remote_day_id)
    state = state_of(day, current_school().timezone)
    response = make_response()
    response.set_etag(sha256(repr((state, day.state)).encode()).hexdigest()[:24])
    response.make_conditional(request)
    if response.status_code != 304:  # noqa: PLR2004 - unchanged
        response.set_data(render_template("remote_progress/_state.html", day=day, state=state))
    return response


@blueprint.post("/<int:remote_day_id>/undo")
@requires(Action.DECLARE_REMOTE_DAY)
def undo(remote_day_id: int) -> AnyResponse:
    """Take the decision back as a whole; lessons that began or were changed since stay, and the page lists them."""
    day = get_in_school(RemoteDay, remote_day_id)
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    undone = undo_remote_day(day.school_id, day.id, actor_id=current_person().id, reason=reason)
    flash(ngettext("%(num)d lesson is back.", "%(num)d lessons are back.", undone.changed), "done")
    return redirect(url_for("remote_progress.show", remote_day_id=day.id), 303)


@blueprint.post("/<int:remote_day_id>/take")
@requires(Action.MANAGE_CHAT)
def take(remote_day_id: int) -> AnyResponse:
    """Place the texts of these chats in the place of their administrator; they stand on the own page from now on."""
    day = get_in_school(RemoteDay, remote_day_id)
    for chat_id in _chats():
        take_over_chat(day.school_id, day.id, chat_id, actor_id=current_person().id)
    flash(_("These texts are yours to place now."), "done")
    return redirect(url_for("placing.index"), 303)


@blueprint.post("/<int:remote_day_id>/give-back")
@requires(Action.MANAGE_CHAT)
def give_back(remote_day_id: int) -> AnyResponse:
    """Leave these chats to their administrators again."""
    day = get_in_school(RemoteDay, remote_day_id)
    for chat_id in _chats():
        give_back_chat(day.school_id, day.id, chat_id, actor_id=current_person().id)
    flash(_("The texts are left to the chat's administrator again."), "done")
    return redirect(url_for("remote_progress.show", remote_day_id=day.id), 303)


def _chats() -> list[int]:
    """The chats that the button stands for."""
    found = request.form.getlist("chat", type=int)
    if not found:
        abort(400)
    return found

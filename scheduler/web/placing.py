"""The ready texts of the chats that people keep by hand: each administrator the own ones, others to take over."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.chats.by_hand import place_texts
from scheduler.chats.errors import ChatError
from scheduler.chats.overview import ChatView, PostView, chat_views
from scheduler.database import db
from scheduler.models.chats import Chat, Platform, PostState
from scheduler.permissions import Action
from scheduler.reports.duties import duties_of, names_of
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.chat_rows import chat_name, may_manage, reaches

blueprint = Blueprint("placing", __name__, url_prefix="/chats")

KINDS = ("part", "notice")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One chat with the texts that wait for a person; `keepers` whose duty it is, by name."""

    view: ChatView
    name: str
    posts: Sequence[PostView]
    keepers: str
    is_own: bool


@blueprint.get("/by-hand")
@requires(Action.MANAGE_CHAT)
def index() -> str:
    """The ready texts of the own chats: copy or share, place, say so. With `chat` that one alone, whosesoever it is."""
    chat_id = request.args.get("chat", type=int)
    waiting = waiting_chats(chat_ids=None if chat_id is None else [chat_id])
    return render_template(
        "chats/by_hand.html",
        own=[one for one in waiting if one.is_own or chat_id is not None],
        others=[one for one in waiting if not one.is_own and chat_id is None],
        is_single=chat_id is not None,
    )


def waiting_chats(*, chat_ids: Sequence[int] | None = None) -> list[Waiting]:
    """The chats within the visitor's scopes in which a text waits to be placed by hand, in order of class.

    Named ones also with what the messenger has refused or what waits for a connection: a person can place that too.
    """
    school_id, person_id = current_school_id(), current_person().id
    ids = _kept_by_hand(school_id) if chat_ids is None else chat_ids
    views = [view for view in chat_views(school_id, chat_ids=ids) if view.kind and may_manage(view)] if ids else []
    found = [(view, _waiting_posts(view, is_named=chat_ids is not None)) for view in views]
    found = [(view, posts) for view, posts in found if posts]
    if not found:
        return []
    duties = duties_of(db.session(), school_id)
    waiting = []
    for view, posts in found:
        keepers = duties.of(view.id, view.class_id, {post.date for post in posts})
        is_own = any(keeper.person_id == person_id for keeper in keepers)
        waiting.append(Waiting(view, chat_name(view), posts, names_of(keepers), is_own))
    return sorted(waiting, key=lambda one: _order(one.view))


def _kept_by_hand(school_id: int) -> list[int]:
    query = sa.select(Chat.id).where(Chat.school_id == school_id, Chat.platform == Platform.BY_HAND)
    return list(db.session.scalars(query))


def _waiting_posts(view: ChatView, *, is_named: bool) -> list[PostView]:
    states = [PostState.BY_HAND]
    if is_named and view.platform is not Platform.BY_HAND:
        states += [PostState.PARKED, PostState.UNCONNECTED]
    return [post for post in view.posts if post.state in states]


def _order(view: ChatView) -> tuple[int, str, str]:
    digits = "".join(letter for letter in view.class_name if letter.isdigit())
    return int(digits or 0), view.class_name, view.kind or ""


@blueprint.post("/<int:chat_id>/placed")
@requires(Action.MANAGE_CHAT)
def placed(chat_id: int) -> Response:
    """All the texts of one chat that were shown stand there now."""
    chat = get_in_school(Chat, chat_id)
    if not reaches(Action.MANAGE_CHAT, chat.class_id, chat.id):
        abort(403, _("This is outside the classes and chats that are entrusted to you."))
    try:
        left = place_texts(chat.id, _seen(request.form.getlist("seen")), actor_id=current_person().id)
    except ChatError as error:
        flash(error.text, "bad")
    else:
        flash(*_words(left))
    return redirect(url_for("placing.index"), 303)


def _seen(marks: Sequence[str]) -> dict[tuple[str, int], str]:
    """What the form says was shown: `part:12:hash` each; anything else is not a form of ours."""
    found = {}
    for mark in marks:
        kind, _colon, rest = mark.partition(":")
        number, _colon, text_hash = rest.partition(":")
        if kind not in KINDS or not number.isdecimal() or not text_hash:
            abort(400)
        found[kind, int(number)] = text_hash
    return found


def _words(left: int) -> tuple[str, str]:
    if left:
        words = ngettext(
            "%(num)d text has changed meanwhile: place it anew.",
            "%(num)d texts have changed meanwhile: place them anew.",
            left,
        )
        return str(words), "soft"
    return str(_("Noted: the text is placed.")), "done"

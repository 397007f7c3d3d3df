"""Connecting chats: those that the bot was added to, those kept by hand, and the bot itself."""

import re
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.chats.suggest import Suggestion, suggest_class
from scheduler.database import db
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection
from scheduler.models.classes import SchoolClass
from scheduler.models.names import shown_class
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.official_chats import (
    ChatPlace,
    connect_official_chat,
    connect_official_chats,
    enter_bot_token,
    let_go,
    make_by_hand_chat,
)
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.chat_forms import KINDS, PlaceForm, TokenForm
from scheduler.web.options import options
from scheduler.web.sandbox_chats import sandbox_token
from scheduler.web.walk import way_on

blueprint = Blueprint("chat_waiting", __name__, url_prefix="/chats")

REFUSED = 422


@dataclass(frozen=True, slots=True)
class FoundChat:
    """A chat that the bot is in; `place` and `words` are the guess whose it is, to be confirmed.

    Of two chats that seem to be the same one's only the first is proposed.
    """

    chat: Chat
    form: PlaceForm
    place: str = ""
    words: str = ""
    is_first: bool = True


def found_chats(school_id: int) -> int:
    """How many chats wait for somebody to say whose they are."""
    query = sa.select(sa.func.count(Chat.id)).where(Chat.school_id == school_id, Chat.state == ChatState.FOUND)
    return db.session.scalar(query) or 0


@blueprint.get("/connect")
@requires(Action.CONNECT_CHATS)
def index() -> str:
    """The bot, the chats it was added to, and chats without a bot."""
    return _page()


def _page(place: PlaceForm | None = None, token: TokenForm | None = None, refused: int | None = None) -> str:
    school_id = current_school_id()
    classes = _classes(school_id)
    by_hand = place if place is not None and refused is None else _offered(PlaceForm(formdata=None), classes)
    waiting = [_found(chat, classes, place if chat.id == refused else None) for chat in _waiting(school_id)]
    found = [replace(one, is_first=_is_first(one, waiting[:n])) for n, one in enumerate(waiting)]
    connection = db.session.scalar(sa.select(Connection).where(Connection.school_id == school_id).limit(1))
    return render_template(
        "chats/connect.html",
        found=found,
        by_hand=by_hand,
        token=token or TokenForm(formdata=None),
        connection=connection,
        sandbox_token=sandbox_token(),
    )


def _waiting(school_id: int) -> list[Chat]:
    query = sa.select(Chat).where(Chat.school_id == school_id, Chat.state == ChatState.FOUND)
    return sorted(db.session.scalars(query), key=lambda chat: (by_number(chat.title), chat.id))


def by_number(title: str) -> list[tuple[int, str]]:
    """The order in which 2 «А» comes before 10 «А»."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", title)]


def _classes(school_id: int) -> list[SchoolClass]:
    query = sa.select(SchoolClass).where(SchoolClass.school_id == school_id, ~SchoolClass.is_archived)
    return list(db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label)))


def _offered(form: PlaceForm, classes: list[SchoolClass]) -> PlaceForm:
    form.class_id.choices = options({"": "—"} | {str(row.id): shown_class(row.label) for row in classes})
    return form


def _found(chat: Chat, classes: list[SchoolClass], refused: PlaceForm | None) -> FoundChat:
    if refused is not None:
        return FoundChat(chat, refused)
    guess = suggest_class(chat.title, classes)
    form = PlaceForm(
        formdata=None,
        prefix=f"c{chat.id}",
        class_id=str(guess.class_id or ""),
        kind=guess.kind.value if guess.kind else None,
    )
    return FoundChat(chat, _offered(form, classes), place=_place(guess), words=_words(guess, classes))


def _is_first(one: FoundChat, before: list[FoundChat]) -> bool:
    return one.place not in {other.place for other in before}


def _place(guess: Suggestion) -> str:
    """«students:12», «teachers:»; nothing where the title does not tell enough."""
    is_whole = guess.kind is ChatKind.TEACHERS or guess.class_id is not None
    return f"{guess.kind.value}:{guess.class_id or ''}" if guess.kind and is_whole else ""


def _words(guess: Suggestion, classes: list[SchoolClass]) -> str:
    kind = str(KINDS[guess.kind.value]) if guess.kind else ""
    label = next((shown_class(row.label) for row in classes if row.id == guess.class_id), "")
    return ", ".join(filter(None, (label, kind)))


@blueprint.post("/connect-guessed")
@requires(Action.CONNECT_CHATS)
def connect_guessed() -> Response:
    """A person confirms all the marked guesses at once; what was shown to them is what is sent."""
    school_id, places = current_school_id(), []
    for text in request.form.getlist("place"):
        chat_id, kind, class_id = [*text.split(":"), "", ""][:3]
        if chat_id.isdecimal() and kind in KINDS and (class_id.isdecimal() or not class_id):
            chat = get_in_school(Chat, int(chat_id))
            places.append(ChatPlace(chat.id, ChatKind(kind), int(class_id) if class_id else None))
    refused = connect_official_chats(school_id, places, actor_id=current_person().id)
    done = len(places) - len(refused)
    flash(ngettext("%(num)d chat is connected.", "%(num)d chats are connected.", done), "done")
    for text in sorted({text for _chat_id, text in refused}):
        flash(text, "bad")
    left = "chat_waiting.index" if found_chats(school_id) else "chats.index"
    return redirect(way_on(url_for(left)), 303)


@blueprint.post("/<int:chat_id>/connect")
@requires(Action.CONNECT_CHATS)
def connect(chat_id: int) -> Response | tuple[str, int]:
    """A person says whose chat it is; from then on it is posted to."""
    chat = get_in_school(Chat, chat_id)
    form = _offered(PlaceForm(prefix=f"c{chat_id}"), _classes(chat.school_id))
    if not form.validate_on_submit():
        return _page(form, refused=chat_id), REFUSED
    class_id, kind = form.chosen_class(), ChatKind(form.kind.data)
    try:
        connected = connect_official_chat(
            chat.school_id, chat_id, kind=kind, class_id=class_id, actor_id=current_person().id
        )
    except PlanningError as error:
        form.kind.errors = [error.text]
        return _page(form, refused=chat_id), REFUSED
    flash(_("The chat is connected. What it should show is being posted."), "done")
    return redirect(way_on(url_for("chats.one", chat_id=connected)), 303)


@blueprint.post("/<int:chat_id>/let-go")
@requires(Action.CONNECT_CHATS)
def disconnect(chat_id: int) -> Response:
    """Nothing more is posted to this chat."""
    chat = get_in_school(Chat, chat_id)
    let_go(chat.school_id, chat_id, actor_id=current_person().id)
    flash(_("Nothing more is posted to this chat. What stands in it stays."), "done")
    return redirect(url_for("chats.index"), 303)


@blueprint.post("/by-hand/new")
@requires(Action.CONNECT_CHATS)
def new_by_hand() -> Response | tuple[str, int]:
    """A chat without a bot: its texts are kept here, people place them."""
    form = _offered(PlaceForm(), _classes(current_school_id()))
    if not form.validate_on_submit():
        return _page(form), REFUSED
    class_id, kind = form.chosen_class(), ChatKind(form.kind.data)
    try:
        made = make_by_hand_chat(current_school_id(), kind=kind, class_id=class_id, actor_id=current_person().id)
    except PlanningError as error:
        form.kind.errors = [error.text]
        return _page(form), REFUSED
    flash(_("The chat is kept by hand. Its texts wait under «To place by hand»."), "done")
    return redirect(way_on(url_for("chats.one", chat_id=made)), 303)


@blueprint.post("/bot")
@requires(Action.CONNECT_CHATS)
def enter_token() -> Response | tuple[str, int]:
    """The bot's token: stored encrypted, never shown again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(token=form), REFUSED
    enter_bot_token(current_school_id(), form.token.data, actor_id=current_person().id)
    flash(_("The bot's token is stored. Now add the bot to the chats as administrator."), "done")
    return redirect(way_on(url_for("chat_waiting.index")), 303)

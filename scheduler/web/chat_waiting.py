"""Connecting chats: those that the bot was added to, those kept by hand, and the bot itself."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.chats.suggest import suggest_class
from scheduler.database import db
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection
from scheduler.models.classes import SchoolClass
from scheduler.models.names import shown_class
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.official_chats import connect_official_chat, enter_bot_token, let_go, make_by_hand_chat
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.chat_forms import PlaceForm, TokenForm
from scheduler.web.options import options

blueprint = Blueprint("chat_waiting", __name__, url_prefix="/chats")

REFUSED = 422


@dataclass(frozen=True, slots=True)
class FoundChat:
    """A chat that the bot is in, with the guess whose it is, to be confirmed."""

    chat: Chat
    form: PlaceForm
    is_guessed: bool


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
    found = [_found(chat, classes, place if chat.id == refused else None) for chat in _waiting(school_id)]
    connection = db.session.scalar(sa.select(Connection).where(Connection.school_id == school_id).limit(1))
    return render_template(
        "chats/connect.html",
        found=found,
        by_hand=by_hand,
        token=token or TokenForm(formdata=None),
        connection=connection,
    )


def _waiting(school_id: int) -> list[Chat]:
    query = sa.select(Chat).where(Chat.school_id == school_id, Chat.state == ChatState.FOUND)
    return list(db.session.scalars(query.order_by(Chat.title, Chat.id)))


def _classes(school_id: int) -> list[SchoolClass]:
    query = sa.select(SchoolClass).where(SchoolClass.school_id == school_id, ~SchoolClass.is_archived)
    return list(db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label)))


def _offered(form: PlaceForm, classes: list[SchoolClass]) -> PlaceForm:
    form.class_id.choices = options({"": "—"} | {str(row.id): shown_class(row.label) for row in classes})
    return form


def _found(chat: Chat, classes: list[SchoolClass], refused: PlaceForm | None) -> FoundChat:
    if refused is not None:
        return FoundChat(chat, refused, is_guessed=False)
    guess = suggest_class(chat.title, classes)
    form = PlaceForm(
        formdata=None,
        prefix=f"c{chat.id}",
        class_id=str(guess.class_id or ""),
        kind=guess.kind.value if guess.kind else None,
    )
    return FoundChat(chat, _offered(form, classes), is_guessed=guess.kind is not None)


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
    return redirect(url_for("chats.one", chat_id=connected), 303)


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
    return redirect(url_for("chats.one", chat_id=made), 303)


@blueprint.post("/bot")
@requires(Action.CONNECT_CHATS)
def enter_token() -> Response | tuple[str, int]:
    """The bot's token: stored encrypted, never shown again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(token=form), REFUSED
    enter_bot_token(current_school_id(), form.token.data, actor_id=current_person().id)
    flash(_("The bot's token is stored. Now add the bot to the chats as administrator."), "done")
    return redirect(url_for("chat_waiting.index"), 303)

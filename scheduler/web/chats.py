"""The official chats: what each should show and shows, and what a person does where the product cannot."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.chats.by_hand import mark_placed, post_again
from scheduler.chats.errors import ChatError
from scheduler.chats.overview import ChatView, chat_views
from scheduler.database import db
from scheduler.models.chats import BulletinPart, Chat, Delivery, Notice, PostState, Reminder
from scheduler.permissions import Action
from scheduler.planning.official_chats import change_chat
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.chat_forms import SOUNDS, ChatSettingsForm
from scheduler.web.chat_rows import (
    chat_rows,
    folded_rows,
    kind_words,
    may_manage,
    may_see,
    reaches,
    row_of,
    shown_of,
)
from scheduler.web.chat_waiting import found_chats
from scheduler.web.walk import way_on

blueprint = Blueprint("chats", __name__, url_prefix="/chats")

REFUSED = 422
LAST_ATTEMPTS = 20


@blueprint.get("")
@requires(Action.VIEW_CHATS)
def index() -> str:
    """Every chat in one line, the worst first."""
    rows = chat_rows(current_school_id())
    by_hand = sum(row.view.state is PostState.BY_HAND and may_manage(row.view) for row in rows)
    open_rows, folded = folded_rows(rows)
    return render_template(
        "chats/index.html",
        rows=rows,
        open_rows=open_rows,
        folded=folded,
        shown=shown_of(rows),
        by_hand=by_hand,
        found=found_chats(current_school_id()),
    )


@blueprint.get("/<int:chat_id>")
@requires(Action.VIEW_CHATS)
def one(chat_id: int) -> str:
    """One chat: for each day and notice what it should show beside what it shows, and the messenger's answers."""
    chat = get_in_school(Chat, chat_id)
    sounds = next(name for name, value in SOUNDS.items() if value is chat.sounds)
    reminder = str(chat.reminder_minutes or "")
    form = ChatSettingsForm(formdata=None, sounds=sounds, evening_hour=chat.evening_hour, reminder=reminder)
    return _page(chat, form)


def _page(chat: Chat, form: ChatSettingsForm) -> str:
    view = chat_views(chat.school_id, chat_ids=[chat.id])[0]
    if not may_see(view):
        abort(403)
    attempts = db.session.scalars(
        sa.select(Delivery).where(Delivery.chat_id == chat.id).order_by(Delivery.id.desc()).limit(LAST_ATTEMPTS)
    ).all()
    return render_template(
        "chats/one.html",
        row=row_of(view),
        view=view,
        days=_days(view),
        attempts=attempts,
        form=form,
        kind=kind_words(view.kind),
        may_manage=may_manage(view),
    )


def _days(view: ChatView) -> list[tuple[Any, list[Any]]]:
    days = sorted({post.date for post in view.posts})
    return [(day, [post for post in view.posts if post.date == day]) for day in days]


@blueprint.post("/<int:chat_id>/settings")
@requires(Action.MANAGE_CHAT)
def change(chat_id: int) -> Response | tuple[str, int]:
    """When the chat sounds, its evening hour and its reminders."""
    chat, form = _managed(chat_id), ChatSettingsForm()
    if not form.validate_on_submit():
        return _page(chat, form), REFUSED
    change_chat(chat.school_id, chat_id, form.wish(), actor_id=current_person().id)
    flash(_("Saved."), "done")
    return redirect(url_for("chats.one", chat_id=chat_id), 303)


def _managed(chat_id: int) -> Chat:
    chat = get_in_school(Chat, chat_id)
    if not reaches(Action.MANAGE_CHAT, chat.class_id, chat.id):
        abort(403, _("This is outside the classes and chats that are entrusted to you."))
    return chat


@blueprint.post("/parts/<int:part_id>/again")
@requires(Action.MANAGE_CHAT)
def part_again(part_id: int) -> Response:
    """Post a bulletin's part once more."""
    chat = _managed(get_in_school(BulletinPart, part_id).bulletin.chat_id)
    return _acted(
        chat, lambda actor_id: post_again(part_id, actor_id=actor_id), _("It will be posted within a minute.")
    )


@blueprint.post("/parts/<int:part_id>/placed")
@requires(Action.MANAGE_CHAT)
def part_placed(part_id: int) -> Response:
    """The text stands in the chat."""
    chat = _managed(get_in_school(BulletinPart, part_id).bulletin.chat_id)
    return _acted(
        chat, lambda actor_id: mark_placed(part_id, actor_id=actor_id, seen=_seen()), _("Noted: the text is placed.")
    )


@blueprint.post("/notices/<int:notice_id>/again")
@requires(Action.MANAGE_CHAT)
def notice_again(notice_id: int) -> Response:
    """Post a notice once more."""
    chat = _managed(get_in_school(Notice, notice_id).chat_id)
    words = _("It will be posted within a minute.")
    return _acted(chat, lambda actor_id: post_again(notice_id, actor_id=actor_id, kind="notice"), words)


@blueprint.post("/notices/<int:notice_id>/placed")
@requires(Action.MANAGE_CHAT)
def notice_placed(notice_id: int) -> Response:
    """The notice stands in the chat."""
    return _placed(_managed(get_in_school(Notice, notice_id).chat_id), notice_id, "notice")


@blueprint.post("/reminders/<int:reminder_id>/again")
@requires(Action.MANAGE_CHAT)
def reminder_again(reminder_id: int) -> Response:
    """Post a reminder once more."""
    chat = _managed(get_in_school(Reminder, reminder_id).chat_id)
    words = _("It will be posted within a minute.")
    return _acted(chat, lambda actor_id: post_again(reminder_id, actor_id=actor_id, kind="reminder"), words)


@blueprint.post("/reminders/<int:reminder_id>/placed")
@requires(Action.MANAGE_CHAT)
def reminder_placed(reminder_id: int) -> Response:
    """The reminder stands in the chat."""
    return _placed(_managed(get_in_school(Reminder, reminder_id).chat_id), reminder_id, "reminder")


def _placed(chat: Chat, post_id: int, kind: str) -> Response:
    words = _("Noted: the text is placed.")
    return _acted(chat, lambda actor_id: mark_placed(post_id, actor_id=actor_id, kind=kind, seen=_seen()), words)


def _seen() -> str | None:
    """The hash of the text that the person was shown beside the button."""
    return request.form.get("seen") or None


def _acted(chat: Chat, act: Callable[[int], None], words: str) -> Response:
    try:
        act(current_person().id)
    except ChatError as error:
        flash(error.text, "bad")
    else:
        flash(words, "done")
    return redirect(way_on(url_for("chats.one", chat_id=chat.id)), 303)

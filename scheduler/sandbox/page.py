"""The pages for people: chats as a phone would show them, the call page behind the links. They change nothing."""

import datetime as dt
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup, escape

from scheduler.sandbox import chats, messages
from scheduler.sandbox.sandbox import Sandbox, current
from scheduler.sandbox.store import Row

bp = Blueprint("page", __name__)
LINK = re.compile(r"https?://[^\s<>\"»]+[^\s<>\"».,;:!?)]")
REFRESH_S = 5
SHOWN = 100
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
CHAT_PAGE = "/chats/<int(signed=True):chat_id>"


@bp.after_request
def _strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/healthz")
def healthz() -> str:
    current().store.number("SELECT 1")
    return "ok"


@bp.get("/")
def index() -> Response:
    box = current()
    return _page("chats.html", chats=_list(box), open=None, live=True)


@bp.get(CHAT_PAGE)
def chat(chat_id: int) -> Response:
    box = current()
    found = chats.find(box, chat_id)
    if found is None:
        abort(404)
    shown = [_bubble(row) for row in messages.newest(box, chat_id, SHOWN)]
    count = box.store.number("SELECT count(*) FROM members WHERE chat_id = ?", chat_id)
    live = request.args.get("live") != "0"
    told = {
        "id": chat_id,
        "title": found["title"],
        "members": count,
        "bot": found["bot"],
        "pinned": _pinned(box, found),
    }
    return _page("chats.html", chats=_list(box), open=told, messages=shown, live=live)


@bp.get("/call/join/<token>")
def call(token: str) -> Response:
    found = current().store.row("SELECT finished FROM calls WHERE token = ?", token)
    if found is None:
        abort(404)
    return Response(render_template("call.html", finished=bool(found["finished"])))


@bp.app_errorhandler(404)
def missing(_error: Exception) -> tuple[str, int]:
    return render_template("missing.html"), 404


@bp.route("/upload/<int:number>", methods=["POST"])
def upload(number: int) -> dict[str, Any]:
    """Takes a file once and forgets it; the token that comes back can be sent."""
    store = current().store
    with store.writing():
        kind = store.kept(f"upload:{number}")
        if kind is None:
            abort(404)
        store.run("DELETE FROM meta WHERE key = ?", f"upload:{number}")
    token = {"token": f"upload-{number}"}
    return {"photos": {f"photo{number}": token}} if kind == "image" else token


def _page(template: str, **told: Any) -> Response:
    """Asked for anew by a header, because the pages have no script; a reader can stop it."""
    response = Response(render_template(template, **told))
    if told.get("live"):
        response.headers["Refresh"] = str(REFRESH_S)
    return response


def _list(box: Sandbox) -> list[dict[str, Any]]:
    last = {
        row["chat_id"]: row
        for row in box.store.rows(
            "SELECT * FROM messages WHERE n IN (SELECT max(n) FROM messages WHERE NOT deleted GROUP BY chat_id)"
        )
    }
    rows = box.store.rows("SELECT * FROM chats ORDER BY event_ms DESC, n DESC")
    return [_line(row, last.get(row["id"])) for row in rows]


def _line(chat: Row, last: Row | None) -> dict[str, Any]:
    text = last["text"].partition("\n")[0][:90] if last else "Сообщений пока нет"
    told = {"id": chat["id"], "title": chat["title"], "text": text, "platform": chat["platform"].upper()}
    return {**told, "letter": _letters(chat["title"]), "time": clock(last["sent_ms"]) if last else ""}


def _letters(title: str) -> str:
    """What stands in the round picture: a class where the title names one, else its first letter."""
    found = re.search(r"\b(\d{1,2})\s?[«\"-]?\s?([А-ЯЁA-Z])\b", title)
    return f"{found[1]}{found[2]}" if found else title[:1].upper()


def _pinned(box: Sandbox, chat: Row) -> str:
    found = messages.find(box, chat["pinned"]) if chat["pinned"] else None
    return found["text"].partition("\n")[0] if found else ""


def _bubble(row: Row) -> dict[str, Any]:
    buttons = [button for line in messages.keyboard_of(row) for button in line]
    edited = row["edited_ms"]
    return {
        "id": row["mid"],
        "sender": row["sender_name"],
        "by_bot": bool(row["by_bot"]),
        "text": linked(row["text"]),
        "media": [item["type"] for item in json.loads(row["attachments"]) if item["type"] != "inline_keyboard"],
        "buttons": buttons,
        "day": day(row["sent_ms"]),
        "time": clock(row["sent_ms"]),
        "edited": clock(edited) if edited else "",
        "silent": not row["notify"],
    }


def linked(text: str) -> Markup:
    """Plain text with its addresses made clickable."""
    told, seen = Markup(), 0
    for found in LINK.finditer(text):
        told += escape(text[seen : found.start()])
        told += Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(found[0])
        seen = found.end()
    return told + escape(text[seen:])


def _local(ms: int) -> dt.datetime:
    zone = current().settings.timezone
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).astimezone(ZoneInfo(zone) if zone else None)


def clock(ms: int) -> str:
    local = _local(ms)
    return f"{local.hour}:{local:%M}"


def day(ms: int) -> str:
    local = _local(ms)
    return f"{local.day} {MONTHS[local.month - 1]}"

"""/control/…: shows all that was posted, counts, orders faults and switches. No messenger has this."""

import datetime as dt
import json
from typing import Any

from flask import Blueprint, Response, jsonify, request

from scheduler.sandbox import chats, faults, messages
from scheduler.sandbox.chats import name_of
from scheduler.sandbox.sandbox import VK_GROUP_ID, Sandbox, current
from scheduler.sandbox.store import Row

bp = Blueprint("control", __name__, url_prefix="/control")
CHAT = "/chats/<int(signed=True):chat_id>"
SWITCHES = {"limits", "after_removal", "nonadmin_post", "add_members", "retry_after", "strict"}


class OrderError(Exception):
    """A control request that cannot be done, in words."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@bp.errorhandler(OrderError)
def _wrong(error: OrderError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), error.status


def told_object() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise OrderError("a JSON object is expected")
    return told


def chat_of(box: Sandbox, chat_id: int) -> Row:
    chat = chats.find(box, chat_id)
    if chat is None:
        raise OrderError(f"no chat {chat_id}", 404)
    return chat


def iso(ms: int | None) -> str | None:
    if ms is None:
        return None
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).isoformat(timespec="milliseconds")


@bp.get("/state")
def state() -> dict[str, Any]:
    box = current()
    people: dict[int, list[dict[str, Any]]] = {}
    for row in box.store.rows("SELECT * FROM members ORDER BY chat_id, user_id"):
        people.setdefault(row["chat_id"], []).append({"user_id": row["user_id"], "name": name_of(row)})
    posts: dict[int, list[dict[str, Any]]] = {}
    for row in box.store.rows("SELECT * FROM messages ORDER BY n"):
        posts.setdefault(row["chat_id"], []).append(_message(row))
    found = box.store.rows("SELECT * FROM chats ORDER BY n")
    calls = box.store.rows("SELECT id, url, started_by, finished FROM calls ORDER BY n")
    return {
        "chats": [
            {**_head(row), "members": people.get(row["id"], []), "messages": posts.get(row["id"], [])} for row in found
        ],
        "calls": [{**dict(row), "finished": bool(row["finished"])} for row in calls],
        "counters": box.store.counters(),
    }


def _head(chat: Row) -> dict[str, Any]:
    permissions = chats.permissions_of(chat)
    return {
        "platform": chat["platform"],
        "chat_id": chat["id"],
        "type": chat["type"],
        "title": chat["title"],
        "bot": chat["bot"],
        "bot_admin": permissions is not None,
        "read_all_messages": "read_all_messages" in (permissions or ()),
        "pinned": chat["pinned"],
    }


def _message(row: Row) -> dict[str, Any]:
    buttons = [
        {"text": button["text"], "url": button.get("url"), "type": button["type"]}
        for line in messages.keyboard_of(row)
        for button in line
    ]
    return {
        "id": row["mid"],
        "text": row["text"],
        "sent_at": iso(row["sent_ms"]),
        "edited_at": iso(row["edited_ms"]),
        "deleted": bool(row["deleted"]),
        "buttons": buttons,
        "notify": bool(row["notify"]),
        "sender": {"user_id": row["sender_id"], "name": row["sender_name"], "is_bot": bool(row["by_bot"])},
    }


@bp.post("/faults")
def order_fault() -> dict[str, Any]:
    told = told_object()
    if problem := faults.problem_of(told):
        raise OrderError(problem)
    return {"id": current().faults.add(told)}


@bp.get("/faults")
def ordered_faults() -> dict[str, Any]:
    return {"faults": current().faults.listed()}


@bp.delete("/faults")
def no_faults() -> dict[str, Any]:
    current().faults.clear()
    return {}


@bp.post("/reset")
def reset() -> dict[str, Any]:
    current().forget()
    return {}


@bp.get("/log")
def log() -> dict[str, Any]:
    return {"requests": list(current().log)}


@bp.post("/vk-token")
def vk_token() -> dict[str, Any]:
    """{"expired": true|false, "code": 5|1117}: what the user token of VK is answered from now on."""
    told = told_object()
    code = int(told.get("code") or 5) if told.get("expired") else 0
    current().store.keep("vk_expired", code)
    return {"expired": bool(code), "group_id": VK_GROUP_ID}


@bp.post("/switches")
def set_switches() -> dict[str, Any]:
    """Behaviours that nobody documented, and `limits`; the names stand in SWITCHES."""
    box, told = current(), told_object()
    if unknown := set(told) - SWITCHES:
        raise OrderError(f"unknown: {', '.join(sorted(unknown))}")
    with box.store.writing():
        for name, value in told.items():
            box.store.keep(f"switch:{name}", value)
    known = {row["key"]: json.loads(row["value"]) for row in box.store.rows("SELECT key, value FROM meta")}
    return {name: known.get(f"switch:{name}") for name in sorted(SWITCHES)}

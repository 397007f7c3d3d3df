"""What every MAX method shares: blueprint, published errors, arguments, the shapes of user, chat and message."""

import json
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from scheduler.sandbox import chats, messages
from scheduler.sandbox.answers import instead
from scheduler.sandbox.sandbox import BOT_ID, BOT_NAME, Sandbox, current
from scheduler.sandbox.store import Row

bp = Blueprint("max", __name__, url_prefix="/max")

BOT = {
    "user_id": BOT_ID,
    "first_name": BOT_NAME,
    "username": "zvonok_demo_bot",
    "is_bot": True,
    "last_activity_time": 1_764_000_000_000,
    "name": BOT_NAME,
}
OK = {"success": True}


class MaxError(Exception):
    """A refusal as MAX words it: HTTP status, dotted code, text."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def answer(self) -> Response:
        response = jsonify({"code": self.code, "message": self.message})
        response.status_code = self.status
        return response


def bad(message: str) -> MaxError:
    return MaxError(400, "proto.payload", message)


def too_many(box: Sandbox) -> Response:
    """429; a Retry-After is not documented, so it stands there only where the switch asks for it."""
    response = MaxError(429, "too.many.requests", "Too Many Requests").answer()
    if (seconds := box.switch("retry_after", None)) is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


@bp.errorhandler(MaxError)
def _refused(error: MaxError) -> Response:
    return error.answer()


@bp.before_request
def _guard() -> Response | None:
    box = current()
    token = request.headers.get("Authorization")
    if not token:
        return MaxError(401, "verify.token", "Empty access_token").answer()
    if token != box.settings.max_token:
        return MaxError(401, "verify.token", "Invalid access_token").answer()
    if box.limited and not box.buckets.take("max", 30):
        return too_many(box)
    if box.faults.any:
        path = request.path.removeprefix("/max")
        g.fault = box.faults.take("max", request.method, path, chat_id=_chat_meant(box))
        return instead(box, "max")
    return None


def _chat_meant(box: Sandbox) -> int | None:
    told = (request.view_args or {}).get("chat_id", request.args.get("chat_id"))
    mid = request.args.get("message_id")
    if told is None and mid:
        message = messages.find(box, mid)
        return int(message["chat_id"]) if message else None
    return int(told) if told is not None and str(told).lstrip("-").isdigit() else None


def number(name: str, default: int | None = None, *, least: int = -(2**63), most: int = 2**63 - 1) -> int | None:
    """An integer of the query, or its default."""
    told = request.args.get(name)
    if told is None or told == "":
        return default
    try:
        value = int(told)
    except ValueError:
        raise bad(f"{name}: integer expected") from None
    if not least <= value <= most:
        raise bad(f"{name}: {least} to {most}")
    return value


def body() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise bad("JSON object expected")
    return told


def known_chat(box: Sandbox, chat_id: int) -> Row:
    """The chat where the bot is; 404 where it never was, 403 (or, by a switch, 404) where it was removed."""
    chat = chats.find(box, chat_id)
    if chat is None or chat["platform"] != "max" or chat["bot"] == "never":
        raise MaxError(404, "chat.not.found", f"Chat {chat_id} not found")
    if chat["bot"] == "in":
        return chat
    if chat["bot"] == "stopped":
        raise MaxError(403, "chat.denied", f"Key: error.dialog.suspended, args: [{chat['user_id']},].")
    if box.switch("after_removal", 403) == 404:
        raise MaxError(404, "chat.not.found", f"Chat {chat_id} not found")
    raise MaxError(403, "chat.denied", "Key: error.chat.denied")


def with_right(chat: Row, right: str | None = None) -> None:
    """Refuses where the bot is no administrator of a group or lacks the right."""
    if chat["type"] == "dialog":
        return
    permissions = chats.permissions_of(chat)
    if permissions is None or (right and right not in permissions):
        raise MaxError(403, "access.denied", f"Insufficient permissions: {right or 'admin'}")


def user(user_id: int, name: str) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    told: dict[str, Any] = {"user_id": user_id, "first_name": first, "username": None, "is_bot": False}
    if last:
        told["last_name"] = last
    return {**told, "last_activity_time": 1_764_000_000_000, "name": name}


def bot_member(chat: Row) -> dict[str, Any]:
    permissions = chats.permissions_of(chat)
    return {
        **BOT,
        "last_access_time": chat["event_ms"],
        "is_owner": False,
        "is_admin": permissions is not None,
        "join_time": chat["created_ms"],
        "permissions": permissions,
    }


def member(row: Row) -> dict[str, Any]:
    return {
        **user(row["user_id"], chats.name_of(row)),
        "last_access_time": row["joined_ms"],
        "is_owner": bool(row["is_owner"]),
        "is_admin": bool(row["is_admin"]),
        "join_time": row["joined_ms"],
        "permissions": [*chats.READING_RIGHTS, *chats.RIGHTS] if row["is_admin"] or row["is_owner"] else None,
    }


def message(chat: Row, row: Row) -> dict[str, Any]:
    dialog = chat["type"] == "dialog"
    to = (chat["user_id"] if row["by_bot"] else BOT_ID) if dialog else None
    return {
        "sender": BOT if row["by_bot"] else user(row["sender_id"], row["sender_name"]),
        "recipient": {"chat_id": chat["id"], "chat_type": chat["type"], "user_id": to},
        "timestamp": row["sent_ms"],
        "link": json.loads(row["link"]) if row["link"] else None,
        "body": {
            "mid": row["mid"],
            "seq": messages.seq_of(row),
            "text": row["text"],
            "attachments": json.loads(row["attachments"]),
            "markup": json.loads(row["markup"]),
        },
    }


def chat_told(box: Sandbox, chat: Row) -> dict[str, Any]:
    dialog = chat["type"] == "dialog"
    count = box.store.number("SELECT count(*) FROM members WHERE chat_id = ?", chat["id"])
    owner = box.store.row("SELECT user_id FROM members WHERE chat_id = ? AND is_owner", chat["id"])
    pinned = messages.find(box, chat["pinned"]) if chat["pinned"] else None
    return {
        "chat_id": chat["id"],
        "type": chat["type"],
        "status": "active",
        "title": None if dialog else chat["title"],
        "icon": None,
        "last_event_time": chat["event_ms"],
        "participants_count": 2 if dialog else count + 1,
        "owner_id": owner["user_id"] if owner else None,
        "participants": None,
        "is_public": False,
        "link": None,
        "description": None,
        "dialog_with_user": user(chat["user_id"], chat["title"]) if dialog else None,
        "messages_count": box.store.number(
            "SELECT count(*) FROM messages WHERE chat_id = ? AND NOT deleted", chat["id"]
        ),
        "pinned_message": message(chat, pinned) if pinned else None,
    }

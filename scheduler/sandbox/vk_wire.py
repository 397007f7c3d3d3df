"""What every VK method shares: errors with HTTP 200, parameters, the shapes of message and conversation."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.sandbox import chats, messages
from scheduler.sandbox.sandbox import VK_GROUP_ID, VK_USER_ID, Sandbox
from scheduler.sandbox.store import Row

# errors.json of the published schema, as far as the sandbox answers them
TEXTS = {
    3: "Unknown method passed",
    5: "User authorization failed: access_token has expired.",
    6: "Too many requests per second",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    14: "Captcha needed",
    15: "Access denied",
    27: "Group authorization failed: method is unavailable with group auth.",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    914: "Message is too long",
    917: "You don't have access to this chat",
    920: "Can't edit this kind of message",
    924: "Can't delete this message for everybody",
    925: "You are not admin of this chat",
    1117: "Token has expired",
}


class VkError(Exception):
    """A refusal by its published number."""

    def __init__(self, code: int, detail: str = "", *, subcode: int | None = None) -> None:
        text = TEXTS.get(code, "Unknown error occurred")
        super().__init__(f"{text}: {detail}" if detail else text)
        self.code, self.subcode = code, subcode

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = {"error_code": self.code, "error_msg": str(self)}
        return told if self.subcode is None else {**told, "error_subcode": self.subcode}


@dataclass(frozen=True)
class Call:
    """One method call: who asks (`community` or a person) and with what."""

    box: Sandbox
    params: Mapping[str, str]
    community: bool

    @property
    def sender(self) -> int:
        return -VK_GROUP_ID if self.community else VK_USER_ID

    def text(self, name: str, default: str = "") -> str:
        return self.params.get(name, default)

    def number(self, name: str, default: int | None = None) -> int:
        told = self.params.get(name)
        if told in (None, ""):
            if default is None:
                raise VkError(100, f"{name} is undefined")
            return default
        try:
            return int(str(told))
        except ValueError:
            raise VkError(100, f"{name} not integer") from None

    def numbers(self, name: str) -> list[int]:
        try:
            return [int(part) for part in self.text(name).split(",") if part.strip()]
        except ValueError:
            raise VkError(100, f"{name} not integer") from None

    def flag(self, name: str) -> bool:
        return self.text(name) in ("1", "true")


Method = Callable[[Call], Any]


def peer(box: Sandbox, peer_id: int) -> Row:
    """The chat where the bot is. Raises 917 where it is not."""
    chat = chats.find(box, peer_id)
    if chat is None or chat["platform"] != "vk" or chat["bot"] != "in":
        raise VkError(917)
    return chat


def message(row: Row, reader: int) -> dict[str, Any]:
    from_id = -VK_GROUP_ID if row["by_bot"] and row["sender_id"] != VK_USER_ID else row["sender_id"]
    told = {
        "id": row["n"],
        "conversation_message_id": row["cmid"],
        "peer_id": row["chat_id"],
        "from_id": from_id,
        "date": row["sent_ms"] // 1000,
        "text": row["text"],
        "out": int(from_id == reader),
        "version": row["n"] * 2 + int(row["edited_ms"] is not None),
        "random_id": row["random_id"],
        "attachments": [],
        "fwd_messages": [],
        "important": False,
        "is_hidden": False,
    }
    if row["edited_ms"]:
        told["update_time"] = row["edited_ms"] // 1000
    keyboard = messages.keyboard_of(row)
    return {**told, "keyboard": _keyboard(keyboard)} if keyboard else told


def _keyboard(rows: list[list[dict[str, Any]]]) -> dict[str, Any]:
    told = [[{"action": _action(button)} for button in row] for row in rows]
    return {"one_time": False, "inline": True, "buttons": told, "author_id": -VK_GROUP_ID}


def _action(button: dict[str, Any]) -> dict[str, Any]:
    names = {"type": "type", "label": "text", "link": "url", "payload": "payload"}
    return {vk: button[ours] for vk, ours in names.items() if button.get(ours) is not None}


# Keyboard limits: inline at most 6 rows of 5, 10 buttons; labels of 40 characters (messengers reference §7.3).
INLINE_ROWS, INLINE_WIDE, INLINE_MOST, LABEL = 6, 5, 10, 40
ACTIONS = {"text", "open_link", "callback", "open_app", "location", "vkpay"}


def keyboard_told(call: Call) -> list[dict[str, Any]]:
    """The keyboard as an attachment in the sandbox's own shape. Raises 911."""
    raw = call.text("keyboard")
    if not raw:
        return []
    try:
        rows = json.loads(raw)["buttons"]
        buttons = [[_told_button(button["action"]) for button in row] for row in rows]
    except (ValueError, KeyError, TypeError):
        raise VkError(911) from None
    if len(rows) > INLINE_ROWS or any(len(row) > INLINE_WIDE for row in rows) or sum(map(len, rows)) > INLINE_MOST:
        raise VkError(911)
    return [{"type": "inline_keyboard", "payload": {"buttons": buttons}}] if rows else []


def _told_button(action: dict[str, Any]) -> dict[str, Any]:
    label = str(action.get("label") or "")
    if (
        action["type"] not in ACTIONS
        or len(label) > LABEL
        or (action["type"] == "open_link" and not action.get("link"))
    ):
        raise VkError(911)
    return {"type": action["type"], "text": label, "url": action.get("link"), "payload": action.get("payload")}

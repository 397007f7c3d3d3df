"""MAX methods about messages (messengers reference §2.4, §3): no idempotency key, edited in place, newest first."""

import json
from typing import Any

from flask import Response, request

from scheduler.sandbox import chats, markup, messages, updates
from scheduler.sandbox.keyboards import KeyboardError, checked
from scheduler.sandbox.max_wire import OK, MaxError, bad, body, bp, known_chat, message, number, too_many, with_right
from scheduler.sandbox.messages import Draft
from scheduler.sandbox.sandbox import BOT_ID, Sandbox, current
from scheduler.sandbox.store import Row

LONGEST = 4000
ALONE = {"audio", "file", "contact", "sticker"}
MEDIA = {"image", "video", "audio", "file", "sticker", "contact", "location", "share"}
DIALOG_EDIT_MS = 7 * 24 * 3600 * 1000
PER_CHAT = 2


@bp.post("/messages")
def send() -> dict[str, Any] | Response:
    """Stores a message. Sent again it is there twice, exactly as with the real one."""
    box = current()
    chat = known_chat(box, _addressee(box))
    if box.limited and not box.buckets.take(f"max:{chat['id']}", PER_CHAT):
        return too_many(box)
    if chats.permissions_of(chat) is None and chat["type"] == "chat" and not box.switch("nonadmin_post", default=True):
        raise MaxError(403, "access.denied", "Insufficient permissions: write")
    with box.store.writing():
        stored = messages.write(box, chat["id"], draft_of(box, body()))
    return {"message": message(chat, stored)}


def _addressee(box: Sandbox) -> int:
    chat_id, user_id = number("chat_id"), number("user_id")
    if (chat_id is None) == (user_id is None):
        raise bad("exactly one of chat_id, user_id expected")
    if chat_id is not None:
        return chat_id
    dialog = box.store.row("SELECT id FROM chats WHERE type = 'dialog' AND user_id = ?", user_id)
    if dialog is None:
        raise MaxError(404, "chat.not.found", f"Chat with user {user_id} not found")
    return int(dialog["id"])


@bp.put("/messages")
def edit() -> dict[str, Any]:
    box = current()
    found, chat = _own(box, "edit")
    told = body()
    late = box.now_ms() - found["sent_ms"] > DIALOG_EDIT_MS and not messages.keyboard_of(found)
    if chat["type"] == "dialog" and late:
        raise bad("Message is too old to edit")
    changed = changed_draft(box, found, told)
    messages.change(box, found, changed)
    return OK


def _own(box: Sandbox, what: str) -> tuple[Row, Row]:
    found = messages.find(box, request.args.get("message_id", ""))
    if found is None:
        raise MaxError(404, "not.found", "Message not found")
    chat = known_chat(box, found["chat_id"])
    if not found["by_bot"]:
        raise MaxError(403, "access.denied", f"Insufficient permissions to {what} message")
    return found, chat


@bp.delete("/messages")
def delete() -> dict[str, Any]:
    """The bot's own messages, in a group those of others with the right `write`; a second time it is not there."""
    box = current()
    found = messages.find(box, request.args.get("message_id", ""))
    if found is None:
        raise MaxError(404, "not.found", "Message not found")
    chat = known_chat(box, found["chat_id"])
    if not found["by_bot"]:
        if chat["type"] == "dialog":
            raise MaxError(403, "access.denied", "Insufficient permissions to delete message")
        with_right(chat, "write")
    with box.store.writing():
        messages.take_away(box, found)
    return OK


@bp.get("/messages")
def find() -> dict[str, Any]:
    """`after` and `before` (once `to` and `from`, where `to` is the earlier one) in milliseconds, both included."""
    box = current()
    if mids := request.args.get("message_ids"):
        return {"messages": [told for mid in mids.split(",") if (told := _readable(box, mid))]}
    chat_id = number("chat_id")
    if chat_id is None:
        raise bad("one of chat_id, message_ids expected")
    count = number("count", 50, least=1, most=100) or 50
    chat = known_chat(box, chat_id)
    with_right(chat, "read_all_messages")
    since = number("after", number("to", 0)) or 0
    until = number("before", number("from", 2**62)) or 2**62
    rows = messages.newest(box, chat_id, count, since=since, until=until)
    return {"messages": [message(chat, row) for row in rows]}


@bp.get("/messages/<mid>")
def get_one(mid: str) -> dict[str, Any]:
    told = _readable(current(), mid)
    if told is None:
        raise MaxError(404, "not.found", "Message not found")
    return told


def _readable(box: Sandbox, mid: str) -> dict[str, Any] | None:
    """A message by its id: the bot's own always, others' where it may read them."""
    found = messages.find(box, mid)
    if found is None:
        return None
    chat = known_chat(box, found["chat_id"])
    if not found["by_bot"]:
        with_right(chat, "read_all_messages")
    return message(chat, found)


@bp.post("/answers")
def answer() -> dict[str, Any] | Response:
    """An answer to a pressed button; it may change the message that carries the button."""
    box = current()
    pressed = box.store.kept(f"callback:{request.args.get('callback_id', '')}")
    if pressed is None:
        raise MaxError(404, "not.found", "Callback not found")
    if box.limited and not box.buckets.take(f"answer:{pressed['chat_id']}", PER_CHAT):
        return too_many(box)
    told = body()
    found = messages.find(box, pressed["mid"])
    if told.get("message") is not None and found is not None:
        messages.change(box, found, changed_draft(box, found, told["message"]))
    return OK


def draft_of(box: Sandbox, told: dict[str, Any]) -> Draft:
    """Checks a NewMessageBody; unknown keys are ignored as the real one ignores them."""
    text, attachments = told.get("text"), told.get("attachments") or []
    if text is not None and not isinstance(text, str):
        raise bad("text: string expected")
    if len(text or "") > LONGEST:
        raise bad(f"text: at most {LONGEST} characters")
    if told.get("format") not in (None, "markdown", "html"):
        raise bad("format: markdown or html")
    plain, marks = markup.parsed(text or "", told.get("format"))
    shown = _attachments(attachments)
    if not plain.strip() and not any(item["type"] != "inline_keyboard" for item in shown) and not told.get("link"):
        raise bad("text: empty message")
    return Draft(plain, marks, shown, _link(box, told.get("link")), notify=told.get("notify") is not False)


def changed_draft(box: Sandbox, found: Row, told: dict[str, Any]) -> Draft:
    """PUT: what is absent or null stays, an empty list of attachments takes the keyboard away too."""
    keeps_text, keeps_rest = told.get("text") is None, told.get("attachments") is None
    wanted = dict(told)
    if keeps_text:
        wanted.update(text=found["text"], format=None)
    draft = draft_of(box, wanted)
    return Draft(
        draft.text,
        json.loads(found["markup"]) if keeps_text else draft.markup,
        json.loads(found["attachments"]) if keeps_rest else draft.attachments,
    )


def _attachments(told: object) -> list[dict[str, Any]]:
    if not isinstance(told, list) or not all(isinstance(item, dict) for item in told):
        raise bad("attachments: a list of objects expected")
    kinds = [item.get("type") for item in told]
    if any(kind in ALONE for kind in kinds) and len(kinds) > 1:
        raise bad("attachments: this type must be the only one")
    return [_attachment(item, place) for place, item in enumerate(told)]


def _attachment(item: dict[str, Any], place: int) -> dict[str, Any]:
    kind, payload = item.get("type"), item.get("payload")
    if kind == "inline_keyboard":
        try:
            return {"type": kind, "callback_id": f"cb{place}", "payload": {"buttons": checked(payload)}}
        except KeyboardError as error:
            raise bad(f"inline_keyboard: {error}") from error
    if kind not in MEDIA:
        raise bad(f"unknown attachment type: {kind}")
    if kind == "location":
        return {key: item.get(key, 0) for key in ("type", "latitude", "longitude")}
    told = payload if isinstance(payload, dict) else {}
    token = str(told.get("token") or "")
    return {"type": kind, "payload": {"url": told.get("url") or "", "token": token, "photo_id": place + 1}}


def _link(box: Sandbox, told: object) -> dict[str, Any] | None:
    if not isinstance(told, dict):
        return None
    found = messages.find(box, str(told.get("mid")))
    if found is None or told.get("type") not in ("reply", "forward"):
        raise bad("link: unknown message or type")
    text = {"mid": found["mid"], "seq": messages.seq_of(found), "text": found["text"], "attachments": []}
    return {"type": told["type"], "chat_id": found["chat_id"], "message": text}


def pressed(box: Sandbox, found: Row, payload: str | None, user: dict[str, Any]) -> str:
    """Somebody presses a button of a message: the bot hears it and may answer by the number given here."""
    chat = known_chat(box, found["chat_id"])
    with box.store.writing():
        turn = int(box.store.kept("callbacks", 0)) + 1
        callback_id = f"cb-{turn}-{BOT_ID}"
        box.store.keep("callbacks", turn)
        box.store.keep(f"callback:{callback_id}", {"mid": found["mid"], "chat_id": found["chat_id"]})
        told = {"timestamp": box.now_ms(), "callback_id": callback_id, "payload": payload, "user": user}
        updates.emit(box, chat, "message_callback", callback=told, message=message(chat, found), user_locale="ru")
    box.store.wake()
    return callback_id

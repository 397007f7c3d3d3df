"""/control/chats, messages, dialogs: what people do in a messenger, done by a test or the demo instead."""

from typing import Any

from flask import request

from scheduler.sandbox import chats, max_messages, max_wire, messages, updates
from scheduler.sandbox.chats import name_of
from scheduler.sandbox.control import CHAT, OrderError, bp, chat_of, told_object
from scheduler.sandbox.sandbox import Sandbox, current
from scheduler.sandbox.store import Row
from scheduler.sandbox.vk_events import vk_bot_event

ADDER = (4_000_001, "Администратор Школы")


@bp.post("/chats")
def make_chats() -> Any:
    """One chat, or a list of them in one transaction; each sends the bot `bot_added`."""
    box, told = current(), request.get_json(silent=True)
    made = make_all(box, told if isinstance(told, list) else [told])
    return made if isinstance(told, list) else made[0]


def make_all(box: Sandbox, several: list[Any]) -> list[dict[str, int]]:
    """Makes the chats in one transaction and tells the bot of each."""
    with box.store.writing():
        made = [{"chat_id": _make(box, one)} for one in several]
    box.store.wake()
    return made


def _make(box: Sandbox, told: object) -> int:
    if not isinstance(told, dict) or not str(told.get("title") or "").strip():
        raise OrderError("a chat needs a title")
    platform = told.get("platform") or "max"
    if platform not in ("max", "vk"):
        raise OrderError("platform is max or vk")
    with_bot = told.get("bot", True)
    permissions = _rights(told) if with_bot else None
    state = "in" if with_bot else "never"
    chat_id = chats.create(box, platform, str(told["title"]).strip(), bot=state, permissions=permissions)
    chats.put_members(box, chat_id, told.get("members") or [])
    if with_bot:
        bot_event(box, chat_id, "bot_added")
    return chat_id


def _rights(told: dict[str, Any]) -> list[str] | None:
    return chats.rights(admin=told.get("bot_admin", True), reads_all=told.get("read_all_messages", True))


def bot_event(box: Sandbox, chat_id: int, kind: str) -> None:
    chat = chat_of(box, chat_id)
    if chat["platform"] == "vk":
        vk_bot_event(box, chat, kind, ADDER[0])
    else:
        updates.emit(box, chat, kind, chat_id=chat_id, user=max_wire.user(*ADDER), is_channel=False)


@bp.post(f"{CHAT}/members")
def change_members(chat_id: int) -> dict[str, Any]:
    box, told = current(), told_object()
    chat = chat_of(box, chat_id)
    people = told.get("members") or []
    with box.store.writing():
        known = {row["user_id"] for row in chats.members(box, chat_id)}
        ids = chats.put_members(box, chat_id, people)
        gone = chats.remove_members(box, chat_id, [int(user_id) for user_id in told.get("remove") or []])
        new = [row for row in chats.members(box, chat_id) if row["user_id"] not in known]
        _tell_members(box, chat, new, gone)
    box.store.wake()
    return {"user_ids": ids, "members": len(chats.members(box, chat_id))}


def _tell_members(box: Sandbox, chat: Row, new: list[Row], gone: list[Row]) -> None:
    if chat["platform"] != "max":
        return
    told = {"chat_id": chat["id"], "is_channel": False}
    for row in new:
        person = max_wire.user(row["user_id"], name_of(row))
        updates.emit(box, chat, "user_added", user=person, inviter_id=ADDER[0], **told)
    for row in gone:
        person = max_wire.user(row["user_id"], name_of(row))
        updates.emit(box, chat, "user_removed", user=person, admin_id=ADDER[0], **told)


@bp.post(f"{CHAT}/remove-bot")
def remove_bot(chat_id: int) -> dict[str, Any]:
    box = current()
    chat_of(box, chat_id)
    with box.store.writing():
        bot_event(box, chat_id, "bot_removed")
        chats.set_bot(box, chat_id, "removed", None)
    box.store.wake()
    return {"chat_id": chat_id}


@bp.post(f"{CHAT}/bot")
def set_bot(chat_id: int) -> dict[str, Any]:
    """Adds the bot again (with `bot_added`) or changes its rights: {"bot_admin", "read_all_messages"}."""
    box = current()
    told = request.get_json(silent=True) or {}
    was = chat_of(box, chat_id)["bot"]
    with box.store.writing():
        chats.set_bot(box, chat_id, "in", _rights(told))
        if was != "in":
            bot_event(box, chat_id, "bot_added")
    box.store.wake()
    return {"chat_id": chat_id}


@bp.post(f"{CHAT}/title")
def set_title(chat_id: int) -> dict[str, Any]:
    box, title = current(), str(told_object().get("title") or "").strip()
    chat = chat_of(box, chat_id)
    if not title:
        raise OrderError("a title is expected")
    with box.store.writing():
        box.store.run("UPDATE chats SET title = ? WHERE id = ?", title, chat_id)
        if chat["platform"] == "max":
            who = max_wire.user(*ADDER)
            updates.emit(box, chat, "chat_title_changed", chat_id=chat_id, user=who, title=title)
    box.store.wake()
    return {"chat_id": chat_id}


@bp.post(f"{CHAT}/messages")
def user_writes(chat_id: int) -> dict[str, Any]:
    """A person writes: {"user_id", "text"}."""
    box, told = current(), told_object()
    chat = chat_of(box, chat_id)
    user_id = int(told.get("user_id") or ADDER[0])
    member = box.store.row("SELECT * FROM members WHERE chat_id = ? AND user_id = ?", chat_id, user_id)
    name = name_of(member) if member else ADDER[1]
    with box.store.writing():
        draft = messages.Draft(str(told.get("text") or ""))
        row = messages.write(box, chat_id, draft, user=(user_id, name))
        if chat["platform"] == "max":
            updates.emit(box, chat, "message_created", message=max_wire.message(chat, row))
    box.store.wake()
    return {"id": row["mid"]}


@bp.delete("/messages/<mid>")
def person_deletes(mid: str) -> dict[str, Any]:
    """A person takes a message away, also one of the bot's."""
    box = current()
    found = messages.find(box, mid)
    if found is None:
        raise OrderError("no such message", 404)
    with box.store.writing():
        messages.take_away(box, found, by_bot=False)
        chat = chat_of(box, found["chat_id"])
        told = {"message_id": found["mid"], "chat_id": chat["id"], "user_id": ADDER[0]}
        updates.emit(box, chat, "message_removed", **told)
    box.store.wake()
    return {"id": mid}


@bp.post("/messages/<mid>/press")
def press(mid: str) -> dict[str, Any]:
    """A person presses a callback button: {"user_id", "payload"}."""
    box, told = current(), told_object()
    found = messages.find(box, mid)
    if found is None:
        raise OrderError("no such message", 404)
    person = max_wire.user(int(told.get("user_id") or ADDER[0]), str(told.get("name") or ADDER[1]))
    return {"callback_id": max_messages.pressed(box, found, told.get("payload"), person)}


@bp.post("/dialogs")
def start_dialog() -> dict[str, Any]:
    """A person opens the bot: {"user_id", "name", "payload"} → `bot_started`."""
    box, told = current(), told_object()
    user_id, name = int(told.get("user_id") or ADDER[0]), str(told.get("name") or ADDER[1])
    with box.store.writing():
        known = box.store.row("SELECT id FROM chats WHERE type = 'dialog' AND user_id = ?", user_id)
        chat_id = int(known["id"]) if known else chats.create_dialog(box, user_id, name)
        chats.set_bot(box, chat_id, "in", None)
        fields = {"chat_id": chat_id, "user": max_wire.user(user_id, name), "user_locale": "ru"}
        if told.get("payload"):
            fields["payload"] = str(told["payload"])
        updates.emit(box, chat_of(box, chat_id), "bot_started", **fields)
    box.store.wake()
    return {"chat_id": chat_id}

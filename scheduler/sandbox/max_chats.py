"""MAX methods about the bot, chats and their members (messengers reference §3). Nothing here lists the bot's chats."""

from typing import Any

from flask import request

from scheduler.sandbox import chats, messages, updates
from scheduler.sandbox.max_wire import (
    BOT,
    OK,
    MaxError,
    bad,
    body,
    bot_member,
    bp,
    chat_told,
    known_chat,
    member,
    message,
    number,
    user,
    with_right,
)
from scheduler.sandbox.sandbox import BOT_ID, current

ACTIONS = {"typing_on", "sending_photo", "sending_video", "sending_audio", "sending_file", "mark_seen"}
CHAT = "/chats/<int(signed=True):chat_id>"


@bp.get("/me")
def me() -> dict[str, Any]:
    return {**BOT, "description": None, "commands": current().store.kept("commands", [])}


@bp.patch("/me/commands")
def set_commands() -> dict[str, Any]:
    told = body().get("commands")
    if not isinstance(told, list) or len(told) > 32:
        raise bad("commands: at most 32")
    current().store.keep("commands", told)
    return {"commands": told}


@bp.get(CHAT)
def get_chat(chat_id: int) -> dict[str, Any]:
    box = current()
    return chat_told(box, known_chat(box, chat_id))


@bp.patch(CHAT)
def change_chat(chat_id: int) -> dict[str, Any]:
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat, "change_chat_info")
    title = body().get("title")
    if title is not None:
        if not isinstance(title, str) or not 1 <= len(title) <= 200:
            raise bad("title: 1 to 200 characters")
        box.store.run("UPDATE chats SET title = ? WHERE id = ?", title, chat_id)
    return chat_told(box, known_chat(box, chat_id))


@bp.post(f"{CHAT}/actions")
def act(chat_id: int) -> dict[str, Any]:
    known_chat(current(), chat_id)
    if body().get("action") not in ACTIONS:
        raise bad("unknown action")
    return OK


@bp.get(f"{CHAT}/members")
def get_members(chat_id: int) -> dict[str, Any]:
    """Pages by an opaque growing marker; with `user_ids` the marker and count are ignored."""
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat, "read_all_messages")
    people = [bot_member(chat), *map(member, chats.members(box, chat_id))]
    people.sort(key=lambda person: person["user_id"])
    if wanted := _user_ids():
        return {"members": [person for person in people if person["user_id"] in wanted], "marker": None}
    count = number("count", 20, least=1, most=100) or 20
    marker = number("marker", 0) or 0
    left = [person for person in people if person["user_id"] > marker]
    last = left[count - 1]["user_id"] if len(left) > count else None
    return {"members": left[:count], "marker": last}


def _user_ids() -> set[int]:
    told = request.args.get("user_ids", "")
    try:
        return {int(part) for part in told.split(",") if part}
    except ValueError:
        raise bad("user_ids: integers expected") from None


@bp.post(f"{CHAT}/members")
def add_members(chat_id: int) -> dict[str, Any]:
    """Restricted since 9 September 2026; the switch `add_members` brings the old behaviour back."""
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat, "add_remove_members")
    if not box.switch("add_members", default=False):
        raise MaxError(403, "access.denied", "Adding members is restricted")
    ids = [int(user_id) for user_id in body().get("user_ids", [])]
    return {"success": False, "failed_user_details": [{"error_code": "add.participant.privacy", "user_ids": ids}]}


@bp.delete(f"{CHAT}/members")
def remove_member(chat_id: int) -> dict[str, Any]:
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat, "add_remove_members")
    user_id = number("user_id")
    if user_id is None:
        raise bad("user_id: required")
    with box.store.writing():
        gone = chats.remove_members(box, chat_id, [user_id])
        for row in gone:
            told = user(row["user_id"], chats.name_of(row))
            updates.emit(box, chat, "user_removed", chat_id=chat_id, user=told, admin_id=BOT_ID, is_channel=False)
    box.store.wake()
    return OK if gone else {"success": False, "message": "User is not a member of the chat"}


@bp.get(f"{CHAT}/members/me")
def my_membership(chat_id: int) -> dict[str, Any]:
    return bot_member(known_chat(current(), chat_id))


@bp.delete(f"{CHAT}/members/me")
def leave(chat_id: int) -> dict[str, Any]:
    box = current()
    known_chat(box, chat_id)
    chats.set_bot(box, chat_id, "removed", None)
    return OK


@bp.get(f"{CHAT}/members/admins")
def get_admins(chat_id: int) -> dict[str, Any]:
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat)
    people = [bot_member(chat), *map(member, chats.members(box, chat_id))]
    return {"members": [person for person in people if person["is_admin"] or person["is_owner"]], "marker": None}


@bp.post(f"{CHAT}/members/admins")
def set_admins(chat_id: int) -> dict[str, Any]:
    box = current()
    with_right(known_chat(box, chat_id), "add_admins")
    told = body().get("admins")
    if not isinstance(told, list):
        raise bad("admins: a list expected")
    ids = {int(admin["user_id"]) for admin in told if isinstance(admin, dict) and "user_id" in admin}
    with box.store.writing():
        for row in chats.members(box, chat_id):
            is_admin = int(row["user_id"] in ids)
            box.store.run(
                "UPDATE members SET is_admin = ? WHERE chat_id = ? AND user_id = ?", is_admin, chat_id, row["user_id"]
            )
    return OK


@bp.delete(f"{CHAT}/members/admins/<int:user_id>")
def remove_admin(chat_id: int, user_id: int) -> dict[str, Any]:
    box = current()
    with_right(known_chat(box, chat_id), "add_admins")
    box.store.run("UPDATE members SET is_admin = 0 WHERE chat_id = ? AND user_id = ?", chat_id, user_id)
    return OK


@bp.get(f"{CHAT}/pin")
def get_pin(chat_id: int) -> dict[str, Any]:
    box = current()
    chat = known_chat(box, chat_id)
    with_right(chat)
    pinned = messages.find(box, chat["pinned"]) if chat["pinned"] else None
    return {"message": message(chat, pinned) if pinned else None}


@bp.put(f"{CHAT}/pin")
def put_pin(chat_id: int) -> dict[str, Any]:
    box = current()
    with_right(known_chat(box, chat_id), "pin_message")
    found = messages.find(box, str(body().get("message_id")))
    if found is None or found["chat_id"] != chat_id:
        raise MaxError(404, "not.found", "Message not found")
    box.store.run("UPDATE chats SET pinned = ? WHERE id = ?", found["mid"], chat_id)
    return OK


@bp.delete(f"{CHAT}/pin")
def remove_pin(chat_id: int) -> dict[str, Any]:
    box = current()
    with_right(known_chat(box, chat_id), "pin_message")
    box.store.run("UPDATE chats SET pinned = NULL WHERE id = ?", chat_id)
    return OK

"""Chats and their members as rows, whatever the messenger. It sends no events and checks no rights of a caller."""

import json
from collections.abc import Iterable
from typing import Any

from scheduler.sandbox.sandbox import Sandbox
from scheduler.sandbox.store import Row

VK_CHATS_FROM = 2_000_000_000
FIRST_USER_ID = 4_000_100
# Every right a group administrator can have; those of the second line need that all messages may be read.
RIGHTS = ("add_remove_members", "add_admins", "change_chat_info", "can_call")
READING_RIGHTS = ("read_all_messages", "pin_message", "write")


def rights(*, admin: bool, reads_all: bool) -> list[str] | None:
    if not admin:
        return None
    return [*(READING_RIGHTS if reads_all else ()), *RIGHTS]


def new_id(platform: str, number: int, kind: str) -> int:
    """MAX groups have negative 64-bit numbers, dialogs positive ones; VK chats stand above two milliards."""
    if platform == "vk":
        return VK_CHATS_FROM + number
    if kind == "dialog":
        return 880_000_000 + number
    return -(71_200_000_000_000 + number * 7_919)


def create(box: Sandbox, platform: str, title: str, *, bot: str, permissions: list[str] | None) -> int:
    return _insert(box, platform, "chat", title=title, bot=bot, permissions=permissions, user_id=None)


def create_dialog(box: Sandbox, user_id: int, name: str) -> int:
    chat_id = _insert(box, "max", "dialog", title=name, bot="in", permissions=None, user_id=user_id)
    put_members(box, chat_id, [{"user_id": user_id, "name": name}])
    return chat_id


def _insert(box: Sandbox, platform: str, kind: str, **chat: Any) -> int:
    with box.store.writing():
        chat_id = new_id(platform, box.store.next_number("chats"), kind)
        now = box.now_ms()
        permissions = chat["permissions"]
        box.store.run(
            "INSERT INTO chats (id, platform, type, title, created_ms, event_ms, bot, permissions, user_id)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            *(chat_id, platform, kind, chat["title"], now, now, chat["bot"]),
            *(None if permissions is None else json.dumps(permissions), chat["user_id"]),
        )
    return chat_id


def find(box: Sandbox, chat_id: int) -> Row | None:
    return box.store.row("SELECT * FROM chats WHERE id = ?", chat_id)


def permissions_of(chat: Row) -> list[str] | None:
    """What the bot may do there; None where it is no administrator."""
    return json.loads(chat["permissions"]) if chat["permissions"] is not None else None


def set_bot(box: Sandbox, chat_id: int, state: str, permissions: list[str] | None) -> None:
    kept = None if permissions is None else json.dumps(permissions)
    box.store.run("UPDATE chats SET bot = ?, permissions = ? WHERE id = ?", state, kept, chat_id)


def members(box: Sandbox, chat_id: int) -> list[Row]:
    return box.store.rows("SELECT * FROM members WHERE chat_id = ? ORDER BY user_id", chat_id)


def put_members(box: Sandbox, chat_id: int, people: Iterable[Any]) -> list[int]:
    """Adds or renames; a person is a name or an object with `name` and perhaps user_id, is_admin, is_owner."""
    ids = []
    with box.store.writing():
        for person in people:
            told = person if isinstance(person, dict) else {"name": str(person)}
            user_id = int(told.get("user_id") or _new_user(box))
            first, _, last = str(told.get("name") or told.get("first_name") or "Участник").partition(" ")
            box.store.run(
                "INSERT OR REPLACE INTO members VALUES (?,?,?,?,?,?,?)",
                *(chat_id, user_id, first, str(told.get("last_name") or last)),
                *(int(bool(told.get("is_admin"))), int(bool(told.get("is_owner"))), box.now_ms()),
            )
            ids.append(user_id)
    return ids


def _new_user(box: Sandbox) -> int:
    number = int(box.store.kept("users", 0)) + 1
    while box.store.row("SELECT 1 FROM members WHERE user_id = ?", FIRST_USER_ID + number):
        number += 1
    box.store.keep("users", number)
    return FIRST_USER_ID + number


def remove_members(box: Sandbox, chat_id: int, user_ids: Iterable[int]) -> list[Row]:
    """Those who were there and now are not."""
    gone = []
    with box.store.writing():
        for user_id in user_ids:
            member = box.store.row("SELECT * FROM members WHERE chat_id = ? AND user_id = ?", chat_id, user_id)
            if member:
                box.store.run("DELETE FROM members WHERE chat_id = ? AND user_id = ?", chat_id, user_id)
                gone.append(member)
    return gone


def name_of(member: Row) -> str:
    return f"{member['first_name']} {member['last_name']}".strip()

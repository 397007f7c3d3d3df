"""VK methods messages.* as far as a school's bot needs them (messengers reference §7.3)."""

import json
from typing import Any

from scheduler.sandbox import chats, messages
from scheduler.sandbox.messages import Draft
from scheduler.sandbox.sandbox import VK_GROUP_ID, VK_USER_ID, Sandbox
from scheduler.sandbox.store import Row
from scheduler.sandbox.vk_wire import Call, VkError, keyboard_told, message, peer

LONGEST = 4096
HOUR_MS = 3600 * 1000
EDITABLE_MS = 24 * HOUR_MS
PEERS_AT_ONCE = 100


def send(call: Call) -> Any:
    """`peer_ids` tells the conversation's own message number; `peer_id` of a chat answers a community 0."""
    if "random_id" not in call.params:
        raise VkError(100, "random_id is undefined")
    if peers := call.numbers("peer_ids"):
        if len(peers) > PEERS_AT_ONCE:
            raise VkError(100, "peer_ids: at most 100")
        return [_sent(call, peer_id) for peer_id in peers]
    stored = _send_to(call, _target(call))
    return 0 if call.community and stored["chat_id"] >= chats.VK_CHATS_FROM else stored["n"]


def _target(call: Call) -> int:
    if chat_id := call.number("chat_id", 0):
        return chats.VK_CHATS_FROM + chat_id
    return call.number("peer_id", call.number("user_id", 0)) or call.number("peer_id")


def _sent(call: Call, peer_id: int) -> dict[str, Any]:
    try:
        stored = _send_to(call, peer_id)
    except VkError as error:
        return {"peer_id": peer_id, "message_id": 0, "error": {"code": error.code, "description": str(error)}}
    number = 0 if call.community else stored["n"]
    return {"peer_id": peer_id, "message_id": number, "conversation_message_id": stored["cmid"]}


def _send_to(call: Call, peer_id: int) -> Row:
    box = call.box
    peer(box, peer_id)
    draft = _draft(call)
    with box.store.writing():
        if draft.random_id and (known := _same(box, peer_id, draft.random_id)):
            return known
        stored = messages.write(box, peer_id, draft)
        if not call.community:
            box.store.run("UPDATE messages SET sender_id = ? WHERE n = ?", VK_USER_ID, stored["n"])
    return stored


def _same(box: Sandbox, peer_id: int, random_id: int) -> Row | None:
    """The same number within an hour means the same message: nothing is sent again."""
    return box.store.row(
        "SELECT * FROM messages WHERE chat_id = ? AND random_id = ? AND sent_ms > ? ORDER BY n DESC LIMIT 1",
        *(peer_id, random_id, box.now_ms() - HOUR_MS),
    )


def _draft(call: Call) -> Draft:
    text, keyboard = call.text("message"), keyboard_told(call)
    if len(text) > LONGEST:
        raise VkError(914)
    if not text.strip() and not call.text("attachment"):
        raise VkError(100, "message is empty or invalid")
    return Draft(text, attachments=keyboard, random_id=call.number("random_id", 0))


def _named(call: Call) -> Row:
    box, peer_id = call.box, call.number("peer_id")
    peer(box, peer_id)
    number = call.number("cmid", call.number("conversation_message_id", 0))
    if not number:
        found = box.store.row(
            "SELECT * FROM messages WHERE chat_id = ? AND n = ? AND NOT deleted", peer_id, call.number("message_id")
        )
    else:
        found = messages.find_cmid(box, peer_id, number)
    if found is None:
        raise VkError(100, "message not found")
    return found


def edit(call: Call) -> int:
    found = _named(call)
    if not found["by_bot"]:
        raise VkError(920)
    if call.box.now_ms() - found["sent_ms"] > EDITABLE_MS:
        raise VkError(909)
    messages.change(call.box, found, _draft(call))
    return 1


def delete(call: Call) -> list[dict[str, Any]]:
    peer_id = call.number("peer_id")
    chat = peer(call.box, peer_id)
    return [_deleted(call, chat, cmid) for cmid in call.numbers("cmids")]


def _deleted(call: Call, chat: Row, cmid: int) -> dict[str, Any]:
    found = messages.find_cmid(call.box, chat["id"], cmid)
    told = {"peer_id": chat["id"], "conversation_message_id": cmid}
    if found is None:
        return {**told, "response": 0, "error": {"code": 104, "description": "Not found"}}
    old = call.box.now_ms() - found["sent_ms"] > EDITABLE_MS
    if call.flag("delete_for_all") and (old or not found["by_bot"]):
        return {**told, "response": 0, "error": {"code": 924, "description": str(VkError(924))}}
    messages.take_away(call.box, found)
    return {**told, "response": 1}


def pin(call: Call) -> dict[str, Any]:
    found = _named(call)
    _as_admin(call, found["chat_id"])
    call.box.store.run("UPDATE chats SET pinned = ? WHERE id = ?", found["mid"], found["chat_id"])
    told = message(found, call.sender)
    return {name: told[name] for name in ("conversation_message_id", "id", "date", "from_id", "peer_id", "text")}


def unpin(call: Call) -> int:
    peer_id = call.number("peer_id")
    _as_admin(call, peer_id)
    call.box.store.run("UPDATE chats SET pinned = NULL WHERE id = ?", peer_id)
    return 1


def _as_admin(call: Call, peer_id: int, code: int = 925) -> Row:
    chat = peer(call.box, peer_id)
    if call.community and chats.permissions_of(chat) is None:
        raise VkError(code)
    return chat


def history(call: Call) -> dict[str, Any]:
    box, peer_id = call.box, call.number("peer_id", call.number("user_id", 0))
    chat = _as_admin(call, peer_id, 917)
    count, offset = call.number("count", 20), call.number("offset", 0)
    if not 0 <= count <= 200:
        raise VkError(100, "count should be less or equal to 200")
    rows = messages.newest(box, chat["id"], count + offset)[offset:]
    total = box.store.number("SELECT count(*) FROM messages WHERE chat_id = ? AND NOT deleted", chat["id"])
    return {"count": total, "items": [message(row, call.sender) for row in rows]}


def by_conversation_id(call: Call) -> dict[str, Any]:
    chat = peer(call.box, call.number("peer_id"))
    found = [messages.find_cmid(call.box, chat["id"], cmid) for cmid in call.numbers("conversation_message_ids")]
    items = [message(row, call.sender) for row in found if row]
    return {"count": len(items), "items": items}


def conversation_members(call: Call) -> dict[str, Any]:
    """A community has to be administrator of the chat, else 917."""
    box = call.box
    chat = _as_admin(call, call.number("peer_id"), 917)
    people = chats.members(box, chat["id"])
    items: list[dict[str, Any]] = [_member(row) for row in people]
    items.append({"member_id": -VK_GROUP_ID, "is_admin": chats.permissions_of(chat) is not None, "join_date": 0})
    offset, count = call.number("offset", 0), call.number("count", 20)
    profiles = [
        {"id": row["user_id"], "first_name": row["first_name"], "last_name": row["last_name"]} for row in people
    ]
    groups = [{"id": VK_GROUP_ID, "name": "Звонок", "screen_name": f"club{VK_GROUP_ID}"}]
    return {"items": items[offset : offset + count], "count": len(items), "profiles": profiles, "groups": groups}


def _member(row: Row) -> dict[str, Any]:
    told = {"member_id": row["user_id"], "invited_by": 0, "join_date": row["joined_ms"] // 1000, "can_kick": False}
    return {**told, "is_admin": bool(row["is_admin"]), "is_owner": bool(row["is_owner"])}


def conversations_by_id(call: Call) -> dict[str, Any]:
    items = [conversation(call.box, peer(call.box, peer_id)) for peer_id in call.numbers("peer_ids")]
    return {"count": len(items), "items": items}


def conversations(call: Call) -> dict[str, Any]:
    """What MAX has no more: the chats of a community can be listed."""
    box = call.box
    offset, count = call.number("offset", 0), call.number("count", 20)
    rows = box.store.rows("SELECT * FROM chats WHERE platform = 'vk' AND bot = 'in' ORDER BY event_ms DESC, n")
    items = []
    for chat in rows[offset : offset + count]:
        last = messages.newest(box, chat["id"], 1)
        item: dict[str, Any] = {"conversation": conversation(box, chat)}
        items.append({**item, "last_message": message(last[0], call.sender)} if last else item)
    return {"count": len(rows), "items": items}


def conversation(box: Sandbox, chat: Row) -> dict[str, Any]:
    last = box.store.row("SELECT max(n) AS id, max(cmid) AS cmid FROM messages WHERE chat_id = ?", chat["id"])
    seen, cmid = (last["id"] or 0, last["cmid"] or 0) if last else (0, 0)
    count = box.store.number("SELECT count(*) FROM members WHERE chat_id = ?", chat["id"])
    admins = box.store.rows("SELECT user_id FROM members WHERE chat_id = ? AND is_admin", chat["id"])
    return {
        "peer": {"id": chat["id"], "type": "chat", "local_id": chat["id"] - chats.VK_CHATS_FROM},
        "version": seen,
        "last_message_id": seen,
        "last_conversation_message_id": cmid,
        "in_read": seen,
        "out_read": seen,
        "can_write": {"allowed": True},
        "chat_settings": {
            "title": chat["title"],
            "owner_id": admins[0]["user_id"] if admins else VK_USER_ID,
            "members_count": count + 1,
            "state": "in",
            "admin_ids": [row["user_id"] for row in admins],
            "active_ids": [],
            "is_group_channel": False,
            "acl": json.loads(ACL),
        },
    }


ACL = (
    '{"can_change_info": true, "can_change_invite_link": true, "can_change_pin": true, "can_invite": true,'
    ' "can_promote_users": false, "can_see_invite_link": true, "can_moderate": true, "can_copy_chat": false,'
    ' "can_call": false, "can_use_mass_mentions": true, "can_change_style": false}'
)


def invite_link(call: Call) -> dict[str, str]:
    chat = peer(call.box, call.number("peer_id"))
    return {"link": f"https://vk.me/join/sandbox{chat['n']}"}

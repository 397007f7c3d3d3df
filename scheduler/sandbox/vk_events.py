"""Events of VK chats for a community: Bots Long Poll with its three failures. The Callback API is not modelled."""

import json
import time
from typing import Any

from flask import request

from scheduler.sandbox.sandbox import VK_GROUP_ID, Sandbox
from scheduler.sandbox.store import Row
from scheduler.sandbox.vk_wire import Call

KEY = "sandbox-longpoll-key"
LONGEST_WAIT_S = 90


def vk_bot_event(box: Sandbox, chat: Row, kind: str, who: int) -> None:
    """A community learns of its coming and going from a service message."""
    action = "chat_invite_user" if kind == "bot_added" else "chat_kick_user"
    message = {
        "id": 0,
        "conversation_message_id": 0,
        "peer_id": chat["id"],
        "from_id": who,
        "date": box.now_ms() // 1000,
        "text": "",
        "out": 0,
        "version": 1,
        "action": {"type": action, "member_id": -VK_GROUP_ID},
    }
    told = {"type": "message_new", "v": "5.199", "group_id": VK_GROUP_ID, "object": {"message": message}}
    box.store.run("INSERT INTO vk_updates (body) VALUES (?)", json.dumps(told, ensure_ascii=False))


def server(call: Call) -> dict[str, str]:
    box = call.box
    return {"key": KEY, "server": f"{box.base()}/vk/longpoll", "ts": str(box.store.next_number("vk_updates") - 1)}


def poll(box: Sandbox) -> dict[str, Any]:
    """Answers `failed` 1: the number is from another time; 2: a wrong key."""
    if request.args.get("key") != KEY:
        return {"failed": 2}
    last = box.store.next_number("vk_updates") - 1
    told = request.args.get("ts", "")
    if not told.isdigit() or int(told) > last:
        return {"failed": 1, "ts": last}
    end = time.monotonic() + min(int(request.args.get("wait") or 25), LONGEST_WAIT_S)
    while True:
        with box.store.changed:
            rows = box.store.rows("SELECT n, body FROM vk_updates WHERE n > ? ORDER BY n LIMIT 100", int(told))
            left = end - time.monotonic()
            if rows or left <= 0:
                break
            box.store.changed.wait(min(left, 1))
    updates = [{**json.loads(row["body"]), "event_id": f"{row['n']:040x}"} for row in rows]
    return {"ts": str(rows[-1]["n"] if rows else told), "updates": updates}

"""Events for the bot: one numbered queue for polling, committed by its marker, or one request to an address."""

import json
from typing import Any

from scheduler.sandbox import chats
from scheduler.sandbox.sandbox import Sandbox
from scheduler.sandbox.store import Row

# What a bot hears even where it is no administrator (the maintainers' word in max-bot-api-client-go#164).
ALWAYS = {"bot_added", "bot_removed"}
READING = {"message_created", "message_edited", "message_removed"}
KEPT_MS = 24 * 3600 * 1000


def hears(chat: Row, kind: str) -> bool:
    if kind in ALWAYS or chat["type"] == "dialog":
        return True
    permissions = chats.permissions_of(chat)
    if chat["bot"] != "in" or permissions is None:
        return False
    return kind not in READING or "read_all_messages" in permissions


def emit(box: Sandbox, chat: Row, kind: str, **fields: Any) -> None:
    """Puts one event down where the bot may hear it. Waiting pollers are woken by `Store.wake` after the commit."""
    if not hears(chat, kind):
        return
    store, now = box.store, box.now_ms()
    body = json.dumps({"update_type": kind, "timestamp": now, **fields}, ensure_ascii=False)
    with store.writing():
        subscribed = store.rows("SELECT url, types FROM subscriptions ORDER BY at_ms, url")
        if not subscribed:
            store.run("INSERT INTO updates (type, at_ms, body) VALUES (?,?,?)", kind, now, body)
        for subscription in subscribed:
            if subscription["types"] is None or kind in json.loads(subscription["types"]):
                store.run("INSERT INTO hooks (url, body, due_ms) VALUES (?,?,?)", subscription["url"], body, now)


def commit(box: Sandbox, marker: int | None) -> int:
    """The number from which to read. A marker commits all before it for ever; one from another time counts as none."""
    store = box.store
    committed = int(store.kept("committed", 1))
    if marker is None or marker <= committed or marker > store.next_number("updates"):
        return committed
    with store.writing():
        store.keep("committed", marker)
        store.run("DELETE FROM updates WHERE n < ? OR at_ms < ?", marker, box.now_ms() - KEPT_MS)
    return marker


def batch(box: Sandbox, start: int, limit: int, types: set[str]) -> tuple[list[dict[str, Any]], int]:
    """Events from a number on, and the marker after them; those of other types are passed over and count as read."""
    found: list[dict[str, Any]] = []
    marker = start
    for row in box.store.rows("SELECT n, type, body FROM updates WHERE n >= ? ORDER BY n LIMIT 5000", start):
        marker = int(row["n"]) + 1
        if not types or row["type"] in types:
            found.append(json.loads(row["body"]))
        if len(found) == limit:
            break
    return found, marker

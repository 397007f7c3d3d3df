"""Messages as rows: written, changed, taken away, found. Who may do so is told by each messenger's API."""

import json
from dataclasses import dataclass, field
from typing import Any

from scheduler.sandbox.sandbox import BOT_ID, BOT_NAME, Sandbox
from scheduler.sandbox.store import Row

# Above 2**53: a client that reads the number as a float shows it at once.
FIRST_SEQ = 115_000_000_000_000_000


@dataclass(frozen=True)
class Draft:
    """What a new message or a changed one holds; `attachments` in the shape in which it will be given back."""

    text: str
    markup: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    link: dict[str, Any] | None = None
    notify: bool = True
    random_id: int = 0


def mid_of(chat_id: int, seq: int) -> str:
    return f"mid.{chat_id & (2**64 - 1):016x}{seq:016x}"


def seq_of(message: Row) -> int:
    return FIRST_SEQ + int(message["n"])


def write(box: Sandbox, chat_id: int, draft: Draft, *, user: tuple[int, str] | None = None) -> Row:
    """A new message of the bot, or of a user (id, name)."""
    sender, name = user or (BOT_ID, BOT_NAME)
    store = box.store
    with store.writing():
        number, now = store.next_number("messages"), box.now_ms()
        cmid = store.number("SELECT max(cmid) FROM messages WHERE chat_id = ?", chat_id) + 1
        store.run(
            "INSERT INTO messages (chat_id, mid, cmid, sender_id, sender_name, by_bot, text, markup, attachments, link,"
            " notify, random_id, sent_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            *(chat_id, mid_of(chat_id, FIRST_SEQ + number), cmid, sender, name, int(user is None), draft.text),
            *(json.dumps(draft.markup), json.dumps(draft.attachments, ensure_ascii=False)),
            *(json.dumps(draft.link) if draft.link else None, int(draft.notify), draft.random_id, now),
        )
        store.run("UPDATE chats SET event_ms = ? WHERE id = ?", now, chat_id)
        if user is None:
            store.count("sent")
        return _sure(store.row("SELECT * FROM messages WHERE n = ?", number))


def change(box: Sandbox, message: Row, draft: Draft) -> Row:
    with box.store.writing():
        box.store.run(
            "UPDATE messages SET text = ?, markup = ?, attachments = ?, edited_ms = ? WHERE n = ?",
            *(draft.text, json.dumps(draft.markup), json.dumps(draft.attachments, ensure_ascii=False)),
            *(box.now_ms(), message["n"]),
        )
        if message["by_bot"]:
            box.store.count("edited")
        return _sure(box.store.row("SELECT * FROM messages WHERE n = ?", message["n"]))


def take_away(box: Sandbox, message: Row, *, by_bot: bool = True) -> None:
    """Out of everybody's sight and out of the pin; the row stays, so that what happened can be told."""
    with box.store.writing():
        box.store.run("UPDATE messages SET deleted = 1 WHERE n = ?", message["n"])
        box.store.run("UPDATE chats SET pinned = NULL WHERE id = ? AND pinned = ?", message["chat_id"], message["mid"])
        if by_bot:
            box.store.count("deleted")


def find(box: Sandbox, mid: str) -> Row | None:
    full = mid if mid.startswith("mid.") else f"mid.{mid}"
    return box.store.row("SELECT * FROM messages WHERE mid = ? AND NOT deleted", full)


def find_cmid(box: Sandbox, chat_id: int, cmid: int) -> Row | None:
    return box.store.row("SELECT * FROM messages WHERE chat_id = ? AND cmid = ? AND NOT deleted", chat_id, cmid)


def newest(box: Sandbox, chat_id: int, count: int, *, since: int = 0, until: int = 2**62) -> list[Row]:
    """Newest first, between two times in milliseconds, both included."""
    return box.store.rows(
        "SELECT * FROM messages WHERE chat_id = ? AND NOT deleted AND sent_ms BETWEEN ? AND ?"
        " ORDER BY sent_ms DESC, n DESC LIMIT ?",
        *(chat_id, since, until, count),
    )


def keyboard_of(message: Row) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = []
    for attachment in json.loads(message["attachments"]):
        if attachment.get("type") == "inline_keyboard":
            rows.extend(attachment["payload"]["buttons"])
    return rows


def _sure(row: Row | None) -> Row:
    if row is None:
        raise LookupError("a message written in this transaction is not there")
    return row

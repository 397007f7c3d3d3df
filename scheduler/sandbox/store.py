"""The sandbox's memory: one SQLite file, committed before anything is answered. It knows no messenger's rules."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS chats (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL UNIQUE, platform TEXT NOT NULL, type TEXT NOT NULL,
  title TEXT NOT NULL, created_ms INTEGER NOT NULL, event_ms INTEGER NOT NULL,
  bot TEXT NOT NULL, permissions TEXT, pinned TEXT, user_id INTEGER);
CREATE TABLE IF NOT EXISTS members (
  chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
  is_admin INTEGER NOT NULL, is_owner INTEGER NOT NULL, joined_ms INTEGER NOT NULL,
  PRIMARY KEY (chat_id, user_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  n INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, mid TEXT NOT NULL UNIQUE, cmid INTEGER NOT NULL,
  sender_id INTEGER NOT NULL, sender_name TEXT NOT NULL, by_bot INTEGER NOT NULL, text TEXT NOT NULL,
  markup TEXT NOT NULL, attachments TEXT NOT NULL, link TEXT, notify INTEGER NOT NULL, random_id INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL, edited_ms INTEGER, deleted INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS messages_of_chat ON messages (chat_id, n);
CREATE TABLE IF NOT EXISTS updates (
  n INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (
  url TEXT PRIMARY KEY, secret TEXT, types TEXT, at_ms INTEGER NOT NULL, failing_since_ms INTEGER);
CREATE TABLE IF NOT EXISTS hooks (
  n INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS vk_updates (n INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, token TEXT NOT NULL UNIQUE, url TEXT NOT NULL,
  started_by TEXT NOT NULL, at_ms INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
COUNTERS = ("sent", "edited", "deleted", "rejected", "rate_limited", "injected")
EMPTIED = ("chats", "members", "messages", "updates", "hooks", "subscriptions", "vk_updates", "calls", "counters")

Row = sqlite3.Row


class Store:
    """One connection behind one lock: the file is the only truth, and threads take turns."""

    def __init__(self, path: Path) -> None:
        self.changed = threading.Condition()
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything within is committed at its end, or none of it; one inside another belongs to the outer one."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        with self._lock:
            found: Row | None = self._db.execute(sql, values).fetchone()
            return found

    def number(self, sql: str, *values: object) -> int:
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def run(self, sql: str, *values: object) -> int:
        """The number of the row put in."""
        with self.writing():
            return self._db.execute(sql, values).lastrowid or 0

    def count(self, name: str) -> None:
        self.run(
            "INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", name
        )

    def counters(self) -> dict[str, int]:
        found = {row["name"]: row["value"] for row in self.rows("SELECT name, value FROM counters")}
        return {name: found.get(name, 0) for name in COUNTERS}

    def kept(self, key: str, default: Any = None) -> Any:
        found = self.row("SELECT value FROM meta WHERE key = ?", key)
        return json.loads(found["value"]) if found else default

    def keep(self, key: str, value: object) -> None:
        self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, json.dumps(value))

    def next_number(self, table: str) -> int:
        """The number that the next row of a table will get; numbers are never given twice, not even after a reset."""
        return self.number("SELECT seq FROM sqlite_sequence WHERE name = ?", table) + 1

    def empty(self) -> None:
        """All chats and messages away. Numbering goes on, so that what a client remembers can mean nothing new."""
        with self.writing():
            for table in EMPTIED:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 — the names stand above in this file
            self._db.execute("DELETE FROM meta WHERE key != 'committed'")

    def wake(self) -> None:
        """Tells those who wait for an event that there may be one; called after the commit."""
        with self.changed:
            self.changed.notify_all()

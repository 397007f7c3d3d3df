"""Delivers events to subscribed addresses as MAX does: one request an event, retries, in the end unsubscribed.

It runs in a thread of its own, in the process that answers; what waits stands in the state file and outlives a restart.
"""

import threading

import httpx

from scheduler.sandbox.sandbox import Sandbox
from scheduler.sandbox.store import Row

# Messengers reference §4.2: 60 s, 150 s, 375 s, …; at most 10; after 8 hours without success the bot is unsubscribed.
FIRST_PAUSE_MS, GROWTH, MOST_ATTEMPTS = 60_000, 2.5, 10
UNSUBSCRIBED_AFTER_MS = 8 * 3600 * 1000
TIMEOUT_S = 30


class Postman:
    """Started once; sleeps until something is due. `deliver_due` is also what a test calls without a thread."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._box.store.wake()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
            while not self._ended.is_set():
                if not self.deliver_due(client):
                    with self._box.store.changed:
                        self._box.store.changed.wait(0.5)

    def deliver_due(self, client: httpx.Client) -> int:
        """How many were tried; before that, addresses that failed for too long lose their subscription."""
        self._unsubscribe_lost()
        due = self._box.store.rows("SELECT * FROM hooks WHERE due_ms <= ? ORDER BY n LIMIT 50", self._box.now_ms())
        for hook in due:
            if self._ended.is_set():
                break
            self._settle(hook, accepted=self._post(client, hook))
        return len(due)

    def _post(self, client: httpx.Client, hook: Row) -> bool:
        to = self._box.store.row("SELECT secret FROM subscriptions WHERE url = ?", hook["url"])
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if to and to["secret"]:
            headers["X-Max-Bot-Api-Secret"] = to["secret"]
        try:
            return client.post(hook["url"], content=hook["body"].encode(), headers=headers).status_code == 200
        except httpx.HTTPError:
            return False

    def _settle(self, hook: Row, *, accepted: bool) -> None:
        store, now = self._box.store, self._box.now_ms()
        with store.writing():
            if accepted:
                store.run("DELETE FROM hooks WHERE n = ?", hook["n"])
                store.run("UPDATE subscriptions SET failing_since_ms = NULL WHERE url = ?", hook["url"])
                return
            store.run(
                "UPDATE subscriptions SET failing_since_ms = coalesce(failing_since_ms, ?) WHERE url = ?",
                *(now, hook["url"]),
            )
            attempts = hook["attempts"] + 1
            pause = int(FIRST_PAUSE_MS * GROWTH ** (attempts - 1))
            store.run("UPDATE hooks SET attempts = ?, due_ms = ? WHERE n = ?", attempts, now + pause, hook["n"])
            store.run("DELETE FROM hooks WHERE attempts > ?", MOST_ATTEMPTS)

    def _unsubscribe_lost(self) -> None:
        store, since = self._box.store, self._box.now_ms() - UNSUBSCRIBED_AFTER_MS
        for lost in store.rows("SELECT url FROM subscriptions WHERE failing_since_ms <= ?", since):
            with store.writing():
                store.run("DELETE FROM subscriptions WHERE url = ?", lost["url"])
                store.run("DELETE FROM hooks WHERE url = ?", lost["url"])

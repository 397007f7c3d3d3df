"""MAX methods by which events reach a bot (messengers reference §4) and the first step of an upload."""

import json
import re
import time
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request

from scheduler.sandbox import updates
from scheduler.sandbox.max_wire import OK, MaxError, bad, body, bp, number, too_many
from scheduler.sandbox.sandbox import Sandbox, current

SECRET = re.compile(r"[a-zA-Z0-9_-]{5,256}")
SHORTEST_S = 0.3
LOCAL = {"127.0.0.1", "localhost", "::1"}


@bp.get("/updates")
def poll() -> dict[str, Any] | Response:
    """Waits up to `timeout` seconds; a marker commits everything before it, the same one again gives the same batch."""
    box = current()
    limit = number("limit", 100, least=1, most=1000) or 100
    seconds = number("timeout", 30, least=0, most=90)
    marker = number("marker")
    if box.store.row("SELECT 1 FROM subscriptions"):
        raise MaxError(405, "not.allowed", "Polling is off while a webhook subscription exists")
    if box.limited and not box.buckets.apart("poll", SHORTEST_S):
        return too_many(box)
    types = {part for part in request.args.get("types", "").split(",") if part}
    found, after = _wait(box, updates.commit(box, marker), limit, types, seconds=seconds or 0)
    return {"updates": found, "marker": after}


def _wait(box: Sandbox, start: int, limit: int, types: set[str], *, seconds: int) -> tuple[list[dict[str, Any]], int]:
    end = time.monotonic() + seconds
    gone = request.environ.get("waitress.client_disconnected")
    while True:
        with box.store.changed:
            found, after = updates.batch(box, start, limit, types)
            left = end - time.monotonic()
            if found or left <= 0 or (gone and gone()):
                return found, after
            box.store.changed.wait(min(left, 1))


@bp.get("/subscriptions")
def subscriptions() -> dict[str, Any]:
    rows = current().store.rows("SELECT url, at_ms, types FROM subscriptions ORDER BY at_ms, url")
    told = [
        {"url": row["url"], "time": row["at_ms"], "update_types": json.loads(row["types"]) if row["types"] else None}
        for row in rows
    ]
    return {"subscriptions": told}


@bp.post("/subscriptions")
def subscribe() -> dict[str, Any]:
    """An https address on port 443; beside it, unless the switch `strict` is on, addresses of this machine."""
    box, told = current(), body()
    url, secret, types = str(told.get("url") or ""), told.get("secret"), told.get("update_types")
    if not _fit(url, strict=bool(box.switch("strict", default=False))):
        raise bad("url: https without a port expected")
    if secret is not None and not (isinstance(secret, str) and SECRET.fullmatch(secret)):
        raise bad("secret: ^[a-zA-Z0-9_-]{5,256}$ expected")
    if types is not None and not isinstance(types, list):
        raise bad("update_types: a list expected")
    box.store.run(
        "INSERT OR REPLACE INTO subscriptions (url, secret, types, at_ms) VALUES (?,?,?,?)",
        *(url, secret, json.dumps(types) if types else None, box.now_ms()),
    )
    box.store.wake()
    return OK


def _fit(url: str, *, strict: bool) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname and parts.port is None:
        return True
    return not strict and parts.scheme in ("http", "https") and parts.hostname in LOCAL


@bp.delete("/subscriptions")
def unsubscribe() -> dict[str, Any]:
    box, url = current(), request.args.get("url", "")
    with box.store.writing():
        known = box.store.row("SELECT 1 FROM subscriptions WHERE url = ?", url)
        box.store.run("DELETE FROM subscriptions WHERE url = ?", url)
        box.store.run("DELETE FROM hooks WHERE url = ?", url)
    return OK if known else {"success": False, "message": "Subscription not found"}


@bp.post("/uploads")
def upload() -> dict[str, Any]:
    box, kind = current(), request.args.get("type")
    if kind not in ("image", "video", "audio", "file"):
        raise bad("type: image, video, audio or file")
    with box.store.writing():
        turn = int(box.store.kept("uploads", 0)) + 1
        box.store.keep("uploads", turn)
        box.store.keep(f"upload:{turn}", kind)
    told: dict[str, Any] = {"url": f"{box.base()}/upload/{turn}"}
    return {**told, "token": f"upload-{turn}"} if kind in ("video", "audio") else told


@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown(rest: str) -> dict[str, Any]:
    """Also `GET /chats`, which is gone since June 2026."""
    raise MaxError(404, "not.found", f"No such method: {request.method} /{rest}")

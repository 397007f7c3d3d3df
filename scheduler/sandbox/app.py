"""Puts the sandbox together: the two APIs, the pages, the control interface, and what surrounds every request."""

import dataclasses
import time
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider

from scheduler.sandbox import (
    control,
    control_chats,
    max_chats,
    max_messages,
    max_updates,
    max_wire,
    new_chats,
    page,
    vk_api,
)
from scheduler.sandbox.answers import after_fault
from scheduler.sandbox.sandbox import Sandbox, current
from scheduler.sandbox.settings import Clock, OffsetClock, Settings
from scheduler.sandbox.webhooks import Postman

METHODS = (max_chats, max_messages, max_updates, control_chats)  # importing them puts their routes on the blueprint
MASKED = {"access_token", "captcha_key", "secret"}


class UnicodeJson(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False


def create_sandbox(
    state_path: str | Path, *, clock: Clock | None = None, limits: bool = True, postman: bool = True, **settings: Any
) -> Flask:
    """A sandbox over one state file; more keywords are fields of Settings. Without `postman` no thread is started."""
    path = Path(state_path)
    clock = clock or OffsetClock(path.parent / "clock_offset")
    return create_app(Settings(state_path=path, clock=clock, limits=limits, **settings), postman=postman)


def create_app(settings: Settings, *, postman: bool = True) -> Flask:
    app = Flask("scheduler.sandbox", static_folder="static", template_folder="templates")
    box = Sandbox(dataclasses.replace(settings, public_url=settings.public_url.rstrip("/")))
    app.json = UnicodeJson(app)
    app.extensions["sandbox"] = box
    app.before_request(_started)
    app.after_request(_finished)
    for blueprint in (max_wire.bp, vk_api.bp, control.bp, page.bp, new_chats.bp):
        app.register_blueprint(blueprint)
    if postman:
        app.extensions["postman"] = Postman(box)
        app.extensions["postman"].start()
    return app


def close(app: Flask) -> None:
    """Ends the thread and closes the file; for tests, a killed process loses nothing either."""
    if "postman" in app.extensions:
        app.extensions["postman"].stop()
    app.extensions["sandbox"].store.close()


def _started() -> None:
    g.began = time.monotonic()


def _finished(response: Response) -> Response:
    if not request.path.startswith(("/max/", "/vk/")):
        return response
    from_fault = after_fault(response)
    _note(from_fault)
    return from_fault


def _note(response: Response) -> None:
    box = current()
    query = {name: "***" if name in MASKED else value for name, value in request.args.items()}
    box.log.append(
        {
            "at_ms": box.now_ms(),
            "method": request.method,
            "path": request.path,
            "query": query,
            "status": response.status_code,
            "took_ms": round((time.monotonic() - g.began) * 1000, 1),
            "fault": g.fault.id if "fault" in g and g.fault else None,
        }
    )

"""Serves a sandbox through waitress: for good in its own process, or in a thread of a test."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

THREADS = 48
JOIN_S = 10


def options(threads: int) -> dict[str, Any]:
    """`channel_request_lookahead` lets a long poll notice that its client has gone."""
    return {"threads": threads, "channel_request_lookahead": 1, "asyncore_use_poll": True, "ident": "sandbox"}


@contextlib.contextmanager
def running(app: Flask, *, port: int = 0, threads: int = 12) -> Iterator[str]:
    """The address of a server in a thread; all is closed at the end."""
    channels: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=port, map=channels, **options(threads))
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        thread.join(JOIN_S)
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)

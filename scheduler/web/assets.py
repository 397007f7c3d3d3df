"""Files that pages load: addresses with a hash of the content, kept by browsers for a year, and compression."""

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.wrappers import Response

YEAR = 365 * 24 * 3600
SMALL = 500
PACKED = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"})


def init_assets(app: Flask) -> None:
    """Give `url_for('static', …)` its hash, and pack what is text."""
    folder = Path(app.static_folder or "")
    app.url_defaults(lambda endpoint, values: _add_hash(folder, endpoint, values))
    app.after_request(keep_long)
    app.after_request(pack)


def _add_hash(folder: Path, endpoint: str, values: dict[str, Any]) -> None:
    path = folder / str(values.get("filename", ""))
    if endpoint == "static" and "v" not in values and path.is_file():
        values["v"] = _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=200)
def _hash(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def keep_long(response: Response) -> Response:
    """An address with a hash never changes its content."""
    if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def pack(response: Response) -> Response:
    """Gzip text for browsers that take it.

    Pages asked for from another site are left plain, so that nobody can guess secrets from lengths (BREACH); the form
    token differs every second besides.
    """
    if response.mimetype not in PACKED or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.headers.get("Sec-Fetch-Site") == "cross-site":  # noqa: PLR2004 - OK
        return response
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALL:
        return response
    response.set_data(_packed(body) if request.endpoint == "static" else gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _is_weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=50)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)

"""The peers of `bench/feed.py` as WSGI applications of one server: bare, a Flask view without a database, the product.

FEED_BENCH_BODY names a file with the gzipped calendar, FEED_BENCH_TAG holds its ETag.
"""

import os
from pathlib import Path

from flask import Flask, Response, request

TAG = os.environ.get("FEED_BENCH_TAG", "")
BODY = Path(os.environ["FEED_BENCH_BODY"]).read_bytes() if "FEED_BENCH_BODY" in os.environ else b""
HEADERS = [
    ("Content-Type", "text/calendar; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Cache-Control", "private, max-age=300"),
    ("Vary", "Accept-Encoding"),
    ("ETag", f'W/"{TAG}"'),
]


def bare(environ, start_response):
    if TAG in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", HEADERS[2:])
        return [b""]
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(BODY)))])
    return [BODY]


flask_view = Flask("peer")


@flask_view.get("/feeds/<token>.ics")
def view(token):
    response = Response(BODY, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(TAG, weak=True)
    return response.make_conditional(request)


def product():
    from scheduler import create_app  # noqa: PLC0415 - the peers are served without the product

    return create_app()


ours = product() if os.environ.get("FEED_BENCH_OURS") else None

"""The address that calendar programs read: headers, conditional requests and compression; the bytes come ready."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, request
from flask.blueprints import BlueprintSetupState
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

from scheduler.calendars.bodies import feed_state, memory_of
from scheduler.calendars.feeds import FeedAnswer, feed_answer
from scheduler.calendars.readers import is_note_due
from scheduler.database import db
from scheduler.web.access import public

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

blueprint = Blueprint("feeds", __name__)
_MAX_AGE = 300
_PREFIX, _SUFFIX = "/feeds/", ".ics"
_SHARED = (
    ("Vary", "Accept-Encoding"),
    ("Cache-Control", f"private, max-age={_MAX_AGE}"),
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A ready answer: `status` with its reason, headers and body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@blueprint.get("/feeds/<token>.ics")
@public
def feed(token: str) -> Response:
    """A calendar by its secret; an unknown one answers like a replaced one."""
    answer = feed_answer(token, request.user_agent.string)
    if answer is None:
        abort(404)
    reply = reply_to(request.environ, answer)
    return Response(reply.body, reply.status, reply.headers)


def reply_to(environ: "WSGIEnvironment", answer: FeedAnswer) -> Reply:
    """The answer as this reader may take it: 304, gzip, or plain text.

    The validator is weak: both encodings share it (RFC 9110 §8.8.1), and If-None-Match compares weakly (§13.1.2).
    """
    headers = [*_SHARED, ("ETag", f'W/"{answer.etag}"'), ("Last-Modified", http_date(answer.last_modified))]
    if _is_known(environ, answer):
        return Reply("304 NOT MODIFIED", headers, b"")
    body = answer.gzipped
    if parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))["gzip"] > 0:
        headers.append(("Content-Encoding", "gzip"))
    else:
        body = gzip.decompress(body)
    headers += [("Content-Type", "text/calendar; charset=utf-8"), ("Content-Length", str(len(body)))]
    if "download" in environ.get("QUERY_STRING", ""):
        headers.append(("Content-Disposition", "attachment; filename=lessons.ics"))
    return Reply("200 OK", headers, body)


def _is_known(environ: "WSGIEnvironment", answer: FeedAnswer) -> bool:
    """Whether the reader has these bytes already; If-None-Match goes before the date (RFC 9110 §13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags:
        return bool(parse_etags(tags).contains_weak(answer.etag))
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and answer.last_modified <= since


class FeedDoor:
    """Answers calendar programs that come for known bytes before Flask is woken; all else goes on to the view.

    Thousands of phones ask every hour for what has not changed: one query, no request context.
    """

    def __init__(self, app: Flask, inner: "WSGIApplication", engine: sa.Engine) -> None:
        self._app, self._inner, self._engine = app, inner, engine
        self._memory = memory_of(app)
        self._driver_error = engine.dialect.loaded_dbapi.Error

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(_PREFIX) or not path.endswith(_SUFFIX):
            return self._inner(environ, start_response)
        method = environ["REQUEST_METHOD"]
        answer = self._known(path[len(_PREFIX) : -len(_SUFFIX)]) if method in ("GET", "HEAD") else None
        if answer is None:
            return self._inner(environ, start_response)
        reply = reply_to(environ, answer)
        start_response(reply.status, reply.headers)
        return [b"" if method == "HEAD" else reply.body]

    def _known(self, token: str) -> FeedAnswer | None:
        try:
            state = feed_state(self._engine, token)
        except (sa.exc.SQLAlchemyError, self._driver_error):
            return None  # the view meets the same failure and answers it in the product's own way
        body = self._memory.get(state) if state else None
        if state is None or body is None or is_note_due(self._app, state.feed_id):
            return None
        return FeedAnswer(body.etag, body.modified_at, body.gzipped)


@blueprint.record_once
def _put_door(state: BlueprintSetupState) -> None:
    app: Any = state.app
    with app.app_context():
        app.wsgi_app = FeedDoor(app, app.wsgi_app, db.engine)

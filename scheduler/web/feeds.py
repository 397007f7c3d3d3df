"""The address that calendar programs read: headers, conditional requests and compression; the bytes come ready."""

import gzip

from flask import Blueprint, Response, abort, request

from scheduler.calendars.feeds import feed_answer
from scheduler.web.access import public

blueprint = Blueprint("feeds", __name__)
_MAX_AGE = 300


@blueprint.get("/feeds/<token>.ics")
@public
def feed(token: str) -> Response:
    """A calendar by its secret; an unknown one answers like a replaced one.

    The validator is weak: both encodings share it (RFC 9110 §8.8.1), and If-None-Match compares weakly (§13.1.2).
    """
    answer = feed_answer(token, request.user_agent.string)
    if answer is None:
        abort(404)
    is_gzipped = request.accept_encodings["gzip"] > 0
    response = Response(
        answer.gzipped if is_gzipped else gzip.decompress(answer.gzipped), content_type="text/calendar; charset=utf-8"
    )
    if is_gzipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"private, max-age={_MAX_AGE}"
    response.headers["X-Robots-Tag"] = "noindex"
    if "download" in request.args:
        response.headers["Content-Disposition"] = "attachment; filename=lessons.ics"
    response.set_etag(answer.etag, weak=True)
    response.last_modified = answer.last_modified
    return response.make_conditional(request)

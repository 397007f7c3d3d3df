"""Answers in JSON that a program may keep: an ETag of the content, 304 where it has it already."""

from typing import Any

from flask import Response, jsonify, request


def answer(**values: Any) -> Response:
    """200 with these values, or 304."""
    response = jsonify(values)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Cookie, Accept-Language"
    response.add_etag()
    response.make_conditional(request)
    return response

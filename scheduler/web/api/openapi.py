"""The interface's own description, OpenAPI 3.1; a test holds it against the routes and their answers."""

import json
from functools import cache
from importlib import resources
from typing import Any

from flask import Response, current_app

from scheduler.web.access import public
from scheduler.web.api.answering import answer


@public
def document() -> Response:
    """What can be asked, and how it is answered."""
    server = {"url": f"{current_app.config['PUBLIC_URL']}/api/v1"}
    return answer(**description(), servers=[server])


@cache
def description() -> dict[str, Any]:
    """The document as it lies in the package."""
    text = resources.files("scheduler.web.api").joinpath("openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found

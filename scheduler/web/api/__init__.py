"""The programs' interface, `/api/v1/…`: what the staff's pages show, as JSON, and booking."""

from flask import Blueprint, current_app, request

from scheduler.web import rate_limits
from scheduler.web.access import bearer, get_visitor, visitor
from scheduler.web.api import book, chats, lessons, openapi, school
from scheduler.web.api.asking import TooOftenError
from scheduler.web.security import csrf

PER_MINUTE = 120

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)

blueprint.get("/openapi.json")(openapi.document)
blueprint.get("/school")(school.school)
blueprint.get("/classes")(school.classes)
blueprint.get("/courses")(school.courses)
blueprint.get("/lessons")(lessons.lessons)
blueprint.get("/lessons/<int:lesson_id>")(lessons.lesson)
blueprint.post("/lessons")(book.book)
blueprint.patch("/lessons/<int:lesson_id>")(book.change)
blueprint.post("/lessons/<int:lesson_id>/cancel")(book.cancel)
blueprint.get("/chats")(chats.chats)
blueprint.get("/remote-days")(chats.remote_days)


@blueprint.before_request
def _ensure_sent_by_its_owner() -> None:
    """A browser's cookie alone must not book: without a key a form's token is asked for, as on every page."""
    if bearer() is None and current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()


@blueprint.before_request
def _ensure_seldom() -> None:
    if visitor() is None:
        return
    found = get_visitor()
    if not rate_limits.hit(f"{PER_MINUTE} per minute", "api", str(found.person_id), request.method):
        raise TooOftenError

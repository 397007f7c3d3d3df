"""The few addresses around the screens: the beginning, the language, robots."""

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from scheduler.permissions import Action
from scheduler.translations import LOCALES
from scheduler.web.access import public, safe_path, signed_in, visitor_may

blueprint = Blueprint("home", __name__)

YEAR = 365 * 24 * 3600


@blueprint.get("/")
@signed_in
def index() -> BaseResponse:
    """Where a person's day begins."""
    return redirect("/today" if visitor_may(Action.VIEW_STAFF_PAGES) else "/my")


@blueprint.post("/language")
@public
def choose_language() -> BaseResponse:
    """Remember the reader's language on this device."""
    answer = redirect(safe_path(request.form.get("next")), 303)
    wish = request.form.get("lang", "")
    if wish in LOCALES:
        is_secure = current_app.config["SETTINGS"].is_secure
        answer.set_cookie("lang", wish, max_age=YEAR, secure=is_secure, httponly=True, samesite="Lax")
    return answer


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")

"""Every refusal in one place: its status and its words, in the shell's look; under /api/ as JSON."""

from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, default_exceptions

from scheduler.chats.errors import NoSuchPostError
from scheduler.database import db
from scheduler.models.refusals import RefusalError
from scheduler.planning.errors import NotThereError, StaleError, TakenError
from scheduler.planning.permission import NotAllowedError
from scheduler.web.access import visitor

REFUSALS: dict[type[RefusalError], int] = {
    NotThereError: 404,
    NotAllowedError: 403,
    TakenError: 409,
    StaleError: 409,
    NoSuchPostError: 404,
    RefusalError: 422,
}
"""The status of each refusal of a use case that its view did not put beside a field."""

log = structlog.get_logger(__name__)

NEVER_REPEATED = ("password", "csrf_token", "token")


@dataclass(frozen=True, slots=True)
class Words:
    """What a person is told: what happened, and what to do now."""

    title: str
    text: str


class TooManyTriesError(Exception):
    """Somebody knocks too often; the words say when to come back."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def init_errors(app: Flask) -> None:
    """Show every refusal and every failure as a page of ours."""
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_status)
    app.register_error_handler(RefusalError, show_refusal)
    app.register_error_handler(TooManyTriesError, show_too_many)
    for out_of_range in (OverflowError, DataError):
        app.register_error_handler(out_of_range, show_out_of_range)
    app.register_error_handler(IntegrityError, show_twice)


def show_status(error: HTTPException) -> Response:
    """A status that a view or Flask raised; redirects pass as they are."""
    code = error.code or 500
    if error.response is not None or code < 400:  # noqa: PLR2004 - below are no errors
        return make_response(error.get_response())
    if code >= 500:  # noqa: PLR2004 - what failed may be the database: nothing more is asked of it
        g.is_broken = True
        g.visitor = None
    words = words_for(code)
    said = error.description if is_own(error) else words.text
    return show(code, Words(words.title, said or words.text))


def is_own(error: HTTPException) -> bool:
    """Whether a view wrote the sentence itself; werkzeug's own are for programmers."""
    usual = default_exceptions.get(error.code or 0)
    return usual is not None and error.description != usual.description and type(error) is usual and error.code != 500  # noqa: PLR2004 - may hold technical words


def show_refusal(error: RefusalError) -> Response:
    """A use case refused, and its view had no field to put the sentence beside."""
    code = next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)
    return show(code, Words(_("This cannot be done"), error.text))


def show_out_of_range(_error: Exception) -> Response:
    """A number, date or letter that no row can hold: PostgreSQL says so itself, for SQLite and dates Python does."""
    db.session.rollback()
    code = 404 if request.method in ("GET", "HEAD") else 400
    return show(code, words_for(code))


def show_twice(error: IntegrityError) -> Response:
    """Two people made the same thing at one instant, or what this refers to has just gone: one of them won."""
    db.session.rollback()
    log.warning("written_twice", kind=type(error.orig).__name__, path=request.url_rule and request.url_rule.rule)
    text = _("Somebody has just changed the same thing. Open the page anew and look whether it is there already.")
    return show(409, Words(_("This cannot be done"), text))


def show_too_many(error: TooManyTriesError) -> Response:
    """429 with the words of who refused."""
    answer = show(429, Words(words_for(429).title, error.text))
    answer.headers["Retry-After"] = "60"
    return answer


def show_expired_form(_error: CSRFError) -> Response:
    """The form's token is gone. What was typed is shown and can be sent again, if it came from our own page."""
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and visitor() is not None
    typed = [(name, value) for name, value in request.form.items(multi=True) if is_repeatable(name)] if is_ours else []
    if wants_json():
        return show(400, words_for(400))
    page = render_template("errors/expired_form.html", typed=typed, token=generate_csrf(), back=request.full_path)
    return make_response(page, 400)


def is_repeatable(name: str) -> bool:
    """Passwords and tokens are never written into a page."""
    return not any(word in name.lower() for word in NEVER_REPEATED)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def show(code: int, words: Words) -> Response:
    """The page, or under /api/ the one shape of errors."""
    if wants_json():
        return make_response(jsonify(error={"status": code, "title": words.title, "text": words.text}), code)
    return make_response(render_template("errors/error.html", code=code, words=words), code)


def words_for(code: int) -> Words:
    """The words of a status; an unlisted one is told like its family's first."""
    known = {
        400: Words(_("The request was not understood"), _("Go back, check what you typed and send it again.")),
        401: Words(_("Please sign in"), _("This is shown after signing in.")),
        403: Words(_("This is not open to you"), _("The school has not entrusted this to your role.")),
        404: Words(_("There is no such page"), _("The address is mistyped, or it is no longer in use.")),
        405: Words(_("The request was not understood"), _("Open the page anew and try once more.")),
        413: Words(_("The file is too large"), _("Choose a smaller one; a timetable seldom takes more than 10 MB.")),
        429: Words(_("Too many tries"), _("Please wait a minute and try again.")),
        500: Words(_("Something broke on our side"), _("Nothing was changed. Try once more in a minute.")),
    }
    return known.get(code) or known[500 if code >= 500 else 400]  # noqa: PLR2004 - the families of statuses

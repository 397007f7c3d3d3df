"""A form for people: new chats with the bot already in them, as a class teacher would make them on the phone."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from scheduler.sandbox.control_chats import make_all
from scheduler.sandbox.sandbox import current

bp = Blueprint("new_chats", __name__)
MOST = 300
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@bp.after_request
def _strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/new")
def ask() -> str:
    """One title a line; `titles` of the address fills them in."""
    return render_template("new_chats.html", titles=request.args.get("titles", "")[:20_000])


@bp.post("/new")
def make() -> BaseResponse:
    """Makes those that there are not yet. Only from this page: no other site may fill the sandbox."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    box = current()
    known = {row["title"] for row in box.store.rows("SELECT title FROM chats")}
    lines = dict.fromkeys(line.strip() for line in request.form.get("titles", "").splitlines())
    titles = [title for title in lines if title and title not in known][:MOST]
    make_all(box, [{"title": title, "members": [_owner(title)]} for title in titles])
    return redirect(url_for("page.index"), 303)


def _owner(title: str) -> str:
    """Somebody must be in the chat beside the bot."""
    return f"Администратор чата «{title}»"

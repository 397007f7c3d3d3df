"""Who is asking, and may they: the guard before every view. A view says its own need, and one that says none is shut.

`@requires(Action.X)` (any of those named), `@signed_in` (an account, even before it chose a school) or `@public`.
Rows are fetched with `get_in_school`; scopes narrower than the school are asked with `ensure_may`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.base import SchoolRow
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.permissions import Action, Grant, may
from scheduler.planning import api_keys, devices

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row", bound=SchoolRow)

COOKIE = "device"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view needs: one of `actions`, or an account, or nothing."""

    actions: frozenset[Action] = frozenset()
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in; without a person the school is still to be chosen.

    A program's key stands for its person: it has no device, and writes only where it was made so.
    """

    device_id: int
    account_id: int
    person_id: int | None
    school_id: int | None
    grants: tuple[Grant, ...]
    may_write: bool = True


def requires(*actions: Action) -> Callable[[View], View]:
    """Label a view with the actions of which its visitor must have one, within some scope."""

    def label(view: View) -> View:
        view.access = Access(frozenset(actions))  # type: ignore[attr-defined]  # functions take attributes
        return view

    return label


def signed_in(view: View) -> View:
    """Label a view for any account, also before it has chosen its school."""
    view.access = Access()  # type: ignore[attr-defined]  # functions take attributes
    return view


def public(view: View) -> View:
    """Label a view for everybody."""
    view.access = Access(is_public=True)  # type: ignore[attr-defined]  # functions take attributes
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The label of an endpoint; None where its author forgot it."""
    return getattr(app.view_functions[endpoint], "access", None)


def init_access(app: Flask) -> None:
    """Put the guard before every view."""
    public(app.view_functions["static"])
    app.before_request(_guard)
    app.jinja_env.globals["may"] = visitor_may


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    need = access_of(current_app, request.endpoint)
    if need is None:
        abort(403)
    if need.is_public:
        return None
    found = visitor()
    if found is None:
        return _to_sign_in()
    if need.actions and found.person_id is None:
        return redirect(url_for("sign_in.choose_school", next=here()))
    if need.actions and not any(may(found.grants, action) for action in need.actions):
        abort(403)
    return None


def _to_sign_in() -> Response:
    if request.path.startswith("/api/"):
        abort(401)
    return redirect(url_for("sign_in.sign_in", next=here()))


def visitor() -> Visitor | None:
    """Who is signed in on this device, looked up once a request."""
    if "visitor" not in g:
        key = bearer()
        g.visitor = _look_up(request.cookies.get(cookie_name(), "")) if key is None else _look_up_key(key)
    found: Visitor | None = g.visitor
    return found


def bearer() -> str | None:
    """The key that a program sent; pages know none, only addresses under /api/."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if request.path.startswith("/api/") and scheme.casefold() == "bearer" else None


def _look_up_key(token: str) -> Visitor | None:
    key = api_keys.find_key(token) if token else None
    if key is None or key.person.account_id is None:
        return None
    return Visitor(
        0, key.person.account_id, key.person_id, key.school_id, tuple(key.person.grants), may_write=key.may_write
    )


def _look_up(token: str) -> Visitor | None:
    device = devices.find_device(token) if token else None
    if device is None:
        return None
    person = db.session.get(Person, device.person_id) if device.person_id else None
    if person is None or person.is_archived or person.account_id != device.account_id:
        return Visitor(device.id, device.account_id, None, None, ())
    return Visitor(device.id, device.account_id, person.id, person.school_id, tuple(person.grants))


def cookie_name() -> str:
    """The device's cookie; over https its name binds it to this host."""
    return f"__Host-{COOKIE}" if current_app.config["SETTINGS"].is_secure else COOKIE


def get_visitor() -> Visitor:
    """Who is signed in, in a view that the guard lets nobody else into."""
    found = visitor()
    if found is None:
        abort(401)
    return found


def current_person() -> Person:
    """The person signed in; 403 where the account has chosen none."""
    person_id = get_visitor().person_id
    if person_id is None:
        abort(403)
    return db.session.get_one(Person, person_id)


def current_school_id() -> int:
    """The school chosen at sign-in; every query of a view keeps to it."""
    school_id = get_visitor().school_id
    if school_id is None:
        abort(403)
    return school_id


def current_school() -> School:
    return db.session.get_one(School, current_school_id())


def get_in_school(model: type[Row], row_id: int) -> Row:
    """The row of the current school; 404 for an unknown id and for another school's alike."""
    row = db.session.get(model, row_id)
    if row is None or row.school_id != current_school_id():
        abort(404)
    return row


def visitor_may(action: Action | str, *, class_ids: Iterable[int] = (), chat_id: int | None = None) -> bool:
    """Whether the visitor may do this to these classes or this chat; in templates `may("book_any_lesson")`."""
    found = visitor()
    return found is not None and may(found.grants, Action(action), class_ids=class_ids, chat_id=chat_id)


def ensure_may(action: Action, *, class_ids: Iterable[int] = (), chat_id: int | None = None) -> None:
    """403 in words where no scope of the visitor reaches these classes or this chat."""
    if not visitor_may(action, class_ids=class_ids, chat_id=chat_id):
        abort(403, _("This is outside the classes and chats that are entrusted to you."))


def here() -> str:
    """Where to come back after signing in: this page, or for a sent form the page that held it."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    parts = urlsplit(request.referrer or "")
    return safe_path(f"{parts.path}?{parts.query}".rstrip("?")) if parts.netloc == request.host else "/"


def safe_path(wish: str | None) -> str:
    """A path of this server out of `next`; anything that could lead elsewhere becomes `/`."""
    text = wish or "/"
    is_plain = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if is_plain and text.isprintable() and not urlsplit(text).netloc else "/"

"""Signing in and out, the first entry by invitation, the choice of the school."""

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.database import db
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.planning import accounts, devices
from scheduler.planning.first_entry import is_first_entry_open
from scheduler.planning.passwords import WeakPasswordError
from scheduler.web import rate_limits
from scheduler.web.access import cookie_name, get_visitor, public, safe_path, signed_in, visitor
from scheduler.web.browsers import browser_label
from scheduler.web.errors import TooManyTriesError

blueprint = Blueprint("sign_in", __name__)

TRIES = "10 per minute"
FAILURES = "5 per 15 minutes"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers allow; how long it really serves is the device's row


class SignInForm(FlaskForm):
    login = StringField(_l("Login"), [InputRequired(_l("Type your login.")), Length(max=64)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=200)])
    is_own = BooleanField(_l("This phone is mine: stay signed in"))


class InvitationForm(SignInForm):
    has_account = BooleanField(_l("I already sign in to Zvonok at another school"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | str | tuple[str, int]:
    """Login and password; the same answer for an unknown login and a wrong password."""
    if visitor() is not None and request.method == "GET":
        return redirect(safe_path(request.args.get("next")))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("sign_in/sign_in.html", form=form, is_new=is_first_entry_open())
    login = accounts.clean_login(form.login.data)
    count_try(login)
    try:
        token = accounts.sign_in(login, form.password.data, browser=browser_of(form))
    except accounts.SignInError as error:
        rate_limits.hit(FAILURES, "failures", login)
        form.password.errors = [error.text]
        return render_template("sign_in/sign_in.html", form=form, is_new=False), 403
    return entered(token, is_own=form.is_own.data, to=request.args.get("next"))


def count_try(login: str) -> None:
    address = request.remote_addr or ""
    if not rate_limits.hit(TRIES, "sign-in", address):
        raise TooManyTriesError(_("There were too many tries from this address. Please wait a minute."))
    if not rate_limits.is_open(FAILURES, "failures", login):
        raise TooManyTriesError(_("There were too many wrong tries with this login. Please wait 15 minutes."))


def browser_of(form: SignInForm) -> accounts.Browser:
    return accounts.Browser(browser_label(request.user_agent.string), is_own=form.is_own.data)


def entered(token: str, *, is_own: bool, to: str | None) -> Response:
    answer = redirect(safe_path(to), 303)
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=COOKIE_SECONDS if is_own else None,
        secure=current_app.config["SETTINGS"].is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.route("/invite/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> Response | str | tuple[str, int]:
    """The first entry: an invited person chooses login and password."""
    if not rate_limits.hit("30 per minute", "invite", request.remote_addr or ""):
        raise TooManyTriesError(_("There were too many tries from this address. Please wait a minute."))
    person = accounts.invited_person(token)
    if person is None:
        abort(404, _("This invitation no longer works. Ask the school for a new one."))
    form = InvitationForm()
    if form.validate_on_submit():
        device_token = _accept(token, form)
        if device_token is not None:
            return entered(device_token, is_own=form.is_own.data, to="/")
    school = db.session.get_one(School, person.school_id)
    page = render_template("sign_in/invitation.html", form=form, person=person, school=school)
    return (page, 422) if form.errors else page


def _accept(token: str, form: InvitationForm) -> str | None:
    login = accounts.clean_login(form.login.data)
    count_try(login)
    try:
        return accounts.accept_invitation(
            token, login, form.password.data, browser=browser_of(form), has_account=form.has_account.data
        )
    except accounts.SignInError as error:
        rate_limits.hit(FAILURES, "failures", login)
        form.password.errors = [error.text]
    except WeakPasswordError as error:
        form.password.errors = [error.text]
    except accounts.LoginError as error:
        form.login.errors = [error.text]
    return None


@blueprint.route("/sign-in/school", methods=["GET", "POST"])
@signed_in
def choose_school() -> Response | str:
    """An account with people in several schools chooses whose day it is."""
    found = get_visitor()
    form = FlaskForm()
    if form.validate_on_submit():
        wish = request.form.get("school", type=int)
        if wish is None or not devices.choose_school(found.device_id, wish):
            abort(404)
        return redirect(safe_path(request.args.get("next")), 303)
    persons = db.session.execute(
        sa.select(Person, School)
        .join(School, School.id == Person.school_id)
        .where(Person.account_id == found.account_id, ~Person.is_archived)
        .order_by(School.name)
    ).all()
    return render_template("sign_in/choose_school.html", persons=persons, chosen_id=found.school_id)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this device."""
    found = get_visitor()
    devices.end_device(found.device_id, account_id=found.account_id)
    answer = redirect(url_for("sign_in.sign_in"), 303)
    answer.delete_cookie(cookie_name(), secure=current_app.config["SETTINGS"].is_secure, httponly=True)
    answer.delete_cookie(current_app.config["SESSION_COOKIE_NAME"])
    return answer

"""A person's own sign-in: the password, the language, the browsers that are signed in."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from scheduler.database import db
from scheduler.models.people import Account
from scheduler.planning import accounts, devices
from scheduler.planning.passwords import WeakPasswordError
from scheduler.web import rate_limits
from scheduler.web.access import get_visitor, signed_in
from scheduler.web.errors import TooManyTriesError

blueprint = Blueprint("account", __name__, url_prefix="/account")


class PasswordForm(FlaskForm):
    old = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password.")), Length(max=200)])
    new = PasswordField(_l("New password"), [InputRequired(_l("Type a new password.")), Length(max=200)])


@blueprint.get("")
@signed_in
def index() -> str:
    """Everything about one's own sign-in."""
    return _page(PasswordForm(formdata=None))


def _page(form: PasswordForm) -> str:
    found = get_visitor()
    return render_template(
        "account/index.html",
        form=form,
        account=db.session.get_one(Account, found.account_id),
        devices=devices.devices_of(found.account_id),
        this_device_id=found.device_id,
    )


@blueprint.post("/password")
@signed_in
def change_password() -> Response | tuple[str, int]:
    """A new password signs every other browser out."""
    found = get_visitor()
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if not rate_limits.hit("5 per 15 minutes", "change-password", str(found.account_id)):
        raise TooManyTriesError(_("There were too many wrong tries with this login. Please wait 15 minutes."))
    try:
        accounts.change_password(found.account_id, form.old.data, form.new.data, keep_device_id=found.device_id)
    except accounts.SignInError as error:
        form.old.errors = [error.text]
        return _page(form), 422
    except WeakPasswordError as error:
        form.new.errors = [error.text]
        return _page(form), 422
    flash(_("The password is changed. On other devices you will be asked for it."))
    return redirect(url_for("account.index"), 303)


@blueprint.post("/devices/<int:device_id>/end")
@signed_in
def end_device(device_id: int) -> Response:
    """Sign a browser out from afar."""
    if not devices.end_device(device_id, account_id=get_visitor().account_id):
        abort(404)
    is_this = device_id == get_visitor().device_id
    flash(_("You are signed out.") if is_this else _("That device is signed out."))
    return redirect(url_for("account.index"), 303)

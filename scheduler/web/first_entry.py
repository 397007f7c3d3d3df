"""The very first page of an installation: its school, its time zone, and who sets it up. Opens by a printed address."""

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from scheduler.config import DEMO_MAX_TOKEN, Settings
from scheduler.database import db
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning.accounts import LoginError
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.first_entry import FIRST_ROLES, FirstEntry, found_school, is_first_entry_open
from scheduler.planning.passwords import WeakPasswordError
from scheduler.planning.seeding import seed_school
from scheduler.web import rate_limits
from scheduler.web.access import public
from scheduler.web.errors import TooManyTriesError
from scheduler.web.options import options
from scheduler.web.people_words import ROLES
from scheduler.web.school_forms import NEEDED
from scheduler.web.sign_in import browser_of, entered
from scheduler.web.zones import MOSCOW, minutes_from_utc, zone_words

blueprint = Blueprint("first_entry", __name__)

REFUSED = 422


class FirstEntryForm(FlaskForm):
    school = StringField(_l("The school's name"), [InputRequired(NEEDED), Length(max=200)])
    timezone = SelectField(_l("Time zone"), choices=[])
    person = StringField(_l("Your surname, name and patronymic"), [InputRequired(NEEDED), Length(min=3, max=200)])
    role = RadioField(
        _l("Who you are"), choices=options({role.value: ROLES[role] for role in FIRST_ROLES}), default=FIRST_ROLES[0]
    )
    login = StringField(_l("Login"), [InputRequired(_l("Type your login.")), Length(max=64)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=200)])
    is_own = BooleanField(_l("This device is mine: stay signed in"))

    def wish(self) -> FirstEntry:
        """What was filled in, blanks trimmed."""
        return FirstEntry(
            school=self.school.data.strip(),
            timezone=self.timezone.data,
            person=" ".join(self.person.data.split()),
            role=Role(self.role.data),
            login=self.login.data,
            password=self.password.data,
        )


@blueprint.route("/start/<token>", methods=["GET", "POST"])
@public
def start(token: str) -> Response | str | tuple[str, int]:
    """Make the school and enter it; then the first steps begin."""
    if not rate_limits.hit("30 per minute", "first-entry", request.remote_addr or ""):
        raise TooManyTriesError(_("There were too many tries from this address. Please wait a minute."))
    settings: Settings = current_app.config["SETTINGS"]
    if not is_first_entry_open(token, secret=settings.secret_key):
        abort(404, _("This address no longer works. Sign in, or print a new one with “scheduler first-entry”."))
    school = db.session.scalar(sa.select(School).limit(1))
    form = _form(school)
    if form.validate_on_submit():
        device_token = _found(form, settings)
        if device_token is not None:
            return entered(device_token, is_own=form.is_own.data, to=url_for("first_steps.index"))
    page = render_template("sign_in/start.html", form=form, is_stated=school is not None)
    return (page, REFUSED) if form.errors else page


def _form(school: School | None) -> FirstEntryForm:
    zones = zone_words(school.timezone if school else MOSCOW)
    form = FirstEntryForm(school=school.name if school else "", timezone=school.timezone if school else MOSCOW)
    form.timezone.choices = [
        SelectChoice(zone, words, render_kw={"data-minutes": minutes_from_utc(zone)}) for zone, words in zones.items()
    ]
    return form


def _found(form: FirstEntryForm, settings: Settings) -> str | None:
    """The device's token; None where something was refused, in words beside its field."""
    try:
        school_id, device_token = found_school(form.wish(), browser=browser_of(form))
    except NotThereError as error:
        abort(404, error.text)
    except LoginError as error:
        form.login.errors = [error.text]
    except WeakPasswordError as error:
        form.password.errors = [error.text]
    except PlanningError as error:
        form.timezone.errors = [error.text]
    else:
        seed_school(school_id, settings, with_bot=settings.max_token != DEMO_MAX_TOKEN)
        return device_token
    return None

"""Living with a remote day: longer or shorter, classes in and out, other bells; shown first, then done."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, RadioField, StringField, TimeField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from scheduler import clock
from scheduler.database import db
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError, ReasonNeededError
from scheduler.planning.remote.amending import (
    Amendment,
    PreparedAmendment,
    confirm_amendment,
    prepare_amendment,
    read_amendment,
)
from scheduler.planning.remote.wish import OwnBells, Scope, classes_of_scope
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.options import options
from scheduler.web.remote_amendment import amendment_page, kept_words
from scheduler.web.remote_forms import CheckChips
from scheduler.web.remote_words import dates_words

blueprint = Blueprint("remote_changes", __name__, url_prefix="/remote-days")

REFUSED = 422
AS_NOW, BY_SCHOOL, OWN = "now", "school", "own"
LONGEST_TEXT = 200


class ChangeForm(FlaskForm):
    """What is to become of the decision; untouched it changes nothing."""

    last = DateField(_l("Last date"), [InputRequired(_l("Choose the date."))])
    class_ids = CheckChips(_l("Classes at home"), coerce=int, choices=[])
    from_day = DateField(_l("The other classes are at school from"), [Optional()])
    bells = RadioField(_l("Bells"), choices=[], default=AS_NOW)
    start = TimeField(_l("First lesson at"), [Optional()])
    second_start = TimeField(_l("Second shift at"), [Optional()])
    minutes = IntegerField(_l("Lesson, minutes"), [Optional(), NumberRange(min=10, max=45)], default=30)
    pause = IntegerField(_l("Break, minutes"), [Optional(), NumberRange(min=5, max=60)], default=15)

    def offer(self, row: RemoteDay, today: date) -> None:
        """The classes and the bells to choose from, set as the decision stands."""
        classes = classes_of_scope(db.session(), row.school_id, Scope())
        self.class_ids.choices = options({one.id: shown_class(one.label) for one in classes})
        self.bells.choices = options(
            {AS_NOW: _("as they are"), BY_SCHOOL: _("the school's remote bells"), OWN: _("other ones")}
        )
        if not self.is_submitted():
            first = max(today, row.date_from)
            self.last.data, self.from_day.data = row.date_to, first
            self.class_ids.data = sorted(row.class_ids_on(first))

    def validate_bells(self, field: Field) -> None:
        """Other bells need their first hour."""
        if field.data == OWN and self.start.data is None:
            raise ValidationError(_("Type when the first lesson begins."))

    def amendment(self) -> Amendment:
        """What was typed."""
        own = None
        if self.bells.data == OWN:
            own = OwnBells(self.start.data, self.minutes.data or 30, self.pause.data or 15, self.second_start.data)
        return Amendment(
            last=self.last.data,
            class_ids=frozenset(self.class_ids.data or ()),
            from_day=self.from_day.data,
            bells=own,
            usual_bells=self.bells.data == BY_SCHOOL,
        )


class ConfirmForm(FlaskForm):
    override = StringField(_l("Reason"), [Length(max=LONGEST_TEXT)])


@blueprint.get("/<int:remote_day_id>/change")
@requires(Action.DECLARE_REMOTE_DAY)
def change(remote_day_id: int) -> str:
    """The decision as it stands, to be changed."""
    row = get_in_school(RemoteDay, remote_day_id)
    return _change_page(row, _form(row))


@blueprint.post("/<int:remote_day_id>/change")
@requires(Action.DECLARE_REMOTE_DAY)
def prepare(remote_day_id: int) -> Response | tuple[str, int]:
    """Work out what would change, and show it."""
    row = get_in_school(RemoteDay, remote_day_id)
    form = _form(row)
    if not form.validate_on_submit():
        return _change_page(row, form), REFUSED
    try:
        shown = prepare_amendment(row.school_id, row.id, form.amendment(), actor_id=current_person().id)
    except PlanningError as error:
        form.last.errors = [error.text]
        return _change_page(get_in_school(RemoteDay, remote_day_id), form), REFUSED
    return redirect(url_for("remote_changes.look", plan_id=shown.id), 303)


def _form(row: RemoteDay) -> ChangeForm:
    form = ChangeForm()
    form.offer(row, clock.today(current_school().timezone))
    return form


def _change_page(row: RemoteDay, form: ChangeForm) -> str:
    is_undone = row.state is RemoteDayState.UNDONE
    return render_template(
        "remote_changes/change.html", row=row, form=form, dates=dates_words(row), is_undone=is_undone
    )


@blueprint.get("/changes/<int:plan_id>")
@requires(Action.DECLARE_REMOTE_DAY)
def look(plan_id: int) -> str:
    """What changes, lesson by lesson, and what is wrong with it."""
    return _look_page(read_amendment(db.session(), current_school_id(), plan_id), ConfirmForm(formdata=None))


def _look_page(shown: PreparedAmendment, form: ConfirmForm) -> str:
    row = get_in_school(RemoteDay, shown.remote_day_id)
    page = amendment_page(db.session(), shown)
    return render_template("remote_changes/look.html", page=page, shown=shown, row=row, form=form)


@blueprint.post("/changes/<int:plan_id>")
@requires(Action.DECLARE_REMOTE_DAY)
def confirm(plan_id: int) -> Response | tuple[str, int]:
    """Change exactly what was shown, once however often it is sent."""
    shown, form = read_amendment(db.session(), current_school_id(), plan_id), ConfirmForm()
    if not form.validate_on_submit():
        return _look_page(shown, form), REFUSED
    try:
        done = confirm_amendment(
            current_school_id(), plan_id, actor_id=current_person().id, override=form.override.data or ""
        )
    except ReasonNeededError:
        form.override.errors = [_("Give the reason. The director will see it.")]
        return _look_page(shown, form), REFUSED
    if done is None:
        flash(_("The timetable has changed meanwhile. Look at the change again."), "soft")
        return redirect(url_for("remote_changes.change", remote_day_id=shown.remote_day_id), 303)
    flash(_("Changed. The chats are told."), "done")
    if done.kept:
        flash(kept_words(len(done.kept)), "soft")
    return redirect(url_for("remote_progress.show", remote_day_id=done.remote_day_id), 303)

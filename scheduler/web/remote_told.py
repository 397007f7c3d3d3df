"""The class teacher's page of a remote day: the message is placed, the families are told; and the sheet for paper."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional

from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.remote_told import TellingWay
from scheduler.permissions import Action
from scheduler.planning.remote.told import MOST_FAMILIES, FamilyCounts, confirm_class
from scheduler.reports.progress import progress_of
from scheduler.reports.told import ClassSaid, classes_said
from scheduler.web.access import current_person, get_in_school, requires
from scheduler.web.pupils import pupils_of
from scheduler.web.remote_state import known_classes, may_say_for
from scheduler.web.remote_words import dates_words

blueprint = Blueprint("remote_told", __name__, url_prefix="/remote-days/<int:remote_day_id>/classes/<int:class_id>")

REFUSED = 422
EMPTY_LINES = 12
_FIGURE = [Optional(), NumberRange(0, MOST_FAMILIES, _l("A number from 0 to 60."))]


class ToldForm(FlaskForm):
    """What a class teacher says; an empty figure counts as none."""

    is_placed = BooleanField(_l("The message stands in the class's chats"))
    by_phone = IntegerField(_l("Told by telephone"), _FIGURE)
    by_diary = IntegerField(_l("Told through the diary"), _FIGURE)
    by_paper = IntegerField(_l("Told by a note on paper"), _FIGURE)
    not_told = IntegerField(_l("Not reached yet"), _FIGURE)

    def counts(self) -> FamilyCounts:
        """The figures."""
        return FamilyCounts(*(one.data or 0 for one in (self.by_phone, self.by_diary, self.by_paper, self.not_told)))


@blueprint.get("")
@requires(Action.VIEW_STAFF_PAGES)
def one(remote_day_id: int, class_id: int) -> str:
    """One class: what has been said, and to whom may say it the form."""
    day, said = _class_of(remote_day_id, class_id)
    return _page(day, said, _filled(said, class_id))


def _class_of(remote_day_id: int, class_id: int) -> tuple[RemoteDay, ClassSaid]:
    day, row = get_in_school(RemoteDay, remote_day_id), get_in_school(SchoolClass, class_id)
    said = next((one for one in classes_said(db.session(), day) if one.class_id == row.id), None)
    if said is None:
        abort(404)
    return day, said


def _filled(said: ClassSaid, class_id: int) -> ToldForm:
    told = said.told
    if told is not None and told.counted_at is not None:
        return ToldForm(formdata=None, obj=told, is_placed=said.is_placed)
    ways = [pupil.way for pupil in pupils_of(db.session(), class_id)]
    known = {"by_phone": TellingWay.PHONE, "by_diary": TellingWay.DIARY, "by_paper": TellingWay.PAPER}
    figures = {name: ways.count(way) or None for name, way in known.items()}
    return ToldForm(formdata=None, is_placed=True, **figures)


def _page(day: RemoteDay, said: ClassSaid, form: ToldForm) -> str:
    known = known_classes(progress_of(db.session(), day))
    return render_template(
        "remote_told/one.html",
        day=day,
        said=said,
        form=form,
        dates=dates_words(day),
        is_known=said.class_id in known,
        is_undone=day.state is RemoteDayState.UNDONE,
        may_say=may_say_for(said.class_id, said.teacher_ids),
    )


@blueprint.post("")
@requires(Action.VIEW_STAFF_PAGES)
def say(remote_day_id: int, class_id: int) -> Response | tuple[str, int]:
    """Keep what the class teacher says."""
    day, said = _class_of(remote_day_id, class_id)
    form = ToldForm()
    if not form.validate_on_submit():
        return _page(day, said, form), REFUSED
    is_placed, actor_id = form.is_placed.data, current_person().id
    confirm_class(day.school_id, day.id, class_id, counts=form.counts(), is_placed=is_placed, actor_id=actor_id)
    flash(_("Noted. Thank you."), "done")
    return redirect(url_for("remote_told.one", remote_day_id=day.id, class_id=class_id), 303)


@blueprint.get("/sheet")
@requires(Action.VIEW_STAFF_PAGES)
def sheet(remote_day_id: int, class_id: int) -> str | Response:
    """The sheet for paper: whom to tell otherwise than in the chat, with a box to tick; for the class teacher alone."""
    day, said = _class_of(remote_day_id, class_id)
    if not may_say_for(said.class_id, said.teacher_ids):
        return redirect(url_for("remote_told.one", remote_day_id=day.id, class_id=class_id), 303)
    otherwise = [pupil for pupil in pupils_of(db.session(), class_id) if pupil.way is not TellingWay.CHAT]
    lines = range(max(EMPTY_LINES - len(otherwise), 3))
    return render_template(
        "remote_told/sheet.html", day=day, said=said, dates=dates_words(day), pupils=otherwise, lines=lines
    )

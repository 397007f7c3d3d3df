"""Bells written by hand, a lesson a line: they become a table as a file would be, looked at before it is applied."""

import re

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from scheduler.database import db
from scheduler.models.timetable import TimetableSlot
from scheduler.permissions import Action
from scheduler.web.access import current_person, current_school_id, requires
from scheduler.web.uploads import Upload, keep_upload

blueprint = Blueprint("typed_bells", __name__, url_prefix="/school/bells")

REFUSED = 422
FILE_NAME = "расписание звонков.csv"
LINE = re.compile(r"(\d{1,2})\D+?(\d{1,2})[:.](\d\d)\s*[-–—]\s*(\d{1,2})[:.](\d\d)\s*")
USUAL_HOURS = 7
FIRST, LESSON, BREAKS = 8 * 60 + 30, 45, (10, 20, 20, 10, 10)  # minutes; the last break is repeated


class TypedBellsForm(FlaskForm):
    lines = TextAreaField(_l("Lessons"), [InputRequired(_l("Write at least one lesson.")), Length(max=2000)])


@blueprint.get("/typed")
@requires(Action.IMPORT_TIMETABLE)
def index() -> str:
    """An example with as many lessons as the timetable has, to be put right."""
    return render_template("school/typed_bells.html", form=TypedBellsForm(formdata=None, lines=_example()))


def _example() -> str:
    query = sa.select(sa.func.max(TimetableSlot.period)).where(TimetableSlot.school_id == current_school_id())
    lines, start = [], FIRST
    for number in range(1, (db.session.scalar(query) or USUAL_HOURS) + 1):
        lines.append(f"{number}  {_clock(start)}–{_clock(start + LESSON)}")
        start += LESSON + BREAKS[min(number, len(BREAKS)) - 1]
    return "\n".join(lines)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


@blueprint.post("/typed")
@requires(Action.IMPORT_TIMETABLE)
def look() -> Response | tuple[str, int]:
    """On to the preview that every file has."""
    form = TypedBellsForm()
    if form.validate_on_submit():
        table, wrong = table_of(form.lines.data)
        if not wrong:
            kept = Upload(FILE_NAME, table.encode())
            token = keep_upload(kept, school_id=current_school_id(), person_id=current_person().id)
            return redirect(url_for("imports.look", token=token), 303)
        form.lines.errors = [_("“%(line)s” is not understood: write for example “1 8:30–9:15”.", line=wrong)]
    return render_template("school/typed_bells.html", form=form), REFUSED


def table_of(text: str) -> tuple[str, str]:
    """The table of what was typed, and the first line that is no lesson."""
    rows = ["Урок;Начало;Конец"]
    for line in filter(None, map(str.strip, text.splitlines())):
        found = LINE.fullmatch(line)
        if found is None:
            return "", line[:60]
        rows.append("{};{}:{};{}:{}".format(*found.groups()))
    return "\n".join(rows) + "\n", ""

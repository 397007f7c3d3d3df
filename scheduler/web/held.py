"""«Урок проведён»: one tap on the lesson's card or on the teacher's own page."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from scheduler.models.lessons import Lesson
from scheduler.permissions import Action
from scheduler.planning.holding import mark_held, unmark_held
from scheduler.web.access import current_person, get_in_school, requires, safe_path

blueprint = Blueprint("held", __name__, url_prefix="/lessons/<int:lesson_id>")

PLANNERS = (Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)


@blueprint.post("/held")
@requires(*PLANNERS)
def mark(lesson_id: int) -> Response:
    """The lesson has taken place."""
    lesson = _sent(lesson_id)
    mark_held(lesson.school_id, lesson_id, actor_id=current_person().id)
    flash(_("Marked as held."), "done")
    return _back(lesson_id)


@blueprint.post("/not-held")
@requires(*PLANNERS)
def unmark(lesson_id: int) -> Response:
    """The mark was a slip."""
    lesson = _sent(lesson_id)
    unmark_held(lesson.school_id, lesson_id, actor_id=current_person().id)
    flash(_("The mark is taken back."), "done")
    return _back(lesson_id)


def _sent(lesson_id: int) -> Lesson:
    lesson = get_in_school(Lesson, lesson_id)
    if not FlaskForm().validate_on_submit():
        abort(400)
    return lesson


def _back(lesson_id: int) -> Response:
    wished = request.form.get("next")
    return redirect(safe_path(wished) if wished else url_for("lessons.card", lesson_id=lesson_id), 303)

"""«Учитель отсутствует»: who and when, the lessons with their answers, then the record that can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.database import db
from scheduler.models.absence import Absence, AbsenceLesson, AnswerKind
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.permissions import Action
from scheduler.planning.absences.candidates import teaching_people
from scheduler.planning.absences.cases import LOADED, Case, digest_of, open_cases
from scheduler.planning.absences.resolving import preview_absence, resolve_absence
from scheduler.planning.absences.rights import may_resolve
from scheduler.planning.absences.undoing import undo_absence
from scheduler.planning.absences.wish import AbsenceWish, Answer
from scheduler.planning.errors import PlanningError, StaleError
from scheduler.planning.preview import Preview
from scheduler.web.absence_forms import AnswersForm, Who, WhoForm, answered_at_once, sent_answers
from scheduler.web.absence_rows import (
    choices_for_all,
    decided_words,
    kind_words,
    rows_of,
    title_of,
    why_words,
    with_findings,
)
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.lessons import TAKEN

blueprint = Blueprint("absences", __name__)

RESOLVING = (Action.BOOK_ANY_LESSON, Action.BOOK_CLASS_LESSON)
SHOWN_BACK = timedelta(days=60)


@blueprint.get("/absences")
@requires(*RESOLVING)
def index() -> str:
    """Who is away now, soon and lately."""
    school = current_school()
    today = clock.today(school.timezone)
    query = (
        sa.select(Absence)
        .where(Absence.school_id == school.id, Absence.date_to >= today - SHOWN_BACK)
        .order_by(Absence.date_from.desc(), Absence.id.desc())
        .options(joinedload(Absence.person), selectinload(Absence.lessons))
    )
    return render_template("absences/index.html", rows=db.session.scalars(query).all(), today=today)


@blueprint.get("/absences/new")
@requires(*RESOLVING)
def new() -> str:
    """The lessons of somebody away with what the program proposes; without a person, the question who."""
    form = _who_form()
    who = _who(form)
    if who is None:
        return render_template("absences/who.html", form=form, refusal="")
    try:
        cases = _cases(who)
    except PlanningError as error:
        return render_template("absences/who.html", form=form, refusal=error.text)
    return _page(form, who, cases, sent_answers(request.form, cases))


@blueprint.post("/absences/new")
@requires(*RESOLVING)
def decide() -> Response | str | tuple[str, int]:
    """Check as often as wished, give one answer to all, then save once."""
    form, answers_form = _who_form(), AnswersForm()
    who = _who(form)
    if who is None or not answers_form.validate_on_submit():
        return redirect(request.full_path, 303)
    cases = _cases(who)
    answers = sent_answers(request.form, cases)
    action = request.form.get("do", "")
    if action == "all":
        value, task = request.form.get("all", ""), answers_form.all_task.data or ""
        answers, count = answered_at_once(answers, cases, value, task)
        flash(ngettext("Applied to %(num)d lesson.", "Applied to %(num)d lessons.", count), "done")
    if action != "save":
        return _page(form, who, cases, answers)
    return _save(form, who, cases, answers)


def _save(form: WhoForm, who: Who, cases: Sequence[Case], answers: Mapping[int, Answer]) -> Response | tuple[str, int]:
    sent = AnswersForm()
    school_id, person_id, reason = current_school_id(), current_person().id, sent.reason.data or ""
    try:
        done = resolve_absence(school_id, who.wish(answers, sent), actor_id=person_id, reason=reason)
    except PlanningError as error:
        is_stale = isinstance(error, StaleError)
        now = _cases(who) if is_stale else cases
        return _page(form, who, now, sent_answers(request.form, now), refusal=error.text), TAKEN
    flash(_("Saved. Chats and calendars will show it within a minute."), "done")
    return redirect(url_for("absences.one", absence_id=done.absence_id), 303)


@blueprint.get("/absences/<int:absence_id>")
@requires(*RESOLVING)
def one(absence_id: int) -> str:
    """What was decided and how each lesson stands now."""
    row = get_in_school(Absence, absence_id)
    decided = _decided(row)
    lessons = [Case(one.lesson, row.person_id) for one in decided]
    return render_template(
        "absences/one.html",
        row=row,
        decided=decided,
        decided_by=db.session.get(Person, row.decided_by_id) if row.decided_by_id else None,
        can_undo=may_resolve(current_person().grants, lessons),
        decided_words=decided_words,
        title_of=lambda lesson: title_of(Case(lesson, row.person_id)),
    )


@blueprint.post("/absences/<int:absence_id>/undo")
@requires(*RESOLVING)
def undo(absence_id: int) -> Response:
    """Take the whole decision back."""
    row = get_in_school(Absence, absence_id)
    undone = undo_absence(row.school_id, row.id, actor_id=current_person().id)
    flash(ngettext("%(num)d lesson is as it was.", "%(num)d lessons are as they were.", undone.changed), "done")
    return redirect(url_for("absences.one", absence_id=absence_id), 303)


def _decided(row: Absence) -> list[AbsenceLesson]:
    of_lesson = joinedload(AbsenceLesson.lesson)
    query = (
        sa.select(AbsenceLesson)
        .join(Lesson, Lesson.id == AbsenceLesson.lesson_id)
        .where(AbsenceLesson.absence_id == row.id)
        .order_by(Lesson.starts_at, Lesson.id)
        .options(of_lesson.options(*LOADED))
    )
    return list(db.session.scalars(query).unique())


def _who_form() -> WhoForm:
    school = current_school()
    form = WhoForm(request.args)
    people = db.session.scalars(teaching_people(school.id)).all()
    form.person.choices = [(person.id, person.full_name) for person in people]
    today = clock.today(school.timezone)
    if not request.args.get("from"):
        form.first.data = today
    if not request.args.get("to"):
        form.last.data = form.first.data
    return form


def _who(form: WhoForm) -> Who | None:
    """The person and the dates, once they are chosen."""
    if "person" not in request.args or not form.validate():
        return None
    return Who(form.person.data, form.first.data, form.last.data)


def _cases(who: Who) -> list[Case]:
    dates = AbsenceWish(who.person_id, who.first, who.last).dates
    return open_cases(db.session(), current_school_id(), who.person_id, dates)


def _page(form: WhoForm, who: Who, cases: Sequence[Case], answers: Mapping[int, Answer], *, refusal: str = "") -> str:
    sent = AnswersForm()
    sent.ensure_key()
    sent.digest.data = digest_of(cases)
    rows = rows_of(cases, answers, who.last)
    filled = {row.case.lesson.id: row.answer for row in rows}
    preview = _preview(who, filled, sent) if cases else Preview()
    rows = with_findings(rows, preview.findings)
    return render_template(
        "absences/new.html",
        form=form,
        who=who,
        person=db.session.get_one(Person, who.person_id),
        sent=sent,
        rows=rows,
        preview=preview,
        refusal=refusal,
        for_all=choices_for_all(cases),
        why_words=why_words,
        kinds=AnswerKind,
        kind_words=kind_words,
        title_of=title_of,
    )


def _preview(who: Who, answers: Mapping[int, Answer], sent: AnswersForm) -> Preview:
    wish = AbsenceWish(who.person_id, who.first, who.last, answers, sent.digest.data)
    return preview_absence(current_school_id(), wish, actor_id=current_person().id)

"""The card of a lesson and what can be done with it: edit, move, cancel, replace the link, decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.lessons import ChangeRequest, Lesson, SeriesDate
from scheduler.permissions import Action
from scheduler.planning.booking import restore_series_date
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson, decide_lesson, decide_request
from scheduler.planning.errors import PlanningError
from scheduler.planning.links import replace_link
from scheduler.planning.nearest import OfferedHour, Sought, nearest_hours
from scheduler.planning.preview import Preview, preview_change
from scheduler.planning.requests import open_requests
from scheduler.rules.facts import LessonMode
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.lesson_cards import lesson_card
from scheduler.web.lesson_choices import hour_choices, offered_rooms
from scheduler.web.lesson_forms import (
    REMOTE_MODES,
    CancelForm,
    DecisionForm,
    EditForm,
    LinkForm,
    MoveForm,
    taken,
)
from scheduler.web.lesson_offers import Offers, offers_for
from scheduler.web.options import options
from scheduler.web.walk import way_on

blueprint = Blueprint("lessons", __name__)

TAKEN = 409


@dataclass(frozen=True, slots=True)
class _Tried:
    """Which of the card's forms was sent («edit» or «move»), for which day, and what it would do."""

    form: str = ""
    preview: Preview | None = None
    day: date | None = None


@blueprint.get("/lessons/<int:lesson_id>")
@requires(Action.VIEW_STAFF_PAGES)
def card(lesson_id: int) -> str:
    """What, when, who, how to join, what the chats and the calendars show."""
    lesson = get_in_school(Lesson, lesson_id)
    edit = _edit_form(lesson)
    if request.args.get("as") != LessonMode.CALL.value or lesson.is_remote:
        return _card_page(lesson, edit, _move_form(lesson))
    edit.mode.data = LessonMode.CALL.value  # asked to make it a video lesson: the form stands open with that
    return _card_page(lesson, edit, _move_form(lesson), _Tried("edit"))


def _card_page(lesson: Lesson, edit: EditForm, move: MoveForm, shown: _Tried | None = None) -> str:
    card = lesson_card(lesson, current_person())
    tried = shown or _Tried()
    offers = Offers()
    if tried.preview is not None and lesson.course_id:
        mode = LessonMode(edit.mode.data) if tried.form == "edit" else lesson.mode
        offers = offers_for(tried.preview, Sought(lesson.course_id, tried.day or lesson.date, mode, lesson.id))
    return render_template(
        "lessons/card.html",
        card=card,
        lesson=lesson,
        edit=edit,
        move=move,
        cancel=CancelForm(),
        link=LinkForm(),
        decision=DecisionForm(),
        tried=tried,
        offers=offers,
        nearest=_nearest(lesson, tried) if card.can_change else (),
    )


def _nearest(lesson: Lesson, tried: _Tried) -> Sequence[OfferedHour]:
    """Hours to move to, before anything was tried."""
    if lesson.course_id is None or tried.form:
        return ()
    return nearest_hours(db.session(), lesson.school_id, Sought(lesson.course_id, lesson.date, lesson.mode, lesson.id))


def _edit_form(lesson: Lesson, *, is_sent: bool = False) -> EditForm:
    rooms = [room.id for room in lesson.rooms]
    sent = taken(request.form, day_field="day") if is_sent else None
    form = EditForm(sent, obj=lesson, mode=lesson.mode.value, room_ids=rooms, day=None, period=None)
    form.offer_modes((*REMOTE_MODES, LessonMode.IN_PERSON))
    form.room_ids.choices = options(dict(offered_rooms(lesson.school_id)))
    return form


def _move_form(lesson: Lesson, *, is_sent: bool = False) -> MoveForm:
    form = MoveForm(taken(request.form) if is_sent else None, date=lesson.date, period=lesson.period)
    form.period.choices = options(hour_choices(lesson.school_id, lesson.course_id, form.date.data or lesson.date))
    return form


@blueprint.post("/lessons/<int:lesson_id>/edit")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def edit(lesson_id: int) -> Response | str | tuple[str, int]:
    """Texts, mode, minutes of the call."""
    lesson = get_in_school(Lesson, lesson_id)
    form, move = _edit_form(lesson, is_sent=True), _move_form(lesson)
    tried = _Tried("edit", day=form.day.data)
    if not form.validate_on_submit():
        return _card_page(lesson, form, move, tried)
    return _change(lesson, form.edit(), (form, move), tried)


@blueprint.post("/lessons/<int:lesson_id>/move")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def move(lesson_id: int) -> Response | str | tuple[str, int]:
    """Another date or hour."""
    lesson = get_in_school(Lesson, lesson_id)
    form, edit = _move_form(lesson, is_sent=True), _edit_form(lesson)
    tried = _Tried("move", day=form.date.data)
    if not form.validate_on_submit():
        return _card_page(lesson, edit, form, tried)
    return _change(lesson, form.edit(), (edit, form), tried)


def _change(
    lesson: Lesson, wish: LessonEdit, forms: tuple[EditForm, MoveForm], tried: _Tried
) -> Response | str | tuple[str, int]:
    school_id, lesson_id, person_id = lesson.school_id, lesson.id, current_person().id
    if request.form.get("do") != "save":
        preview = preview_change(school_id, lesson_id, wish, actor_id=person_id)
        return _card_page(lesson, *forms, replace(tried, preview=preview))
    reason = request.form.get("reason", "")
    try:
        done = change_lesson(school_id, lesson_id, wish, actor_id=person_id, reason=reason)
    except PlanningError as error:
        preview = Preview(findings=error.findings, refusal=error.text)
        return _card_page(get_in_school(Lesson, lesson_id), *forms, replace(tried, preview=preview)), TAKEN
    _say(is_waiting=done.is_waiting)
    return redirect(way_on(url_for("lessons.card", lesson_id=lesson_id)), 303)


def _say(*, is_waiting: bool) -> None:
    if is_waiting:
        flash(_("Asked. The lesson stays as it is until the deputy head consents."), "soft")
    else:
        flash(_("Saved. Chats and calendars will show it within a minute."), "done")


@blueprint.post("/lessons/<int:lesson_id>/cancel")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def cancel(lesson_id: int) -> Response:
    """The lesson does not take place; it stays in sight as cancelled."""
    lesson = get_in_school(Lesson, lesson_id)
    form = CancelForm()
    done = cancel_lesson(lesson.school_id, lesson.id, actor_id=current_person().id, reason=form.reason.data or "")
    _say(is_waiting=done.is_waiting)
    return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)


@blueprint.post("/lessons/<int:lesson_id>/link")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def link(lesson_id: int) -> Response:
    """Another link behind the same join page; nothing else has to change."""
    lesson = get_in_school(Lesson, lesson_id)
    form = LinkForm()
    url = (form.url.data or "").strip() or None
    try:
        replace_link(lesson.school_id, lesson.id, url, actor_id=current_person().id)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)
    flash(_("The link is replaced; the address that people have stays the same."), "done")
    return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)


@blueprint.post("/lessons/<int:lesson_id>/decide")
@requires(Action.GIVE_CONSENT)
def decide(lesson_id: int) -> Response:
    """Consent to a waiting lesson, or refuse it."""
    lesson = get_in_school(Lesson, lesson_id)
    form = DecisionForm()
    is_given = form.decision.data == "give"
    decide_lesson(
        lesson.school_id, lesson.id, is_given=is_given, actor_id=current_person().id, reason=form.reason.data or ""
    )
    return redirect(url_for("lessons.requests"), 303)


@blueprint.post("/lessons/requests/<int:request_id>")
@requires(Action.GIVE_CONSENT)
def decide_change(request_id: int) -> Response:
    """Consent to a wished change, or refuse it."""
    row = get_in_school(ChangeRequest, request_id)
    form = DecisionForm()
    is_given = form.decision.data == "give"
    decide_request(
        row.school_id, row.id, is_given=is_given, actor_id=current_person().id, reason=form.reason.data or ""
    )
    return redirect(url_for("lessons.requests"), 303)


@blueprint.get("/lessons/requests")
@requires(Action.VIEW_STAFF_PAGES)
def requests() -> str:
    """What waits for consent, visible to both sides."""
    found = open_requests(db.session(), current_school_id())
    return render_template("lessons/requests.html", requests=found, decision=DecisionForm(), dates=_dates)


def _dates(wish: dict[str, str]) -> date | None:
    return date.fromisoformat(wish["day"]) if "day" in wish else None


@blueprint.post("/lessons/series-dates/<int:series_date_id>/restore")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def restore(series_date_id: int) -> Response:
    """Make a skipped date of a series after all."""
    row = get_in_school(SeriesDate, series_date_id)
    reason = request.form.get("reason", "")
    try:
        lesson_id = restore_series_date(row.school_id, row.id, actor_id=current_person().id, reason=reason)
    except PlanningError as error:
        flash(error.text, "bad")
        return redirect(card_of_series(row.series_id), 303)
    return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)


def card_of_series(series_id: int) -> str:
    """The card where the dates of a series stand: that of its first lesson."""
    first = sa.select(Lesson.id).where(Lesson.series_id == series_id).order_by(Lesson.date, Lesson.id).limit(1)
    lesson_id = db.session.scalar(first)
    return url_for("lessons.card", lesson_id=lesson_id) if lesson_id else url_for("week.index")

"""Booking a lesson, its card, and what can be done with it."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.database import db
from scheduler.models.lessons import ChangeRequest, Lesson, SeriesDate
from scheduler.permissions import Action
from scheduler.planning.booking import book_lesson, restore_series_date
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson, decide_lesson, decide_request
from scheduler.planning.errors import PlanningError
from scheduler.planning.links import replace_link
from scheduler.planning.nearest import nearest_hours
from scheduler.planning.preview import Preview, preview_booking, preview_change
from scheduler.planning.requests import open_requests
from scheduler.rules.facts import LessonMode
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.lesson_cards import lesson_card
from scheduler.web.lesson_choices import offered_courses, offered_rooms
from scheduler.web.lesson_forms import (
    REMOTE_MODES,
    BookingForm,
    CancelForm,
    DecisionForm,
    EditForm,
    LinkForm,
    MoveForm,
    default_date,
)
from scheduler.web.options import options

blueprint = Blueprint("lessons", __name__)

TAKEN = 409


@blueprint.route("/lessons/new", methods=["GET", "POST"])
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def new() -> Response | str | tuple[str, int]:
    """The booking form: it says what clashes and shows the chats' texts before anything is saved."""
    form = _booking_form()
    if request.method == "GET":
        return _booking_page(form, _preview(form) if form.course_id.data else None)
    if not form.validate_on_submit():
        return _booking_page(form, None)
    if request.form.get("do") != "save":
        return _booking_page(form, _preview(form))
    try:
        booked = book_lesson(
            current_school_id(),
            form.wish(),
            actor_id=current_person().id,
            reason=form.reason.data or "",
            form_key=form.form_key.data,
        )
    except PlanningError as error:
        preview = _preview(form)
        return _booking_page(form, Preview(preview.values, error.findings, preview.dates, (), error.text)), TAKEN
    count = len(booked.lesson_ids)
    if booked.is_waiting:
        flash(_("Saved. It waits for the deputy head's consent; the chats show nothing yet."), "soft")
    else:
        flash(ngettext("Saved: %(num)d lesson.", "Saved: %(num)d lessons.", count), "done")
    return redirect(url_for("lessons.card", lesson_id=booked.lesson_ids[0]), 303)


def _booking_form() -> BookingForm:
    school = current_school()
    form = BookingForm()
    form.offer_modes(REMOTE_MODES)
    form.offer_kinds()
    courses = dict(offered_courses(school.id, current_person(), request.args))
    form.course_id.choices = options(courses)
    form.room_ids.choices = options(dict(offered_rooms(school.id)))
    form.ensure_key()
    if request.method == "GET":
        form.date.data = default_date(request.args.get("date", ""), clock.today(school.timezone))
        form.period.data = request.args.get("period", None, int)
        wished = request.args.get("course", 0, int)
        form.course_id.data = wished if wished in courses else next(iter(courses), None)
    return form


def _preview(form: BookingForm) -> Preview:
    if form.date.data is None or (form.period.data is None and form.start.data is None):
        return Preview()
    return preview_booking(current_school_id(), form.wish(), actor_id=current_person().id)


def _booking_page(form: BookingForm, preview: Preview | None) -> str:
    offers = []
    if preview is not None and (preview.refusal or preview.is_blocked) and form.course_id.data and form.date.data:
        mode = LessonMode(form.mode.data)
        offers = nearest_hours(db.session(), current_school_id(), form.course_id.data, form.date.data, mode=mode)
    return render_template("lessons/new.html", form=form, preview=preview, offers=offers, query=_whose())


def _whose() -> dict[str, str]:
    return {name: request.args[name] for name in ("class", "teacher", "room") if name in request.args}


@blueprint.get("/lessons/<int:lesson_id>")
@requires(Action.VIEW_STAFF_PAGES)
def card(lesson_id: int) -> str:
    """What, when, who, how to join, what the chats and the calendars show."""
    lesson = get_in_school(Lesson, lesson_id)
    return _card_page(lesson, _edit_form(lesson), _move_form(lesson))


def _card_page(lesson: Lesson, edit: EditForm, move: MoveForm, preview: Preview | None = None) -> str:
    shown = lesson_card(lesson, current_person())
    offers = []
    if shown.can_change and lesson.course_id and (preview is None or preview.is_blocked):
        offers = nearest_hours(db.session(), lesson.school_id, lesson.course_id, lesson.date, mode=lesson.mode)
    return render_template(
        "lessons/card.html",
        card=shown,
        lesson=lesson,
        edit=edit,
        move=move,
        cancel=CancelForm(),
        link=LinkForm(),
        decision=DecisionForm(),
        preview=preview,
        offers=offers,
    )


def _edit_form(lesson: Lesson) -> EditForm:
    rooms = [room.id for room in lesson.rooms]
    form = EditForm(obj=lesson, mode=lesson.mode.value, room_ids=rooms)
    form.offer_modes((*REMOTE_MODES, LessonMode.IN_PERSON))
    form.room_ids.choices = options(dict(offered_rooms(lesson.school_id)))
    return form


def _move_form(lesson: Lesson) -> MoveForm:
    return MoveForm(formdata=None, date=lesson.date, period=lesson.period)


@blueprint.post("/lessons/<int:lesson_id>/edit")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def edit(lesson_id: int) -> Response | str | tuple[str, int]:
    """Texts, mode, minutes of the call."""
    lesson = get_in_school(Lesson, lesson_id)
    form = _edit_form(lesson)
    if not form.validate_on_submit():
        return _card_page(lesson, form, _move_form(lesson))
    return _change(lesson, form.edit(), form, _move_form(lesson))


@blueprint.post("/lessons/<int:lesson_id>/move")
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def move(lesson_id: int) -> Response | str | tuple[str, int]:
    """Another date or hour."""
    lesson = get_in_school(Lesson, lesson_id)
    form = MoveForm()
    if not form.validate_on_submit():
        return _card_page(lesson, _edit_form(lesson), form)
    return _change(lesson, form.edit(), _edit_form(lesson), form)


def _change(lesson: Lesson, wish: LessonEdit, edit: EditForm, move: MoveForm) -> Response | str | tuple[str, int]:
    school_id, person_id = lesson.school_id, current_person().id
    if request.form.get("do") == "check":
        return _card_page(lesson, edit, move, preview_change(school_id, lesson.id, wish, actor_id=person_id))
    lesson_id, reason = lesson.id, request.form.get("reason", "")
    try:
        done = change_lesson(school_id, lesson_id, wish, actor_id=person_id, reason=reason)
    except PlanningError as error:
        preview = Preview(findings=error.findings, refusal=error.text)
        return _card_page(get_in_school(Lesson, lesson_id), edit, move, preview), TAKEN
    _say(is_waiting=done.is_waiting)
    return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)


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
    lesson_id = restore_series_date(row.school_id, row.id, actor_id=current_person().id, reason=reason)
    return redirect(url_for("lessons.card", lesson_id=lesson_id), 303)

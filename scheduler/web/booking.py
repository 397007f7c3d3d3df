"""The booking form beside the week: what clashes and what the chats will show is said before anything is saved."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.database import db
from scheduler.models.courses import Course
from scheduler.permissions import Action
from scheduler.planning.booking import Booked, book_lesson
from scheduler.planning.errors import PlanningError
from scheduler.planning.hours import WeekGrid, WeekOf
from scheduler.planning.nearest import Sought
from scheduler.planning.preview import Preview, preview_booking
from scheduler.rules.facts import LessonMode
from scheduler.web.access import current_person, current_school, current_school_id, requires
from scheduler.web.lesson_choices import hour_choices, offered_courses, offered_rooms
from scheduler.web.lesson_forms import REMOTE_MODES, BookingForm, default_date, taken
from scheduler.web.lesson_offers import Offers, offers_for
from scheduler.web.lessons import TAKEN
from scheduler.web.lessons import blueprint as lessons
from scheduler.web.options import options
from scheduler.web.walk import way_on
from scheduler.web.week import Shown, judged_grid, picked_day, shown_week


@dataclass(frozen=True, slots=True)
class Beside:
    """The week that stands beside the form on a desk."""

    grid: WeekGrid
    shown: Shown
    picked: date
    today: date
    chosen: tuple[date, int] | None


@lessons.route("/lessons/new", methods=["GET", "POST"])
@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def new() -> Response | str | tuple[str, int]:
    """Check and take offers as often as wished, then save once."""
    form = _form()
    if request.method == "GET":
        return _page(form, _preview(form) if form.course_id.data else None)
    if not form.validate_on_submit():
        return _page(form, None)
    if request.form.get("do") != "save":
        return _page(form, _preview(form))
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
        refused = Preview(preview.values, error.findings, preview.dates, (), error.text, preview.closed)
        return _page(form, refused), TAKEN
    _say(booked)
    return redirect(way_on(url_for("lessons.card", lesson_id=booked.lesson_ids[0])), 303)


def _say(booked: Booked) -> None:
    if booked.is_waiting:
        flash(_("Saved. It waits for the deputy head's consent; the chats show nothing yet."), "soft")
    else:
        count = len(booked.lesson_ids)
        flash(ngettext("Saved: %(num)d lesson.", "Saved: %(num)d lessons.", count), "done")


def _form() -> BookingForm:
    school = current_school()
    form = BookingForm(taken(request.form) if request.method == "POST" else None)
    form.offer_modes(REMOTE_MODES)
    form.offer_kinds()
    courses = dict(offered_courses(school.id, current_person(), request.args))
    form.course_id.choices = options(courses)
    form.room_ids.choices = options(dict(offered_rooms(school.id)))
    form.ensure_key()
    if request.method == "GET":
        form.date.data = default_date(request.args.get("date", ""), _next_day(school.timezone))
        form.period.data = request.args.get("period", None, int)
        wished = request.args.get("course", 0, int)
        form.course_id.data = wished if wished in courses else next(iter(courses), None)
    form.period.choices = options(hour_choices(school.id, form.course_id.data, form.date.data))
    return form


def _next_day(zone: str) -> date:
    return clock.today(zone) + timedelta(days=1)


def _preview(form: BookingForm) -> Preview:
    if form.date.data is None or (form.period.data is None and form.start.data is None):
        return Preview()
    return preview_booking(current_school_id(), form.wish(), actor_id=current_person().id)


def _page(form: BookingForm, preview: Preview | None) -> str:
    offers = Offers()
    if preview is not None and form.course_id.data and form.date.data:
        offers = offers_for(preview, Sought(form.course_id.data, form.date.data, LessonMode(form.mode.data)))
    return render_template("lessons/new.html", form=form, preview=preview, offers=offers, beside=_beside(form))


def _beside(form: BookingForm) -> Beside | None:
    course = db.session.get(Course, form.course_id.data or 0)
    if course is None:
        return None
    school, day = current_school(), form.date.data or clock.today(current_school().timezone)
    shown = shown_week(school) if any(name in request.args for name in ("class", "teacher", "room")) else _of(course)
    grid = judged_grid(school.id, day, shown.of, course.id)
    chosen = (day, form.period.data) if form.period.data is not None else None
    return Beside(grid, shown, picked_day(grid, day), clock.today(school.timezone), chosen)


def _of(course: Course) -> Shown:
    """The week of the course's class; of a group without a class, that of its teacher."""
    classes = {part.class_id: part.school_class.label for part in course.group.parts}
    if classes:
        class_id = min(classes)
        return Shown(WeekOf(class_id=class_id), classes[class_id], {"class": class_id})
    person = course.teachers[0] if course.teachers else current_person()
    return Shown(WeekOf(teacher_id=person.id), person.short_name, {"teacher": person.id})

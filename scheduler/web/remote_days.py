"""Declaring a remote day in three steps: when and whom, what is wrong and the mix, confirm; and its order's number."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemotePlan, RemoteReason
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError, ReasonNeededError
from scheduler.planning.remote.concerns import standing_decisions
from scheduler.planning.remote.declaring import Declared, Said, confirm_plan
from scheduler.planning.remote.frosting import frost_table, propose_scope
from scheduler.planning.remote.order import enter_order
from scheduler.planning.remote.preparing import (
    Prepared,
    move_lessons,
    prepare_remote_day,
    prepared_plan,
    revise_plan,
)
from scheduler.planning.remote.school_lines import Line, remote_settings
from scheduler.planning.remote.wish import RemoteWish, Scope, classes_of_scope, open_days
from scheduler.rules.facts import LessonMode
from scheduler.rules.mix.solver import solver_is_there
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.formats import local_now
from scheduler.web.remote_forms import FAMILIES_READ, ConfirmForm, OrderForm, WishForm, day_words
from scheduler.web.remote_plans import changed_words, plan_page, worse_words

blueprint = Blueprint("remote_days", __name__, url_prefix="/remote-days")

REFUSED = 422
NOON = time(12)
"""From then on a remote day is more likely tomorrow's."""

QUARANTINE_DAYS = 7
"""A week, as a rule; the last date is the person's to change."""

MODES = {mode.value: mode for mode in (LessonMode.CALL, LessonMode.SELF_STUDY)}


@blueprint.get("/new")
@requires(Action.DECLARE_REMOTE_DAY)
def new() -> str:
    """When, whom and why; ready-made answers first."""
    return _first_step(_form())


@blueprint.post("/new")
@requires(Action.DECLARE_REMOTE_DAY)
def prepare() -> Response | str | tuple[str, int]:
    """Work the plan out and show it; nothing changes yet."""
    form, do = _form(), request.form.get("do", "")
    if not form.validate_on_submit():
        return _first_step(form), REFUSED
    if do == "frost":
        return _first_step(form, proposed=_propose(form))
    return _prepare(form, _ready(form, do) if do.startswith("ready:") else form.wish())


def _form() -> WishForm:
    form, school = WishForm(), current_school()
    now = local_now(school.timezone)
    days = {one: day_words(one, now.date()) for one in open_days(db.session(), school)}
    likely = [one for one in days if one > now.date() or now.time() < NOON]
    form.offer(days, next(iter(likely or days), None), classes_of_scope(db.session(), school.id, Scope()))
    return form


def _first_step(form: WishForm, *, proposed: str = "") -> str:
    school = current_school()
    days = open_days(db.session(), school)
    standing = standing_decisions(db.session(), school.id, RemoteWish(days[0], days[-1])) if days else []
    return render_template(
        "remote_days/new.html",
        form=form,
        standing=standing,
        proposed=proposed,
        frost=frost_table(db.session(), school.id),
        classes=[(row.id, shown_class(row.label)) for row in classes_of_scope(db.session(), school.id, Scope())],
    )


def _propose(form: WishForm) -> str:
    """Tick the grades that the school's frost table keeps at home; answers what was found, in words."""
    school, weather = current_school(), form.weather
    table = frost_table(db.session(), school.id)
    form.reason.data = RemoteReason.FROST.value
    if weather is None or table is None:
        return str(_("Type the temperature.") if weather is None else _("The school has no frost table yet."))
    form.text.data = weather.sentence
    scope = propose_scope(school, table, weather)
    if scope is None:
        return str(_("By the table everybody comes to school in this weather. You may choose classes yourself."))
    form.whom.data, form.grades.data = "grades", sorted(scope.grades)
    form.shift.data = str(scope.shift or 0)
    return str(_("By the table these grades stay at home. Check them, then go on."))


def _ready(form: WishForm, do: str) -> RemoteWish:
    """A ready-made answer: only the day is taken from the form, and the weather where it was typed."""
    first = form.dates[0]
    kind, _colon, class_id = do.removeprefix("ready:").partition(":")
    if kind == "quarantine":
        last = first + timedelta(days=QUARANTINE_DAYS - 1)
        reason = RemoteReason.QUARANTINE_CLASS if class_id else RemoteReason.QUARANTINE_SCHOOL
        scope = Scope(class_ids=frozenset({int(class_id)})) if class_id.isdigit() else Scope()
        return RemoteWish(first, last, scope, reason, FAMILIES_READ[reason])
    school, weather = current_school(), form.weather
    table = frost_table(db.session(), school.id)
    scope = (propose_scope(school, table, weather) if table and weather else None) or Scope()
    text = weather.sentence if weather else FAMILIES_READ[RemoteReason.FROST]
    return RemoteWish(first, first, scope, RemoteReason.FROST, text)


def _prepare(form: WishForm, wish: RemoteWish) -> Response | tuple[str, int]:
    school_id, actor_id = current_school_id(), current_person().id
    try:
        prepared = prepare_remote_day(school_id, wish, actor_id=actor_id)
    except PlanningError as error:
        form.first.errors = [error.text]
        return _first_step(form), REFUSED
    if prepared.plan.rows:
        return redirect(url_for("remote_days.plan", plan_id=prepared.id), 303)
    standing = standing_decisions(db.session(), school_id, wish)
    if standing:
        return _to_standing(standing[-1].id)
    form.when.errors = [_("These classes have no lessons to come on these dates.")]
    return _first_step(form), REFUSED


def _to_standing(remote_day_id: int) -> Response:
    flash(_("This day is declared already. Here is the decision."), "soft")
    return redirect(url_for("remote_progress.show", remote_day_id=remote_day_id), 303)


@blueprint.get("/plans/<int:plan_id>")
@requires(Action.DECLARE_REMOTE_DAY)
def plan(plan_id: int) -> Response | str:
    """What is wrong, worst first, and the mix by class."""
    prepared = prepared_plan(db.session(), current_school_id(), plan_id)
    if prepared.remote_day_id is not None:
        return redirect(url_for("remote_progress.show", remote_day_id=prepared.remote_day_id), 303)
    page = plan_page(current_school(), prepared, open_class=request.args.get("class", type=int))
    changed = changed_words(current_school_id(), prepared) if "changed" in request.args else []
    may_search = solver_is_there() and not prepared.wish.uses_solver and not prepared.wish.modes
    return render_template(
        "remote_days/plan.html", page=page, prepared=prepared, changed=changed, may_search=may_search
    )


@blueprint.post("/plans/<int:plan_id>/search")
@requires(Action.DECLARE_REMOTE_DAY)
def search(plan_id: int) -> Response:
    """Look for the best mix with the optional solver; it is refused in words where none is installed."""
    before = prepared_plan(db.session(), current_school_id(), plan_id)
    wish = replace(before.wish, uses_solver=True)
    after = revise_plan(current_school_id(), plan_id, wish, actor_id=current_person().id)
    is_same = after.plan.digest == before.plan.digest
    flash(_("The plan was the best one already.") if is_same else _("A better mix of video lessons was found."), "done")
    return redirect(url_for("remote_days.plan", plan_id=after.id), 303)


@blueprint.post("/plans/<int:plan_id>/move")
@requires(Action.DECLARE_REMOTE_DAY)
def move(plan_id: int) -> Response:
    """Move one lesson between call and work on one's own, and say at once what that breaks."""
    get_in_school(RemotePlan, plan_id)
    lesson_id, _colon, mode = request.form.get("move", "").partition(":")
    if not lesson_id.isdigit() or mode not in MODES:
        return redirect(url_for("remote_days.plan", plan_id=plan_id), 303)
    before, after = move_lessons(
        current_school_id(), plan_id, {int(lesson_id): MODES[mode]}, actor_id=current_person().id
    )
    words = worse_words(before.plan, after.plan)
    flash(words or _("Moved. Nothing is broken by it."), "soft" if words else "done")
    open_class = request.form.get("class", type=int)
    anchor = f"class-{open_class}" if open_class else None
    shown: dict[str, Any] = {"class": open_class}
    return redirect(url_for("remote_days.plan", plan_id=after.id, _anchor=anchor, **shown), 303)


@blueprint.get("/plans/<int:plan_id>/confirm")
@requires(Action.DECLARE_REMOTE_DAY)
def look(plan_id: int) -> str:
    """The last look: what the families read, how many chats sound now."""
    prepared = prepared_plan(db.session(), current_school_id(), plan_id)
    return _last_step(prepared, _confirm_form(prepared))


def _confirm_form(prepared: Prepared) -> ConfirmForm:
    form = ConfirmForm()
    form.offer(remote_settings(current_school()), prepared.wish.reason)
    return form


def _last_step(prepared: Prepared, form: ConfirmForm) -> str:
    page = plan_page(current_school(), prepared)
    settings = remote_settings(current_school())
    return render_template("remote_days/confirm.html", page=page, prepared=prepared, form=form, settings=settings)


@blueprint.post("/plans/<int:plan_id>/confirm")
@requires(Action.DECLARE_REMOTE_DAY)
def confirm(plan_id: int) -> Response | tuple[str, int]:
    """Apply exactly what was shown, once however often it is sent."""
    school = current_school()
    school_id, actor_id = school.id, current_person().id
    prepared = prepared_plan(db.session(), school_id, plan_id)
    form = _confirm_form(prepared)
    if not form.validate_on_submit():
        return _last_step(prepared, form), REFUSED
    lines = remote_settings(school).chosen(frozenset(map(Line, form.lines.data or ())))
    said = Said(lines, (form.order_reference.data or "").strip())
    try:
        done = confirm_plan(school_id, plan_id, actor_id=actor_id, override=form.override.data or "", said=said)
    except ReasonNeededError:
        form.override.errors = [_("Give the reason. The director will see it.")]
        return _last_step(prepared, form), REFUSED
    if done.newer is not None:
        flash(_("The plan has changed meanwhile. See what differs, then confirm again."), "soft")
        return redirect(url_for("remote_days.plan", plan_id=done.newer.id, changed=1), 303)
    return _to_decision(done.declared)


def _to_decision(declared: Declared | None) -> Response:
    if declared is None or declared.remote_day_id is None:
        flash(_("There was nothing to declare any more."), "soft")
        return redirect(url_for("remote_days.new"), 303)
    if not declared.changed:
        return _to_standing(declared.remote_day_id)
    return redirect(url_for("remote_progress.show", remote_day_id=declared.remote_day_id), 303)


@blueprint.get("/<int:remote_day_id>/order")
@requires(Action.DECLARE_REMOTE_DAY)
def order(remote_day_id: int) -> str:
    """The number of the order, when it is there."""
    row = get_in_school(RemoteDay, remote_day_id)
    return render_template("remote_days/order.html", form=OrderForm(obj=row), row=row)


@blueprint.post("/<int:remote_day_id>/order")
@requires(Action.DECLARE_REMOTE_DAY)
def keep_order(remote_day_id: int) -> Response | tuple[str, int]:
    """Keep it; the teachers' post takes it up silently."""
    row, form = get_in_school(RemoteDay, remote_day_id), OrderForm()
    if not form.validate_on_submit():
        return render_template("remote_days/order.html", form=form, row=row), REFUSED
    enter_order(row.school_id, row.id, form.order_reference.data, actor_id=current_person().id)
    flash(_("Saved. No chat sounded."), "done")
    return redirect(url_for("remote_progress.show", remote_day_id=remote_day_id), 303)

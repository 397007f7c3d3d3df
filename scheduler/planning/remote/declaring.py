"""Declaring a remote day: a prepared plan is applied in one transaction, once however often it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.remote_days import announce_declared, mark_remote
from scheduler.database import transaction
from scheduler.models.lessons import Lesson, RuleOverride
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemotePlan
from scheduler.models.school import School
from scheduler.models.school_day import SchoolDay
from scheduler.planning import audit, consequences
from scheduler.planning.errors import NotThereError, ReasonNeededError, StaleError
from scheduler.planning.locking import lock
from scheduler.planning.remote.basis import basis_of
from scheduler.planning.remote.plan import Plan, PlanRow
from scheduler.planning.remote.preparing import Prepared, prepare_remote_day, read_prepared, revise_plan
from scheduler.planning.remote.right import ensure_may_declare
from scheduler.planning.remote.telling import words_of
from scheduler.planning.remote.wish import RemoteWish, already_remote, classes_of_scope, remote_days_on
from scheduler.planning.remote.writing import plain, write_lessons

TRIES = 4


@dataclass(frozen=True, slots=True)
class Declared:
    """What became of a decision; `changed` is 0 where it stood already, then `remote_day_id` is the earlier one."""

    remote_day_id: int | None
    changed: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Either it stands (`declared`), or the plan is another one now (`newer`) and must be looked at again."""

    declared: Declared | None = None
    newer: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said with the confirming itself and changes no lesson: the school's lines, the order's number.

    None leaves what was said with the wish.
    """

    lines: Mapping[str, str] | None = None
    order_reference: str | None = None

    def over(self, wish: RemoteWish) -> RemoteWish:
        """The wish with these words."""
        lines = wish.lines if self.lines is None else self.lines
        order = wish.order_reference if self.order_reference is None else self.order_reference
        return replace(wish, lines=lines, order_reference=order)


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class _Decision:
    """Who confirms, why norms may be broken, what is said besides."""

    actor_id: int | None
    override: str
    said: Said


def declare_remote_day(
    school_id: int, wish: RemoteWish, *, actor_id: int | None = None, override: str = "", digest: str | None = None
) -> Declared:
    """Prepare and apply a remote day in one go, for the command line and for programs.

    Classes that another decision has on a date are left to it; where it has them all nothing changes. Raises
    NotAllowedError, StaleError when `digest` (of the plan that a person looked at) is no longer the plan, and
    ReasonNeededError for a broken norm without `override`.
    """
    prepared = prepare_remote_day(school_id, wish, actor_id=actor_id)
    for _try in range(TRIES):
        if digest is not None and prepared.plan.rows and digest != prepared.plan.digest:
            raise StaleError(_("The timetable has changed meanwhile. Look at the plan again."))
        confirmed = confirm_plan(school_id, prepared.id, actor_id=actor_id, override=override)
        if confirmed.declared is not None:
            return confirmed.declared
        prepared = confirmed.newer or prepared
    raise StaleError(_("The timetable keeps changing. Try again in a minute."))


def confirm_plan(
    school_id: int, plan_id: int, *, actor_id: int | None, override: str = "", said: Said = NOTHING_SAID
) -> Confirmed:
    """Apply exactly the plan that was shown.

    Where what it was computed from has changed, it is computed anew outside the lock: the same plan is applied, another
    one is answered to be shown. Raises NotThereError, NotAllowedError, ReasonNeededError.
    """
    decision = _Decision(actor_id, override, said)
    declared = _apply_if_current(school_id, plan_id, decision)
    if declared is not None:
        return Confirmed(declared)
    with transaction() as session:
        shown = _plan_row(session, school_id, plan_id)
    newer = revise_plan(school_id, plan_id, read_prepared(shown).wish, actor_id=actor_id)
    if newer.plan.digest != shown.digest and newer.plan.rows:
        return Confirmed(newer=newer)
    declared = _apply_if_current(school_id, newer.id, decision)
    return Confirmed(declared) if declared is not None else Confirmed(newer=newer)


def _apply_if_current(school_id: int, plan_id: int, decision: _Decision) -> Declared | None:
    """Apply under the lock of the plan's days; None where the plan is no longer what would be computed."""
    with transaction() as session:
        ensure_may_declare(session, school_id, decision.actor_id)
        kept = _plan_row(session, school_id, plan_id)
        prepared = read_prepared(kept)
        days = lock(session, school_id, dates=prepared.wish.dates).days
        session.refresh(kept)
        if kept.remote_day_id is not None:
            return Declared(kept.remote_day_id, 0, prepared.plan)
        school = session.get_one(School, school_id)
        if basis_of(session, school, prepared.wish) != prepared.basis:
            return None
        if not prepared.plan.rows:
            return Declared(_standing(session, school_id, prepared.wish), 0, prepared.plan)
        _ensure_reason(prepared.plan, decision)
        kept.remote_day_id = _carry_out(session, school, prepared, days, decision)
        return Declared(kept.remote_day_id, len(prepared.plan.rows), prepared.plan)


def _plan_row(session: Session, school_id: int, plan_id: int) -> RemotePlan:
    row = session.get(RemotePlan, plan_id)
    if row is None or row.school_id != school_id:
        raise NotThereError(_("This plan is no longer kept. Begin anew."))
    return row


def _standing(session: Session, school_id: int, wish: RemoteWish) -> int | None:
    """The decision that has these classes already."""
    wanted = {row.id for row in classes_of_scope(session, school_id, wish.scope)}
    found = remote_days_on(session, school_id, wish.dates)
    return next((one.id for one in reversed(found) if wanted & already_remote([one], one.date_from)), None)


def _ensure_reason(plan: Plan, decision: _Decision) -> None:
    if plan.blocking and not decision.override.strip():
        raise ReasonNeededError(" ".join(one.text for one in plan.blocking[:3]))


def _carry_out(
    session: Session, school: School, prepared: Prepared, days: dict[date, SchoolDay], decision: _Decision
) -> int:
    plan, wish = prepared.plan, decision.said.over(prepared.wish)
    for day in plan.dates:
        days[day].revision += 1
    row = _decision(school.id, wish, plan, decision)
    session.add(row)
    session.flush()
    shown = mark_remote(session, school.id, plan.class_ids, words_of(session, school, wish, plan))
    _apply(session, school, row, plan.rows)
    announce_declared(session, school, shown)
    _note_overrides(session, row, plan)
    return row.id


def _decision(school_id: int, wish: RemoteWish, plan: Plan, decision: _Decision) -> RemoteDay:
    return RemoteDay(
        school_id=school_id,
        date_from=wish.first,
        date_to=wish.last,
        reason=wish.reason,
        text=wish.text,
        order_reference=wish.order_reference,
        scope=wish.scope.plain(),
        class_ids=sorted({class_id for ids in plan.class_ids.values() for class_id in ids}),
        bells=wish.bells.plain() if wish.bells else {},
        wish=wish.plain(),
        facts=plan.facts(),
        override=decision.override.strip(),
        declared_by_id=decision.actor_id,
        declared_at=clock.now(),
    )


def _apply(session: Session, school: School, row: RemoteDay, planned: tuple[PlanRow, ...]) -> None:
    wanted = {one.lesson_id: _values(one, row) for one in planned}
    lessons = lock(session, school.id, lesson_ids=wanted).lessons
    ordered = [lessons[lesson_id] for lesson_id in wanted]
    before = {lesson.id: plain(lesson) for lesson in ordered}
    changes = write_lessons(session, school, ordered, wanted)
    session.execute(sa.insert(RemoteDayLesson), [_kept(row, lesson, before[lesson.id]) for lesson in ordered])
    audit.record_lessons(
        session, changes, action="remote_day", actor_id=row.declared_by_id, reason=row.text or row.override
    )
    consequences.draw(session, school.id, changes)


def _values(one: PlanRow, row: RemoteDay) -> dict[str, Any]:
    values = one.values() | {"is_changed_by_person": True}
    return values if one.is_live else values | {"cancel_reason": row.text}


def _kept(row: RemoteDay, lesson: Lesson, before: dict[str, Any]) -> dict[str, Any]:
    return {
        "school_id": row.school_id, "remote_day_id": row.id, "lesson_id": lesson.id, "before": before,
        "after": plain(lesson), "sequence": lesson.sequence,
    }  # fmt: skip


def _note_overrides(session: Session, row: RemoteDay, plan: Plan) -> None:
    for finding in plan.blocking:
        session.add(
            RuleOverride(
                school_id=row.school_id,
                lesson_id=(*finding.lesson_ids, plan.rows[0].lesson_id)[0],
                rule=finding.rule,
                text=finding.text,
                reason=row.override,
                person_id=row.declared_by_id,
                made_at=row.declared_at,
            )
        )

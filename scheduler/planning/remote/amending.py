"""Changing a remote day that stands: longer or shorter, classes more or fewer, other bells, single lessons at school.

Whatever is wished, the decision is planned anew from what its lessons were before it, and what differs is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayState, RemotePlan
from scheduler.models.school import School
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError
from scheduler.planning.locking import Locked, lock
from scheduler.planning.remote.amended import Amended, is_out, write_amendment
from scheduler.planning.remote.basis import basis_of
from scheduler.planning.remote.before import holds, set_by
from scheduler.planning.remote.plan import Plan
from scheduler.planning.remote.preparing import compute_plan, read_prepared
from scheduler.planning.remote.right import ensure_may_declare
from scheduler.planning.remote.wish import OwnBells, RemoteWish, Scope, wish_of
from scheduler.rules.facts import LessonMode


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to become of a decision; None leaves a value as it is.

    `class_ids` are all classes that shall be at home: those no longer named go back to school from `from_day` on (today
    unless said), new ones join. A single lesson goes back on its own card.
    """

    last: date | None = None
    class_ids: frozenset[int] | None = None
    from_day: date | None = None
    bells: OwnBells | None = None
    usual_bells: bool = False


@dataclass(frozen=True, slots=True)
class PreparedAmendment:
    """A changed plan as it is shown: lessons that become remote, are held otherwise, and go back to school."""

    id: int
    remote_day_id: int
    wish: RemoteWish
    plan: Plan
    new: tuple[int, ...]
    altered: tuple[int, ...]
    back: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.altered or self.back)


def prepare_amendment(
    school_id: int, remote_day_id: int, amendment: Amendment, *, actor_id: int | None = None
) -> PreparedAmendment:
    """Compute and keep the changed plan; no lesson changes. Raises PlanningError, NotThereError, NotAllowedError."""
    session = db.session()
    ensure_may_declare(session, school_id, actor_id)
    row = _row(session, school_id, remote_day_id)
    school = session.get_one(School, school_id)
    wish = amended_wish(session, school, row, amendment)
    basis = _basis(session, school, row, wish)
    plan = compute_plan(session, school, wish, amends=row)
    new, altered, back = _differences(session, row, wish, plan)
    db.session.rollback()  # nothing is held while another process writes
    with transaction() as writing:
        kept = RemotePlan(
            school_id=school_id, wish=wish.plain(), plan=plan.plain(), digest=plan.digest, basis=basis,
            made_by_id=actor_id, made_at=clock.now(), amends_id=remote_day_id,
        )  # fmt: skip
        writing.add(kept)
        writing.flush()
        return PreparedAmendment(kept.id, remote_day_id, wish, plan, new, altered, back)


def read_amendment(session: Session, school_id: int, plan_id: int) -> PreparedAmendment:
    """A kept changed plan; raises NotThereError."""
    kept = session.get(RemotePlan, plan_id)
    if kept is None or kept.school_id != school_id or kept.amends_id is None:
        raise NotThereError(_("This plan is no longer kept. Begin anew."))
    prepared, row = read_prepared(kept), session.get_one(RemoteDay, kept.amends_id)
    new, altered, back = _differences(session, row, prepared.wish, prepared.plan)
    return PreparedAmendment(kept.id, row.id, prepared.wish, prepared.plan, new, altered, back)


def confirm_amendment(school_id: int, plan_id: int, *, actor_id: int | None, override: str = "") -> Amended | None:
    """Apply exactly the changed plan that was shown, once however often it is sent.

    None where the timetable changed meanwhile: the plan is to be prepared and looked at again. Raises NotThereError,
    NotAllowedError, PlanningError and ReasonNeededError.
    """
    with transaction() as session:
        ensure_may_declare(session, school_id, actor_id)
        shown = read_amendment(session, school_id, plan_id)
        row, kept = session.get_one(RemoteDay, shown.remote_day_id), session.get_one(RemotePlan, plan_id)
        locked = _locked(session, row, shown)
        session.refresh(kept)
        session.refresh(row)
        if kept.remote_day_id is not None:
            return Amended(row.id, 0, ())
        school = session.get_one(School, school_id)
        if row.state is RemoteDayState.UNDONE:
            raise PlanningError(_("This decision has been undone. Declare a new one."))
        if _basis(session, school, row, shown.wish) != kept.basis:
            return None
        if shown.plan.blocking and not override.strip():
            raise ReasonNeededError(" ".join(one.text for one in shown.plan.blocking[:3]))
        kept.remote_day_id = row.id
        return write_amendment(
            session, school, row, (shown.wish, shown.plan), locked=locked, actor_id=actor_id, override=override.strip()
        )


def amended_wish(session: Session, school: School, row: RemoteDay, amendment: Amendment) -> RemoteWish:
    """The decision's own wish with the change laid over; its calls stay calls. Raises PlanningError."""
    today = clock.today(school.timezone)
    last = amendment.last or row.date_to
    if row.state is RemoteDayState.UNDONE or not row.wish:
        raise PlanningError(_("This decision has been undone. Declare a new one."))
    if last < max(today, row.date_from):
        raise PlanningError(_("The last date cannot lie before today. To take all back, undo the decision."))
    since = max(amendment.from_day or today, row.date_from)
    wish = wish_of(row.wish)
    at_home = frozenset(row.class_ids) if amendment.class_ids is None else _known(session, school, amendment.class_ids)
    returns = _returns(row, amendment.class_ids, at_home, since)
    if all(returns.get(one, date.max) <= since for one in at_home | frozenset(row.class_ids)):
        raise PlanningError(_("No class would stay at home. To take all back, undo the decision."))
    bells = None if amendment.usual_bells else amendment.bells or wish.bells
    return replace(
        wish,
        last=last,
        scope=Scope(class_ids=frozenset(row.class_ids) | at_home),
        returns=returns,
        bells=bells,
        modes={**wish.modes, **_present_modes(session, row)},
    )


def _known(session: Session, school: School, class_ids: frozenset[int]) -> frozenset[int]:
    query = sa.select(SchoolClass.id).where(SchoolClass.school_id == school.id, SchoolClass.id.in_(class_ids))
    if frozenset(session.scalars(query)) != class_ids:
        raise NotThereError(_("There is no such class."))
    return class_ids


def _returns(row: RemoteDay, named: frozenset[int] | None, at_home: frozenset[int], since: date) -> Mapping[int, date]:
    before = {int(class_id): date.fromisoformat(day) for class_id, day in row.returns.items()}
    if named is None:
        return before
    gone = {class_id: min(before.get(class_id, since), since) for class_id in set(row.class_ids) - at_home}
    return {class_id: day for class_id, day in before.items() if class_id not in at_home} | gone


def _present_modes(session: Session, row: RemoteDay) -> dict[int, LessonMode]:
    """Calls stay calls and work on one's own stays that, so that a change of bells changes nothing else."""
    kept = set_by(session, row)
    modes = session.execute(
        sa.select(Lesson.id, Lesson.mode).where(
            Lesson.id.in_(kept), Lesson.mode.in_((LessonMode.CALL, LessonMode.SELF_STUDY))
        )
    )
    return {one.id: one.mode for one in modes}


def _row(session: Session, school_id: int, remote_day_id: int) -> RemoteDay:
    row = session.get(RemoteDay, remote_day_id)
    if row is None or row.school_id != school_id:
        raise NotThereError(_("There is no such remote day."))
    return row


def _basis(session: Session, school: School, row: RemoteDay, wish: RemoteWish) -> str:
    """Over the dates that the decision has and shall have."""
    return basis_of(session, school, replace(wish, last=max(wish.last, row.date_to)))


def _locked(session: Session, row: RemoteDay, shown: PreparedAmendment) -> Locked:
    wide = replace(shown.wish, last=max(shown.wish.last, row.date_to))
    ids = {*shown.plan.by_id, *set_by(session, row)}
    return lock(session, row.school_id, lesson_ids=ids, dates=wide.dates)


def _differences(
    session: Session, row: RemoteDay, wish: RemoteWish, plan: Plan
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Lessons that become remote, that are held otherwise, and that go back to school."""
    kept = set_by(session, row)
    query = sa.select(Lesson).where(Lesson.id.in_({*kept, *plan.by_id}))
    with_parts = selectinload(Lesson.group).selectinload(StudyGroup.parts)
    lessons = {one.id: one for one in session.scalars(query.options(with_parts))}
    new = tuple(one for one in plan.by_id if one not in kept)
    altered = tuple(
        one
        for one, planned in plan.by_id.items()
        if one in kept and any(getattr(lessons[one], name) != value for name, value in planned.values().items())
    )
    back = tuple(
        one for one in kept if one not in plan.by_id and is_out(lessons[one], wish) and holds(lessons[one], kept[one])
    )
    return new, altered, back

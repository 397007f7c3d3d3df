"""Preparing a remote day: the plan is computed outside any lock and kept as it will be shown. No lesson changes."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import choose
from scheduler.calls.ground import Audience, Choice
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.database import db, transaction
from scheduler.models.remote_day import RemoteDay, RemotePlan
from scheduler.models.school import CallWay, School
from scheduler.planning.errors import NotThereError
from scheduler.planning.remote.basis import basis_of
from scheduler.planning.remote.plan import Plan, plan_of_proposal, read_plan
from scheduler.planning.remote.proposal import Proposal, propose
from scheduler.planning.remote.right import ensure_may_declare
from scheduler.planning.remote.wish import RemoteWish, wish_of
from scheduler.rules.facts import LessonMode

KEPT_FOR = timedelta(days=2)
"""How long a plan that nobody confirmed is kept."""

NO_WAY = "none"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan that can be confirmed. `replaces_id` is the one that its person looked at before."""

    id: int
    wish: RemoteWish
    plan: Plan
    basis: str
    replaces_id: int | None = None
    remote_day_id: int | None = None


def compute_plan(session: Session, school: School, wish: RemoteWish, *, amends: RemoteDay | None = None) -> Plan:
    """The plan as it would be applied now; `amends` is the decision that is to become this wish."""
    proposal = propose(session, school, wish, amends=amends)
    return plan_of_proposal(proposal, _ways(session, school, proposal))


def preview_remote_day(school_id: int, wish: RemoteWish) -> Plan:
    """The plan as it would be applied now; nothing is kept and nothing changes."""
    return compute_plan(db.session(), db.session.get_one(School, school_id), wish)


def prepare_remote_day(
    school_id: int, wish: RemoteWish, *, actor_id: int | None = None, replaces_id: int | None = None
) -> Prepared:
    """Compute the plan and keep it, so that what is confirmed is exactly what was shown.

    The basis is taken before the plan: what changes while it is computed makes it stale. Raises NotAllowedError and
    PlanningError for dates that make no sense.
    """
    session = db.session()
    ensure_may_declare(session, school_id, actor_id)
    school = session.get_one(School, school_id)
    basis = basis_of(session, school, wish)
    plan = compute_plan(session, school, wish)
    db.session.rollback()  # nothing is held while another process writes
    with transaction() as writing:
        _drop_old(writing, school_id)
        row = RemotePlan(
            school_id=school_id, wish=wish.plain(), plan=plan.plain(), digest=plan.digest, basis=basis,
            made_by_id=actor_id, made_at=clock.now(), replaces_id=replaces_id,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        return Prepared(row.id, wish, plan, basis, replaces_id)


def revise_plan(school_id: int, plan_id: int, wish: RemoteWish, *, actor_id: int | None) -> Prepared:
    """Another plan in the place of one that was shown: a lesson was moved, or something changed meanwhile."""
    return prepare_remote_day(school_id, wish, actor_id=actor_id, replaces_id=plan_id)


def move_lessons(
    school_id: int, plan_id: int, modes: dict[int, LessonMode], *, actor_id: int | None
) -> tuple[Prepared, Prepared]:
    """Move lessons of a plan between call and work on one's own; answers the plan before and after.

    All other lessons are held as they were shown, so that one move moves nothing else.
    """
    before = prepared_plan(db.session(), school_id, plan_id)
    shown = {row.lesson_id: row.mode for row in before.plan.rows if row.is_live}
    kept = {lesson_id: mode for lesson_id, mode in shown.items() if mode in (LessonMode.CALL, LessonMode.SELF_STUDY)}
    wish = replace(before.wish, modes={**before.wish.modes, **kept, **modes})
    return before, revise_plan(school_id, plan_id, wish, actor_id=actor_id)


def prepared_plan(session: Session, school_id: int, plan_id: int) -> Prepared:
    """A kept plan of this school; raises NotThereError."""
    row = session.get(RemotePlan, plan_id)
    if row is None or row.school_id != school_id:
        raise NotThereError("")
    return read_prepared(row)


def read_prepared(row: RemotePlan) -> Prepared:
    """A kept plan as values."""
    return Prepared(row.id, wish_of(row.wish), read_plan(row.plan), row.basis, row.replaces_id, row.remote_day_id)


def _ways(session: Session, school: School, proposal: Proposal) -> dict[str, int]:
    """How many calls get a link of their own, a standing room, the call of a chat, or nothing."""
    ground = load_ground(session, school.id)
    calls = [one.after for one in proposal.lessons if one.after.is_live and one.after.mode is LessonMode.CALL]
    groups = load_group_audiences(session, {one.group.id for one in calls})
    found = (
        choose(audience(groups.get(one.group.id, Audience()), one.course_id, one.teacher_ids), ground) for one in calls
    )
    return dict(Counter(_way(choice) for choice in found))


def _way(choice: Choice) -> str:
    return NO_WAY if choice.problem else CallWay(choice.way).value


def _drop_old(session: Session, school_id: int) -> None:
    session.execute(
        sa.delete(RemotePlan).where(
            RemotePlan.school_id == school_id,
            RemotePlan.remote_day_id.is_(None),
            RemotePlan.made_at < clock.now() - KEPT_FOR,
        )
    )

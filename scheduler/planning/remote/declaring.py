"""Declaring a remote day: the plan is computed anew under the lock of its days and applied in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.remote_days import mark_remote
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson, RuleOverride
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import School
from scheduler.permissions import Action, may
from scheduler.planning import audit, consequences
from scheduler.planning.errors import ReasonNeededError, StaleError
from scheduler.planning.locking import lock
from scheduler.planning.permission import NotAllowedError, person_of
from scheduler.planning.remote.proposal import PlannedLesson, Proposal, propose
from scheduler.planning.remote.telling import words_of
from scheduler.planning.remote.wish import RemoteWish, already_remote, classes_of_scope, remote_days_on
from scheduler.planning.remote.writing import plain, write_lessons
from scheduler.planning.words import finding_text
from scheduler.rules.facts import LessonMode


@dataclass(frozen=True, slots=True)
class Declared:
    """What became of a decision; `changed` is 0 where it stood already, then `remote_day_id` is the earlier one."""

    remote_day_id: int | None
    changed: int
    proposal: Proposal


def preview_remote_day(school_id: int, wish: RemoteWish) -> Proposal:
    """The plan as it would be applied now; nothing is locked and nothing changes."""
    return propose(db.session(), db.session.get_one(School, school_id), wish)


def declare_remote_day(
    school_id: int, wish: RemoteWish, *, actor_id: int | None = None, override: str = "", digest: str | None = None
) -> Declared:
    """Apply a remote day, once however often it is sent.

    Classes that another decision has on a date are left to it; where it has them all nothing changes. Raises
    NotAllowedError, StaleError when `digest` (of the preview that a person confirmed) is no longer the plan, and
    ReasonNeededError for a broken norm without `override`.
    """
    with transaction() as session:
        ensure_may_declare(session, school_id, actor_id)
        days = lock(session, school_id, dates=wish.dates).days
        school = session.get_one(School, school_id)
        proposal = propose(session, school, wish)
        if not proposal.lessons:
            return Declared(_standing(session, school_id, wish), 0, proposal)
        if digest is not None and digest != proposal.digest:
            raise StaleError(_("The timetable has changed meanwhile. Look at the plan again."), proposal.findings)
        if proposal.blocking and not override.strip():
            raise ReasonNeededError(" ".join(map(finding_text, proposal.blocking[:3])), proposal.findings)
        for day in {one.before.date for one in proposal.lessons}:
            days[day].revision += 1
        row = _decision(school_id, wish, proposal, actor_id=actor_id, override=override)
        session.add(row)
        session.flush()
        mark_remote(session, school_id, proposal.class_ids, words_of(session, school, wish, proposal))
        _apply(session, school, row, proposal.lessons)
        _note_overrides(session, row, proposal)
        return Declared(row.id, len(proposal.lessons), proposal)


def ensure_may_declare(session: Session, school_id: int, actor_id: int | None) -> None:
    """Raise NotAllowedError unless the actor may declare remote days; no actor is the command line."""
    if actor_id is not None and not may(person_of(session, school_id, actor_id).grants, Action.DECLARE_REMOTE_DAY):
        raise NotAllowedError(_("Remote days are declared by the director, the deputy head and who was named for it."))


def _standing(session: Session, school_id: int, wish: RemoteWish) -> int | None:
    """The decision that has these classes already."""
    wanted = {row.id for row in classes_of_scope(session, school_id, wish.scope)}
    found = remote_days_on(session, school_id, wish.dates)
    return next((one.id for one in reversed(found) if wanted & already_remote([one], one.date_from)), None)


def _decision(
    school_id: int, wish: RemoteWish, proposal: Proposal, *, actor_id: int | None, override: str
) -> RemoteDay:
    return RemoteDay(
        school_id=school_id,
        date_from=wish.first,
        date_to=wish.last,
        reason=wish.reason,
        text=wish.text,
        order_reference=wish.order_reference,
        scope=wish.scope.plain(),
        class_ids=sorted({class_id for ids in proposal.class_ids.values() for class_id in ids}),
        facts=facts_of(proposal),
        override=override.strip(),
        declared_by_id=actor_id,
        declared_at=clock.now(),
    )


def facts_of(proposal: Proposal) -> dict[str, int]:
    """The figures of a plan, as the command line and the pages say them."""
    return {
        "lessons": len(proposal.lessons),
        "classes": len(proposal.classes),
        "calls": proposal.count(LessonMode.CALL),
        "self_study": proposal.count(LessonMode.SELF_STUDY),
        "dropped": proposal.dropped,
        "findings": len(proposal.findings),
    }


def _apply(session: Session, school: School, row: RemoteDay, planned: Sequence[PlannedLesson]) -> None:
    wanted = {one.lesson_id: _values(one, row) for one in planned}
    lessons = lock(session, school.id, lesson_ids=wanted).lessons
    ordered = [lessons[lesson_id] for lesson_id in wanted]
    before = {lesson.id: plain(lesson) for lesson in ordered}
    changes = write_lessons(session, school, ordered, wanted)
    session.execute(sa.insert(RemoteDayLesson), [_kept(row, lesson, before[lesson.id]) for lesson in ordered])
    for change in changes:
        audit.record_lesson(
            session, change, action="remote_day", actor_id=row.declared_by_id, reason=row.text or row.override
        )
    consequences.draw(session, school.id, changes)


def _values(one: PlannedLesson, row: RemoteDay) -> dict[str, Any]:
    after = one.after
    values = {
        "mode": after.mode, "online_minutes": after.online_minutes, "start": after.start, "end": after.end,
        "state": after.state, "is_changed_by_person": True,
    }  # fmt: skip
    return values if after.is_live else values | {"cancel_reason": row.text}


def _kept(row: RemoteDay, lesson: Lesson, before: dict[str, Any]) -> dict[str, Any]:
    return {
        "school_id": row.school_id, "remote_day_id": row.id, "lesson_id": lesson.id, "before": before,
        "after": plain(lesson), "sequence": lesson.sequence,
    }  # fmt: skip


def _note_overrides(session: Session, row: RemoteDay, proposal: Proposal) -> None:
    for finding in proposal.blocking:
        session.add(
            RuleOverride(
                school_id=row.school_id,
                lesson_id=(*finding.lesson_ids, proposal.lessons[0].lesson_id)[0],
                rule=finding.rule,
                text=finding_text(finding),
                reason=row.override,
                person_id=row.declared_by_id,
                made_at=row.declared_at,
            )
        )

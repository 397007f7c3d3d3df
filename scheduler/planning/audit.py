"""The record of who changed what, when, why, before and after; written in the change's own transaction."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.audit import AuditEvent
from scheduler.models.changes import LessonChange, snapshot


def record(
    session: Session,
    school_id: int,
    action: str,
    *,
    actor_id: int | None,
    subject: tuple[str, int | None],
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note one change; `subject` is the kind and number of the row."""
    session.add(
        AuditEvent(
            school_id=school_id,
            at=clock.now(),
            person_id=actor_id,
            action=action,
            subject_kind=subject[0],
            subject_id=subject[1],
            reason=reason,
            before=before,
            after=after,
        )
    )


def record_lesson(session: Session, change: LessonChange, *, action: str, actor_id: int | None, reason: str) -> None:
    """Note a changed lesson with only those values that differ."""
    record_lessons(session, [change], action=action, actor_id=actor_id, reason=reason)


def record_lessons(
    session: Session, changes: Sequence[LessonChange], *, action: str, actor_id: int | None, reason: str
) -> None:
    """Note changed lessons, each with only those values that differ, in one statement however many there are."""
    said = {"at": clock.now(), "person_id": actor_id, "action": action, "reason": reason, "subject_kind": "lesson"}
    rows = [said | _differing(change) for change in changes]
    if rows:
        session.execute(sa.insert(AuditEvent), rows)


def _differing(change: LessonChange) -> dict[str, Any]:
    lesson, now = change.lesson, snapshot(change.lesson)
    then = change.before
    names = [one.name for one in fields(now) if then is None or getattr(now, one.name) != getattr(then, one.name)]
    return {
        "school_id": lesson.school_id,
        "subject_id": lesson.id,
        "before": {name: _json(getattr(then, name)) for name in names} if then else None,
        "after": {name: _json(getattr(now, name)) for name in names},
    }


def _json(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value

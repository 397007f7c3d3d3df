"""The record of who changed what, when, why, before and after; written in the change's own transaction."""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.audit import AuditEvent
from scheduler.models.changes import LessonChange, LessonSnapshot, snapshot


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
    lesson = change.lesson
    now = _plain(snapshot(lesson))
    then = _plain(change.before) if change.before else {}
    differing = {key for key in now if now[key] != then.get(key)}
    record(
        session,
        lesson.school_id,
        action,
        actor_id=actor_id,
        subject=("lesson", lesson.id),
        reason=reason,
        before={key: then[key] for key in differing} if then else None,
        after={key: now[key] for key in differing},
    )


def _plain(values: LessonSnapshot) -> dict[str, Any]:
    return {name: _json(value) for name, value in asdict(values).items()}


def _json(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value

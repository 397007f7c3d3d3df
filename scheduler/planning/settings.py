"""The school's own settings, changed as one decision with its consequences; which of them exist is told by the row."""

from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.touch import touch_school
from scheduler.chats.reopen import retime
from scheduler.chats.stale import refresh_day
from scheduler.database import transaction
from scheduler.models.chats import Chat
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError


@dataclass(frozen=True, slots=True)
class SchoolSettings:
    """What a person can set. `remote_gap_minutes` and `device_days` are whole minutes and days."""

    name: str
    phone: str
    offline_line: str
    is_consent_required: bool
    remote_gap_minutes: int
    quiet_from: time
    quiet_to: time
    evening_hour: time
    device_days: int
    cycle_anchor: date | None
    timezone: str


def settings_of(school: School) -> SchoolSettings:
    """The settings in force."""
    return SchoolSettings(**{name: getattr(school, name) for name in SchoolSettings.__slots__})


def change_settings(school_id: int, wish: SchoolSettings, *, actor_id: int | None) -> frozenset[str]:
    """Store the settings and answer the names of those that changed.

    Another name stands in every calendar, another offline line in what the chats show today and tomorrow: both are
    renewed in the same transaction. Raises PlanningError without a name or a line for children without internet.
    """
    if not wish.name.strip() or not wish.offline_line.strip():
        raise PlanningError(_("The school's name and its line for children without internet cannot be empty."))
    with transaction() as session:
        school = locked_school(session, school_id)
        before, after = _plain(settings_of(school)), _plain(wish)
        changed = frozenset(name for name in after if after[name] != before[name])
        if "timezone" in changed:
            _ensure_movable(session, school_id, wish.timezone)
        for name in changed:
            setattr(school, name, getattr(wish, name))
        if changed:
            _draw(session, school, changed)
            record(
                session,
                school_id,
                "settings",
                actor_id=actor_id,
                subject=("school", school_id),
                before={name: before[name] for name in sorted(changed)},
                after={name: after[name] for name in sorted(changed)},
            )
        return changed


def _ensure_movable(session: Session, school_id: int, timezone: str) -> None:
    if timezone not in available_timezones():
        raise PlanningError(_("Choose the time zone."))
    if has_lessons(session, school_id):
        raise PlanningError(_("The time zone stands once there are lessons: their hours are told in it everywhere."))


def has_lessons(session: Session, school_id: int) -> bool:
    """Whether any lesson stands on a date; from then on the school's clock is not moved."""
    return session.scalar(sa.select(Lesson.id).where(Lesson.school_id == school_id).limit(1)) is not None


def locked_school(session: Session, school_id: int) -> School:
    """The school's row, held until the transaction ends; raises NotThereError."""
    # rows that refer to the school may be written meanwhile: a booking holds its days and only adds such rows
    school = session.get(School, school_id, with_for_update={"key_share": True})
    if school is None:
        raise NotThereError(_("There is no such school."))
    return school


def _draw(session: Session, school: School, changed: frozenset[str]) -> None:
    session.flush()
    if changed & {"name", "offline_line"}:
        touch_school(session, school.id)
    if "offline_line" in changed:
        refresh_shown_days(session, school)
    if changed & {"quiet_from", "quiet_to", "evening_hour"}:
        retime(session, school, session.scalars(sa.select(Chat).where(Chat.school_id == school.id)).all())


def refresh_shown_days(session: Session, school: School) -> None:
    """Say anew what every chat should show today and tomorrow; later days are computed when they fall due."""
    today = clock.today(school.timezone)
    for day in (today, today + timedelta(days=1)):
        refresh_day(session, school.id, day)


def _plain(settings: SchoolSettings) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | time) else value for name, value in asdict(settings).items()
    }

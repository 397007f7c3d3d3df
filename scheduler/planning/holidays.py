"""Holidays and transferred days as the school states them; lessons follow only when the timetable is published anew."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.school import Holiday, HolidayKind
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError

LONGEST_DAYS = 130


@dataclass(frozen=True, slots=True)
class HolidayWish:
    """Days without lessons, both ends included; a working Saturday names the weekday (1 Monday) that it follows."""

    name: str
    start: date
    end: date
    kind: HolidayKind = HolidayKind.HOLIDAY
    follows_weekday: int | None = None


def add_holiday(school_id: int, wish: HolidayWish, *, actor_id: int | None) -> int:
    """Add a holiday; answers its number. Raises PlanningError for dates that make no sense."""
    _ensure_sane(wish)
    with transaction() as session:
        row = Holiday(school_id=school_id)
        _fill(row, wish)
        session.add(row)
        session.flush()
        record(session, school_id, "add_holiday", actor_id=actor_id, subject=("holiday", row.id), after=_facts(row))
        return row.id


def change_holiday(school_id: int, holiday_id: int, wish: HolidayWish, *, actor_id: int | None) -> None:
    """Put a holiday right; what a person states is confirmed. Raises PlanningError, NotThereError."""
    _ensure_sane(wish)
    with transaction() as session:
        row = _holiday(session, school_id, holiday_id)
        before = _facts(row)
        _fill(row, wish)
        subject = ("holiday", holiday_id)
        record(session, school_id, "change_holiday", actor_id=actor_id, subject=subject, before=before,
               after=_facts(row))  # fmt: skip


def _ensure_sane(wish: HolidayWish) -> None:
    if not 0 <= (wish.end - wish.start).days <= LONGEST_DAYS:
        raise PlanningError(_("The last day is before the first, or the holiday is longer than four months."))


def _fill(row: Holiday, wish: HolidayWish) -> None:
    row.name, row.kind, row.start, row.end = wish.name, wish.kind, wish.start, wish.end
    row.follows_weekday, row.is_confirmed = wish.follows_weekday, True


def _facts(row: Holiday) -> dict[str, str]:
    return {"name": row.name, "start": row.start.isoformat(), "end": row.end.isoformat()}


def _holiday(session: Session, school_id: int, holiday_id: int) -> Holiday:
    row = session.get(Holiday, holiday_id)
    if row is None or row.school_id != school_id:
        raise NotThereError(_("This holiday has been removed already."))
    return row


def confirm_holiday(school_id: int, holiday_id: int, *, actor_id: int | None) -> None:
    """Say that a proposed holiday is right."""
    with transaction() as session:
        row = _holiday(session, school_id, holiday_id)
        row.is_confirmed = True
        record(session, school_id, "confirm_holiday", actor_id=actor_id, subject=("holiday", holiday_id))


def remove_holiday(school_id: int, holiday_id: int, *, actor_id: int | None) -> None:
    """Remove a holiday; its days have lessons once the timetable is published again."""
    with transaction() as session:
        row = _holiday(session, school_id, holiday_id)
        before = _facts(row)
        session.delete(row)
        record(session, school_id, "remove_holiday", actor_id=actor_id, subject=("holiday", holiday_id), before=before)

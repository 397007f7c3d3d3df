"""Who is away on which dates, by the absences in force; reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.absence import Absence, AbsenceState


def away_on(session: Session, school_id: int, dates: Iterable[date]) -> Mapping[date, frozenset[int]]:
    """The people away on each of the dates."""
    days = sorted(set(dates))
    if not days:
        return {}
    rows = session.execute(
        sa.select(Absence.person_id, Absence.date_from, Absence.date_to).where(
            Absence.school_id == school_id,
            Absence.state == AbsenceState.APPLIED,
            Absence.date_from <= days[-1],
            Absence.date_to >= days[0],
        )
    ).all()
    return {day: frozenset(row.person_id for row in rows if row.date_from <= day <= row.date_to) for day in days}

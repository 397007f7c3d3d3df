"""Terms of the school year as a person states them; publishing fills in how far their lessons are made."""

from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.school import AcademicYear, Term
from scheduler.planning.audit import record
from scheduler.planning.errors import PlanningError

LONGEST_DAYS = 200
SEPTEMBER = 9


def add_term(school_id: int, name: str, start: date, end: date, *, actor_id: int | None) -> int:
    """Add a quarter or trimester, and its school year where there is none; answers its number.

    Raises PlanningError for dates that make no sense or lie within another term.
    """
    if not 0 < (end - start).days <= LONGEST_DAYS:
        raise PlanningError(_("A term ends after its first day and lasts at most half a year."))
    with transaction() as session:
        _ensure_free(session, school_id, start, end)
        row = Term(
            school_id=school_id, academic_year_id=_year(session, school_id, start, end), name=name, start=start, end=end
        )
        session.add(row)
        session.flush()
        after = {"name": name, "start": start.isoformat(), "end": end.isoformat()}
        record(session, school_id, "add_term", actor_id=actor_id, subject=("term", row.id), after=after)
        return row.id


def _ensure_free(session: Session, school_id: int, start: date, end: date) -> None:
    other = session.scalar(
        sa.select(Term.name).where(Term.school_id == school_id, Term.start <= end, Term.end >= start).limit(1)
    )
    if other is not None:
        raise PlanningError(_("These dates meet those of “%(term)s”.", term=other))


def _year(session: Session, school_id: int, start: date, end: date) -> int:
    found = session.scalar(
        sa.select(AcademicYear.id)
        .where(AcademicYear.school_id == school_id, AcademicYear.start <= start, AcademicYear.end >= end)
        .limit(1)
    )
    if found is not None:
        return found
    first = start.year - (start.month < SEPTEMBER)
    year = AcademicYear(
        school_id=school_id,
        name=f"{first}/{(first + 1) % 100:02d}",
        start=min(start, date(first, SEPTEMBER, 1)),
        end=max(end, date(first + 1, SEPTEMBER - 1, 31)),
    )
    session.add(year)
    session.flush()
    return year.id

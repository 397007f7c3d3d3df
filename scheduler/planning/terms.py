"""Terms of the school year as a person states them; publishing fills in how far their lessons are made."""

from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.school import AcademicYear, Term
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError

LONGEST_DAYS = 200
AUGUST, SEPTEMBER = 8, 9


def add_term(school_id: int, name: str, start: date, end: date, *, actor_id: int | None) -> int:
    """Add a quarter or trimester, and its school year where there is none; answers its number.

    Raises PlanningError for dates that make no sense or lie within another term.
    """
    _ensure_sane(start, end)
    with transaction() as session:
        _ensure_free(session, school_id, start, end)
        year_id = ensure_year(session, school_id, start, end)
        row = Term(school_id=school_id, academic_year_id=year_id, name=name, start=start, end=end)
        session.add(row)
        session.flush()
        record(session, school_id, "add_term", actor_id=actor_id, subject=("term", row.id), after=_facts(row))
        return row.id


def change_term(school_id: int, term_id: int, name: str, start: date, end: date, *, actor_id: int | None) -> None:
    """Give a term another name or other dates; its lessons follow when the timetable is published again.

    Raises PlanningError as adding does, NotThereError where it was removed meanwhile.
    """
    _ensure_sane(start, end)
    with transaction() as session:
        row = _term(session, school_id, term_id)
        _ensure_free(session, school_id, start, end, but=term_id)
        before = _facts(row)
        row.name, row.start, row.end = name, start, end
        row.academic_year_id = ensure_year(session, school_id, start, end)
        subject = ("term", term_id)
        record(session, school_id, "change_term", actor_id=actor_id, subject=subject, before=before, after=_facts(row))


def remove_term(school_id: int, term_id: int, *, actor_id: int | None) -> None:
    """Remove a term. Lessons that were published for it stay. Raises NotThereError."""
    with transaction() as session:
        row = _term(session, school_id, term_id)
        before = _facts(row)
        session.delete(row)
        record(session, school_id, "remove_term", actor_id=actor_id, subject=("term", term_id), before=before)


def _term(session: Session, school_id: int, term_id: int) -> Term:
    row = session.get(Term, term_id)
    if row is None or row.school_id != school_id:
        raise NotThereError(_("This term has been removed already."))
    return row


def _facts(row: Term) -> dict[str, str]:
    return {"name": row.name, "start": row.start.isoformat(), "end": row.end.isoformat()}


def _ensure_sane(start: date, end: date) -> None:
    if not 0 < (end - start).days <= LONGEST_DAYS:
        raise PlanningError(_("A term ends after its first day and lasts at most half a year."))


def _ensure_free(session: Session, school_id: int, start: date, end: date, *, but: int | None = None) -> None:
    meeting = sa.select(Term.name).where(Term.school_id == school_id, Term.start <= end, Term.end >= start)
    other = session.scalar(meeting.where(Term.id != (but or 0)).limit(1))
    if other is not None:
        raise PlanningError(_("These dates meet those of “%(term)s”.", term=other))


def ensure_year(session: Session, school_id: int, start: date, end: date) -> int:
    """The school year of these dates: the one that holds them, the one they reach beyond made longer, or a new one."""
    first = start.year - (start.month < AUGUST)
    years = session.scalars(sa.select(AcademicYear).where(AcademicYear.school_id == school_id)).all()
    found = next((year for year in years if year.start <= start and end <= year.end), None)
    found = found or next((year for year in years if year.start.year - (year.start.month < AUGUST) == first), None)
    if found is None:
        found = AcademicYear(school_id=school_id, name=f"{first}/{(first + 1) % 100:02d}")
        found.start, found.end = date(first, SEPTEMBER, 1), date(first + 1, AUGUST, 31)
        session.add(found)
    found.start, found.end = min(found.start, start), max(found.end, end)
    session.flush()
    return found.id

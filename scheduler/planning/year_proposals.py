"""What is known of a Russian school year without the school's own order: days off, and holidays that were recommended.

Each line says where it is from. What nobody has announced is not here: the school takes it from its order. A date
whose source was not read, or that a decree may still move, is unconfirmed until a person says that it is right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.school import Holiday, HolidayKind, Term
from scheduler.planning.audit import record
from scheduler.planning.errors import PlanningError
from scheduler.planning.terms import ensure_year

AUGUST = 8
DECREE = _l("by the government's decree on days off in 2026")
LAW = _l("by the labour code; the decree on days off in 2027 was not announced when this was written")
RULE = _l("counted from the labour code: a day off on a weekend moves to the next working day; the decree may differ")
ADVICE = _l("recommended by the ministry; schools differ")
BETWEEN = _l("the days between the recommended holidays")


class KnownSpan(NamedTuple):
    """A term or days off with the words on where the dates are from."""

    name: str
    start: date
    end: date
    source: str
    is_confirmed: bool = False
    kind: HolidayKind = HolidayKind.HOLIDAY


TERMS: dict[int, tuple[KnownSpan, ...]] = {
    2025: (
        KnownSpan("1 четверть", date(2025, 9, 1), date(2025, 10, 24), BETWEEN),
        KnownSpan("2 четверть", date(2025, 11, 3), date(2025, 12, 30), BETWEEN),
        KnownSpan("3 четверть", date(2026, 1, 12), date(2026, 3, 27), BETWEEN),
        KnownSpan("4 четверть", date(2026, 4, 6), date(2026, 5, 26), BETWEEN),
    ),
}
DAYS_OFF: dict[int, tuple[KnownSpan, ...]] = {
    2025: (
        KnownSpan("Осенние каникулы", date(2025, 10, 25), date(2025, 11, 2), ADVICE),
        KnownSpan("Зимние каникулы", date(2025, 12, 31), date(2026, 1, 11), ADVICE),
        KnownSpan("День защитника Отечества", date(2026, 2, 21), date(2026, 2, 23), DECREE, is_confirmed=True),
        KnownSpan("Международный женский день", date(2026, 3, 7), date(2026, 3, 9), DECREE, is_confirmed=True),
        KnownSpan("Весенние каникулы", date(2026, 3, 28), date(2026, 4, 5), ADVICE),
        KnownSpan("Праздник Весны и Труда", date(2026, 5, 1), date(2026, 5, 3), DECREE, is_confirmed=True),
        KnownSpan("День Победы", date(2026, 5, 9), date(2026, 5, 11), DECREE, is_confirmed=True),
        KnownSpan("Летние каникулы", date(2026, 5, 27), date(2026, 8, 31), ADVICE),
    ),
    2026: (
        KnownSpan("День народного единства", date(2026, 11, 4), date(2026, 11, 4), DECREE, is_confirmed=True),
        KnownSpan("Выходной 31 декабря (перенос с 4 января)", date(2026, 12, 31), date(2026, 12, 31), DECREE,
                  is_confirmed=True, kind=HolidayKind.TRANSFERRED_DAY_OFF),
        KnownSpan("Новогодние праздники", date(2027, 1, 1), date(2027, 1, 8), LAW),
        KnownSpan("День защитника Отечества", date(2027, 2, 23), date(2027, 2, 23), LAW),
        KnownSpan("Международный женский день", date(2027, 3, 8), date(2027, 3, 8), LAW),
        KnownSpan("Праздник Весны и Труда, перенос", date(2027, 5, 3), date(2027, 5, 3), RULE,
                  kind=HolidayKind.TRANSFERRED_DAY_OFF),
        KnownSpan("День Победы, перенос", date(2027, 5, 10), date(2027, 5, 10), RULE,
                  kind=HolidayKind.TRANSFERRED_DAY_OFF),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearProposal:
    """What of a school year is known and the school does not have yet. Without `terms` their dates are not known."""

    first: int
    terms: tuple[KnownSpan, ...]
    days_off: tuple[KnownSpan, ...]
    has_terms: bool

    @property
    def name(self) -> str:
        return f"{self.first}/{(self.first + 1) % 100:02d}"

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.days_off)


def propose_year(session: Session, school_id: int, today: date) -> YearProposal:
    """What could be taken over for the school year that is on (from August the coming one)."""
    first = today.year - (today.month < AUGUST)
    terms = session.scalars(sa.select(Term).where(Term.school_id == school_id)).all()
    holidays = session.scalars(sa.select(Holiday).where(Holiday.school_id == school_id)).all()
    return YearProposal(
        first,
        tuple(_missing(TERMS.get(first, ()), [(row.start, row.end) for row in terms])),
        tuple(row for row in _missing(DAYS_OFF.get(first, ()), [(row.start, row.end) for row in holidays])
              if row.end >= today),
        has_terms=first in TERMS,
    )  # fmt: skip


def _missing(known: Sequence[KnownSpan], standing: Sequence[tuple[date, date]]) -> Iterator[KnownSpan]:
    """What meets nothing that the school has stated itself."""
    for span in known:
        if not any(start <= span.end and end >= span.start for start, end in standing):
            yield span


def accept_proposal(school_id: int, today: date, *, actor_id: int | None) -> int:
    """Take over all that is proposed; answers how many terms and holidays were made. Raises PlanningError."""
    with transaction() as session:
        proposal = propose_year(session, school_id, today)
        if proposal.is_empty:
            raise PlanningError(_("There is nothing to take over: the school has all these dates."))
        for span in proposal.terms:
            year_id = ensure_year(session, school_id, span.start, span.end)
            values = {"name": span.name, "start": span.start, "end": span.end}
            session.add(Term(school_id=school_id, academic_year_id=year_id, **values))
        for span in proposal.days_off:
            session.add(
                Holiday(
                    school_id=school_id, name=span.name, kind=span.kind, start=span.start, end=span.end,
                    is_confirmed=span.is_confirmed,
                )
            )  # fmt: skip
        after = {"year": proposal.name, "terms": len(proposal.terms), "holidays": len(proposal.days_off)}
        record(session, school_id, "accept_year", actor_id=actor_id, subject=("academic_year", None), after=after)
        return len(proposal.terms) + len(proposal.days_off)

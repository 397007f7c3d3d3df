"""Named spans of a source become terms and holidays; what makes no sense is told with its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from scheduler.imports.findings import FindingList
from scheduler.imports.terms.draft import CalendarDraft, DraftHoliday, DraftTerm
from scheduler.imports.terms.meanings import HALF, TERM, YEAR, followed_weekday, meaning_under, term_key
from scheduler.models.school import HolidayKind

SATURDAY = 6
LONGEST_TERM = 200
LONGEST_HOLIDAY = 130
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Span:
    """A name with its first and last day, as a source has them. `section` are the words it stands under."""

    name: str
    days: tuple[date, ...]
    where: str
    section: str = ""


class CalendarCollector:
    """Judges spans one by one; `draft` answers what is left."""

    def __init__(self) -> None:
        self.findings = FindingList()
        self._terms: dict[str, DraftTerm] = {}
        self._halves: list[DraftTerm] = []
        self._holidays: dict[tuple[date, date, HolidayKind], DraftHoliday] = {}
        self._year: tuple[date, date] | None = None

    @property
    def count(self) -> int:
        return len(self._terms) + len(self._halves) + len(self._holidays)

    def add(self, span: Span) -> None:
        meaning = meaning_under(span.name, span.section)
        what = meaning.what
        if not what:
            self.findings.info(
                span.where, _("“%(name)s” is neither a term nor days off; it was not taken.", name=span.name)
            )
        elif meaning.is_of_some:
            self.findings.warn(
                span.where,
                _("“%(name)s” is for some classes only; it was not taken: days off here are the whole school's.",
                  name=span.name),
            )  # fmt: skip
        elif what in {TERM, HALF, YEAR}:
            self._add_study(span, what)
        else:
            self._add_holiday(span, HolidayKind(what))

    def _add_study(self, span: Span, what: str) -> None:
        if len(span.days) != 2 or not 0 < (span.days[1] - span.days[0]).days <= (400 if what == YEAR else LONGEST_TERM):  # noqa: PLR2004
            text = _("“%(name)s” has no first and last day that make a term; it was not taken.", name=span.name)
            self.findings.error(span.where, text)
            return
        first, last = span.days
        if what == YEAR:
            self._year = (first, last)
            return
        row = DraftTerm(span.name[:LONGEST_NAME], first, last, span.where)
        if what == HALF:
            self._halves.append(row)
            return
        known = self._terms.setdefault(term_key(span.name), row)
        if (known.start, known.end) != (first, last):
            text = _("“%(name)s” stands twice with different dates; the first were taken.", name=span.name)
            self.findings.error(span.where, text)

    def _add_holiday(self, span: Span, kind: HolidayKind) -> None:
        days = span.days
        if kind is HolidayKind.TRANSFERRED_DAY_OFF and len(days) == 2:  # noqa: PLR2004 - from a day, to a day
            self._tell_moved(span)
            days = days[1:]
        if not days or len(days) > 2 or not 0 <= (days[-1] - days[0]).days <= LONGEST_HOLIDAY:  # noqa: PLR2004
            text = _("“%(name)s” has no dates that make sense; it was not taken.", name=span.name)
            self.findings.error(span.where, text)
            return
        is_working = kind is HolidayKind.WORKING_SATURDAY
        if is_working:
            days = days[:1]
        follows = followed_weekday(span.name) if is_working else None
        if is_working and follows is None:
            day = _day(days[0])
            text = _("The source does not say whose timetable %(day)s follows: its own weekday's was taken.", day=day)
            self.findings.warn(span.where, text)
        row = DraftHoliday(span.name[:LONGEST_NAME], days[0], days[-1], span.where, kind, follows)
        self._holidays.setdefault((row.start, row.end, kind), row)

    def _tell_moved(self, span: Span) -> None:
        if span.days[0].isoweekday() == SATURDAY:
            text = _("If lessons are held on %(day)s instead, add it as a working Saturday.", day=_day(span.days[0]))
            self.findings.warn(span.where, text)

    def draft(self) -> CalendarDraft:
        if self._terms and self._halves:
            names = ", ".join(row.name for row in self._halves)
            text = _("Terms cannot overlap: %(names)s were not taken beside the shorter ones.", names=names)
            self.findings.info(self._halves[0].where, text)
        rows = list(self._terms.values()) or self._halves
        terms = self._apart(sorted(rows, key=lambda row: row.start))
        holidays = tuple(sorted(self._holidays.values(), key=lambda row: (row.start, row.end)))
        self._tell_overlaps(terms, holidays)
        return CalendarDraft(terms, holidays, self._year, self.findings.as_tuple())

    def _apart(self, rows: Sequence[DraftTerm]) -> tuple[DraftTerm, ...]:
        found: list[DraftTerm] = []
        for row in rows:
            if found and row.start <= found[-1].end:
                text = _("“%(name)s” begins before “%(before)s” ends; it was not taken.", name=row.name,
                         before=found[-1].name)  # fmt: skip
                self.findings.error(row.where, text)
                continue
            found.append(row)
        return tuple(found)

    def _tell_overlaps(self, terms: Sequence[DraftTerm], holidays: Sequence[DraftHoliday]) -> None:
        """Long holidays at the edge of a term are a slip of the pen."""
        for term in terms:
            for row in holidays:
                is_long = (row.end - row.start) >= timedelta(days=6) and "янв" not in row.name.lower()
                if is_long and row.start <= term.end and row.end >= term.start and row.kind is HolidayKind.HOLIDAY:
                    text = _("“%(name)s” meets “%(term)s”: please check the dates.", name=row.name, term=term.name)
                    self.findings.warn(row.where, text)


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM yyyy"))

"""Bringing the calendar of a school year into a school: known terms and holidays get the dates of the file.

Nothing is removed: what the file does not name stays. Lessons on dates change only when the timetable is published.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from scheduler.imports.findings import whole_file
from scheduler.imports.school_work import SchoolWork
from scheduler.imports.terms.dates import school_year_of
from scheduler.imports.terms.draft import CalendarDraft, DraftHoliday, DraftTerm
from scheduler.imports.terms.meanings import term_key
from scheduler.models.names import name_key
from scheduler.models.school import Holiday, Term
from scheduler.planning.terms import ensure_year


def write_calendar(work: SchoolWork[CalendarDraft]) -> None:
    """All spans of the draft; the caller records the run."""
    session, school_id = work.session, work.school_id
    if work.draft.year is not None:
        ensure_year(session, school_id, *work.draft.year)
    _write_terms(work, list(session.scalars(sa.select(Term).where(Term.school_id == school_id).order_by(Term.start))))
    holidays = session.scalars(sa.select(Holiday).where(Holiday.school_id == school_id).order_by(Holiday.start))
    _write_holidays(work, list(holidays))
    session.flush()
    if any(name.endswith(("new", "changed")) for name in work.counts):
        text = _("Lessons that are published already follow the new dates when the timetable is published again.")
        work.findings.info(whole_file(), text)


def _write_terms(work: SchoolWork[CalendarDraft], standing: Sequence[Term]) -> None:
    known = {(school_year_of(row.start), term_key(row.name)): row for row in standing}
    matched = {draft: known.get((school_year_of(draft.start), term_key(draft.name))) for draft in work.draft.terms}
    others = [row for row in standing if row not in matched.values()]
    for draft, row in matched.items():
        other = next((one for one in others if one.start <= draft.end and one.end >= draft.start), None)
        if other is not None:
            text = _("“%(name)s” meets “%(other)s”, which the school has already: remove that one first.",
                     name=draft.name, other=other.name)  # fmt: skip
            work.findings.error(draft.where, text)
        elif row is None:
            work.session.add(_new_term(work, draft))
            work.counts["terms_new"] += 1
        elif (row.start, row.end) != (draft.start, draft.end):
            row.start, row.end = draft.start, draft.end
            row.academic_year_id = ensure_year(work.session, work.school_id, draft.start, draft.end)
            work.counts["terms_changed"] += 1


def _new_term(work: SchoolWork[CalendarDraft], draft: DraftTerm) -> Term:
    year_id = ensure_year(work.session, work.school_id, draft.start, draft.end)
    values = {"name": draft.name, "start": draft.start, "end": draft.end}
    return Term(school_id=work.school_id, academic_year_id=year_id, **values)


def _write_holidays(work: SchoolWork[CalendarDraft], standing: list[Holiday]) -> None:
    for draft in work.draft.holidays:
        row = _known_holiday(draft, standing)
        wanted = (draft.start, draft.end, draft.kind, draft.follows_weekday, draft.is_confirmed)
        if row is None:
            row = Holiday(school_id=work.school_id, name=draft.name)
            work.session.add(row)
            work.counts["holidays_new"] += 1
        else:
            standing.remove(row)
            if (row.start, row.end, row.kind, row.follows_weekday, row.is_confirmed) != wanted:
                work.counts["holidays_changed"] += 1
        row.start, row.end, row.kind, row.follows_weekday, row.is_confirmed = wanted


def _known_holiday(draft: DraftHoliday, standing: Sequence[Holiday]) -> Holiday | None:
    """The same days, else the same name in the same school year; working days are never taken for days off."""
    same_days = (row for row in standing if (row.start, row.end, row.kind) == (draft.start, draft.end, draft.kind))
    return next(same_days, None) or next((row for row in standing if _is_same(draft, row)), None)


def _is_same(draft: DraftHoliday, row: Holiday) -> bool:
    named = (draft.kind, name_key(draft.name), school_year_of(draft.start))
    return named == (row.kind, name_key(row.name), school_year_of(row.start))

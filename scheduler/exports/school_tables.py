"""Bells and the calendar of the school year, line by line, with the headings that the readers of imports know."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.exports.csv_text import csv_bytes
from scheduler.imports.bells.draft import Scope
from scheduler.imports.bells.listed import EVERYWHERE, NOWHERE
from scheduler.imports.bells.listed import HEADINGS as BELL_HEADINGS
from scheduler.imports.bells.scopes import scope_words
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.terms.reader import HEADINGS, KIND_WORDS, NO, TERM_WORD, WEEKDAY_WORDS, YES
from scheduler.models.classes import SchoolClass
from scheduler.models.school import Holiday, Term
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule

KINDS = {BellKind.REGULAR: "обычные", BellKind.SHORTENED: "сокращённые", BellKind.REMOTE: "дистанционные"}
BETWEEN = " | "


def write_bells(session: Session, school_id: int) -> bytes:
    """Every bell schedule with where it is in force, a row a lesson."""
    schedules = session.scalars(
        sa.select(BellSchedule)
        .where(BellSchedule.school_id == school_id)
        .options(selectinload(BellSchedule.periods))
        .order_by(BellSchedule.id)
    )
    places = _places(session, school_id)
    return csv_bytes(
        [BELL_HEADINGS, *(row for one in schedules for row in _bell_rows(one, places.get(one.id, NOWHERE)))]
    )


def _bell_rows(schedule: BellSchedule, place: str) -> Iterator[tuple[object, ...]]:
    for period in schedule.periods:
        times = (f"{period.start.hour}:{period.start:%M}", f"{period.end.hour}:{period.end:%M}")
        yield (schedule.name, KINDS[schedule.kind], place, period.number, *times)


def _places(session: Session, school_id: int) -> dict[int, str]:
    """For each schedule the places where it is in force, in words."""
    rows = session.execute(
        sa.select(BellAssignment, SchoolClass.label, SchoolClass.grade)
        .outerjoin(SchoolClass, SchoolClass.id == BellAssignment.class_id)
        .where(BellAssignment.school_id == school_id)
        .order_by(BellAssignment.id)
    )
    found: dict[int, list[str]] = {}
    for row, label, grade in rows:
        scope = Scope(
            row.shift,
            frozenset({row.weekday} if row.weekday else ()),
            labels=(ClassLabel(label, grade),) if label else (),
            date_from=row.date_from,
            date_to=row.date_to,
        )
        found.setdefault(row.bell_schedule_id, []).append(scope_words(scope) if scope.is_narrow else EVERYWHERE)
    return {key: BETWEEN.join(sorted(places)) for key, places in found.items()}


def write_calendar(session: Session, school_id: int) -> bytes:
    """Terms, holidays and moved days, a row each."""
    terms = session.scalars(sa.select(Term).where(Term.school_id == school_id).order_by(Term.start))
    holidays = session.scalars(sa.select(Holiday).where(Holiday.school_id == school_id).order_by(Holiday.start))
    rows: list[tuple[object, ...]] = [(row.name, TERM_WORD, _day(row.start), _day(row.end), "", YES) for row in terms]
    for row in holidays:
        follows = WEEKDAY_WORDS[row.follows_weekday - 1] if row.follows_weekday else ""
        confirmed = YES if row.is_confirmed else NO
        rows.append((row.name, KIND_WORDS[row.kind], _day(row.start), _day(row.end), follows, confirmed))
    return csv_bytes([HEADINGS, *rows])


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

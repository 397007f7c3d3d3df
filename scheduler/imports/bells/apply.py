"""Bringing bell schedules into a school: known ones get the hours of the file, new ones are made and put in force.

Hours that the file does not have leave the schedule, unless the timetable has lessons in them. Lessons on dates change
only when the timetable is published again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from scheduler.imports.bells.draft import BellsDraft, DraftBells, Scope
from scheduler.imports.bells.scopes import scope_words
from scheduler.imports.renaming import safe_class_key
from scheduler.imports.school_work import SchoolWork
from scheduler.models.classes import SchoolClass
from scheduler.models.names import name_key
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, TimetableSlot


@dataclass(frozen=True, slots=True)
class _Place:
    """One row of where bells are in force, without what it belongs to."""

    class_id: int | None = None
    shift: int | None = None
    weekday: int | None = None
    date_from: object = None
    date_to: object = None

    @classmethod
    def of(cls, row: BellAssignment) -> "_Place":
        return cls(row.class_id, row.shift, row.weekday, row.date_from, row.date_to)


class BellsWriter:
    """Writes the schedules of one draft inside the open transaction."""

    def __init__(self, work: SchoolWork[BellsDraft]) -> None:
        self._work = work
        session, school_id = work.session, work.school_id
        self._classes = session.scalars(
            sa.select(SchoolClass).where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
        ).all()
        self._schedules = list(
            session.scalars(
                sa.select(BellSchedule)
                .where(BellSchedule.school_id == school_id)
                .options(selectinload(BellSchedule.periods))
                .order_by(BellSchedule.id)
            )
        )
        self._assignments = list(
            session.scalars(
                sa.select(BellAssignment).where(BellAssignment.school_id == school_id).order_by(BellAssignment.id)
            )
        )
        self._used: set[int] = set()
        self._needed = set(
            session.scalars(sa.select(TimetableSlot.period).where(TimetableSlot.school_id == school_id).distinct())
        )

    def write(self) -> None:
        for draft in self._work.draft.schedules:
            places = self._places(draft)
            row = self._known(draft, places) or self._new(draft)
            self._used.add(row.id)
            if draft.name and row.name == self._usual_name(draft.kind):
                row.name = draft.name
            self._ring(row, draft)
            self._put_in_force(row, draft, places)
        self._work.session.flush()

    def _places(self, draft: DraftBells) -> frozenset[_Place]:
        """Where the file says it is in force; of those that do not say it the first one is everywhere."""
        scopes = draft.scopes
        is_first = not any(row.id in self._used and row.kind is draft.kind for row in self._schedules)
        if not scopes and is_first and draft.kind is not BellKind.SHORTENED:
            scopes = (Scope(),)
        return frozenset(place for scope in scopes for place in self._spread(draft, scope))

    def _spread(self, draft: DraftBells, scope: Scope) -> Iterator[_Place]:
        classes: Iterable[int | None] = (None,)
        if scope.grades or scope.labels:
            keys = {safe_class_key(label.name) for label in scope.labels}
            classes = [row.id for row in self._classes if row.grade in scope.grades or row.label_key in keys]
            if not classes:
                text = _("The school has no such classes yet (%(classes)s): load the timetable or the list of pupils "
                         "first, then these bells again.", classes=scope_words(scope))  # fmt: skip
                self._work.findings.error(draft.where, text)
        weekdays: Iterable[int | None] = sorted(scope.weekdays) or (None,)
        for class_id, weekday in product(classes, weekdays):
            yield _Place(class_id, scope.shift, weekday, scope.date_from, scope.date_to)

    def _known(self, draft: DraftBells, places: frozenset[_Place]) -> BellSchedule | None:
        """The schedule in force at exactly these places, else the one of this name."""
        free = [row for row in self._schedules if row.id not in self._used and row.kind is draft.kind]
        if places:
            for row in free:
                own = {_Place.of(one) for one in self._assignments if one.bell_schedule_id == row.id}
                if own == places:
                    return row
        return next((row for row in free if name_key(row.name) == name_key(draft.name)), None)

    def _new(self, draft: DraftBells) -> BellSchedule:
        name = draft.name or self._usual_name(draft.kind)
        row = BellSchedule(school_id=self._work.school_id, name=name, kind=draft.kind)
        row.periods = []
        self._work.session.add(row)
        self._work.session.flush()
        self._schedules.append(row)
        self._work.counts["bells_new"] += 1
        return row

    def _usual_name(self, kind: BellKind) -> str:
        """The name of bells that nobody has named."""
        names = {BellKind.REGULAR: _("Regular"), BellKind.SHORTENED: _("Shortened"), BellKind.REMOTE: _("Remote")}
        return str(names[kind])

    def _ring(self, row: BellSchedule, draft: DraftBells) -> None:
        known = {period.number: period for period in row.periods}
        is_new = not known
        before = self._hours(row)
        for hour in draft.periods:
            if hour.start is None or hour.end is None:
                continue
            period = known.pop(hour.number, None)
            if period is None:
                period = Period(school_id=self._work.school_id, number=hour.number)
                row.periods.append(period)
            period.start, period.end = hour.start, hour.end
        kept = [number for number in known if row.kind is BellKind.REGULAR and number in self._needed]
        for number, period in known.items():
            if number not in kept:
                row.periods.remove(period)
        if kept:
            numbers = ", ".join(map(str, sorted(kept)))
            text = _("The file has no times for lessons %(numbers)s of “%(name)s”, but the timetable has lessons then: "
                     "their times were kept.", numbers=numbers, name=row.name)  # fmt: skip
            self._work.findings.warn(draft.where, text)
        if not is_new and self._hours(row) != before:
            self._work.counts["bells_changed"] += 1

    def _hours(self, row: BellSchedule) -> set[tuple[object, ...]]:
        return {(period.number, period.start, period.end) for period in row.periods}

    def _put_in_force(self, row: BellSchedule, draft: DraftBells, places: frozenset[_Place]) -> None:
        """The places of the file become those of the schedule; without any, those that stand stay."""
        own = [one for one in self._assignments if one.bell_schedule_id == row.id]
        if not places:
            if not own and not draft.scopes:
                text = _("“%(name)s” is stored but in force on no day: the file does not say when.", name=row.name)
                self._work.findings.info(draft.where, text)
            return
        for one in [*own, *(one for one in self._assignments if self._is_replaced(one, row, places))]:
            if _Place.of(one) not in places or one.bell_schedule_id != row.id:
                self._assignments.remove(one)
                self._work.session.delete(one)
        standing = {_Place.of(one) for one in self._assignments if one.bell_schedule_id == row.id}
        for place in sorted(places - standing, key=str):
            values = {name: getattr(place, name) for name in _Place.__slots__}
            made = BellAssignment(school_id=self._work.school_id, bell_schedule_id=row.id, **values)
            self._work.session.add(made)
            self._assignments.append(made)

    def _is_replaced(self, one: BellAssignment, row: BellSchedule, places: frozenset[_Place]) -> bool:
        """Another schedule of the same kind at the same place gives way."""
        kinds = {schedule.id: schedule.kind for schedule in self._schedules}
        is_other = one.bell_schedule_id != row.id and kinds.get(one.bell_schedule_id) is row.kind
        return is_other and _Place.of(one) in places


def write_bells(work: SchoolWork[BellsDraft]) -> None:
    """All schedules of the draft; the caller records the run."""
    BellsWriter(work).write()

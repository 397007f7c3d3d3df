"""Undoing the latest import as a whole, in one transaction. Lessons on dates, their uids and feeds are not touched.

Only the latest import of a school can be undone, and once: what another import or undo did since rests on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, undefer

from scheduler import clock
from scheduler.calendars.inputs import chunks
from scheduler.calendars.sets import sync_school
from scheduler.calendars.touch import touch_school
from scheduler.database import Base, db, rehearsal, transaction
from scheduler.imports.picture import LISTS, LISTS_OF, TABLES, Picture, RowChange, take_picture, typed
from scheduler.imports.undo_plan import UNIQUE, Place, UndoPlan, plan_undo
from scheduler.imports.undo_words import UndoWords, words_of
from scheduler.models.calendars import Calendar, CalendarKind
from scheduler.models.school import School
from scheduler.models.timetable import ImportRun
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.forecast import Forecast, forecast
from scheduler.planning.settings import refresh_shown_days

NAMES = frozenset({"name", "label", "last_name", "first_name", "middle_name"})
CALENDARS = {"study_group": CalendarKind.GROUP, "person": CalendarKind.TEACHER, "room": CalendarKind.ROOM}


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """What went back or would go, and what stays, in words; `changed` counts rows.

    `ahead` is what publishing again would do then to the lessons that are published already.
    """

    run_id: int
    file_name: str
    changed: int
    words: UndoWords
    ahead: Forecast | None

    def facts(self) -> dict[str, Any]:
        """The keys of `scheduler import --undo --json`."""
        ahead = self.ahead
        return {
            "undone": self.run_id,
            "file": self.file_name,
            "changed": self.changed,
            "goes": {row.words: row.count for row in self.words.goes},
            "returns": {row.words: row.count for row in self.words.returns},
            "comes_again": {row.words: row.count for row in self.words.comes_again},
            "stays": list(self.words.stays),
            "published": ahead.facts() if ahead else None,
        }


def undo_import(
    school_id: int, run_id: int | None = None, *, actor_id: int | None, is_rehearsal: bool = False
) -> UndoneImport:
    """Take the latest import back; a rehearsal only says what that would do.

    Raises PlanningError in words where it cannot be undone (any more).
    """
    with rehearsal() if is_rehearsal else transaction() as session:
        return _undo(session, _run_to_undo(session, school_id, run_id), actor_id=actor_id)


def undoable_run_id(school_id: int) -> int | None:
    """The import that can be undone now, if any."""
    latest = sa.select(sa.func.max(ImportRun.id)).where(ImportRun.school_id == school_id).scalar_subquery()
    return db.session.scalar(sa.select(ImportRun.id).where(ImportRun.id == latest, ImportRun.changes.is_not(None)))


def _run_to_undo(session: Session, school_id: int, run_id: int | None) -> ImportRun:
    if session.get(School, school_id, with_for_update={"key_share": True}) is None:
        raise NotThereError(_("There is no such school."))
    query = sa.select(ImportRun).where(ImportRun.school_id == school_id).order_by(ImportRun.id.desc()).limit(1)
    latest = session.scalar(query.options(undefer(ImportRun.changes)))
    run = session.get(ImportRun, run_id) if run_id is not None else latest
    if run is None or run.school_id != school_id or latest is None:
        raise NotThereError(_("There is no import to undo."))
    if run.undone_at is not None:
        raise PlanningError(_("This import has been undone already. An earlier one cannot be undone any more."))
    if run is not latest:
        raise PlanningError(_("Another file was applied after this one: only the latest import can be undone."))
    if run.changes is None:
        raise PlanningError(_("It was not noted what this import changed, so it cannot be undone."))
    return run


def _undo(session: Session, run: ImportRun, *, actor_id: int | None) -> UndoneImport:
    changes = [RowChange(*row) for row in run.changes or ()]
    now = take_picture(session, run.school_id)
    plan = plan_undo(changes, now, _used(session, changes))
    words = words_of(plan, changes, now)
    _write(session, run.school_id, plan, now)
    sync_school(session, run.school_id)
    _drop_calendars(session, run.school_id, plan)
    touch_school(session, run.school_id)
    if any(NAMES & values.keys() for values in plan.restored.values()):
        refresh_shown_days(session, session.get_one(School, run.school_id))
    run.undone_at, run.undone_by_id = clock.now(), actor_id
    run.changes, run.kept = None, list(words.stays)
    figures = {"file": run.file_name, "changed": plan.count, "kept": len(plan.kept)}
    record(session, run.school_id, "undo_import", actor_id=actor_id, subject=("import_run", run.id), after=figures)
    session.flush()
    ahead = forecast(session, session.get_one(School, run.school_id))
    return UndoneImport(run.id, run.file_name, plan.count, words, ahead)


def _used(session: Session, changes: Sequence[RowChange]) -> dict[Place, str]:
    """The rows that the import made and that rows of other tables point to, with the name of such a table."""
    made: dict[str, list[int]] = {}
    for change in changes:
        if change.before is None:
            made.setdefault(change.table, []).append(change.id)
    used: dict[Place, str] = {}
    for column, target in _pointers_from_outside():
        for chunk in chunks(made.get(target, ())):
            for row_id in session.scalars(sa.select(column).where(column.in_(chunk)).distinct()):
                used.setdefault((target, row_id), column.table.name)
    return used


def _pointers_from_outside() -> Iterable[tuple[sa.Column[Any], str]]:
    """What is neither the import's own table nor a list of one: lessons first, as the plainest reason to stay."""
    own = {*TABLES, *(listed.table.name for listed in LISTS)}
    tables = sorted(Base.metadata.tables.values(), key=lambda table: (not table.name.startswith("lesson"), table.name))
    for table in tables:
        if table.name in own:
            continue
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in TABLES and key.column.table.name != "school":
                    yield column, key.column.table.name


def _write(session: Session, school_id: int, plan: UndoPlan, now: Picture) -> None:
    """Values, then what goes, then what comes again, then names: at no moment are two names equal."""
    for place, values in plan.restored.items():
        unique = UNIQUE.get(place[0], ())
        _set_values(session, place, {name: value for name, value in values.items() if name not in unique})
        if "name_key" in unique or "label_key" in unique:
            _set_values(session, place, {name: f"~{place[1]}" for name in unique if name in values})
    for course_id in plan.archived:
        _set_values(session, ("course", course_id), {"is_archived": True})
    _delete(session, plan.removed)
    _make_again(session, school_id, plan.remade, now)
    for place, values in plan.restored.items():
        _set_values(session, place, {name: values[name] for name in UNIQUE.get(place[0], ()) if name in values})
        _set_lists(session, school_id, place, values)
    session.expire_all()


def _set_values(session: Session, place: Place, values: dict[str, Any]) -> None:
    table = TABLES[place[0]]
    columns = {name: typed(table.c[name], value) for name, value in values.items() if name in table.c}
    if columns:
        session.execute(sa.update(table).where(table.c.id == place[1]).values(columns))


def _set_lists(session: Session, school_id: int, place: Place, values: dict[str, Any]) -> None:
    for listed in LISTS_OF[place[0]]:
        if listed.name not in values:
            continue
        owner = listed.table.c[listed.owner_column]
        session.execute(sa.delete(listed.table).where(owner == place[1]))
        common: dict[str, Any] = {listed.owner_column: place[1]}
        if "school_id" in listed.table.c:
            common["school_id"] = school_id
        rows = [common | dict(zip(listed.columns, entry, strict=True)) for entry in values[listed.name]]
        if rows:
            session.execute(sa.insert(listed.table), rows)


def _delete(session: Session, removed: set[Place]) -> None:
    for name in reversed(TABLES):
        ids = sorted(place[1] for place in removed if place[0] == name)
        for chunk in chunks(ids):
            session.execute(sa.delete(TABLES[name]).where(TABLES[name].c.id.in_(chunk)))


def _make_again(session: Session, school_id: int, remade: Sequence[RowChange], now: Picture) -> None:
    """Under its old number where nobody else has got it meanwhile."""
    for change in sorted(remade, key=lambda one: list(TABLES).index(one.table)):
        table, before = TABLES[change.table], change.before or {}
        values = {name: typed(table.c[name], value) for name, value in before.items() if name in table.c}
        values["school_id"] = school_id
        if change.id not in now[change.table]:
            values["id"] = change.id
        row_id = session.scalar(sa.insert(table).values(values).returning(table.c.id)) or 0
        _set_lists(session, school_id, (change.table, row_id), before)


def _drop_calendars(session: Session, school_id: int, plan: UndoPlan) -> None:
    """The calendars of what is gone: no feed joins them any more."""
    for name, kind in CALENDARS.items():
        for chunk in chunks(sorted(place[1] for place in plan.removed if place[0] == name)):
            condition = (Calendar.school_id == school_id, Calendar.kind == kind, Calendar.owner_id.in_(chunk))
            session.execute(sa.delete(Calendar).where(*condition))

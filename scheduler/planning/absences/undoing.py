"""Undoing an absence as a whole: what still holds its value goes back, for lessons that have not begun."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.absence import Absence, AbsenceLesson, AbsenceState
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning import audit
from scheduler.planning.absences.cases import Case
from scheduler.planning.absences.fields import TOGETHER, plain, restored
from scheduler.planning.absences.rights import ensure_may_resolve
from scheduler.planning.carry_out import Decision, carry_out, judge_wished
from scheduler.planning.errors import NotThereError
from scheduler.planning.locking import Locked, lock
from scheduler.planning.values import Wished
from scheduler.rules.facts import Finding, LessonState, Severity


@dataclass(frozen=True, slots=True)
class AbsenceUndone:
    """How many lessons went back, and which were left alone: begun, changed since, or their hour taken."""

    changed: int
    kept: tuple[int, ...]


def undo_absence(school_id: int, absence_id: int, *, actor_id: int | None = None) -> AbsenceUndone:
    """Take one decision back as a whole; undone before, it changes nothing. Raises NotThereError, NotAllowedError.

    Where going back would put somebody into two lessons at once, that lesson stays as it is and is listed.
    """
    with transaction() as session:
        row = session.get(Absence, absence_id)
        if row is None or row.school_id != school_id:
            raise NotThereError(_("There is no such absence."))
        set_by_it = {
            one.lesson_id: one
            for one in session.scalars(sa.select(AbsenceLesson).where(AbsenceLesson.absence_id == row.id))
        }
        locked = lock(session, school_id, lesson_ids=set_by_it, dates=_dates(set_by_it.values()))
        session.refresh(row)
        school = session.get_one(School, school_id)
        ensure_may_resolve(session, school, actor_id, [Case(one, row.person_id) for one in locked.lessons.values()])
        if row.state is AbsenceState.UNDONE:
            return AbsenceUndone(0, tuple(row.kept))
        row.state, row.undone_by_id, row.undone_at = AbsenceState.UNDONE, actor_id, clock.now()
        changed = _undo(session, school, row, locked, set_by_it)
        facts = {"changed": changed, "kept": row.kept}
        audit.record(session, school_id, "undo_absence", actor_id=actor_id, subject=("absence", row.id), after=facts)
        return AbsenceUndone(changed, tuple(row.kept))


def _dates(rows: Iterable[AbsenceLesson]) -> set[date]:
    """The dates that lessons go back to."""
    return {date.fromisoformat(one.before["date"]) for one in rows}


def _undo(
    session: Session, school: School, row: Absence, locked: Locked, set_by_it: Mapping[int, AbsenceLesson]
) -> int:
    going, kept = _going_back(locked, set_by_it)
    whole = {lesson_id for lesson_id in going if lesson_id not in kept}
    going, taken = _without_clashes(session, school, going, locked)
    row.kept = sorted(kept | taken)
    if not going:
        return 0
    untouched = {one for one in whole - taken if locked.lesson(one).sequence == set_by_it[one].sequence}
    decision = Decision("undo_absence", row.undone_by_id, _("the absence is taken back"))
    outcome = carry_out(session, school, list(going.values()), decision, locked=locked)
    for lesson_id in untouched:
        locked.lesson(lesson_id).is_changed_by_person = set_by_it[lesson_id].before["is_changed_by_person"]
    return len(outcome.changes)


def _going_back(locked: Locked, set_by_it: Mapping[int, AbsenceLesson]) -> tuple[dict[int, Wished], set[int]]:
    """The lessons as they were, as far as they still hold; and those left alone, wholly or in part."""
    going: dict[int, Wished] = {}
    kept: set[int] = set()
    for lesson_id, one in set_by_it.items():
        lesson = locked.lesson(lesson_id)
        fields, is_whole = _fields_back(lesson, one)
        if fields and (lesson.starts_at <= clock.now() or lesson.state is LessonState.HELD):
            fields, is_whole = {}, False
        if not is_whole:
            kept.add(lesson_id)
        if fields:
            going[lesson_id] = restored(lesson, fields)
    return going, kept


def _fields_back(lesson: Lesson, one: AbsenceLesson) -> tuple[dict[str, Any], bool]:
    now, fields, is_whole = plain(lesson), dict[str, Any](), True
    for names in TOGETHER:
        if all(one.before[name] == one.after[name] for name in names):
            continue
        if all(now[name] == one.after[name] for name in names):
            fields |= {name: one.before[name] for name in names}
        else:
            is_whole = False
    return fields, is_whole


def _without_clashes(
    session: Session, school: School, going: dict[int, Wished], locked: Locked
) -> tuple[dict[int, Wished], set[int]]:
    """Those that can go back without taking anybody's hour, and the rest."""
    taken: set[int] = set()
    while going:
        findings = judge_wished(session, school, list(going.values()), locked.lessons, Decision("undo_absence"))
        clashing = _clashing(findings, going)
        if not clashing:
            break
        taken |= clashing
        going = {lesson_id: wish for lesson_id, wish in going.items() if lesson_id not in clashing}
    return going, taken


def _clashing(findings: Sequence[Finding], going: Mapping[int, Wished]) -> set[int]:
    hard = [one for one in findings if one.severity is Severity.LAW and one.rule.startswith("CLASH_")]
    return {lesson_id for one in hard for lesson_id in one.lesson_ids if lesson_id in going}

"""Applying a draft to a school, in one transaction: either all of it stands or none.

It writes the base timetable and what it rests on. Lessons on dates are made by publishing and are never touched here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.sets import sync_school
from scheduler.calendars.touch import touch_school
from scheduler.database import transaction
from scheduler.imports.apply_courses import CourseWriter
from scheduler.imports.apply_duties import assign_teachers
from scheduler.imports.apply_groups import GroupWriter
from scheduler.imports.apply_named import apply_classes, apply_rooms, apply_subjects
from scheduler.imports.apply_people import apply_teachers
from scheduler.imports.apply_timetable import apply_bells, apply_calendar, apply_slots, placed_courses
from scheduler.imports.applying import Applying
from scheduler.imports.difference import Difference, difference
from scheduler.imports.draft import Finding
from scheduler.imports.picture import Picture, changes_between, take_picture
from scheduler.imports.plans.draft import PlanDraft
from scheduler.imports.plans.fit import fit_plan
from scheduler.imports.recognise import AnyDraft, read_source
from scheduler.imports.remembering import remembered
from scheduler.imports.report import facts
from scheduler.imports.rosters.apply import RosterWork, write_roster
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.school_drafts import SchoolDraft, write_school_draft
from scheduler.imports.school_work import SchoolWork
from scheduler.models.school import School
from scheduler.models.timetable import ImportFinding, ImportRun
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError
from scheduler.planning.settings import refresh_shown_days

AnyWork = Applying | RosterWork | SchoolWork[SchoolDraft]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: its stored run, the facts of the file, the rows made and changed, every remark.

    `difference` is in words, for a school that had a timetable or a list before.
    """

    run_id: int
    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    difference: Difference


def import_file(
    school_id: int,
    data: bytes,
    file_name: str,
    *,
    actor_id: int | None,
    kind: str | None = None,
    layout: str | None = None,
) -> ImportResult:
    """Read a file and apply it. Raises ImportRefusedError where it cannot be read; then nothing has changed."""
    draft = read_source(data, file_name, kind=kind, layout=layout, answers=remembered(school_id))
    return apply_draft(school_id, draft, actor_id=actor_id, file_name=file_name)


def apply_draft(school_id: int, draft: AnyDraft, *, actor_id: int | None, file_name: str) -> ImportResult:
    """Bring a draft of any kind into the school, all of it or nothing. Raises NotThereError.

    Clashes and other remarks of the source become findings of the stored run, acknowledged by applying it: they block
    nothing. What was changed is kept with the run until the next one, so that it can be undone.
    """
    with transaction() as session:
        work, before, after = write_draft(session, school_id, draft)
        changes = [change.plain() for change in changes_between(before, after)]
        _forget_changes(session, school_id)
        run = _record_run(work, changes, actor_id=actor_id, file_name=file_name)
        lines = difference(before, after)
        if "renamed" in lines:
            refresh_shown_days(session, session.get_one(School, school_id))
        found = work.findings.as_tuple()
        return ImportResult(run.id, facts(draft), dict(work.counts), found, lines)


def write_draft(session: Session, school_id: int, draft: AnyDraft) -> tuple[AnyWork, Picture, Picture]:
    """Write the draft into an open transaction; the pictures are of before and after. Raises NotThereError."""
    school = session.get(School, school_id, with_for_update={"key_share": True})
    if school is None:
        raise NotThereError(_("There is no such school."))
    before = take_picture(session, school_id)
    work: AnyWork
    if isinstance(draft, RosterDraft):
        work = write_roster(session, school_id, draft)
    elif isinstance(draft, SchoolDraft):
        work = write_school_draft(session, school_id, draft)
    else:
        draft = fit_plan(session, school_id, draft) if isinstance(draft, PlanDraft) else draft
        work = Applying(session, school_id, draft)
        work.findings.extend(draft.findings)
        _write(work, school)
    after = take_picture(session, school_id)
    if before != after:  # the same file once more reaches no calendar
        sync_school(session, school_id)
        touch_school(session, school_id)
    return work, before, after


def _forget_changes(session: Session, school_id: int) -> None:
    """Only the latest import can be undone."""
    kept = sa.update(ImportRun).where(ImportRun.school_id == school_id, ImportRun.changes.is_not(None))
    session.execute(kept.values(changes=sa.null()))


def _write(work: Applying, school: School) -> None:
    teachers = apply_teachers(work)
    subjects, rooms = apply_subjects(work), apply_rooms(work)
    classes = apply_classes(work, teachers)
    groups = GroupWriter(work, classes).write()
    if work.draft.has_timetable:
        apply_bells(work)
    courses = CourseWriter(work).write(subjects, groups, teachers, classes.values())
    if work.draft.has_timetable:
        apply_slots(work, courses, rooms)
        apply_calendar(work, school)
    elif work.draft.slots:
        apply_slots(work, placed_courses(work, courses), rooms)
    assign_teachers(work, subjects, classes, teachers)
    work.session.flush()


def _record_run(work: AnyWork, changes: list[Any], *, actor_id: int | None, file_name: str) -> ImportRun:
    figures = {name: value for name, value in facts(work.draft).items() if name != "findings"}
    run = ImportRun(
        school_id=work.school_id,
        kind=work.draft.kind,
        file_name=file_name,
        applied_at=clock.now(),
        actor_id=actor_id,
        facts=figures,
        changes=changes,
    )
    run.findings = [
        ImportFinding(school_id=work.school_id, severity=row.severity.value, place=row.where, text=row.text)
        for row in work.findings.as_tuple()
    ]
    work.session.add(run)
    work.session.flush()
    record(
        work.session,
        work.school_id,
        "import",
        actor_id=actor_id,
        subject=("import_run", run.id),
        after=figures | dict(work.counts),
    )
    return run

"""Classes, subjects and rooms of a draft: found by lasting id or name, renamed, or made new. None is ever deleted."""

from collections.abc import Mapping

import sqlalchemy as sa

from scheduler.imports.applying import Applying, match_shared
from scheduler.imports.draft import DraftClass, DraftRoom, DraftSubject
from scheduler.imports.names import is_physical_education
from scheduler.imports.renaming import LABELLED, NAMED, rename, safe_class_key, safe_name_key, wanted_names
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.people import Person
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonKind

SATURDAY = 5


def apply_subjects(work: Applying) -> dict[str, Subject]:
    """Subjects by draft key; two spellings of one name are one subject."""
    known = work.session.scalars(sa.select(Subject).where(Subject.school_id == work.school_id)).all()
    found = match_shared(work.draft.subjects, known, safe_name_key, lambda row: row.name_key)
    rename(work, known, wanted_names(work.draft.subjects, found), NAMED)
    made: dict[str, Subject] = {}
    for draft in work.draft.subjects:
        if draft.key not in found:
            key = safe_name_key(draft.name)
            found[draft.key] = made[key] = made.get(key) or _new_subject(work, draft)
        found[draft.key].source_id = draft.stable_id or found[draft.key].source_id
    work.session.flush()
    return found


def _new_subject(work: Applying, draft: DraftSubject) -> Subject:
    subject = Subject(
        school_id=work.school_id,
        name=draft.name,
        name_key=safe_name_key(draft.name),
        short=draft.short,
        kind=LessonKind.EXTRACURRICULAR if draft.is_extracurricular else LessonKind.LESSON,
        is_physical_education=is_physical_education(draft.name),
    )
    work.session.add(subject)
    work.counts["subjects_new"] += 1
    return subject


def apply_rooms(work: Applying) -> dict[str, Room]:
    """Rooms by draft key; a row without a name is no room."""
    drafts: list[DraftRoom] = [row for row in work.draft.rooms if not row.is_placeholder]
    known = work.session.scalars(sa.select(Room).where(Room.school_id == work.school_id)).all()
    found = match_shared(drafts, known, safe_name_key, lambda row: row.name_key)
    rename(work, known, wanted_names(drafts, found), NAMED)
    made: dict[str, Room] = {}
    for draft in drafts:
        if draft.key not in found:
            key = safe_name_key(draft.name)
            found[draft.key] = made[key] = made.get(key) or _new_room(work, draft)
        found[draft.key].source_id = draft.stable_id or found[draft.key].source_id
    work.session.flush()
    return found


def _new_room(work: Applying, draft: DraftRoom) -> Room:
    room = Room(school_id=work.school_id, name=draft.name, name_key=safe_name_key(draft.name))
    work.session.add(room)
    work.counts["rooms_new"] += 1
    return room


def apply_classes(work: Applying, teachers: Mapping[str, Person]) -> dict[str, SchoolClass]:
    """Classes by draft key. What a person stated of a class (grade, class teachers) stays."""
    drafts = work.draft.classes
    known = work.session.scalars(sa.select(SchoolClass).where(SchoolClass.school_id == work.school_id)).all()
    found = match_shared(drafts, known, safe_class_key, lambda row: row.label_key)
    rename(work, known, wanted_names(drafts, found), LABELLED)
    on_saturday = _classes_on_saturday(work)
    made: dict[str, SchoolClass] = {}
    for draft in drafts:
        if draft.key not in found:
            key = safe_class_key(draft.name)
            found[draft.key] = made[key] = made.get(key) or _new_class(work, draft, on_saturday)
        _complete(found[draft.key], draft, teachers)
    work.session.flush()
    return found


def _classes_on_saturday(work: Applying) -> frozenset[str]:
    slots = (slot for slot in work.draft.slots if slot.weekday >= SATURDAY)
    return frozenset(key for slot in slots for key in work.draft.audience_of(slot).class_keys)


def _new_class(work: Applying, draft: DraftClass, on_saturday: frozenset[str]) -> SchoolClass:
    school_class = SchoolClass(
        school_id=work.school_id,
        label=draft.name,
        label_key=safe_class_key(draft.name),
        days_per_week=6 if draft.key in on_saturday else 5,
        shift=draft.shift,
        has_students_chat=not draft.is_private,
        has_parents_chat=not draft.is_private,
    )
    work.session.add(school_class)
    work.counts["classes_new"] += 1
    return school_class


def _complete(row: SchoolClass, draft: DraftClass, teachers: Mapping[str, Person]) -> None:
    row.source_id = draft.stable_id or row.source_id
    row.is_archived = False
    if row.grade is None:
        row.grade = draft.grade
    if not row.class_teachers:
        row.class_teachers = [teachers[key] for key in draft.teacher_keys if key in teachers]

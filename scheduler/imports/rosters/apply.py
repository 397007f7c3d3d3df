"""Applying a list of people to a school, in one transaction. Nobody gets an account, and nobody is deleted.

A pupil who is no longer in a class of the list is archived with the link to the family kept; of a class that the list
holds less than half of, nobody is: it is a part of a list.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from scheduler.imports.findings import FindingList
from scheduler.imports.renaming import safe_class_key
from scheduler.imports.rosters.draft import Name, RosterClass, RosterDraft, RosterStudent, RosterTeacher
from scheduler.imports.rosters.groups import write_groups
from scheduler.imports.rosters.known import KnownPeople, load_people, match_students
from scheduler.imports.rosters.names import person_key
from scheduler.models.classes import Enrollment, GroupMember, GroupPart, Guardianship, SchoolClass, StudyGroup
from scheduler.models.people import Person, RoleGrant
from scheduler.permissions import Role, ScopeKind

FEWEST_OF_CLASS = 0.5


@dataclass
class RosterWork:
    """One list on its way into one school, inside one transaction."""

    session: Session
    school_id: int
    draft: RosterDraft
    findings: FindingList = field(default_factory=FindingList)
    counts: Counter[str] = field(default_factory=Counter)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    students: dict[str, Person] = field(default_factory=dict)


def write_roster(session: Session, school_id: int, draft: RosterDraft) -> RosterWork:
    """Everything of the list into the open transaction; the caller records the run and what follows for calendars."""
    work = RosterWork(session, school_id, draft)
    work.findings.extend(draft.findings)
    known = load_people(session, school_id)
    teachers = _teachers(work, known)
    _classes(work, teachers)
    _students(work, known)
    _parents(work, known)
    write_groups(work.session, work.school_id, work.draft, work.classes, work.students)
    _archive_gone(work, known)
    session.flush()
    return work


def _person(work: RosterWork, name: Name) -> Person:
    person = Person(
        school_id=work.school_id,
        last_name=name.last,
        first_name=name.first,
        middle_name=name.middle,
        name_key=person_key(name),
    )
    work.session.add(person)
    return person


def _grant(work: RosterWork, person: Person, role: Role, class_id: int | None = None) -> None:
    scope = ScopeKind.SCHOOL if class_id is None else ScopeKind.CLASS
    if not any((row.role, row.scope, row.scope_id) == (role, scope, class_id) for row in person.roles):
        person.roles.append(RoleGrant(school_id=work.school_id, role=role, scope=scope, scope_id=class_id))


def _teachers(work: RosterWork, known: KnownPeople) -> dict[str, Person]:
    by_key: dict[str, list[Person]] = {}
    for person in known.staff:
        by_key.setdefault(person.name_key, []).append(person)
    found: dict[str, Person] = {}
    for draft in work.draft.teachers:
        rows = by_key.get(draft.key, [])
        person = rows.pop(0) if rows else _new_teacher(work, known, draft)
        person.is_archived = False
        _grant(work, person, Role.TEACHER)
        found[draft.key] = person
    work.session.flush()
    return found


def _new_teacher(work: RosterWork, known: KnownPeople, draft: RosterTeacher) -> Person:
    _tell_renamed(work, known, draft)
    work.counts["teachers_new"] += 1
    return _person(work, draft.name)


def _tell_renamed(work: RosterWork, known: KnownPeople, draft: RosterTeacher) -> None:
    """One first name and patronymic under another surname, which the list does not have: perhaps one person."""
    listed = {row.key for row in work.draft.teachers}
    name = draft.name
    for person in known.staff:
        is_like = bool(name.middle) and (person.first_name, person.middle_name) == (name.first, name.middle)
        if is_like and person.name_key not in listed and not person.is_archived:
            work.findings.warn(
                draft.where,
                _("%(name)s is new, and %(other)s is not in the list: if it is one person, change the name on the page "
                  "of people.", name=name.full, other=person.full_name),
            )  # fmt: skip


def _classes(work: RosterWork, teachers: Mapping[str, Person]) -> None:
    rows = work.session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == work.school_id)
        .options(selectinload(SchoolClass.class_teachers))
    )
    by_key = {row.label_key: row for row in rows}
    for draft in work.draft.classes:
        key = safe_class_key(draft.name)
        row = by_key.get(key)
        if row is None:
            row = by_key[key] = _new_class(work, draft, key)
        row.is_archived = False
        row.grade = draft.grade if row.grade is None else row.grade
        _lead(work, row, [teachers[one] for one in draft.teacher_keys])
        work.classes[draft.key] = row
    work.session.flush()
    _whole_class_groups(work)


def _new_class(work: RosterWork, draft: RosterClass, key: str) -> SchoolClass:
    row = SchoolClass(school_id=work.school_id, label=draft.name, label_key=key)
    work.session.add(row)
    work.counts["classes_new"] += 1
    return row


def _lead(work: RosterWork, row: SchoolClass, people: list[Person]) -> None:
    """Class teachers that a person chose stay; a difference is told."""
    if people and not row.class_teachers:
        row.class_teachers = people
    elif people and {one.id for one in people} != {one.id for one in row.class_teachers}:
        names = ", ".join(one.full_name for one in people)
        work.findings.warn(row.label, _("The list names another class teacher: %(names)s.", names=names))


def _whole_class_groups(work: RosterWork) -> None:
    """Each class has the group that is the whole of it, so that a lesson can be given to it."""
    wholes = set(
        work.session.scalars(
            sa.select(GroupPart.class_id)
            .join(StudyGroup)
            .where(GroupPart.school_id == work.school_id, GroupPart.division_id.is_(None), ~StudyGroup.is_private)
        )
    )
    for row in {one.id: one for one in work.classes.values()}.values():
        if row.id not in wholes:
            group = StudyGroup(school_id=work.school_id, name=row.label)
            group.parts = [GroupPart(school_id=work.school_id, class_id=row.id)]
            work.session.add(group)


def _students(work: RosterWork, known: KnownPeople) -> None:
    class_ids = {key: row.id for key, row in work.classes.items()}
    matched = match_students(work.draft.students, known, class_ids)
    for draft in work.draft.students:
        person = matched.get(draft.key)
        if person is None:
            person = _person(work, draft.name)
            work.counts["students_new"] += 1
        elif draft.name.middle and not person.middle_name:
            person.middle_name, person.name_key = draft.name.middle, person_key(draft.name)
        if person.is_archived:
            person.is_archived = False
            work.counts["students_back"] += 1
        work.students[draft.key] = person
    work.session.flush()
    for draft in work.draft.students:
        _enroll(work, known, draft, class_ids.get(draft.class_key or ""))


def _enroll(work: RosterWork, known: KnownPeople, draft: RosterStudent, class_id: int | None) -> None:
    person = work.students[draft.key]
    before = known.class_of.get(person.id)
    if class_id is None or before == class_id:
        _grant(work, person, Role.STUDENT, class_id or before)
        return
    if before is not None:
        _leave(work, person, before)
        work.counts["students_moved"] += 1
        work.findings.info(
            draft.where, _("%(name)s is now in class %(label)s.", name=draft.name.full, label=_label(work, draft))
        )
    work.session.add(Enrollment(school_id=work.school_id, class_id=class_id, person_id=person.id))
    known.class_of[person.id] = class_id
    _grant(work, person, Role.STUDENT, class_id)


def _label(work: RosterWork, draft: RosterStudent) -> str:
    return work.classes[draft.class_key or ""].label


def _leave(work: RosterWork, person: Person, class_id: int) -> None:
    """Out of a class and of the groups in it; the links to the family stay."""
    groups = sa.select(GroupPart.group_id).where(GroupPart.class_id == class_id)
    work.session.execute(
        sa.delete(GroupMember).where(GroupMember.person_id == person.id, GroupMember.group_id.in_(groups))
    )
    work.session.execute(
        sa.delete(Enrollment).where(Enrollment.person_id == person.id, Enrollment.class_id == class_id)
    )
    person.roles = [row for row in person.roles if (row.role, row.scope_id) != (Role.STUDENT, class_id)]


def _parents(work: RosterWork, known: KnownPeople) -> None:
    """A parent is told by the name and a common child, then by the name alone where the school has one of it."""
    by_key: dict[str, list[Person]] = {}
    for row in known.parents:
        by_key.setdefault(row.name_key, []).append(row)
    found: dict[str, Person] = {}
    for draft in work.draft.parents:
        rows = by_key.get(person_key(draft.name), [])
        children = {work.students[key].id for key in draft.student_keys}
        own = [one for one in rows if known.children_of[one.id] & children]
        person = own[0] if own else rows[0] if len(rows) == 1 and draft.name.middle else _new_parent(work, draft.name)
        if person in rows:
            rows.remove(person)
        person.is_archived = False
        found[draft.key] = person
    work.session.flush()
    for draft in work.draft.parents:
        _link(work, known, found[draft.key], [work.students[key] for key in draft.student_keys])


def _new_parent(work: RosterWork, name: Name) -> Person:
    work.counts["parents_new"] += 1
    return _person(work, name)


def _link(work: RosterWork, known: KnownPeople, parent: Person, children: list[Person]) -> None:
    for child in {one.id: one for one in children}.values():
        if child.id not in known.children_of[parent.id]:
            work.session.add(Guardianship(school_id=work.school_id, parent_id=parent.id, student_id=child.id))
            known.children_of[parent.id].add(child.id)
        if class_id := known.class_of.get(child.id):
            _grant(work, parent, Role.PARENT, class_id)
    if not children:
        _grant(work, parent, Role.PARENT)


def _archive_gone(work: RosterWork, known: KnownPeople) -> None:
    listed = {person.id for person in work.students.values()}
    in_file = Counter(known.class_of[one] for one in listed if one in known.class_of)
    before: dict[int, list[Person]] = {}
    for person in known.students:
        class_id = known.class_of.get(person.id)
        if class_id in in_file and not person.is_archived and person.id not in listed:
            before.setdefault(class_id or 0, []).append(person)
    labels = {row.id: row.label for row in work.classes.values()}
    for class_id, gone in before.items():
        if in_file[class_id] < FEWEST_OF_CLASS * (in_file[class_id] + len(gone)):
            work.findings.warn(
                labels[class_id],
                _("Less than half of the pupils of the class are in the list: the others were left as they are."),
            )
            continue
        for person in gone:
            person.is_archived = True
            work.counts["students_gone"] += 1
            work.findings.info(labels[class_id], _("%(name)s is no longer in the list.", name=person.full_name))
    _archive_parents(known)


def _archive_parents(known: KnownPeople) -> None:
    """A parent all of whose children are archived goes with them, unless the person works here."""
    archived = {person.id for person in known.students if person.is_archived}
    staff = {person.id for person in known.staff}
    for parent in known.parents:
        children = known.children_of.get(parent.id, set())
        if children and children <= archived and parent.id not in staff:
            parent.is_archived = True

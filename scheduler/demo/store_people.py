"""Stores people, classes, divisions and groups of the demo school, roles within their scopes, and demo sign-ins."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.demo.blueprint import DivisionSpec, GroupSpec
from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.demo.store import Ids, insert
from scheduler.models.classes import (
    Division,
    Enrollment,
    GroupMember,
    GroupPart,
    Guardianship,
    SchoolClass,
    StudyGroup,
    class_teacher,
)
from scheduler.models.names import class_key, name_key
from scheduler.models.people import Account, Person, RoleGrant
from scheduler.permissions import ScopeKind
from scheduler.planning.passwords import hash_password
from scheduler.rules.facts import ClassProfile


def store_people(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Everybody by name; nothing else about a child is kept but the class, groups and parents."""
    rows = [
        {
            "last_name": one.last_name, "first_name": one.first_name, "middle_name": one.middle_name,
            "name_key": name_key(one.full_name), "source_id": one.key,
        }
        for one in plan.people
    ]  # fmt: skip
    ids.people = dict(zip((one.key for one in plan.people), insert(session, Person, ids, rows), strict=True))


def store_classes(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Classes with their teachers, pupils and families."""
    rows: list[dict[str, Any]] = [
        {
            "label": item.label, "label_key": class_key(item.label), "grade": item.grade, "shift": item.shift,
            "profile": ClassProfile.GRADE_ONE if item.grade == 1 else ClassProfile.USUAL,
        }
        for item in plan.classes
    ]  # fmt: skip
    numbers = insert(session, SchoolClass, ids, rows)
    ids.classes = dict(zip((item.label for item in plan.classes), numbers, strict=True))
    leading = [
        {"class_id": ids.classes[item.label], "person_id": ids.people[item.class_teacher]} for item in plan.classes
    ]
    session.execute(sa.insert(class_teacher), leading)
    pupils = [
        {"class_id": ids.classes[item.label], "person_id": ids.people[key]}
        for item in plan.classes
        for key in item.pupils
    ]
    insert(session, Enrollment, ids, pupils)
    families = [{"parent_id": ids.people[one], "student_id": ids.people[other]} for one, other in plan.guardians]
    insert(session, Guardianship, ids, families)


def store_groups(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Divisions and groups; parts of a class and clubs keep lists, a whole class needs none."""
    rows = [{"class_id": ids.classes[one.class_label], "name": one.name} for one in plan.divisions]
    keys = [(one.class_label, one.name) for one in plan.divisions]
    ids.divisions = dict(zip(keys, insert(session, Division, ids, rows), strict=True))
    named = [
        {"name": _group_name(group), "is_club": group.is_club, "is_private": group.is_private} for group in plan.groups
    ]
    ids.groups = dict(zip((g.key for g in plan.groups), insert(session, StudyGroup, ids, named), strict=True))
    parts = [
        {
            "group_id": ids.groups[group.key], "class_id": ids.classes[label],
            "division_id": ids.divisions[label, division] if division else None, "part": part,
        }
        for group in plan.groups
        for label, division, part in group.parts
    ]  # fmt: skip
    insert(session, GroupPart, ids, parts)
    lists = {(one.class_label, one.name): one for one in plan.divisions}
    members = [
        {"group_id": ids.groups[group.key], "person_id": ids.people[key]}
        for group in plan.groups
        for key in _members(group, lists)
    ]
    insert(session, GroupMember, ids, members)


def _group_name(group: GroupSpec) -> str:
    label, _, part = group.parts[0]
    if group.is_private:
        return group.key.replace("/", ", ")
    return f"{label} ({part})" if part else group.key


def _members(group: GroupSpec, lists: Mapping[tuple[str, str], DivisionSpec]) -> tuple[str, ...]:
    label, division, part = group.parts[0]
    if division is None or part is None:
        return group.members
    return dict(lists[label, division].parts)[part]


def store_roles(session: Session, ids: Ids, plan: SchoolPlan) -> None:
    """Roles for the whole school; a chat administrator's for the own class."""
    rows = [
        {
            "person_id": ids.people[one.person], "role": one.role,
            "scope": ScopeKind.CLASS if one.class_label else ScopeKind.SCHOOL,
            "scope_id": ids.classes[one.class_label] if one.class_label else None,
        }
        for one in plan.roles
    ]  # fmt: skip
    insert(session, RoleGrant, ids, rows)


def store_sign_ins(session: Session, ids: Ids, plan: SchoolPlan, passwords: Mapping[str, str]) -> None:
    """The demo's accounts; `passwords` are told once and kept as hashes alone."""
    for one in plan.sign_ins:
        account = Account(login=one.login, password_hash=hash_password(passwords[one.login]))
        session.add(account)
        session.flush()
        session.execute(sa.update(Person).where(Person.id == ids.people[one.person]).values(account_id=account.id))

"""Roles, closed hours and invitations on both databases; the screens' tests go into the details."""

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.models.people import ClosureReason, RoleGrant, TeacherClosure
from scheduler.permissions import Grant, Role, ScopeKind
from scheduler.planning import people
from scheduler.planning.errors import NotThereError, PlanningError
from tests.factories import count, make_school


def test_a_role_is_entrusted_once_and_taken_back(app):
    school = make_school()
    grant = Grant(Role.CHAT_ADMINISTRATOR, ScopeKind.CHAT, school.students_a)
    for _ in range(2):
        people.grant_role(school.kim, grant, school_id=school.id, actor_id=school.director)
    assert count(RoleGrant, RoleGrant.person_id == school.kim) == 2


def test_the_last_inviter_stays(app):
    school = make_school()
    people.grant_role(school.kim, Grant(Role.SYSTEM_ADMINISTRATOR), school_id=school.id, actor_id=None)
    grants = {row.person_id: row.id for row in _inviters()}
    people.revoke_role(grants[school.kim], school_id=school.id, actor_id=None)
    with pytest.raises(PlanningError):
        people.revoke_role(grants[school.director], school_id=school.id, actor_id=None)


def _inviters():
    return db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role.in_(people.INVITERS))).all()


def test_closed_hours_belong_to_their_school(app):
    here, there = make_school(), make_school(name="Школа № 13")
    wish = people.Closure(ClosureReason.OTHER, weekday=2)
    closure_id = people.add_closure(here.kim, wish, school_id=here.id, actor_id=here.director)
    with pytest.raises(NotThereError):
        people.remove_closure(closure_id, school_id=there.id, actor_id=None)
    assert people.remove_closure(closure_id, school_id=here.id, actor_id=None) == here.kim
    assert count(TeacherClosure) == 0

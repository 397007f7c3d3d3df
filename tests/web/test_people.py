"""The people's screens: list, invitations, roles within scopes, closed hours."""

import pytest
import sqlalchemy as sa

from scheduler.database import db, transaction
from scheduler.models.people import Person, RoleGrant, TeacherClosure
from scheduler.permissions import Grant, Role, ScopeKind
from scheduler.planning import people
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.permission import NotAllowedError
from tests.factories import count, make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def director(enter, school):
    return enter(school.director)


@pytest.fixture
def administrator(enter, school):
    with transaction() as session:
        names = ("Сетевой", "Олег", "")
        person_id = make_person(session, school.id, names, role=Role.SYSTEM_ADMINISTRATOR).id
    return enter(person_id)


def roles_of(person_id):
    db.session.rollback()
    return {(grant.role, grant.scope, grant.scope_id) for grant in db.session.get(Person, person_id).grants}


def test_the_list_shows_staff_and_finds_by_name(director, school):
    with transaction() as session:
        make_person(session, school.id, ("Петрова", "Мария", ""), role=Role.PARENT)
    staff, parents = director.get("/school/people").text, director.get("/school/people?kind=parents").text
    found, nobody = director.get("/school/people?q=ИВАН").text, director.get("/school/people?q=%25").text
    assert ("Ким Анна" in staff, "Петрова" in staff, "Петрова" in parents) == (True, False, True)
    assert ("Иванова Елена" in found, "Ким Анна" in found) == (True, False)
    assert "Никого не нашлось" not in nobody or "Ким" not in nobody


def test_an_invitation_shows_its_address_once(director, client, school):
    answer = director.post("/school/people/new", data={"name": "Новикова Анна Олеговна", "role": "teacher"})
    address = answer.text.split('id="invitation" value="http://school.test')[1].split('"')[0]
    assert "<svg" in answer.text.split("<main")[1]
    assert "Новикова Анна Олеговна" in client.get(address).text
    assert address not in director.get("/school/people").text


def test_a_person_on_the_list_is_invited_by_one_button(director, client, school):
    page = director.post(f"/school/people/{school.kim}/invite").text
    address = page.split('id="invitation" value="http://school.test')[1].split('"')[0]
    assert "Ким Анна Сергеевна" in client.get(address).text


def test_a_nameless_person_is_not_invited(director):
    assert "Введите имя" in director.post("/school/people/new", data={"name": "", "role": "teacher"}).text


def test_a_role_is_entrusted_within_a_class_and_taken_back(director, school):
    data = {"role": "chat_administrator", "scope": f"class:{school.class_a}"}
    for _ in range(2):
        assert director.post(f"/school/people/{school.kim}/roles", data=data).status_code == 303
    page = director.get(f"/school/people/{school.kim}").text
    assert (Role.CHAT_ADMINISTRATOR, ScopeKind.CLASS, school.class_a) in roles_of(school.kim)
    assert "класс 7 «А»" in page

    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.role == Role.CHAT_ADMINISTRATOR))
    director.post(f"/school/people/roles/{grant_id}/revoke")
    assert len(roles_of(school.kim)) == 1


@pytest.mark.parametrize("scope", ["class:999", "chat:999", "school:1x", ""])
def test_an_unknown_scope_is_refused_beside_the_field(director, school, scope):
    answer = director.post(f"/school/people/{school.kim}/roles", data={"role": "teacher", "scope": scope})
    assert answer.status_code == 422


def test_a_school_wide_role_has_no_smaller_scope(director, school):
    data = {"role": "deputy_head", "scope": f"class:{school.class_a}"}
    answer = director.post(f"/school/people/{school.kim}/roles", data=data)
    assert "только на всю школу" in answer.text


def test_another_schools_class_is_no_scope(school):
    other = make_school(name="Школа № 13")
    for scope, number in ((ScopeKind.CLASS, other.class_a), (ScopeKind.CHAT, other.students_a)):
        grant = Grant(Role.CHAT_ADMINISTRATOR, scope, number)
        with pytest.raises(NotThereError):
            people.grant_role(school.kim, grant, school_id=school.id, actor_id=None)


def test_only_a_director_makes_or_touches_a_director(administrator, school):
    as_director = {"role": "director", "scope": "school"}
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.role == Role.DIRECTOR))
    made = administrator.post(f"/school/people/{school.kim}/roles", data=as_director)
    invited = administrator.post("/school/people/new", data={"name": "Я Сам", "role": "director"})
    statuses = [
        administrator.post(f"/school/people/{school.director}/invite").status_code,
        administrator.post(f"/school/people/roles/{grant_id}/revoke").status_code,
        made.status_code,
        invited.status_code,
    ]
    assert statuses == [403, 403, 422, 422]
    assert "только директор" in made.text
    assert count(Person, Person.last_name == "Я") == 0
    assert count(RoleGrant, RoleGrant.role == Role.DIRECTOR) == 1


def test_the_last_who_can_invite_keeps_the_role(director, school):
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.role == Role.DIRECTOR))
    answer = director.post(f"/school/people/roles/{grant_id}/revoke")
    assert answer.status_code == 422
    assert "приглашать людей будет некому" in answer.text


def test_a_role_taken_back_twice_is_told(school):
    with pytest.raises(NotThereError):
        people.revoke_role(999, school_id=school.id, actor_id=None)


def test_an_actor_of_another_school_grants_nothing(school):
    other = make_school(name="Школа № 13")
    grant = Grant(Role.DIRECTOR)
    with pytest.raises(NotAllowedError):
        people.grant_role(school.kim, grant, school_id=school.id, actor_id=other.director)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"weekday": "3"}, "по средам"),
        ({"weekday": "3", "start": "08:30", "end": "10:05"}, "8:30–10:05"),
        ({"date_from": "2026-11-24"}, "24 ноября 2026"),
        ({"date_from": "2026-11-24", "date_to": "2026-11-26", "note": "курсы"}, "курсы"),
    ],
)
def test_hours_are_closed_and_opened_again(director, school, typed, words):
    data = {"reason": "methodical_day", **typed}
    assert director.post(f"/school/people/{school.kim}/closures", data=data).status_code == 303
    page = director.get(f"/school/people/{school.kim}").text
    assert words in page
    assert "методический день" in page

    closure_id = db.session.scalar(sa.select(TeacherClosure.id))
    director.post(f"/school/people/closures/{closure_id}/remove")
    assert count(TeacherClosure) == 0
    with pytest.raises(NotThereError):
        people.remove_closure(closure_id, school_id=school.id, actor_id=None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Выберите что-то одно"),
        ({"weekday": "1", "date_from": "2026-11-24"}, "Выберите что-то одно"),
        ({"date_from": "2026-11-24", "date_to": "2026-11-23"}, "Последний день раньше первого"),
        ({"weekday": "1", "date_to": "2026-11-23"}, "Последний день раньше первого"),
        ({"weekday": "1", "start": "08:30"}, "Укажите оба времени"),
        ({"weekday": "1", "start": "08:30", "end": "08:30"}, "Конец раньше начала"),
        ({"weekday": "1", "reason": "no"}, ""),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_what_was_typed(director, school, typed, words):
    answer = director.post(f"/school/people/{school.kim}/closures", data={"reason": "other", "note": "ой", **typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="ой"' in answer.text


def test_a_deputy_head_closes_hours_but_entrusts_nothing(enter, school):
    with transaction() as session:
        deputy = make_person(session, school.id, ("Завуч", "Вера", ""), role=Role.DEPUTY_HEAD).id
    page = enter(deputy).get(f"/school/people/{school.kim}").text
    assert "Закрыть эти часы" in page
    assert "Дать роль" not in page


def test_planning_refuses_unknown_people(school):
    with pytest.raises(PlanningError):
        people.add_closure(999, people.Closure("other", weekday=1), school_id=school.id, actor_id=None)

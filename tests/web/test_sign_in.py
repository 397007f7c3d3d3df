"""Signing in and staying so: invitations, wrong tries, devices, several schools."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.people import Account, Device, Person
from scheduler.planning import accounts, devices
from tests.factories import make_person, make_school
from tests.web.conftest import device_token

SECRET = "три слова подряд"
CREDENTIALS = {"login": "orlov", "password": SECRET}


@pytest.fixture
def school(app):
    return make_school()


def invite(school, person_id=None):
    return accounts.create_invitation(person_id or school.director, school_id=school.id, actor_id=None)


@pytest.fixture
def orlov(app, school):
    """The director's account, made by invitation."""
    accounts.accept_invitation(invite(school), "orlov", SECRET, browser=accounts.Browser())
    return school.director


def device_cookie(client):
    return client.get_cookie("device")


def test_first_entry_by_invitation(client, school):
    token = invite(school)

    page = client.get(f"/invite/{token}")
    answer = client.post(f"/invite/{token}", data=CREDENTIALS)

    assert "Орлов Пётр Ильич" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/my").status_code == 200
    assert client.get(f"/invite/{token}").status_code == 404


def test_a_newer_invitation_ends_the_older(client, school):
    older, newer = invite(school), invite(school)
    assert [client.get(f"/invite/{token}").status_code for token in (older, newer)] == [404, 200]


def test_an_old_invitation_no_longer_works(client, school, monkeypatch):
    token = invite(school)
    later = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(f"/invite/{token}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"login": "orlov", "password": "12345678"}, "легко угадать"),
        ({"login": "orlov", "password": "короткий"[:5]}, "не меньше 8 знаков"),
        ({"login": "a b", "password": SECRET}, "от 3 до 64"),
        ({"login": "", "password": SECRET}, "Введите логин"),
        ({"login": "nobody", "password": SECRET, "has_account": "y"}, "Логин или пароль не подходит"),
    ],
)
def test_first_entry_says_what_is_wrong_and_keeps_the_login(client, school, typed, words):
    answer = client.post(f"/invite/{invite(school)}", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed["login"]}"' in answer.text
    assert device_cookie(client) is None


def test_a_taken_login_is_refused(client, school, orlov):
    answer = client.post(f"/invite/{invite(school, school.kim)}", data=CREDENTIALS)
    assert answer.status_code == 422
    assert "Такой логин уже есть" in answer.text


def test_a_second_invitation_sets_a_new_password_and_ends_devices(client, school, orlov):
    client.post("/sign-in", data=CREDENTIALS)
    other = client.application.test_client()

    other.post(f"/invite/{invite(school)}", data={**CREDENTIALS, "password": "совсем другие слова"})

    assert client.get("/my").status_code == 302
    assert other.get("/my").status_code == 200
    assert client.post("/sign-in", data=CREDENTIALS).status_code == 403


def test_a_second_invitation_with_a_new_login_shuts_the_old_account(client, school, orlov):
    client.post(f"/invite/{invite(school)}", data={"login": "orlov2", "password": SECRET})
    assert db.session.scalar(sa.select(Account.is_active).where(Account.login == "orlov")) is False
    assert client.get("/my").status_code == 200


def test_an_account_serves_two_schools_and_chooses(client, school, orlov):
    other = make_school(name="Школа № 13")
    client.post(f"/invite/{invite(other)}", data={**CREDENTIALS, "has_account": "y"})

    assert client.get("/my").headers["Location"] == "/sign-in/school?next=/my"
    assert "Школа № 13" in client.get("/sign-in/school").text
    assert client.post("/sign-in/school", data={"school": other.id + 100}).status_code == 404
    chosen = client.post("/sign-in/school?next=/my", data={"school": other.id})

    assert chosen.headers["Location"] == "/my"
    assert "Школа № 13" in client.get("/my").text


def test_one_account_is_one_person_of_a_school(client, school, orlov):
    answer = client.post(f"/invite/{invite(school, school.kim)}", data={**CREDENTIALS, "has_account": "y"})
    assert "принадлежит другому человеку" in answer.text


def test_a_shared_account_is_left_alone_by_one_schools_new_invitation(client, school, orlov):
    other = make_school(name="Школа № 13")
    client.post(f"/invite/{invite(other)}", data={**CREDENTIALS, "has_account": "y"})

    answer = client.post(f"/invite/{invite(other)}", data={**CREDENTIALS, "password": "чужие новые слова"})

    assert "Такой логин уже есть" in answer.text
    assert client.post("/sign-in", data=CREDENTIALS).status_code == 303


def test_sign_in_and_out(client, orlov):
    entered = client.post("/sign-in?next=/school", data={"login": " Orlov ", "password": SECRET})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/school")
    assert client.get("/sign-in?next=/account").headers["Location"] == "/account"

    client.post("/sign-out")

    assert device_cookie(client) is None
    assert client.get("/my").headers["Location"] == "/sign-in?next=/my"


@pytest.mark.parametrize("wish", ["//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "/a\nb", "x"])
def test_next_never_leads_elsewhere(client, orlov, wish):
    answer = client.post("/sign-in", query_string={"next": wish}, data=CREDENTIALS)
    assert answer.headers["Location"] == "/"


def test_unknown_login_and_wrong_password_are_told_the_same(client, orlov):
    pages = [
        client.post("/sign-in", data={"login": login, "password": "не тот пароль"}).text.replace(login, "x")
        for login in ("orlov", "nobody")
    ]
    assert pages[0].count("Логин или пароль не подходит.") == 1
    assert strip_tokens(pages[0]) == strip_tokens(pages[1])


def strip_tokens(page):
    return [line for line in page.splitlines() if "csrf_token" not in line]


def test_unknown_login_takes_the_time_of_a_password(client, orlov, monkeypatch):
    seen = []
    monkeypatch.setattr(accounts, "verify_password", lambda kept, password: seen.append((kept, password)))
    client.post("/sign-in", data={"login": "nobody", "password": "x"})
    assert seen == [(None, "x")]


def test_five_wrong_tries_shut_the_login_for_everybody(client, app, orlov):
    for _ in range(5):
        assert client.post("/sign-in", data={**CREDENTIALS, "password": "не тот"}).status_code == 403
    other = app.test_client().post("/sign-in", data=CREDENTIALS, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert other.status_code == 429
    assert "Подождите, пожалуйста, 15 минут" in other.text


def test_ten_tries_a_minute_from_one_address(client, app, orlov):
    answers = [client.post("/sign-in", data={"login": f"n{n}", "password": "x"}).status_code for n in range(11)]
    elsewhere = client.post("/sign-in", data=CREDENTIALS, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answers == [403] * 10 + [429]
    assert elsewhere.status_code == 303


def test_an_ended_account_or_person_is_signed_out(client, school, orlov):
    client.post("/sign-in", data=CREDENTIALS)
    with transaction() as session:
        session.get_one(Person, orlov).is_archived = True
    assert client.get("/my").headers["Location"] == "/sign-in/school?next=/my"
    assert "Вас больше нет в списке" in client.get("/sign-in/school").text
    with transaction() as session:
        session.scalars(sa.select(Account)).one().is_active = False
    assert client.get("/my").headers["Location"] == "/sign-in?next=/my"


def test_a_shared_computer_ends_after_twelve_idle_hours(client, orlov, monkeypatch):
    client.post("/sign-in", data=CREDENTIALS)
    start = clock.now()
    for hours, status in ((11, 200), (22, 200), (34.1, 302)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: start + timedelta(hours=hours))
        assert client.get("/my").status_code == status, hours
    assert "Expires" not in client.post("/sign-in", data=CREDENTIALS).headers["Set-Cookie"]


def test_ones_own_phone_stays_for_the_schools_days(client, orlov, monkeypatch):
    answer = client.post("/sign-in", data={**CREDENTIALS, "is_own": "y"})
    start = clock.now()
    for days, status in ((29, 200), (58, 200), (89, 302)):
        monkeypatch.setattr(clock, "now", lambda days=days: start + timedelta(days=days))
        assert client.get("/my").status_code == status, days
    assert "Max-Age" in answer.headers["Set-Cookie"]


def test_only_a_hash_of_the_device_is_kept(client, orlov):
    client.post("/sign-in", data=CREDENTIALS)
    token = device_cookie(client).value
    kept = db.session.scalars(sa.select(Device.token_hash)).all()
    assert devices.token_hash(token) in kept
    assert token not in kept


def test_an_unknown_device_is_nobody(client, orlov):
    client.set_cookie("device", "guessed")
    assert client.get("/my").status_code == 302


def test_role_holders_of_several_people_start_where_they_work(client, school, enter):
    with transaction() as session:
        parent = make_person(session, school.id, ("Родитель", "Мария", ""), role="parent").id
    assert enter(school.kim).get("/").headers["Location"] == "/today"
    assert enter(parent).get("/").headers["Location"] == "/my"


def test_guessing_invitations_is_slowed_down(client, school):
    answers = [client.get(f"/invite/guess-{n}").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_lost_device_of_an_ended_account_stays_out(client, orlov):
    token = device_token(orlov)
    with transaction() as session:
        session.scalars(sa.select(Account)).one().is_active = False
    client.set_cookie("device", token)
    assert client.get("/my").status_code == 302

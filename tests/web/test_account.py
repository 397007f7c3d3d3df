import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.models.people import Account, Device
from scheduler.planning import accounts
from tests.factories import make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
SECRET = "три слова подряд"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def entered(app, *, agent=ANDROID):
    client = app.test_client()
    client.post("/sign-in", data={"login": "orlov", "password": SECRET}, headers={"User-Agent": agent})
    return client


def account_of_director(school):
    token = accounts.create_invitation(school.director, school_id=school.id, actor_id=None)
    accounts.accept_invitation(token, "orlov", SECRET, browser=accounts.Browser())


def test_devices_are_listed_and_ended_from_afar(app):
    account_of_director(make_school())
    phone, computer = entered(app), entered(app, agent="curl/8")

    page = computer.get("/account").text
    phone_id = db.session.scalar(sa.select(Device.id).where(Device.label == "Chrome, Android"))
    computer.post(f"/account/devices/{phone_id}/end")

    assert "Chrome, Android" in page
    assert page.count("это устройство") == 1
    assert phone.get("/account").status_code == 302
    assert "На том устройстве вход завершён" in computer.get("/account").text


def test_a_new_password_ends_the_other_devices(app):
    account_of_director(make_school())
    phone, computer = entered(app), entered(app)

    answer = computer.post("/account/password", data={"old": SECRET, "new": "совсем другие слова"})

    assert (answer.status_code, phone.get("/account").status_code) == (303, 302)
    assert computer.get("/account").status_code == 200
    assert accounts.sign_in("orlov", "совсем другие слова", browser=accounts.Browser())


def test_a_new_password_is_refused_beside_its_field(app):
    account_of_director(make_school())
    client = entered(app)
    for typed, words in (
        ({"old": "не тот", "new": "совсем другие слова"}, "Нынешний пароль не подходит"),
        ({"old": SECRET, "new": "12345678"}, "легко угадать"),
        ({"old": SECRET, "new": ""}, "Введите новый пароль"),
    ):
        answer = client.post("/account/password", data=typed)
        assert answer.status_code == 422
        assert words in answer.text


def test_guessing_the_present_password_is_slowed_down(app):
    account_of_director(make_school())
    client = entered(app)
    answers = [client.post("/account/password", data={"old": "x", "new": SECRET}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_passwords_are_kept_as_argon2id(app):
    account_of_director(make_school())
    kept = db.session.scalar(sa.select(Account.password_hash))
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_language_is_remembered(app, client):
    answer = client.post("/language", data={"lang": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert "<h1>Signing in</h1>" in client.get("/sign-in").text
    client.post("/language", data={"lang": "fr"})
    assert '<html lang="en">' in client.get("/sign-in").text

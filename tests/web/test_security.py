"""Headers, cookies, the form check, compression."""

import gzip
from dataclasses import replace

import pytest
from flask import request

from scheduler import create_app
from scheduler.database import db
from scheduler.planning import accounts
from scheduler.web.security import HEADERS
from tests.conftest import settings_for
from tests.factories import make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
SECRET = "три слова подряд"


@pytest.fixture
def checked(app):
    """The application with the form check on."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def token_of(page):
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def entered(app):
    school = make_school()
    invitation = accounts.create_invitation(school.director, school_id=school.id, actor_id=None)
    token = accounts.accept_invitation(invitation, "orlov", SECRET, browser=accounts.Browser())
    client = app.test_client()
    client.set_cookie("device", token)
    return client


@pytest.mark.parametrize("path", ["/sign-in", "/robots.txt", "/healthz", "/nowhere", "/my"])
def test_every_answer_is_hardened(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Strict-Transport-Security" not in answer.headers


def test_nothing_inline_is_allowed(client):
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_bring_no_inline_script_or_style(app, enter):
    school = make_school()
    client = enter(school.director)
    for path in ("/sign-in", "/my", "/account", "/school", "/school/people", f"/school/people/{school.kim}"):
        page = client.get(path).text
        assert "<script>" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page


def test_signed_in_pages_are_kept_nowhere(app, enter, client):
    assert enter(make_school().director).get("/my").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/sign-in").headers.get("Cache-Control", "")


def test_over_https_cookies_are_bound_and_https_is_demanded(app, tmp_path):
    secure = create_app(settings_for(tmp_path / "https", PUBLIC_URL="https://school.test"))
    with secure.app_context():
        db.create_all()
        entered(secure)
        secure.config["WTF_CSRF_ENABLED"] = False
        answer = secure.test_client().post(
            "/sign-in", data={"login": "orlov", "password": SECRET}, base_url="https://school.test"
        )
        db.engine.dispose()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-device=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_trusted_proxy_names_the_visitor(app, tmp_path):
    settings = replace(settings_for(tmp_path / "proxy"), trusted_proxies=1)
    behind = create_app(settings)
    seen = []
    behind.before_request_funcs[None].insert(0, lambda: seen.append(request.remote_addr))
    behind.test_client().get("/healthz", headers={"X-Forwarded-For": "198.51.100.7"})
    app.test_client().get("/healthz", headers={"X-Forwarded-For": "198.51.100.7"})
    assert seen == ["198.51.100.7"]


def test_a_form_without_its_token_changes_nothing(checked):
    client = entered(checked)
    answer = client.post("/sign-out")
    assert answer.status_code == 400
    assert client.get("/my").status_code == 200


def test_a_form_with_its_token_passes(checked):
    client = entered(checked)
    token = token_of(client.get("/account").text)
    assert client.post("/language", data={"lang": "en", "csrf_token": token}).status_code == 303


def test_an_expired_form_keeps_what_was_typed_but_no_password(checked):
    client = entered(checked)
    typed = {"name": "Новикова Анна <b>", "role": "teacher", "password": "тайна", "csrf_token": "old"}

    answer = client.post("/school/people/new", data=typed)

    assert answer.status_code == 400
    assert "Введённое не пропало" in answer.text
    assert 'name="name" value="Новикова Анна &lt;b&gt;"' in answer.text
    assert "тайна" not in answer.text
    again = client.post("/school/people/new", data={**typed, "csrf_token": token_of(answer.text.split("<main")[1])})
    assert "Приглашение" in again.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_form_is_not_offered_again(checked, site):
    answer = entered(checked).post("/school/people/new", data={"name": "Чужой"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 400
    assert "Чужой" not in answer.text


def test_a_form_of_nobody_is_not_offered_again(checked):
    answer = checked.test_client().post("/sign-in", data={"login": "orlov", "password": "x"})
    assert answer.status_code == 400
    assert "orlov" not in answer.text


def test_files_have_a_hash_and_stay_for_a_year(client):
    page = client.get("/sign-in").text
    path = page.split('<link rel="stylesheet" href="')[1].split('"')[0]

    answer = client.get(path)

    assert "?v=" in path
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get(path.split("?")[0]).headers["Cache-Control"]


def test_text_is_packed_for_who_takes_it(app, enter):
    client = enter(make_school().director)
    plain, packed = client.get("/account"), client.get("/account", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"].startswith("Accept-Encoding")


def test_a_page_asked_for_from_elsewhere_is_left_plain(client):
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"})
    assert "Content-Encoding" not in answer.headers


def test_a_packed_file_is_still_known_by_its_tag(client):
    first = client.get("/static/look.css", headers={"Accept-Encoding": "gzip"})
    again = client.get("/static/look.css", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_small_answers_are_not_packed(client):
    assert "Content-Encoding" not in client.get("/static/none.css", headers={"Accept-Encoding": "gzip"}).headers


def test_a_first_visit_is_small(app, enter):
    client = enter(make_school().director)
    sizes = [
        len(client.get(path, headers={"Accept-Encoding": "gzip"}).data)
        for path in ("/school", "/static/look.css", "/static/app.js", "/static/icon.svg")
    ]
    assert sum(sizes) <= 20 * 1024

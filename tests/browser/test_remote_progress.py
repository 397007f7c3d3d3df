"""The page of a remote day keeps itself fresh in a browser, and does without a script."""

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.chats import BulletinPart, Chat, Platform, PostState
from tests.browser.conftest import check_page
from tests.web.remote import MORNING, declare, make_morning


@pytest.fixture
def school(site, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    with site.app.app_context():
        return make_morning()


@pytest.fixture
def day_id(site, school):
    with site.app.app_context():
        return declare(school)


def post_all(site):
    with site.app.app_context(), transaction() as session:
        for part in session.query(BulletinPart):
            part.posted_hash, part.state, part.posted_at = part.wanted_hash, PostState.POSTED, MORNING


def test_counts_change_without_reloading_and_survive_reopening(site, school, day_id):
    tab = site.tab(school.director)
    tab.goto(f"{site.address}/remote-days/{day_id}")
    tab.get_by_text("0 из 5").wait_for()
    tab.evaluate("window.isTheSamePage = true")
    tab.locator("#silent-classes summary").click()
    post_all(site)
    tab.get_by_text("5 из 5").wait_for()
    assert tab.evaluate("window.isTheSamePage") is True
    assert tab.evaluate("document.getElementById('silent-classes').open") is True
    check_page(tab)
    tab.goto("about:blank")
    tab.goto(f"{site.address}/remote-days/{day_id}")
    tab.get_by_text("5 из 5").wait_for()


def test_a_lost_server_is_said(site, school, day_id):
    tab = site.tab(school.director)
    tab.goto(f"{site.address}/remote-days/{day_id}")
    tab.route("**/progress", lambda route: route.abort())
    tab.get_by_text("Нет связи: сведения могут быть устаревшими.").wait_for()
    tab.unroute("**/progress")
    post_all(site)
    tab.get_by_text("5 из 5").wait_for()
    tab.locator("#poll-lost").wait_for(state="hidden")


def test_without_a_script_the_page_refreshes_itself(site, school, day_id):
    tab = site.tab(school.director, java_script_enabled=False)
    tab.goto(f"{site.address}/remote-days/{day_id}")
    assert '<meta http-equiv="refresh" content="15">' in tab.content()
    post_all(site)
    tab.get_by_role("link", name="Обновить").click()
    tab.get_by_text("5 из 5").wait_for()
    assert '<meta http-equiv="refresh"' not in tab.content()


def test_a_text_is_handed_to_the_share_sheet_where_there_is_one(site, school):
    tab = site.tab(school.director)
    tab.add_init_script("navigator.share = what => { window.shared = what.text; return Promise.resolve(); }")
    with site.app.app_context(), transaction() as session:
        from_hand(session)
    with site.app.app_context():
        declare(school)
    tab.goto(f"{site.address}/chats/by-hand")
    tab.get_by_role("button", name="Поделиться").first.click()
    assert tab.evaluate("window.shared").startswith("Уважаемые коллеги!")
    tab.get_by_role("button", name="Размещено: Учителя").click()
    tab.get_by_text("Отмечено: текст размещён").first.wait_for()
    check_page(tab)


def from_hand(session):
    for chat in session.query(Chat):
        chat.platform, chat.connection_id = Platform.BY_HAND, None

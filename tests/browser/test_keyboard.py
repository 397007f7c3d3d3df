"""The way from the sign-in to a booking form with the keyboard alone."""

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.people import Account, Person
from scheduler.planning.passwords import hash_password
from tests.browser.conftest import DESK
from tests.factories import make_school

FOCUS = """() => { const one = document.activeElement, look = getComputedStyle(one);
  const ring = one.matches(".choice input") ? getComputedStyle(one.closest("label")) : look;
  return {text: (one.textContent || one.name || "").trim(), tag: one.tagName, href: one.getAttribute("href") || "",
    seen: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2}; }"""


@pytest.fixture
def school(site):
    with site.app.app_context():
        made = make_school()
        with transaction() as session:
            account = Account(login="ivanova", password_hash=hash_password("три слова подряд"))
            session.add(account)
            session.flush()
            session.get_one(Person, made.ivanova).account_id = account.id
    yield made
    clock.configure(None)


def walk_to(tab, wanted, *, steps=120):
    """Press Tab until the focus answers `wanted`; each stop on the way shows where it is."""
    for _step in range(steps):
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUS)
        if focus["tag"] == "BODY":
            continue
        assert focus["seen"], f"no ring around {focus}"
        if wanted(focus):
            return focus
    raise AssertionError("the keyboard does not reach it")


def test_from_the_sign_in_to_the_form_with_the_keyboard(site, school):
    tab = site.tab(size=DESK)
    tab.goto(f"{site.address}/sign-in")
    walk_to(tab, lambda focus: focus["tag"] == "INPUT")
    tab.keyboard.type("ivanova")
    tab.keyboard.press("Tab")
    tab.keyboard.type("три слова подряд")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.url == f"{site.address}/today"
    assert walk_to(tab, lambda focus: True)["text"] == "К содержанию"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.goto(f"{site.address}/today")
    walk_to(tab, lambda focus: focus["href"] == "/week")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    tab.goto(f"{tab.url.split('?')[0]}?class={school.class_a}")
    walk_to(tab, lambda focus: focus["href"].startswith("/lessons/new"))
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    walk_to(tab, lambda focus: focus["tag"] == "SELECT")
    walk_to(tab, lambda focus: focus["tag"] == "BUTTON" and focus["text"] != "")
    assert tab.problems == []

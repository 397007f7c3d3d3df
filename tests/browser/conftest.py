"""A real browser against a running server: Debian's Chromium, SQLite, threads."""

import shutil
import threading
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from scheduler import create_app
from scheduler.database import db
from tests.conftest import missing, settings_for
from tests.web.conftest import device_token

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run; each test takes contexts of its own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class Site:
    """A running product: its application, its address, and tabs signed in as somebody."""

    def __init__(self, app, address, browser):
        self.app, self.address, self._browser = app, address, browser
        self._contexts = []

    def tab(self, person_id=None, *, size=PHONE, **options):
        """A tab of a browser of its own, signed in as that person if one is named."""
        context = self._browser.new_context(viewport=size, locale="ru-RU", **options)
        self._contexts.append(context)
        if person_id is not None:
            with self.app.app_context():
                token = device_token(person_id)
            context.add_cookies([{"name": "device", "value": token, "url": self.address}])
        tab = context.new_page()
        tab.set_default_timeout(10_000)
        tab.problems = []
        tab.on("console", lambda message: tab.problems.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: tab.problems.append(str(error)))
        return tab

    def close(self):
        for context in self._contexts:
            context.close()


@pytest.fixture
def site(browser, tmp_path, sqlite_template):
    """The product on an empty SQLite database, served on a free port; `site.app` makes rows, `site.tab()` looks."""
    shutil.copy(sqlite_template, tmp_path / "scheduler.sqlite3")
    with serving(create_app(settings_for(tmp_path))) as (app, address):
        opened = Site(app, address, browser)
        yield opened
        opened.close()


@contextmanager
def serving(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def check_page(tab):
    """Nothing serious for axe, nothing wider than the screen, no error in the console."""
    found = Axe().run(tab).response["violations"]
    grave = [
        (rule["id"], node["html"][:120], node["failureSummary"][:200])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert grave == []
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert tab.problems == []

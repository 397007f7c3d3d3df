"""A walk with odd input: each address, each query, each field of each form; answered in words, never by a failure."""

from html.parser import HTMLParser

import pytest
import structlog

from scheduler.database import db
from tests.conftest import REQUIRED
from tests.factories import make_school
from tests.web.route_samples import SAMPLES
from tests.web.test_routes import address, routes

HUGE = "99999999999999999999"
ODD = ("\0", HUGE)
MORE = (
    "0001-01-01",
    "я" * 5000,
    "",
    "9999-12-31",
    "-1",
    "0",
    "25:61",
    "23:59",
    "00:00",
    "2026-02-30",
    "'; --",
    "<b>",
    "NaN",
    "١٢",
    "1e9",
    "2147483648",
    "{{ 7 }}",
)
QUERIES = (
    "class",
    "teacher",
    "room",
    "course",
    "date",
    "period",
    "q",
    "view",
    "week",
    "from",
    "to",
    "next",
    "subscribe",
)


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields with their present values."""

    def __init__(self, page, path):
        super().__init__()
        self.found, self._path, self._select, self._area = [], path, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.found.append((values.get("action") or self._path, values.get("method", "get"), {}))
        elif self.found and tag in ("input", "textarea", "select") and values.get("name"):
            self._field(tag, values)
        elif tag == "option" and self._select and ("selected" in values or not self.found[-1][2][self._select]):
            self.found[-1][2][self._select] = values.get("value", "")

    def _field(self, tag, values):
        fields, name = self.found[-1][2], values["name"]
        is_unchecked = values.get("type") in ("radio", "checkbox") and "checked" not in values
        fields.setdefault(name, "")
        if not is_unchecked:
            fields[name] = values.get("value", "")
        self._select = name if tag == "select" else None


@pytest.fixture
def odd(request, app):
    """Few words in CI, and there of the stricter database alone; the full size asks all of them of both."""
    if request.config.getoption("--full-size"):
        return ODD + MORE
    if REQUIRED and db.engine.dialect.name == "sqlite":
        pytest.skip("walked on PostgreSQL in this run")
    return ODD


@pytest.fixture
def walker(app, enter):
    school = make_school()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield school, enter(school.director)
    structlog.reset_defaults()


def ask(client, method, path, failures, **values):
    """The page, where one came; a failure is noted with what was sent."""
    try:
        answer = client.open(path, method=method, **values)
    except Exception as error:  # noqa: BLE001 - the walk goes on and tells all of them
        failures.append((method, path[:80], str(values)[:200], repr(error)[:300]))
        return ""
    if answer.status_code >= 500:
        failures.append((method, path[:80], str(values)[:200], answer.status_code))
    return answer.text if answer.mimetype == "text/html" else ""


def sampled(app, school):
    """(path, method) of every view that has a sample."""
    for rule, method in routes(app):
        if not rule.arguments or rule.endpoint in SAMPLES:
            yield address(app, rule, school), method


def test_odd_addresses_and_queries_are_answered(app, walker, odd):
    school, client = walker
    failures = []
    for rule, method in routes(app):
        for value in odd if rule.arguments else ():
            with app.test_request_context():
                try:
                    path = app.url_map.bind("localhost").build(
                        rule.endpoint, dict.fromkeys(rule.arguments, value or "0")
                    )
                except ValueError:
                    continue  # a number is wanted there, and this is none
            ask(client, method, path, failures)
    for path, method in sampled(app, school):
        for value in odd if method == "GET" else ():
            ask(client, method, path, failures, query_string=dict.fromkeys(QUERIES, value))
    assert failures == []


def test_odd_words_in_the_fields_of_every_form_are_answered(app, walker, enter, odd):
    school, _client = walker
    failures, seen = [], set()
    for path, method in list(sampled(app, school)):
        if method != "GET":
            continue
        client = enter(school.director)  # an earlier form may have ended the sign-in
        for action, way, fields in Forms(ask(client, "GET", path, failures), path).found:
            if way.lower() != "post" or (action, *fields) in seen or "/sign-out" in action:
                continue
            seen.add((action, *fields))
            for name in fields:
                for value in odd:
                    ask(client, "POST", action.split("#")[0], failures, data={**fields, name: value})
            ask(client, "POST", action.split("#")[0], failures, data=b"\xff\xfe=%ff&" + b"a=b&" * 50)
    assert len(seen) > 20
    assert failures == []


def test_a_wrong_method_is_answered(app, walker):
    school, client = walker
    failures = []
    for path, _method in sampled(app, school):
        for method in ("PUT", "TRACE"):
            ask(client, method, path, failures)
    assert failures == []

"""What a first visit weighs over the wire: the page, its style, scripts and icons, packed."""

import re

import pytest

from scheduler.database import db
from scheduler.models.classes import SchoolClass
from tests.factories import make_lesson, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
LIMIT = 60_000
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def school(app):
    made = make_school()
    for period in range(1, 8):
        make_lesson(made, made.algebra_a, period=period)
    return made


def weight(client, path):
    """Bytes of the page and of everything that it loads."""
    plain = client.get(path)
    assert plain.status_code == 200
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', plain.text)
    assert len(loaded) >= 3
    parts = [path, *(address.replace("&amp;", "&") for address in loaded)]
    return sum(len(client.get(part, headers=PACKED).data) for part in parts)


@pytest.mark.parametrize("path", ["/today", "/week", "/chats", "/school", "/director", "/lessons/new"])
def test_first_visit_of_staff_stays_light(school, enter, path):
    assert weight(enter(school.director), path) <= LIMIT


@pytest.mark.parametrize("query", ["", "?view=week", "?subscribe=1"])
def test_first_visit_of_the_class_page_stays_light(school, client, query):
    token = db.session.get_one(SchoolClass, school.class_a).page_token
    assert weight(client, f"/t/{token}{query}") <= LIMIT

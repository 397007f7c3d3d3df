import gzip
import re

import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class, feed_for_teacher, replace_feed
from scheduler.web import feeds
from tests.calendars.changes import announce, change, set_clock
from tests.factories import make_lesson, make_school


@pytest.fixture
def school(app):
    set_clock()
    school = make_school()
    announce(school, make_lesson(school, school.algebra_a))
    return school


@pytest.fixture
def feed(school):
    return feed_for_class(school.id, school.class_a)


@pytest.fixture(params=["view", "door"])
def get(request, client, feed):
    """Asks for the feed where Flask's view answers, and again where the door before it does."""
    path = f"/feeds/{feed.token}.ics"
    if request.param == "door":
        client.get(path)

    def ask(query="", method="get", **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(path + query, headers=names)

    return ask


def test_feed_is_plain_text_without_gzip_and_the_same_with_it(get):
    plain, packed = get(), get(Accept_Encoding="gzip, br")
    assert plain.status_code == packed.status_code == 200
    assert plain.content_type == packed.content_type == "text/calendar; charset=utf-8"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] == packed.headers["ETag"]


def test_gzip_that_is_refused_is_not_sent(get):
    assert "Content-Encoding" not in get(Accept_Encoding="gzip;q=0").headers


def test_feed_is_private_unlisted_and_starts_no_session(get):
    answer = get()
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("tags", ["{tag}", '"other", {tag}', '"{bare}"', 'W/"{bare}"', "*"])
def test_known_tag_is_answered_with_304(get, tags):
    tag = get().headers["ETag"]
    answer = get(If_None_Match=tags.format(tag=tag, bare=tag.removeprefix("W/").strip('"')))
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_unknown_tag_goes_before_a_known_date(get):
    date = get().headers["Last-Modified"]
    assert get(If_None_Match='"other"', If_Modified_Since=date).status_code == 200
    assert get(If_Modified_Since=date).status_code == 304
    assert get(If_Modified_Since="yesterday").status_code == 200


def test_earlier_date_is_answered_in_full(get):
    assert get(If_Modified_Since="Mon, 23 Nov 2026 00:00:00 GMT").status_code == 200


def test_head_has_the_length_and_no_body(get):
    full, head = get(), get(method="head")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == full.headers["Content-Length"] == str(len(full.data))
    assert head.headers["ETag"] == full.headers["ETag"]


def test_other_methods_are_refused(get):
    assert get(method="delete").status_code == 405


def test_download_is_a_file_and_the_subscription_is_not(get):
    assert get("?download=1").headers["Content-Disposition"] == "attachment; filename=lessons.ics"
    assert "Content-Disposition" not in get().headers


def test_changed_lesson_has_another_tag(get, school):
    lesson = make_lesson(school, school.algebra_a, period=2)
    first = get()
    change(school, lesson, topic="Дроби")
    second = get(If_None_Match=first.headers["ETag"])
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]


def test_replaced_and_unknown_addresses_answer_alike(get, client, school, feed):
    replace_feed(school.id, feed.feed_id, None)
    replaced, unknown = get(), client.get("/feeds/nothing.ics")
    assert replaced.status_code == unknown.status_code == 404
    assert client.get("/feeds/.ics").status_code == 404


def test_both_ways_answer_the_same(client, feed):
    path = f"/feeds/{feed.token}.ics"
    by_view, by_door = client.get(path), client.get(path)
    own = ("Content-Type", "ETag", "Last-Modified", "Vary", "Cache-Control", "X-Robots-Tag", "Content-Length")
    assert [by_view.headers[name] for name in own] == [by_door.headers[name] for name in own]
    assert by_view.data == by_door.data


def test_broken_database_is_an_error_and_no_empty_calendar(client, app, feed, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_args):
        raise sa.exc.OperationalError("gone", None, Exception())

    monkeypatch.setattr(feeds, "feed_state", broken)
    monkeypatch.setattr(feeds, "feed_answer", broken)
    answer = client.get(f"/feeds/{feed.token}.ics")
    assert answer.status_code == 500
    assert b"VCALENDAR" not in answer.data


def test_a_teacher_finds_the_own_calendar_and_replaces_its_address(school, enter):
    teacher = enter(school.ivanova)
    (token,) = re.findall(r'href="/my/([^"?]+)\?subscribe=1"', teacher.get("/my").text)
    assert teacher.get(f"/feeds/{token}.ics").status_code == 200
    others = feed_for_teacher(school.id, school.kim)

    page = teacher.post("/my/addresses", follow_redirects=True).text

    assert "прежние больше не работают" in page
    assert token not in page
    assert teacher.get(f"/feeds/{token}.ics").status_code == teacher.get(f"/my/{token}").status_code == 404
    assert teacher.get(f"/feeds/{others.token}.ics").status_code == 200

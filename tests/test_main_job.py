"""The main job from the command line: from a timetable's file to posts and calendars, through real processes."""

from datetime import timedelta

import httpx
import pytest

from tests.installation import installed, until
from tests.main_job import TEACHERS, connect_chats, find_ground, looking, make_school


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    with installed(tmp_path_factory.mktemp("main-job")) as one:
        make_school(one)
        yield one


@pytest.fixture(scope="module")
def ground(one):
    with looking(one):
        return connect_chats(one, find_ground(one))


def test_a_lesson_is_booked_moved_and_cancelled_everywhere(one, ground):
    feed = one.command("feed", "--class", ground.class_label)["url"]
    before = one.feed(feed)
    tomorrow = one.today + timedelta(days=1)
    booked = one.command("book", "--course", ground.course_id, "--date", tomorrow, "--period", ground.hours[0])
    (lesson,) = booked["lessons"]
    posted = {title: until(lambda title=title: one.messages(title)[0]) for title in ground.titles}
    assert {title: len(bulletins) for title, bulletins in posted.items()} == dict.fromkeys(ground.titles, 1)
    for title in (ground.pupils, ground.parents):
        (bulletin,) = posted[title]
        assert lesson["start"][:5].lstrip("0") in bulletin["text"]
        assert joins(bulletin["text"])

    after = one.feed(feed)
    assert after.keys() - before.keys() == {lesson["uid"]}
    sequence = int(after[lesson["uid"]]["SEQUENCE"])

    one.command("book", "--move", lesson["id"], "--date", tomorrow, "--period", ground.hours[1])
    one.command("deliver", "--until-done")
    for title in (ground.pupils, ground.parents):
        bulletins, notices = one.messages(title)
        assert [message["id"] for message in bulletins] == [posted[title][0]["id"]]
        assert bulletins[0]["edited_at"]
        assert len(notices) == 1, title
    assert int(one.feed(feed)[lesson["uid"]]["SEQUENCE"]) == sequence + 1

    one.command("book", "--cancel", lesson["id"])
    one.command("deliver", "--until-done")
    assert len(one.messages(TEACHERS)[0]) == 1
    for title in (ground.pupils, ground.parents):
        (bulletin,), _notices = one.messages(title)
        assert "отменён" in bulletin["text"]
    cancelled = one.feed(feed)[lesson["uid"]]
    assert (cancelled["STATUS"], int(cancelled["SEQUENCE"])) == ("CANCELLED", sequence + 2)


def joins(text):
    (address,) = [word.rstrip(".,") for word in text.split() if "/j/" in word]
    return httpx.get(address).status_code == httpx.codes.OK

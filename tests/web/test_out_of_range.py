"""Numbers, dates and letters that no row can hold are answered in words on both databases, never by a 500."""

import pytest

from tests.factories import make_school

HUGE = "99999999999999999999"


@pytest.fixture
def client(app, enter):
    return enter(make_school().director)


@pytest.mark.parametrize(
    "path",
    [
        f"/lessons/{HUGE}",
        f"/chats/{HUGE}",
        f"/school/people/{HUGE}",
        f"/week?class={HUGE}",
        f"/week?teacher={HUGE}",
        "/week?date=9999-12-31",
        "/week?date=0001-01-01",
        f"/lessons/new?course={HUGE}&date=9999-12-31&period={HUGE}",
        "/school/people?q=%00",
        "/director?date=9999-12-31",
        "/j/%00",
        "/t/%00",
        "/feeds/%00.ics",
    ],
)
def test_what_no_row_can_hold_is_not_there(client, path):
    assert client.get(path).status_code < 500, path


def test_what_no_row_can_hold_is_not_taken(client):
    wish = {"do": "save", "course_id": HUGE, "date": "9999-12-31", "period": HUGE, "mode": "call", "weeks": "40"}
    assert client.post("/lessons/new", data=wish).status_code < 500

"""Changing a remote day in the browser: what was typed stays, what was shown is done, once."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, make_lesson, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
WEDNESDAY = TUESDAY + timedelta(days=1)
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    made = make_school(weekly_slots=False)
    with transaction() as session:
        session.get_one(School, made.id).call_way = CallWay.VK
    for day in (TUESDAY, WEDNESDAY):
        make_lesson(made, made.algebra_a, day=day, period=1, mode=LessonMode.IN_PERSON)
        make_lesson(made, made.algebra_b, day=day, period=4, mode=LessonMode.IN_PERSON)
    return made


@pytest.fixture
def day_id(school):
    return declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз")).remote_day_id


@pytest.fixture
def director(school, enter):
    return enter(school.director)


def typed(school, **values):
    usual = {"last": TUESDAY.isoformat(), "class_ids": [school.class_a, school.class_b], "bells": "now",
             "from_day": TUESDAY.isoformat(), "minutes": 30, "pause": 15}  # fmt: skip
    return usual | values


def modes():
    db.session.expire_all()
    return [one.mode.value for one in db.session.query(Lesson).order_by(Lesson.date, Lesson.id)]


def test_the_decisions_page_leads_here(director, day_id):
    page = director.get(f"/remote-days/{day_id}").text
    assert f"/remote-days/{day_id}/change" in page


def test_longer_is_shown_first_and_then_done_once(school, director, day_id):
    shown = director.post(f"/remote-days/{day_id}/change", data=typed(school, last=WEDNESDAY.isoformat()))
    page = director.get(shown.location).text
    assert (shown.status_code, modes()[2:]) == (303, ["in_person", "in_person"])
    assert "2 урока станут дистанционными" in page
    assert "<b>7 «А»</b>" in page

    assert director.post(shown.location).location == f"/remote-days/{day_id}"
    assert director.post(shown.location).location == f"/remote-days/{day_id}"
    assert "in_person" not in modes()


def test_other_bells_show_both_hours(school, director, day_id):
    wish = typed(school, bells="own", start="10:00", pause=20)
    page = director.get(director.post(f"/remote-days/{day_id}/change", data=wish).location).text
    assert "2 урока пройдут иначе" in page
    assert "→ 10:00–10:30" in page


def test_a_class_no_longer_ticked_goes_back(school, director, day_id):
    wish = typed(school, class_ids=[school.class_a])
    shown = director.post(f"/remote-days/{day_id}/change", data=wish)
    assert "1 урок вернётся в школу" in director.get(shown.location).text
    director.post(shown.location)
    assert modes()[1] == "in_person"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"last": ""}, "Выберите дату"),
        ({"last": "2026-11-20"}, "не может быть раньше"),
        ({"class_ids": []}, "ни одного класса"),
        ({"bells": "own", "start": ""}, "когда начинается первый урок"),
        ({"minutes": "500"}, "10"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(school, director, day_id, wrong, words):
    answer = director.post(f"/remote-days/{day_id}/change", data=typed(school, **{"pause": 25} | wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="25"' in answer.text


def test_a_decision_taken_back_is_changed_no_more(school, director, day_id):
    undo_remote_day(school.id, day_id)
    assert "отменено" in director.get(f"/remote-days/{day_id}/change").text
    assert director.post(f"/remote-days/{day_id}/change", data=typed(school)).status_code == 422


def test_a_plan_that_is_no_longer_true_is_not_applied(school, director, day_id):
    shown = director.post(f"/remote-days/{day_id}/change", data=typed(school, last=WEDNESDAY.isoformat()))
    make_lesson(school, school.physics_a, day=WEDNESDAY, period=2, mode=LessonMode.IN_PERSON)
    assert director.post(shown.location).location == f"/remote-days/{day_id}/change"
    assert modes()[2:] == ["in_person"] * 3

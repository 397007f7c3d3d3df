"""The page of a decision: what is done and open, kept fresh without reloading."""

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import BulletinPart, PostState
from scheduler.models.lessons import Lesson
from scheduler.planning.remote.undoing import undo_remote_day
from tests.factories import make_school
from tests.web.remote import MORNING, declare, make_morning


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_morning()


@pytest.fixture
def day_id(school):
    return declare(school)


def post_all(*, but=()):
    with transaction() as session:
        for part in session.query(BulletinPart):
            if part.bulletin.chat_id not in but:
                part.posted_hash, part.state, part.posted_at = part.wanted_hash, PostState.POSTED, clock.now()


def test_the_page_counts_what_is_done_and_names_what_is_open(school, enter, day_id):
    post_all(but=[school.parents_b])
    with transaction() as session:
        for part in session.query(BulletinPart):
            if part.bulletin.chat_id == school.parents_b:
                part.state, part.problem = PostState.PARKED, "gone"
    page = enter(school.director).get(f"/remote-days/{day_id}").text
    assert "Вторник, 24 ноября" in page
    assert ">4 из 5<" in page
    opened = page[: page.index("Доставлено в чаты")]
    assert "7 «Б», родители" in opened
    assert "7 «А», родители" not in opened
    assert "прочитано" not in page.lower()


def test_a_fragment_that_has_not_changed_is_not_sent_again(school, enter, day_id):
    client = enter(school.director)
    first = client.get(f"/remote-days/{day_id}/progress")
    assert 'data-settled="0"' in first.text
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/remote-days/{day_id}/progress", headers=tag).status_code == 304
    post_all()
    db.session.expire_all()
    again = client.get(f"/remote-days/{day_id}/progress", headers=tag)
    assert again.status_code == 200
    assert ">5 из 5<" in again.text


def test_the_page_stays_after_the_day_was_taken_back(school, enter, day_id):
    post_all()
    undo_remote_day(school.id, day_id, actor_id=school.director)
    page = enter(school.director).get(f"/remote-days/{day_id}").text
    assert "Дистанционный день отменён" in page
    assert "7 «А», ученики" in page


def test_the_day_is_taken_back_from_its_page(school, enter, day_id):
    post_all()
    director = enter(school.director)
    page = director.get(f"/remote-days/{day_id}").text
    assert "Прозвучит в 5 чатах." in page
    answer = director.post(f"/remote-days/{day_id}/undo", data={"reason": "потеплело"}, follow_redirects=True)
    assert "4 урока возвращены." in answer.text
    assert "Дистанционный день отменён" in answer.text
    assert "Чаты узнают, что день отменён" in answer.text
    assert "Подключение к видеоурокам" not in answer.text
    assert f"/remote-days/{day_id}/undo" not in answer.text
    assert enter(school.kim).post(f"/remote-days/{day_id}/undo").status_code == 403


def test_lessons_left_alone_are_listed(school, enter, day_id, monkeypatch):
    first = db.session.query(Lesson).filter_by(school_id=school.id).order_by(Lesson.start).first()
    monkeypatch.setattr(clock, "now", lambda: first.starts_at)
    page = enter(school.director).post(f"/remote-days/{day_id}/undo", follow_redirects=True).text
    assert "Уроки, которые остались как были" in page
    assert f'href="/lessons/{first.id}"' in page


def test_the_list_holds_the_own_school_alone(school, enter, day_id):
    other = make_school(name="Школа № 99")
    assert f"/remote-days/{day_id}" in enter(school.director).get("/remote-days").text
    assert f"/remote-days/{day_id}" not in enter(other.director).get("/remote-days").text
    assert enter(other.director).get(f"/remote-days/{day_id}").status_code == 404

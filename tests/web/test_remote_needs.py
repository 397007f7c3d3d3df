"""What a remote day asks of each person on the first page and on the own one."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import BulletinPart, Chat, Platform, PostState
from scheduler.permissions import Role
from scheduler.planning.remote.told import FamilyCounts, confirm_class
from scheduler.planning.remote.undoing import undo_remote_day
from tests.factories import make_person
from tests.web.remote import MORNING, declare, make_morning

EVENING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_morning()


@pytest.fixture
def day_id(school):
    return declare(school)


def by_hand():
    with transaction() as session:
        session.execute(sa.update(Chat).values(platform=Platform.BY_HAND, connection_id=None))


def post_all():
    with transaction() as session:
        for part in session.query(BulletinPart):
            part.posted_hash, part.state, part.posted_at = part.wanted_hash, PostState.POSTED, clock.now()


def test_a_class_teacher_is_asked_where_the_teachers_post_leads(school, enter, day_id):
    path = f"/remote-days/{day_id}/classes/{school.class_a}"
    for page in ("/my", "/today"):
        text = enter(school.ivanova).get(page).text
        assert "7 «А», вторник, 24 ноября:" in text
        assert f'href="{path}"' in text
        assert f"/classes/{school.class_b}" not in text
    confirm_class(school.id, day_id, school.class_a, counts=FamilyCounts(), is_placed=True, actor_id=school.ivanova)
    assert path not in enter(school.ivanova).get("/my").text


def test_families_not_reached_go_on_being_asked_for(school, enter, day_id):
    counts = FamilyCounts(not_told=1)
    confirm_class(school.id, day_id, school.class_a, counts=counts, is_placed=True, actor_id=school.ivanova)
    assert f"/remote-days/{day_id}/classes/{school.class_a}" in enter(school.ivanova).get("/my").text


def test_own_texts_to_place_stand_on_the_own_page(school, enter):
    by_hand()
    declare(school)
    text = enter(school.director).get("/my").text
    assert "Разместить вручную:</b> Учителя, 7 «А», родители" in text
    assert 'href="/chats/by-hand"' in text
    assert "Разместить вручную" not in enter(school.ivanova).get("/my").text


def test_a_parent_is_asked_nothing(school, enter, day_id):
    with transaction() as session:
        parent = make_person(session, school.id, ("Петрова", "Анна", ""), role=Role.PARENT).id
    assert "оповещены" not in enter(parent).get("/my").text
    assert "оповещены" in enter(school.ivanova).get("/my").text


def test_the_director_sees_how_the_decision_stands(school, enter, day_id):
    post_all()
    text = enter(school.director).get("/today").text
    assert "Дистанционный день, вторник, 24 ноября:" in text
    assert "семьи оповещены в 0 из 2 классов" in text
    assert f'href="/remote-days/{day_id}"' in text
    for class_id in (school.class_a, school.class_b):
        confirm_class(school.id, day_id, class_id, counts=FamilyCounts(), is_placed=True, actor_id=school.director)
    text = enter(school.director).get("/today").text
    assert "всё размещено, все семьи оповещены" in text
    assert f'href="/remote-days/{day_id}"' not in enter(school.kim).get("/today").text


def test_a_chat_that_failed_on_the_day_makes_it_urgent(school, enter, day_id):
    with transaction() as session:
        for part in session.query(BulletinPart):
            part.state, part.problem = PostState.PARKED, "gone"
    text = enter(school.director).get("/today").text
    line = next(part for part in text.split('<div class="need ')[1:] if "Дистанционный день" in part)
    assert line.startswith("bad")
    assert "не готовы 5 чатов" in line


def test_a_day_taken_back_asks_nobody(school, enter, day_id):
    undo_remote_day(school.id, day_id, actor_id=school.director)
    assert f"/remote-days/{day_id}" not in enter(school.director).get("/today").text
    assert f"/remote-days/{day_id}" not in enter(school.ivanova).get("/my").text


def test_the_summary_is_offered_when_the_day_is_over(school, enter, now, day_id):
    assert "Итоги готовы" not in enter(school.director).get("/today").text
    now[0] = EVENING
    db.session.rollback()
    assert 'href="/director/evening"' in enter(school.director).get("/today").text
    assert "/director/evening" not in enter(school.ivanova).get("/today").text

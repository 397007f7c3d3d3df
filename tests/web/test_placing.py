"""The texts that people place: shared out, placed as they were shown, taken over by whoever may."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import BulletinPart, Chat, Platform, PostState
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.official_chats import connect_official_chat
from tests.factories import TUESDAY, make_person, make_school
from tests.web.screen_samples import make_part, remote_day

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    made = make_school()
    with transaction() as session:
        session.execute(sa.update(Chat).values(platform=Platform.BY_HAND, connection_id=None))
    return made


def keeper(school, name, class_id):
    with transaction() as session:
        scope = {"role": Role.CHAT_ADMINISTRATOR, "scope": ScopeKind.CLASS, "scope_id": class_id}
        return make_person(session, school.id, (name, "Анна", "Павловна"), **scope).id


@pytest.fixture
def sedova(school):
    return keeper(school, "Седова", school.class_a)


@pytest.fixture
def belova(school):
    return keeper(school, "Белова", school.class_b)


def waiting(school, chat_id, **values):
    return make_part(school, chat_id=chat_id, state=PostState.BY_HAND, **values)


def state_of(part_id):
    db.session.rollback()
    return db.session.get_one(BulletinPart, part_id).state


def texts_on(client):
    """The chats whose texts stand ready on the by-hand page."""
    page = client.get("/chats/by-hand").text
    return {int(found.split('"')[0]) for found in page.split('id="chat-')[1:]}


def test_each_administrator_gets_the_own_chats_alone(school, enter, sedova, belova):
    for chat_id in (school.students_a, school.parents_a, school.students_b, school.teachers_chat):
        waiting(school, chat_id)
    assert texts_on(enter(sedova)) == {school.students_a, school.parents_a}
    assert texts_on(enter(belova)) == {school.students_b}
    assert texts_on(enter(school.director)) == {school.teachers_chat}
    assert "Седова А. П." in enter(school.director).get("/chats/by-hand").text


def test_one_press_places_all_texts_of_a_chat(school, enter, sedova):
    first = waiting(school, school.students_a)
    second = make_part(
        school, chat_id=school.students_a, day=TUESDAY.replace(day=25), state=PostState.BY_HAND, text="Физика"
    )
    seen = {"seen": [f"part:{first}:wanted", f"part:{second}:wanted"]}
    assert enter(sedova).post(f"/chats/{school.students_a}/placed", data=seen).status_code == 303
    assert (state_of(first), state_of(second)) == (PostState.POSTED, PostState.POSTED)
    assert enter(sedova).post(f"/chats/{school.students_a}/placed", data=seen).status_code == 303
    placed = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "post_placed")).all()
    assert [(event.person_id, event.after["post"]) for event in placed] == [
        (sedova, db.session.get_one(BulletinPart, first).mark),
        (sedova, db.session.get_one(BulletinPart, second).mark),
    ]


def test_a_text_that_changed_meanwhile_still_waits(school, enter, sedova):
    part_id = waiting(school, school.students_a, text="Физика", wanted_hash="newer")
    answer = enter(sedova).post(
        f"/chats/{school.students_a}/placed", data={"seen": f"part:{part_id}:wanted"}, follow_redirects=True
    )
    assert "1 текст за это время изменился" in answer.text
    assert state_of(part_id) is PostState.BY_HAND


def test_a_text_of_another_chat_is_not_placed_with_it(school, enter, sedova):
    part_id = waiting(school, school.students_b)
    path, seen = f"/chats/{school.students_a}/placed", {"seen": f"part:{part_id}:wanted"}
    enter(sedova).post(path, data=seen)
    assert state_of(part_id) is PostState.BY_HAND
    assert enter(sedova).post(path, data={"seen": "part:x"}).status_code == 400


def test_the_chat_of_another_class_is_refused(school, enter, sedova):
    part_id = waiting(school, school.students_b)
    seen = {"seen": f"part:{part_id}:wanted"}
    assert enter(sedova).post(f"/chats/{school.students_b}/placed", data=seen).status_code == 403
    assert state_of(part_id) is PostState.BY_HAND


def test_the_progress_names_who_has_not_placed_and_lets_others_take_over(school, enter, sedova):
    parts = [waiting(school, chat_id) for chat_id in (school.students_a, school.parents_a)]
    day_id = remote_day(school)["remote_day_id"]
    director = enter(school.director)
    page = director.get(f"/remote-days/{day_id}").text
    assert "7 «А», ученики и родители" in page
    assert "Размещает: Седова А. П." in page
    chats = {"chat": [school.students_a, school.parents_a]}
    assert director.post(f"/remote-days/{day_id}/take", data=chats).location == "/chats/by-hand"
    assert texts_on(director) == {school.students_a, school.parents_a}
    assert texts_on(enter(sedova)) == set()
    assert "Размещает: Орлов П. И." in enter(school.director).get(f"/remote-days/{day_id}").text
    director.post(f"/remote-days/{day_id}/give-back", data=chats)
    assert texts_on(enter(sedova)) == {school.students_a, school.parents_a}
    assert {state_of(part_id) for part_id in parts} == {PostState.BY_HAND}


def test_nobody_takes_over_what_is_outside_their_scopes(school, enter, belova):
    waiting(school, school.students_a)
    day_id = remote_day(school)["remote_day_id"]
    answer = enter(belova).post(f"/remote-days/{day_id}/take", data={"chat": school.students_a})
    assert answer.status_code == 403
    assert enter(belova).post(f"/remote-days/{day_id}/take").status_code == 400


def test_a_text_placed_before_the_chat_is_connected_is_not_posted_again(school, enter):
    with transaction() as session:
        chat = session.get_one(Chat, school.students_a)
        chat.platform, chat.state = Platform.MAX, "unconnected"
    part_id = make_part(school, state=PostState.UNCONNECTED)
    page = enter(school.director).get(f"/chats/by-hand?chat={school.students_a}").text
    assert f"part:{part_id}:wanted" in page
    seen = {"seen": f"part:{part_id}:wanted"}
    enter(school.director).post(f"/chats/{school.students_a}/placed", data=seen)
    kind = db.session.get_one(Chat, school.students_a).kind
    connect_official_chat(school.id, school.students_a, kind=kind, class_id=school.class_a, actor_id=school.director)
    assert state_of(part_id) is PostState.POSTED

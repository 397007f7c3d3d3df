"""The first entry into an empty installation, the first steps after it, and how they are left and taken up again."""

import re
from datetime import UTC, date, datetime

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import PostState
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning.errors import PlanningError
from scheduler.planning.first_entry import first_entry_token
from scheduler.planning.schools import add_school
from scheduler.planning.skipping import StepName
from scheduler.reports.first_steps import FirstPost, Standing
from scheduler.rules.facts import LessonMode
from scheduler.web.first_lesson import lesson_to_turn, offered_lesson
from tests.factories import count, make_lesson, make_person, make_school
from tests.web.screen_samples import make_part

FIRST = {
    "school": "Школа № 12", "timezone": "Asia/Omsk", "person": "Соболева Марина Николаевна", "role": "deputy_head",
    "login": "zavuch", "password": "тихий берег зимой",
}  # fmt: skip


def address(app):
    return f"/start/{first_entry_token(app.secret_key)}"


def test_an_empty_installation_is_entered_once_by_its_printed_address(app, client):
    path = address(app)
    assert "Здесь ещё нет ни одной школы" in client.get("/sign-in").text
    assert client.get("/start/none").status_code == 404
    assert client.get(f"/start/{first_entry_token('another secret')}").status_code == 404
    assert client.post(path, data=FIRST | {"password": "123"}).status_code == 422
    answer = client.post(path, data=FIRST)
    assert (answer.status_code, answer.location) == (303, "/school/first-steps")
    assert "Сделано" not in client.get("/school/first-steps").text
    school, person = db.session.query(School).one(), db.session.query(Person).one()
    assert (school.name, school.timezone, person.last_name) == ("Школа № 12", "Asia/Omsk", "Соболева")
    assert {grant.role for grant in person.grants} == {Role.DEPUTY_HEAD, Role.SYSTEM_ADMINISTRATOR}
    assert app.test_client().get(path).status_code == 404
    with pytest.raises(PlanningError, match="приглашайте"):
        first_entry_token(app.secret_key)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_school_of_the_command_line_is_taken_and_no_second_one_made(app, client):
    add_school("Лицей", "Asia/Tokyo")
    assert 'value="Asia/Tokyo"' in client.get(address(app)).text
    client.post(address(app), data=FIRST | {"school": "Лицей № 5", "timezone": "Asia/Tokyo"})
    assert (db.session.query(School).one().name, count(School)) == ("Лицей № 5", 1)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_whoever_follows_the_steps_lands_on_them_again_until_a_lesson_is_posted(app, enter):
    school = make_school()
    walker, other = enter(school.director), enter(school.director)
    walker.get("/school/first-steps")
    settings = {
        "name": "Лицей", "offline_line": "учебник", "remote_gap_minutes": "60", "quiet_from": "21:00",
        "quiet_to": "07:00", "evening_hour": "18:00", "device_days": "30",
    }  # fmt: skip
    assert walker.post("/school/settings", data=settings).location == "/school/first-steps"
    assert other.post("/school/settings", data=settings).location == "/school/settings"
    assert "К первым шагам" in walker.get("/school/settings").text
    assert "К первым шагам" not in other.get("/school/settings").text
    make_part(school, state=PostState.POSTED, posted_at=clock.now())
    assert walker.post("/school/settings", data=settings).location == "/school/settings"
    assert "Первый видеоурок виден в чате" in walker.get("/school/first-steps").text


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_people_can_be_left_for_later_and_the_timetable_cannot(app, enter):
    director = enter(make_school().director)
    assert "Пока без этого" in director.get("/school/first-steps").text
    assert "отложено" in director.post("/school/first-steps/roster/skip", follow_redirects=True).text
    text = director.post("/school/first-steps/timetable/skip", follow_redirects=True).text
    assert "Без этого шага первого урока не будет" in text
    assert db.session.query(School).one().skipped_steps == ["roster"]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_bells_written_by_hand_go_the_way_of_a_file(app, enter):
    school = make_school()
    with transaction() as session:
        deputy_id = make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD).id
    deputy = enter(deputy_id)
    assert "не получилось прочитать" in deputy.post("/school/bells/typed", data={"lines": "1 8:30–9:15\nобед"}).text
    answer = deputy.post("/school/bells/typed", data={"lines": "1  8:30–9:15\n\n 2 9.25 - 10.10"})
    assert (answer.status_code, "/imports/files/" in answer.location) == (303, True)
    text = deputy.get(answer.location).text
    assert "8:30" in text
    assert "10:10" in text


def test_where_the_week_is_full_the_last_lesson_of_the_next_day_is_made_a_video_lesson(app, enter, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))
    school = make_school()
    make_lesson(school, school.algebra_a, period=3, mode=LessonMode.IN_PERSON)
    last = make_lesson(school, school.algebra_a, period=5, mode=LessonMode.IN_PERSON)
    at = db.session.get_one(School, school.id)
    assert offered_lesson(at).date == date(2026, 11, 23)
    assert lesson_to_turn(at).id == last
    page = enter(school.ivanova).get(f"/lessons/{last}?as=call").text
    assert re.search(r'<input[^>]*checked[^>]*value="call"', page)


def standing(**values):
    return Standing(frozenset(values.pop("skipped", ())), **values)


def posted(at):
    return FirstPost(1, 1, date(2026, 11, 24), at, clock.now(), PostState.WANTED)


@pytest.mark.parametrize(
    ("stands", "step"),
    [
        (standing(), StepName.TIMETABLE),
        (standing(hours=9), StepName.ROSTER),
        (standing(hours=9, skipped={"roster"}, without_bells=(8,)), StepName.BELLS),
        (standing(hours=9, students=2), StepName.BOT),
        (standing(hours=9, students=2, has_bot=True, is_refused=True), StepName.BOT),
        (standing(hours=9, students=2, skipped={"bot"}), StepName.CHATS),
        (standing(hours=9, students=2, has_bot=True, found=3), StepName.CHATS),
        (standing(hours=9, students=2, has_bot=True, connected=3), StepName.TERM),
        (standing(hours=9, students=2, has_bot=True, connected=3, lessons=5, post=posted(None)), StepName.LESSON),
        (standing(hours=9, students=2, has_bot=True, connected=3, lessons=5, post=posted(clock.now())), None),
    ],
)
def test_the_next_step_is_the_first_whose_things_do_not_stand(stands, step):
    assert stands.current is step

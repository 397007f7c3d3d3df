"""What class teachers say about a remote day: numbers only, each for the own class, seen by the director."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.classes import Enrollment
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.remote_told import ClassTold, FamilyWay
from tests.factories import add, count, make_person, make_school
from tests.web.screen_samples import make_part, remote_day

MORNING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


@pytest.fixture
def day_id(school):
    return remote_day(school)["remote_day_id"]


@pytest.fixture
def path(school, day_id):
    return f"/remote-days/{day_id}/classes/{school.class_a}"


def pupil(school, name):
    with transaction() as session:
        person = make_person(session, school.id, (name, "Аня", ""))
        add(session, Enrollment(school_id=school.id, class_id=school.class_a, person_id=person.id))
        return person.id


def told(school):
    db.session.rollback()
    return db.session.query(ClassTold).one()


def test_one_press_tells_that_all_families_know(school, enter, day_id, path):
    assert "Подтвердить" in enter(school.ivanova).get(path).text
    assert enter(school.ivanova).post(path, data={"is_placed": "y"}).status_code == 303
    row = told(school)
    assert (row.is_everybody_told, row.placed_by_id, row.counted_by_id) == (True, school.ivanova, school.ivanova)
    page = enter(school.director).get(f"/remote-days/{day_id}").text
    silent = page[page.index("Классы, где подтверждено не всё") :]
    assert "7 «Б»</b>, Ким А. С." in silent
    assert "7 «А»</b>, Иванова" not in silent
    assert "Все семьи оповещены." in enter(school.ivanova).get(path).text


def test_families_not_reached_keep_the_class_open(school, enter, day_id, path):
    enter(school.ivanova).post(path, data={"is_placed": "y", "by_phone": "3", "not_told": "2"})
    assert (told(school).by_phone, told(school).not_told, told(school).is_everybody_told) == (3, 2, False)
    page = enter(school.director).get(f"/remote-days/{day_id}").text
    assert "2 семьи ещё не оповещены" in page
    enter(school.ivanova).post(path, data={"by_phone": "5", "not_told": ""})
    assert (told(school).by_phone, told(school).is_everybody_told) == (5, True)
    assert count(ClassTold) == 1


def test_impossible_figures_are_refused_beside_their_field(school, enter, path):
    answer = enter(school.ivanova).post(path, data={"by_phone": "61"})
    assert answer.status_code == 422
    assert "Число от 0 до 60." in answer.text
    assert count(ClassTold) == 0


def test_only_the_own_class_is_spoken_for(school, enter, path):
    page = enter(school.kim).get(path).text
    assert "Это отмечают классный руководитель" in page
    assert '<form method="post" class="card' not in page
    assert enter(school.kim).post(path, data={"is_placed": "y"}).status_code == 403
    assert count(ClassTold) == 0


def test_a_day_taken_back_asks_nothing(school, enter, day_id, path):
    with transaction() as session:
        session.get_one(RemoteDay, day_id).state = RemoteDayState.UNDONE
    assert "отмечать больше ничего не нужно" in enter(school.ivanova).get(path).text
    assert enter(school.ivanova).post(path, data={"is_placed": "y"}).status_code == 422


def test_a_class_outside_the_decision_is_not_there(school, enter, day_id):
    other = make_school(name="Школа № 99")
    assert enter(school.director).get(f"/remote-days/{day_id}/classes/{other.class_a}").status_code == 404
    assert enter(other.director).get(f"/remote-days/{day_id}/classes/{other.class_a}").status_code == 404


def test_the_message_known_to_stand_in_the_chats_needs_no_mark(school, enter, day_id, path):
    for chat_id in (school.students_a, school.parents_a):
        make_part(school, chat_id=chat_id, state="posted", posted_at=MORNING)
    page = enter(school.director).get(f"/remote-days/{day_id}").text
    assert "7 «А»</b>, Иванова Е. П.<br><small>нет отметки, что семьи оповещены<" in page
    assert "7 «Б»</b>, Ким А. С.<br><small>нет отметки, что сообщение размещено, нет отметки" in page
    assert "Сообщение доставлено в чаты класса." in enter(school.ivanova).get(path).text


def test_ways_of_families_fill_the_figures_and_the_sheet(school, enter, path):
    first, second = pupil(school, "Яковлева"), pupil(school, "Абрамов")
    families = f"/school/classes/{school.class_a}/families"
    enter(school.ivanova).post(families, data={f"way-{first}": "phone", f"way-{second}": "chat"})
    assert 'name="by_phone" type="number" value="1"' in enter(school.ivanova).get(path).text
    sheet = enter(school.ivanova).get(f"{path}/sheet").text
    assert "Яковлева" in sheet
    assert "Абрамов" not in sheet
    enter(school.ivanova).post(families, data={f"way-{first}": "chat"})
    assert count(FamilyWay) == 0


def test_names_and_ways_are_for_the_class_teacher_alone(school, enter, day_id, path):
    child = pupil(school, "Яковлева")
    families = f"/school/classes/{school.class_a}/families"
    enter(school.ivanova).post(families, data={f"way-{child}": "paper"})
    assert count(FamilyWay) == 1
    for address in (families, f"{path}/sheet"):
        assert "Яковлева" not in enter(school.kim).get(address, follow_redirects=True).text
    assert enter(school.kim).post(families, data={f"way-{child}": "chat"}).status_code == 403
    for address in (f"/remote-days/{day_id}", f"/remote-days/{day_id}/progress", path):
        assert "Яковлева" not in enter(school.director).get(address).text
    assert count(FamilyWay) == 1

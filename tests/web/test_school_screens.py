from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.calendars import Feed
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import RuleOverride
from scheduler.models.school import Holiday, HolidayKind, School, Term
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period
from scheduler.permissions import Role
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import add, make_lesson, make_person, make_school
from tests.web.screen_samples import make_part

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 5, 10, tzinfo=UTC)


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


@pytest.fixture
def director(school, enter):
    return enter(school.director)


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def setting(**values):
    usual = {
        "name": "Лицей № 5",
        "phone": "8 (000) 111-11-11",
        "offline_line": "учебник, глава 3",
        "remote_gap_minutes": "45",
        "quiet_from": "20:00",
        "quiet_to": "08:00",
        "evening_hour": "17:30",
        "device_days": "14",
        "cycle_anchor": "",
    }
    return usual | values


def test_settings_are_shown_and_stored(director, school):
    assert "Europe/Moscow" in read(director, "/school/settings")
    answer = director.post("/school/settings", data=setting(is_consent_required="y"))
    assert answer.location == "/school/settings"
    row = db.session.get_one(School, school.id)
    assert (row.name, row.is_consent_required, row.quiet_from, row.device_days) == ("Лицей № 5", True, time(20), 14)
    assert row.cycle_anchor is None
    text = read(director, "/school/settings")
    assert "Сохранено." in text
    assert "checked" in text


def test_the_time_zone_is_put_right_until_there_are_lessons(director, school):
    assert director.post("/school/settings", data=setting(timezone="Mars/Olympus")).status_code == 422
    director.post("/school/settings", data=setting(timezone="Asia/Omsk"))
    assert db.session.get_one(School, school.id).timezone == "Asia/Omsk"
    assert 'name="timezone"' in read(director, "/school/settings")
    make_lesson(school, school.algebra_a)
    assert 'name="timezone"' not in read(director, "/school/settings")
    refused = director.post("/school/settings", data=setting(timezone="Asia/Tokyo"))
    assert "Когда есть уроки, часовой пояс уже не меняют" in refused.text
    assert db.session.get_one(School, school.id).timezone == "Asia/Omsk"


def test_the_same_settings_change_nothing(director):
    director.post("/school/settings", data=setting())
    text = director.post("/school/settings", data=setting(), follow_redirects=True).get_data(as_text=True)
    assert "Ничего не изменилось." in text


@pytest.mark.parametrize("wrong", [{"device_days": "0"}, {"quiet_from": "25:00"}, {"name": "  "}, {"offline_line": ""}])
def test_wrong_settings_keep_what_was_typed(director, school, wrong):
    answer = director.post("/school/settings", data=setting(**wrong))
    assert answer.status_code == 422
    assert "17:30" in answer.get_data(as_text=True)
    assert db.session.get_one(School, school.id).name == "Школа № 12"


def test_classes_lead_to_their_addresses(director, school):
    assert "7 «А»" in read(director, "/school/classes")
    text = read(director, f"/school/classes/{school.class_a}")
    token = db.session.get_one(SchoolClass, school.class_a).page_token
    feed = db.session.scalars(sa.select(Feed)).one()
    assert f"http://school.test/t/{token}" in text
    assert f"http://school.test/feeds/{feed.token}.ics" in text
    assert f"webcal://school.test/feeds/{feed.token}.ics" in text


def test_a_teacher_reads_a_class_and_changes_nothing(enter, school):
    text = read(enter(school.kim), f"/school/classes/{school.class_a}")
    assert "Заменить адрес" not in text
    assert enter(school.kim).post(f"/school/classes/{school.class_a}").status_code == 403


def test_a_school_without_classes_leads_to_the_file(enter, school):
    with transaction() as session:
        session.execute(sa.update(SchoolClass).values(is_archived=True))
        person = make_person(session, school.id, ("Завуч", "Анна", ""), role=Role.DEPUTY_HEAD)
    assert 'href="/school/imports"' in read(enter(person.id), "/school/classes")


def test_grade_and_shift_are_stored(director, school):
    path = f"/school/classes/{school.class_a}"
    assert director.post(path, data={"grade": "8", "shift": "2"}).location == path
    row = db.session.get_one(SchoolClass, school.class_a)
    assert (row.grade, row.shift) == (8, 2)
    assert director.post(path, data={"grade": "77", "shift": "2"}).status_code == 422


def test_leaked_addresses_are_replaced(director, school):
    path = f"/school/classes/{school.class_a}"
    read(director, path)
    old_page = db.session.get_one(SchoolClass, school.class_a).page_token
    old_feed = db.session.scalars(sa.select(Feed.token)).one()
    director.post(f"{path}/page")
    director.post(f"{path}/feed")
    text = read(director, path)
    assert old_page not in text
    assert old_feed not in text
    assert director.get(f"/feeds/{old_feed}.ics").status_code == 404
    assert director.get(f"/t/{old_page}").status_code == 404


def test_bells_say_where_they_are_in_force(director, school):
    with transaction() as session:
        for kind in (BellKind.REMOTE, BellKind.SHORTENED):
            row = BellSchedule(school_id=school.id, name=f"Звонки {kind}", kind=kind)
            row.periods = [Period(school_id=school.id, number=1, start=time(9), end=time(9, 30))]
            add(session, row)
        place = {"class_id": school.class_b, "shift": 2, "weekday": 2, "date_from": date(2026, 11, 1)}
        session.add(BellAssignment(school_id=school.id, bell_schedule_id=row.id, date_to=date(2026, 11, 30), **place))
    text = read(director, "/school/bells")
    assert "для дистанционных дней" in text
    assert "для сокращённых дней; класс 7 «Б», смена 2, вторник, с 1 ноября 2026" in text
    assert "обычное; каждый день" in text


def test_a_school_without_bells_says_where_they_come_from(director):
    with transaction() as session:
        session.execute(sa.delete(BellSchedule))
    assert "Расписание звонков не задано." in read(director, "/school/bells")


def test_holidays_are_added_confirmed_and_removed(director, school):
    wish = {"name": "Рабочая суббота", "kind": "working_saturday", "start": "2026-12-05", "follows_weekday": "2"}
    text = director.post("/school/holidays", data=wish, follow_redirects=True).get_data(as_text=True)
    assert "Опубликуйте расписание ещё раз" in text
    assert "рабочая суббота: вторник" in text
    row = db.session.scalars(sa.select(Holiday)).one()
    assert (row.kind, row.start, row.end) == (HolidayKind.WORKING_SATURDAY, date(2026, 12, 5), date(2026, 12, 5))
    with transaction() as session:
        session.get_one(Holiday, row.id).is_confirmed = False
    assert "не подтверждено" in read(director, "/school/terms")
    director.post(f"/school/holidays/{row.id}/confirm")
    assert "не подтверждено" not in read(director, "/school/terms")
    director.post(f"/school/holidays/{row.id}/remove")
    assert "Рабочая суббота" not in read(director, "/school/terms")


@pytest.mark.parametrize("wish", [{}, {"name": "К", "kind": "holiday", "start": "2026-12-05", "end": "2026-12-01"}])
def test_a_holiday_without_sense_is_told(director, wish):
    answer = director.post("/school/holidays", data=wish)
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)


def test_terms_are_added(director, school):
    wish = {"name": "3 четверть", "start": "2027-01-11", "end": "2027-03-26"}
    assert "3 четверть" in director.post("/school/terms", data=wish, follow_redirects=True).get_data(as_text=True)
    assert director.post("/school/terms", data=wish).status_code == 422
    assert director.post("/school/terms", data={}).status_code == 422
    with transaction() as session:
        session.execute(sa.delete(Term))
    assert "Четверти не указаны." in read(director, "/school/terms")


def test_the_director_sees_the_weeks_figures(director, school):
    lesson_id = make_lesson(school, school.algebra_a)
    make_lesson(school, school.algebra_a, period=2, mode=LessonMode.SELF_STUDY)
    make_lesson(school, school.physics_a, period=3, state=LessonState.CANCELLED)
    make_lesson(school, school.algebra_b, period=4, mode=LessonMode.IN_PERSON)
    make_part(school, chat_id=school.parents_a, problem="rights")
    with transaction() as session:
        row = RuleOverride(
            school_id=school.id, lesson_id=lesson_id, rule="screen_day", text="Видеоуроков больше нормы",
            reason="Олимпиада", person_id=school.ivanova, made_at=MORNING,
        )  # fmt: skip
        session.add(row)
    text = read(director, "/director")
    assert "видеоуроков — 1, самостоятельно — 1" in text
    assert "Причина: Олимпиада" in text
    assert "7 «А», родители" in text
    assert "4 из 5" in text
    rows = [row.split("</tr>")[0] for row in text.split('<th scope="row">')[1:]]
    figures = {row.split("<")[0]: [int(cell.split("<")[0]) for cell in row.split('">')[1:]] for row in rows}
    assert figures == {"7 «А»": [1, 1, 1], "Алгебра": [1, 1, 0], "Физика": [0, 0, 1]}


def test_another_week_has_its_own_figures(director, school):
    make_lesson(school, school.algebra_a)
    text = read(director, "/director?date=2026-12-01")
    assert "На этой неделе дистанционных уроков нет." in text
    assert "date=2026-11-23" in text

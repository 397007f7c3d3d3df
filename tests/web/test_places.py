"""The shell around pages, the reader's own lessons, the school's place."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask_babel import force_locale

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.chats import PostState
from scheduler.models.classes import Enrollment, Guardianship, SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.permissions import Role
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.browsers import browser_label
from scheduler.web.formats import day, day_title, full_date, local, short_day, wall
from tests.factories import TUESDAY, add, make_lesson, make_person, make_school
from tests.web.screen_samples import make_part

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 5, 25, tzinfo=UTC)  # 8:25 at the school


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


def test_the_menu_holds_what_a_role_may_open(enter, school):
    director, teacher = enter(school.director).get("/my").text, enter(school.kim).get("/my").text
    for name in ("Сегодня", "Неделя", "Чаты", "Школа"):
        assert f"</svg>{name}</a>" in teacher
    assert ("</svg>Директору</a>" in director, "</svg>Директору</a>" in teacher) == (True, False)


def test_the_menu_marks_the_place(enter, school):
    page = enter(school.director).get("/school/people").text
    assert page.count('aria-current="page">') == 2  # the place of the menu and the chosen list
    assert '<a href="/school" aria-current="page">' in page


def test_the_banner_tells_the_shifted_time(enter, school, monkeypatch):
    client = enter(school.kim)
    assert "Демонстрация" not in client.get("/my").text
    monkeypatch.setattr(clock, "offset", lambda: 3600.0)
    assert "Демонстрация: время сдвинуто, сейчас вторник, 24 ноября, 8:25" in client.get("/my").text
    assert "Демонстрация: время сдвинуто<" in client.application.test_client().get("/sign-in").text


def test_own_lessons_with_the_way_to_join(enter, school):
    soon = make_lesson(school, school.algebra_a, period=1)
    make_lesson(school, school.algebra_b, period=4)
    make_lesson(school, school.physics_a, period=3)
    page = enter(school.ivanova).get("/my").text
    assert ("7 «А»" in page, "7 «Б»" in page, "Физика" in page) == (True, True, False)
    assert page.count(">Подключиться<") == 1
    assert page.count(">Страница урока<") == 1
    assert join_path(soon) in page


def join_path(lesson_id):
    with transaction() as session:
        return f"/j/{session.get_one(Lesson, lesson_id).join_token}"


@pytest.mark.parametrize(("minutes", "shown"), [(-1, (0, 1, 0)), (0, (1, 0, 0)), (30, (1, 0, 1)), (51, (0, 1, 0))])
def test_joining_opens_ten_minutes_before_and_ends_with_the_lesson(enter, school, monkeypatch, minutes, shown):
    make_lesson(school, school.algebra_a, period=1)
    client = enter(school.ivanova)
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(minutes=minutes - 5))
    page = client.get("/my").text
    words = (">Подключиться<", ">Страница урока<", 'aria-current="true"')
    assert tuple(page.count(word) for word in words) == shown


def test_a_cancelled_lesson_is_struck_and_a_waiting_one_said(enter, school):
    make_lesson(school, school.algebra_a, period=1, state=LessonState.CANCELLED)
    make_lesson(school, school.algebra_b, period=2, state=LessonState.WAITING, mode=LessonMode.BROADCAST)
    page = enter(school.ivanova).get("/my").text
    assert 'class="lesson call off"' in page
    assert "Отменён" in page
    assert 'class="lesson both waiting"' in page
    assert "Ждёт согласования" in page
    assert "/j/" not in page


def test_the_next_day_with_lessons_is_shown(enter, school):
    make_lesson(school, school.algebra_a, day=TUESDAY + timedelta(days=2), mode=LessonMode.IN_PERSON)
    page = enter(school.ivanova).get("/my").text
    assert "Сегодня у вас уроков нет" in page
    assert "<h2>Четверг, 26 ноября</h2>" in page
    assert "Уроков нет" not in page


def test_families_are_led_to_the_class_page(enter, school):
    with transaction() as session:
        pupil = make_person(session, school.id, ("Смирнов", "Олег", ""), role=Role.STUDENT)
        parent = make_person(session, school.id, ("Смирнова", "Анна", ""), role=Role.PARENT)
        add(session, Enrollment(school_id=school.id, class_id=school.class_a, person_id=pupil.id))
        add(session, Guardianship(school_id=school.id, parent_id=parent.id, student_id=pupil.id))
        token = session.get_one(SchoolClass, school.class_a).page_token
        ids = (pupil.id, parent.id)
    for person_id in ids:
        page = enter(person_id).get("/my").text
        assert f'href="/t/{token}"' in page
        assert "</svg>Мои уроки</a>" in page


@pytest.mark.parametrize("path", ["/today", "/school"])
def test_a_school_without_a_posted_lesson_is_led_back_to_its_first_steps(enter, school, path):
    page = enter(school.director).get(path).text
    assert "Первые шаги: сделано" in page
    assert 'href="/school/first-steps"' in page
    assert "Первые шаги: сделано" not in enter(school.kim).get(path).text
    make_part(school, state=PostState.POSTED, posted_at=clock.now())
    assert "Первые шаги: сделано" not in enter(school.director).get(path).text


def test_a_teacher_gets_no_links_that_refuse(enter, school):
    assert 'href="/school/people"' not in enter(school.kim).get("/school").text


def test_days_and_times_in_words(app):
    with app.test_request_context():
        assert (day(TUESDAY), day_title(TUESDAY)) == ("вторник, 24 ноября", "Вторник, 24 ноября")
        assert short_day(TUESDAY) == "Вт, 24"
        assert full_date(TUESDAY).replace("\u202f", " ") == "24 ноября 2026 г."
    with app.test_request_context(), force_locale("en"):
        assert (day(TUESDAY), short_day(TUESDAY)) == ("Tuesday, 24 November", "Tue, 24")
    assert wall(time(8, 5)) == "8:05"
    assert wall(local(MORNING, "Asia/Yekaterinburg")) == "10:25"


def test_browsers_are_named(app):
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"
    yandex = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 YaBrowser/24.10 Safari/537.36"
    assert browser_label(phone) == "Safari, iPhone"
    assert browser_label(yandex) == "Яндекс Браузер, Windows"
    assert browser_label("curl/8") == ""

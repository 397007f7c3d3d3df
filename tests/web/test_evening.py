"""The director's evening: figures by what teachers marked and pupils' entries, what failed, who has not said."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import PostState
from scheduler.models.joins import LessonJoins
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from scheduler.reports.evening import evening_of
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, make_course, make_group, make_lesson, make_school, make_subject
from tests.web.screen_samples import make_part, remote_day

EVENING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    at = [EVENING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_school(weekly_slots=False)


def call(school, course_id, *, period, joins=0, has_way=True, state=LessonState.PLANNED):
    lesson_id = make_lesson(school, course_id, period=period, state=state)
    with transaction() as session:
        values = {
            "state": CallState.READY if has_way else CallState.FAILED,
            "url": "https://c.test" if has_way else None,
        }
        problem = "" if has_way else "Ссылку создать не удалось."
        wanted = Call(
            school_id=school.id, lesson_id=lesson_id, way=CallWay.VK, due_at=EVENING, problem=problem, **values
        )
        add(session, wanted)
        if joins:
            at = {"first_at": EVENING, "last_at": EVENING}
            add(session, LessonJoins(school_id=school.id, lesson_id=lesson_id, count=joins, **at))
    return lesson_id


def figures(school):
    found = evening_of(db.session(), school.id, TUESDAY)
    return {one.lesson.id: (one.fate.value, one.has_failed) for one in found.lessons}


def test_a_lesson_is_held_by_mark_or_by_several_entries(school):
    marked = call(school, school.algebra_a, period=1, state=LessonState.HELD)
    seen = call(school, school.english_1, period=2, joins=2)
    alone = call(school, school.physics_a, period=3, joins=1)
    failed = call(school, school.algebra_b, period=4, has_way=False)
    gone = call(school, school.algebra_b, period=5, state=LessonState.CANCELLED, has_way=False)
    assert figures(school) == {
        marked: ("marked", False),
        seen: ("seen", False),
        alone: ("unknown", False),
        failed: ("unknown", True),
        gone: ("cancelled", False),
    }


def test_what_is_not_over_stays_ahead(school, now):
    lesson_id = call(school, school.algebra_a, period=1, has_way=False)
    now[0] = EVENING - timedelta(hours=10)
    assert figures(school) == {lesson_id: ("ahead", True)}


def test_the_page_names_what_failed_and_who_has_not_marked(school, enter):
    call(school, school.algebra_a, period=1, state=LessonState.HELD)
    call(school, school.physics_a, period=3)
    call(school, school.algebra_b, period=4, has_way=False, joins=0)
    make_lesson(school, school.english_1, period=5, mode=LessonMode.SELF_STUDY)
    make_part(school, chat_id=school.parents_b, problem="gone", state=PostState.PARKED)
    remote_day(school)
    page = enter(school.director).get("/director/evening").text
    assert 'По плану</th><td class="num">3</td><td class="num">1</td>' in page
    assert 'Проведено</th><td class="num">1</td><td class="num">0</td>' in page
    failed = page[page.index("нельзя было подключиться") : page.index("никто не отметил")]
    assert "7 «Б»</b>, Алгебра" in failed
    assert "Ссылку создать не удалось." in failed
    unmarked = page[page.index("никто не отметил") : page.index("Чаты, куда")]
    assert "Ким А. С." in unmarked
    assert "7 «Б», родители" in page[page.index("Чаты, куда") :]
    assert "Семьи оповещены в 0 из 2 классов" in page
    assert "День ещё не закончился" not in page


def test_a_private_lesson_is_in_no_figure(school, enter):
    with transaction() as session:
        subject = make_subject(session, school.id, "Тайный предмет")
        group = make_group(session, school.id, "Петров дома", [(school.class_a,)], is_private=True)
        course = make_course(session, subject, group).id
    call(school, course, period=1, has_way=False)
    call(school, school.algebra_a, period=2)
    page = enter(school.director).get("/director/evening").text
    assert len(figures(school)) == 1
    assert "Тайный" not in page
    assert "Петров дома" not in page


def test_a_teacher_marks_the_lesson_in_one_tap(school, enter):
    lesson_id = call(school, school.algebra_a, period=1)
    client = enter(school.ivanova)
    page = client.get("/my").text
    assert f'action="/lessons/{lesson_id}/held"' in page
    assert "1 видеоурок не отмечен проведённым." in client.get("/today").text
    answer = client.post(f"/lessons/{lesson_id}/held", data={"next": "/my"})
    assert answer.location == "/my"
    assert db.session.get_one(Lesson, lesson_id).state is LessonState.HELD
    card = client.get(f"/lessons/{lesson_id}").text
    assert "Урок проведён." in card
    assert "не отмечен проведённым" not in client.get("/today").text
    client.post(f"/lessons/{lesson_id}/not-held")
    db.session.rollback()
    assert db.session.get_one(Lesson, lesson_id).state is LessonState.PLANNED
    assert enter(school.kim).post(f"/lessons/{lesson_id}/held").status_code == 403

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.calls import Call, CallState, CallToken
from scheduler.models.chats import BulletinPart, Chat, ChatState, Connection, Platform, PostState
from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import CallWay, School, Term
from scheduler.models.timetable import Room
from scheduler.permissions import Role, ScopeKind
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, make_lesson, make_person, make_school
from tests.web.screen_samples import make_part

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 5, 10, tzinfo=UTC)  # 8:10, the first lesson begins at 8:30


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    made = make_school()
    make_part(made, day=TUESDAY - timedelta(days=7), state=PostState.POSTED, posted_at=MORNING)  # no first steps
    return made


@pytest.fixture
def page(school, enter):
    def read(person_id=school.director, path="/today"):
        answer = enter(person_id).get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return read


def with_call(lesson_id, state=CallState.READY, **values):
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        row = Call(
            school_id=lesson.school_id, lesson_id=lesson_id, way=CallWay.ROOM, state=state, due_at=MORNING, **values
        )
        session.add(row)


def someone(school, role, **scope):
    with transaction() as session:
        return make_person(session, school.id, ("Новая", "Анна", ""), role=role, **scope).id


def test_a_quiet_morning_says_so(page, school):
    lesson_id = make_lesson(school, school.algebra_a, offline_task="§ 12")
    with_call(lesson_id, url="https://calls.example/1")
    text = page()
    assert "Вторник, 24 ноября" in text
    assert "8:10" in text
    assert "Сейчас от вас ничего не требуется" in text
    assert "Алгебра, 7 «А»" in text
    assert "чаты: ученики ✓, родители ✓" in text
    assert "5 из 5" in text


def test_a_lesson_without_a_link_comes_first_with_its_remedy(page, school):
    lesson_id = make_lesson(school, school.algebra_a, offline_task="§ 12")
    with_call(lesson_id, CallState.WANTED)
    text = page()
    assert "7 «А»: нет ссылки на видеоурок." in text
    assert "Алгебра, начало через 20 минут" in text
    assert f'href="/lessons/{lesson_id}">Исправить' in text


def test_a_running_lesson_without_a_link_says_how_long(page, school, monkeypatch):
    make_lesson(school, school.algebra_a)
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(minutes=22))
    assert "урок идёт уже 2 минуты" in page()


def test_a_failed_call_of_later_says_the_day_and_the_reason(page, school):
    lesson_id = make_lesson(school, school.algebra_a, day=TUESDAY + timedelta(days=1), offline_task="§ 1")
    with_call(lesson_id, CallState.FAILED, problem="Ссылка не подходит.")
    text = page()
    assert "начало 25 ноября в " in text
    assert "Ссылка не подходит." in text


def test_many_lessons_without_links_are_counted(page, school):
    for _ in range(6):
        make_lesson(school, school.algebra_a, offline_task="§ 1")
    assert "Ещё у 2 уроков нет ссылки." in page()


def test_a_teacher_is_told_of_the_own_lessons_alone(page, school):
    make_lesson(school, school.physics_a)
    assert "Физика" in page(school.kim)
    text = page(school.ivanova)
    assert "Физика" not in text
    assert "На сегодня ваших уроков больше нет" in text


def test_a_class_teacher_sees_the_class(page, school):
    make_lesson(school, school.physics_a)
    scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
    assert "Физика" in page(someone(school, Role.CHAT_ADMINISTRATOR, **scope))


def test_without_remote_lessons_the_own_ones_stand(page, school):
    make_lesson(school, school.physics_a, mode=LessonMode.IN_PERSON)
    text = page(school.kim)
    assert "Физика, 7 «А»" in text
    assert "чаты:" not in text


def test_lessons_without_a_task_are_one_line(page, school):
    for period in (2, 3):
        with_call(make_lesson(school, school.algebra_a, period=period), url="https://calls.example/1")
    text = page()
    assert "У 2 уроков нет задания" in text


def test_a_class_teacher_is_led_to_the_tasks_of_the_class(page, school):
    make_lesson(school, school.physics_a)
    scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
    text = page(someone(school, Role.CHAT_ADMINISTRATOR, **scope))
    assert "7 «А»: у 1 урока нет задания" in text
    assert f"/tasks?class={school.class_a}" in text


def test_more_lessons_than_fit_are_counted(page, school):
    for number in range(10):
        with_call(make_lesson(school, school.algebra_a, offline_task=f"§ {number}"), url="https://calls.example/1")
    assert "Ещё 2 урока сегодня" in page()


def test_a_broadcast_names_its_room_and_self_study_its_task(page, school):
    lesson_id = make_lesson(school, school.algebra_a, mode=LessonMode.BROADCAST, offline_task="§ 1")
    with_call(lesson_id, url="https://calls.example/1")
    with transaction() as session:
        lesson = session.get_one(Lesson, lesson_id)
        lesson.rooms = [session.get_one(Room, school.room_27)]
    make_lesson(school, school.physics_a, period=2, mode=LessonMode.SELF_STUDY, offline_task="упр. 5")
    text = page()
    assert "каб. 27" in text
    assert "упр. 5" in text


def test_a_chat_that_lost_its_bot_is_told_to_whom_may_mend_it(page, school):
    make_part(school, chat_id=school.parents_a, problem="gone")
    with transaction() as session:
        session.get_one(Chat, school.parents_a).state = ChatState.REMOVED
    text = page()
    assert "7 «А», родители</b> — бот удалён, сообщение не размещено" in text
    assert f'href="/chats/{school.parents_a}">Что делать' in text
    assert "бот удалён" not in page(school.kim)


def test_many_wrong_chats_are_counted(page, school):
    for chat_id in (school.students_a, school.parents_a, school.students_b, school.parents_b, school.teachers_chat):
        make_part(school, chat_id=chat_id, problem="rights")
    assert "Ещё 1 чат" in page()


def test_texts_to_place_by_hand_lead_to_their_page(page, school):
    make_part(school, state=PostState.BY_HAND)
    with transaction() as session:
        session.get_one(Chat, school.students_a).platform = Platform.BY_HAND
    text = page()
    assert "Разместить вручную:</b> 7 «А», ученики" in text
    assert 'href="/chats/by-hand"' in text


def test_refused_tokens_are_told_to_whom_may_enter_them(page, school):
    with transaction() as session:
        session.scalars(sa.select(Connection)).one().is_refused = True
        session.get_one(School, school.id).call_way = CallWay.VK
        session.add(CallToken(school_id=school.id, token="x", is_refused=True, stored_at=MORNING))
    text = page(someone(school, Role.DEPUTY_HEAD))
    assert "Мессенджер не принимает ключ бота." in text
    assert 'href="/school/calls"' in text
    assert "ключ" not in page()


def test_requests_wait_for_whom_gives_consent(page, school):
    make_lesson(school, school.algebra_a, period=5, state=LessonState.WAITING)
    assert "1 заявка ждёт согласования." in page()
    assert "заявка" not in page(school.kim)


def test_found_chats_wait_for_whom_may_connect(page, school):
    with transaction() as session:
        chat = session.get_one(Chat, school.parents_b)
        chat.state, chat.kind, chat.class_id = ChatState.FOUND, None, None
    assert "1 чат ждёт," in page(someone(school, Role.SYSTEM_ADMINISTRATOR))


@pytest.mark.parametrize(("days", "is_told"), [(3, True), (40, False)])
def test_a_timetable_that_nearly_ends_is_told(page, school, days, is_told):
    with transaction() as session:
        term = session.scalars(sa.select(Term)).one()
        term.published_from, term.published_to = date(2026, 11, 2), TUESDAY + timedelta(days=days)
    assert ("Расписание опубликовано по" in page(someone(school, Role.DEPUTY_HEAD))) == is_told


def test_a_private_lesson_names_no_chats(page, school):
    lesson_id = make_lesson(school, school.algebra_a, offline_task="§ 1")
    with_call(lesson_id, url="https://calls.example/1")
    with transaction() as session:
        session.get_one(StudyGroup, session.get_one(Lesson, lesson_id).group_id).is_private = True
    assert "чаты:" not in page()


def test_the_teacher_stands_beside_the_lesson(page, school):
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        add(session, LessonTeacher(school_id=school.id, lesson_id=lesson_id, person_id=school.kim))
    assert "Иванова Е. П., Ким А. С." in page()


def test_a_post_that_is_on_its_way_is_not_an_alarm(page, school):
    part_id = make_part(school, state=PostState.WANTED)
    text = page()
    assert "Сейчас от вас ничего не требуется" in text
    assert "4 из 5" in text
    assert db.session.get_one(BulletinPart, part_id).state is PostState.WANTED

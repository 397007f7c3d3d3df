"""«Учитель отсутствует» as a deputy head sees it, without JavaScript."""

import re
from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.absence import Absence, AbsenceState
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import count, make_group, make_lesson, make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DAY = "from=2026-11-24&to=2026-11-24"


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_school()


@pytest.fixture
def petrova(school):
    with transaction() as session:
        return make_person(session, school.id, ("Петрова", "Анна", "Ивановна"), role=Role.TEACHER).id


@pytest.fixture
def deputy(school, enter):
    with transaction() as session:
        person = make_person(session, school.id, ("Завуч", "Ольга", "Юрьевна"), role=Role.DEPUTY_HEAD)
    return enter(person.id)


def address(school):
    return f"/absences/new?person={school.ivanova}&{DAY}"


def sent(page, **answers):
    """The form as the page holds it, with what is chosen."""
    hidden = dict(re.findall(r'name="(form_key|digest)"[^>]*value="([^"]+)"', page))
    return hidden | {name.replace("_", "-"): value for name, value in answers.items()}


def text_of(answer):
    return answer.get_data(as_text=True)


def test_the_first_page_asks_who_and_when(deputy, school):
    page = text_of(deputy.get("/absences/new"))
    assert "Иванова Елена Петровна" in page
    assert 'value="2026-11-24"' in page
    assert "Причина нигде не спрашивается" in page


def test_the_list_proposes_the_best_free_teacher_and_says_why(deputy, school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    make_lesson(school, school.physics_a, period=1)  # Kim is busy
    page = text_of(deputy.get(address(school)))
    assert "Отсутствует: Иванова Е. П." in page
    assert "→ Замена: Петрова А. И." in page
    assert "в это время урока нет, в этот день уроков нет" in page
    assert "Ким А. С. — ведёт в этом классе, в этот день 1 урок, в это время: Физика, 7 «А», 8:30–9:10" in page
    assert f'name="answer-{lesson_id}" value="substitute:{petrova}" checked' in page


def test_saving_leads_to_the_record_and_shows_who_stands_in(deputy, school, petrova, enter):
    lesson_id = make_lesson(school, school.algebra_a)
    page = text_of(deputy.get(address(school)))

    form = sent(page, do="save") | {f"answer-{lesson_id}": f"substitute:{petrova}"}
    answer = deputy.post(address(school), data=form)

    assert answer.status_code == 303
    record = text_of(deputy.get(answer.headers["Location"]))
    assert "Замена: Петрова А. И. вместо Ивановой Е. П." in record
    assert "Отсутствует: Иванова Е. П." in record
    assert "Иванова Е. П." in text_of(deputy.get("/absences"))
    for path in (f"/week?class={school.class_a}&date=2026-11-24", f"/lessons/{lesson_id}"):
        assert "Петрова А. И. вместо Ивановой Е. П." in text_of(deputy.get(path))
    assert "замена: вместо Ивановой Е. П." in text_of(enter(petrova).get("/my"))
    again = deputy.post(address(school), data=form)
    assert again.headers["Location"] == answer.headers["Location"]
    assert count(Absence) == 1


def test_one_answer_is_applied_wherever_it_fits(deputy, school, petrova):
    first = make_lesson(school, school.algebra_a, period=1)
    second = make_lesson(school, school.algebra_b, period=4)
    make_lesson(school, school.physics_a, period=4)  # Kim is busy in the fourth
    page = text_of(deputy.get(address(school)))
    form = sent(page, do="all") | {"all": f"substitute:{school.kim}"}
    page = text_of(deputy.post(address(school), data=form))
    assert "Применено к 1 уроку." in page
    assert f'name="answer-{first}" value="substitute:{school.kim}" checked' in page
    assert f'name="answer-{second}" value="substitute:{petrova}" checked' in page

    form = sent(page, do="all") | {"all": "self_study", "all_task": "§ 12"}
    page = text_of(deputy.post(address(school), data=form))
    assert "Применено к 2 урокам." in page
    assert page.count("→ Самостоятельно: § 12") == 2


def test_moving_offers_hours_that_work_and_never_one_twice(deputy, school):
    ids = [make_lesson(school, school.algebra_a, period=one) for one in (1, 2)]
    page = text_of(deputy.get(address(school)))
    form = sent(page, do="check") | {f"answer-{one}": "moved" for one in ids}
    page = text_of(deputy.post(address(school), data=form))
    chosen = re.findall(r'<option value="(2026-11-\d\d \d)" selected', page)
    assert len(set(chosen)) == 2
    assert all(one > "2026-11-24" for one in chosen)

    form = sent(page, do="save") | {f"answer-{one}": "moved" for one in ids}
    form |= {f"hour-{one}": hour for one, hour in zip(ids, chosen, strict=True)}
    assert deputy.post(address(school), data=form).status_code == 303
    assert str(db.session.get_one(Lesson, ids[0]).date) == chosen[0].split()[0]


def test_a_busy_teacher_is_told_and_asks_for_a_reason_with_everything_kept(deputy, school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    make_lesson(school, school.physics_a, period=1)
    page = text_of(deputy.get(address(school)))
    form = sent(page, do="save") | {f"answer-{lesson_id}": "substitute", f"person-{lesson_id}": str(school.kim)}

    refused = deputy.post(address(school), data=form)
    page = text_of(refused)

    assert refused.status_code == 409
    assert "Это время занято" in page
    assert f'<option value="{school.kim}" selected' in page
    assert 'name="reason"' in page
    assert deputy.post(address(school), data=form | {"reason": "других нет"}).status_code == 303


def test_a_list_that_is_out_of_date_is_shown_anew(deputy, school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    page = text_of(deputy.get(address(school)))
    change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    form = sent(page, do="save") | {f"answer-{lesson_id}": "cancelled"}
    refused = deputy.post(address(school), data=form)
    assert refused.status_code == 409
    assert "Тем временем расписание изменилось." in text_of(refused)
    assert "→ Отмен" in text_of(refused)
    assert deputy.post(address(school), data=form | sent(text_of(refused))).status_code == 303


def test_the_whole_absence_is_taken_back(deputy, school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    page = text_of(deputy.get(address(school)))
    form = sent(page, do="save") | {f"answer-{lesson_id}": f"substitute:{petrova}"}
    record = deputy.post(address(school), data=form).headers["Location"]

    page = text_of(deputy.post(f"{record}/undo", follow_redirects=True))

    assert "Возвращён 1 урок." in page
    assert "Отсутствие отменено." in page
    assert db.session.get_one(Lesson, lesson_id).teaching[0].person_id == school.ivanova
    assert db.session.query(Absence).one().state is AbsenceState.UNDONE


def test_nothing_to_resolve_is_said(deputy, school):
    assert "Распределять нечего." in text_of(deputy.get(address(school)))


@pytest.mark.parametrize(
    "query", ["person=x", "person=999999&from=2026-11-24&to=2026-11-24", "person={}&from=24.11&to=2026-11-24",
              "person={}&from=2026-11-24&to=2027-11-24"]
)  # fmt: skip
def test_addresses_that_make_no_sense_ask_again(deputy, school, query):
    answer = deputy.get("/absences/new?" + query.format(school.ivanova))
    assert answer.status_code == 200
    assert "Показать уроки" in text_of(answer)


def test_the_way_leads_from_today_and_from_the_teachers_week(deputy, school, enter):
    assert 'href="/absences/new"' in text_of(deputy.get("/today"))
    week = text_of(deputy.get(f"/week?teacher={school.ivanova}&date=2026-11-24"))
    assert f"/absences/new?person={school.ivanova}&amp;from=2026-11-24" in week
    assert "/absences/new" not in text_of(deputy.get(f"/week?class={school.class_a}"))
    assert "/absences/new" not in text_of(enter(school.kim).get("/today"))
    assert enter(school.kim).get("/absences/new").status_code == 403


def test_a_chat_administrator_is_told_where_it_is_not_theirs(school, enter, petrova):
    with transaction() as session:
        scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
        person = make_person(session, school.id, ("Классная", "Ида", ""), role=Role.CHAT_ADMINISTRATOR, **scope)
    own, other = make_lesson(school, school.algebra_a), make_lesson(school, school.algebra_b, period=4)
    client = enter(person.id)
    page = text_of(client.get(address(school)))
    assert "Часть этих уроков — не в ваших классах." in page
    form = sent(page, do="save") | {f"answer-{one}": f"substitute:{petrova}" for one in (own, other)}
    assert client.post(address(school), data=form).status_code == 409
    assert count(Absence) == 0


def test_what_is_shown_of_a_private_lesson_names_no_pupil(deputy, school):
    make_lesson(school, school.algebra_a)
    own = make_lesson(school, school.physics_a, period=1)
    with transaction() as session:
        alone = make_group(session, school.id, "Сидоров Пётр", [(school.class_a,)], is_private=True)
        session.get_one(Lesson, own).group_id = alone.id
    page = text_of(deputy.get(address(school)))
    assert "Физика, индивидуальное занятие" in page
    assert "Сидоров" not in page


def test_work_on_ones_own_and_a_second_teacher_need_no_substitute(deputy, school):
    alone = make_lesson(school, school.algebra_a, period=1, mode=LessonMode.SELF_STUDY)
    shared = make_lesson(school, school.algebra_a, period=2)
    with transaction() as session:
        session.add(LessonTeacher(school_id=school.id, lesson_id=shared, person_id=school.kim))
    page = text_of(deputy.get(address(school)))
    assert f'name="answer-{alone}" value="kept" checked' in page
    assert f'name="answer-{shared}" value="other_teacher" checked' in page
    assert "Проведёт второй учитель: Ким А. С." in page
    form = sent(page, do="save") | {f"answer-{alone}": "kept", f"answer-{shared}": "other_teacher"}
    assert deputy.post(address(school), data=form).status_code == 303
    assert db.session.get_one(Lesson, alone).state is LessonState.PLANNED

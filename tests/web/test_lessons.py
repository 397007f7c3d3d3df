"""Booking, the card and what is done with a lesson, as the browser sends it."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import ChangeRequest, Lesson, LessonSeries, RuleOverride, SeriesDate
from scheduler.models.school import Holiday, School
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, count, make_lesson, make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def ivanova(school, enter):
    return enter(school.ivanova)


@pytest.fixture
def director(school, enter):
    return enter(school.director)


def form(school, **values):
    filled = {"course_id": school.algebra_a, "date": TUESDAY.isoformat(), "period": "2", "mode": "call", "kind": "plan",
              "weeks": "1", "form_key": "k1", "do": "save"}  # fmt: skip
    return filled | values


def lesson(lesson_id):
    db.session.rollback()
    return db.session.get_one(Lesson, lesson_id)


def only_lesson():
    db.session.rollback()
    return db.session.query(Lesson).one()


def test_a_free_hour_opens_the_form_with_the_week_beside_it(school, ivanova):
    page = ivanova.get(f"/lessons/new?class={school.class_a}&date={TUESDAY}&period=2").text
    assert '<option selected value="2">2 — 9:25</option>' in page
    assert "Что покажет чат" in page
    assert re.search(r'<td class="picked-day picked" aria-current="true">', page)


def test_saving_books_and_leads_to_the_card(school, ivanova):
    answer = ivanova.post("/lessons/new", data=form(school, offline_task="§ 12"))
    booked = only_lesson()
    assert (answer.status_code, answer.location) == (303, f"/lessons/{booked.id}")
    assert (booked.offline_task, booked.period, booked.mode) == ("§ 12", 2, LessonMode.CALL)


def test_the_same_form_twice_books_once(school, ivanova):
    first = ivanova.post("/lessons/new", data=form(school))
    assert ivanova.post("/lessons/new", data=form(school)).location == first.location
    assert count(Lesson) == 1


def test_checking_books_nothing_and_keeps_what_was_typed(school, ivanova):
    page = ivanova.post("/lessons/new", data=form(school, do="check", offline_task="§ 12, № 245")).text
    assert "§ 12, № 245</textarea>" in page
    assert count(Lesson) == 0


def test_a_taken_hour_is_409_with_who_and_what_offers_and_the_form_as_typed(school, ivanova):
    make_lesson(school, school.algebra_b, period=2, mode=LessonMode.IN_PERSON)
    answer = ivanova.post("/lessons/new", data=form(school, topic="Дроби"))
    assert answer.status_code == 409
    assert "Это время занято. Иванова Е. П.: Алгебра, 7 «Б», вторник, 24 ноября, 9:25–10:05." in answer.text
    assert 'value="Дроби"' in answer.text
    assert f'name="take" value="hour:{TUESDAY} 1"' in answer.text
    assert "Чтобы сохранить всё же так, укажите причину." in answer.text


def test_a_reason_overrides_and_is_kept(school, ivanova):
    make_lesson(school, school.algebra_b, period=2, mode=LessonMode.IN_PERSON)
    assert ivanova.post("/lessons/new", data=form(school, reason="Вместе с 7 «Б»")).status_code == 303
    assert db.session.query(RuleOverride).one().reason == "Вместе с 7 «Б»"


@pytest.mark.parametrize(
    ("take", "shown"),
    [
        (f"hour:{WEDNESDAY} 4", '<option selected value="4">'),
        ("online_minutes:20", 'name="online_minutes" type="number" value="20"'),
        ("mode:self_study", 'value="self_study" checked'),
        ("nonsense", '<option selected value="2">'),
    ],
)
def test_an_offer_that_is_pressed_is_laid_over_the_form(school, ivanova, take, shown):
    sent = form(school, topic="Дроби") | {"take": take}
    del sent["do"]
    page = ivanova.post("/lessons/new", data=sent).text
    assert 'value="Дроби"' in page
    assert count(Lesson) == 0
    assert shown in checked_last(page)


def checked_last(page):
    """The page with `value` before `checked`, whichever order the form library writes."""
    return re.sub(r'checked ([^>]*value="[^"]*")', r"\1 checked", page)


def test_too_short_a_way_warns_and_offers_first_last_together_and_moved(school, ivanova):
    make_lesson(school, school.physics_a, period=3, mode=LessonMode.IN_PERSON)
    with transaction() as session:
        room = session.query(Lesson).one()
        room.rooms = [session.get(type(room).rooms.property.mapper.class_, school.room_27)]
    page = ivanova.post("/lessons/new", data=form(school, do="check")).text
    assert "на дорогу нужно 60 мин (правило вашей школы)" in page
    assert "первым: Вт, 24, 8:30" in page
    assert "последним: Вт, 24, 12:20" in page
    assert f'value="room:{school.room_27}"' in page
    sent = form(school) | {"take": f"room:{school.room_27}"}
    del sent["do"]
    page = ivanova.post("/lessons/new", data=sent).text
    assert "на дорогу нужно" not in page
    assert f'<option selected value="{school.room_27}">27</option>' in page
    assert 'checked id="is_joined_together"' in page


def test_an_hour_that_is_past_says_so_and_offers_the_next(school, ivanova):
    page = ivanova.get(f"/lessons/new?class={school.class_a}&date=2026-11-20&period=2").text
    assert 'class="need bad"' in page
    assert 'name="take"' in page


def test_what_is_wrong_stands_beside_its_field(school, ivanova):
    page = ivanova.post("/lessons/new", data=form(school, date="", topic="Дроби")).text
    assert "Выберите дату." in page
    assert 'value="Дроби"' in page


def test_a_series_shows_its_dates_before_saving_and_skipped_ones_can_be_restored(school, ivanova):
    with transaction() as session:
        add(session, Holiday(school_id=school.id, name="Каникулы", start=date(2026, 12, 1), end=date(2026, 12, 2)))
    make_lesson(school, school.algebra_b, day=date(2026, 12, 8), period=2)
    page = ivanova.post("/lessons/new", data=form(school, weeks="4", do="check")).text
    assert page.count("будет поставлен") == 2
    assert "Каникулы" in page
    assert "Алгебра, 7 «Б», вторник, 8 декабря" in page
    answer = ivanova.post("/lessons/new", data=form(school, weeks="4"))
    assert count(Lesson, Lesson.series_id.is_not(None)) == 2
    skipped = db.session.query(SeriesDate).filter_by(date=date(2026, 12, 1)).one()
    assert "Вернуть" in ivanova.get(answer.location).text
    taken = db.session.query(SeriesDate).filter_by(date=date(2026, 12, 8)).one()
    refused = ivanova.post(f"/lessons/series-dates/{taken.id}/restore", follow_redirects=True)
    assert (refused.status_code, refused.request.path) == (200, answer.location)
    assert "Это время занято. Иванова Е. П.: Алгебра, 7 «Б», вторник, 8 декабря" in refused.text
    assert ivanova.post(f"/lessons/series-dates/{skipped.id}/restore").status_code == 303
    assert count(Lesson, Lesson.series_id.is_not(None)) == 3
    assert count(LessonSeries) == 1


def test_a_consultation_stands_beside_the_plan(school, ivanova):
    ivanova.post("/lessons/new", data=form(school, kind="consultation", period="", start="15:30", end="16:00"))
    booked = only_lesson()
    assert (booked.title, booked.start, booked.period) == ("Консультация", time(15, 30), None)


def test_nobody_books_for_others(school, enter):
    with transaction() as session:
        stranger = make_person(session, school.id, ("Чужой", "Пётр", ""), role=Role.TEACHER).id
    client = enter(stranger)
    assert 'id="lesson-form"' not in client.get("/lessons/new").text
    client.post("/lessons/new", data=form(school))
    assert count(Lesson) == 0


def test_a_chat_administrator_of_one_class_plans_that_class_alone(school, enter):
    with transaction() as session:
        person = make_person(
            session, school.id, ("Классная", "Анна", ""),
            role=Role.CHAT_ADMINISTRATOR, scope=ScopeKind.CLASS, scope_id=school.class_a,
        ).id  # fmt: skip
    client = enter(person)
    assert client.post("/lessons/new", data=form(school)).status_code == 303
    client.post("/lessons/new", data=form(school, course_id=school.algebra_b, form_key="k2", period="3"))
    assert count(Lesson) == 1


def test_an_in_person_lesson_is_turned_remote_and_fitted(school, ivanova):
    lesson_id = make_lesson(school, school.algebra_a, mode=LessonMode.IN_PERSON, end=time(9, 15))
    sent = {"mode": "call", "offline_task": "§ 3", "do": "save"}
    assert ivanova.post(f"/lessons/{lesson_id}/edit", data=sent).status_code == 303
    turned = lesson(lesson_id)
    assert (turned.mode, turned.end, turned.online_minutes) == (LessonMode.CALL, time(9, 10), 30)


def test_turning_remote_beside_lessons_at_school_offers_hours_that_move_it_too(school, ivanova):
    make_lesson(school, school.physics_a, period=3, mode=LessonMode.IN_PERSON)
    lesson_id = make_lesson(school, school.algebra_a, period=2, mode=LessonMode.IN_PERSON)
    page = ivanova.post(f"/lessons/{lesson_id}/edit", data={"mode": "call", "do": "check"}).text
    assert "последним: Вт, 24, 12:20" in page
    page = ivanova.post(f"/lessons/{lesson_id}/edit", data={"mode": "call", "take": f"hour:{TUESDAY} 5"}).text
    assert "Заодно переносится: вторник, 24 ноября, урок № 5." in page
    saved = {"mode": "call", "day": TUESDAY.isoformat(), "period": "5", "do": "save"}
    assert ivanova.post(f"/lessons/{lesson_id}/edit", data=saved).status_code == 303
    assert (lesson(lesson_id).period, lesson(lesson_id).mode) == (5, LessonMode.CALL)


def test_moving_keeps_the_form_open_on_a_clash(school, ivanova):
    make_lesson(school, school.algebra_b, period=3)
    lesson_id = make_lesson(school, school.algebra_a)
    sent = {"date": TUESDAY.isoformat(), "period": "3", "do": "save"}
    answer = ivanova.post(f"/lessons/{lesson_id}/move", data=sent)
    assert answer.status_code == 409
    assert "Иванова Е. П.: Алгебра, 7 «Б»" in answer.text
    assert re.search(r'<details class="card" open><summary>Перенести', answer.text)
    assert ivanova.post(f"/lessons/{lesson_id}/move", data=sent | {"period": "4"}).status_code == 303
    assert lesson(lesson_id).period == 4


def test_moving_without_a_date_says_so(school, ivanova):
    lesson_id = make_lesson(school, school.algebra_a)
    page = ivanova.post(f"/lessons/{lesson_id}/move", data={"date": "", "period": "3", "do": "save"})
    assert (page.status_code, "Выберите дату." in page.text) == (200, True)
    page = ivanova.post(f"/lessons/{lesson_id}/edit", data={"mode": "call", "online_minutes": "500", "do": "save"})
    assert (page.status_code, lesson(lesson_id).online_minutes) == (200, None)


def test_cancelling_leaves_the_lesson_in_sight(school, ivanova):
    lesson_id = make_lesson(school, school.algebra_a)
    page = ivanova.post(f"/lessons/{lesson_id}/cancel", data={"reason": "Болезнь"}, follow_redirects=True).text
    assert lesson(lesson_id).state is LessonState.CANCELLED
    assert "Урок отменён." in page
    assert "Изменить" not in page


def test_the_journal_takes_over_topic_form_link_and_task(school, ivanova):
    lesson_id = make_lesson(school, school.algebra_a, topic="Дроби", offline_task="§ 3")
    page = ivanova.get(f"/lessons/{lesson_id}").text
    journal = page.split('id="journal"')[1].split("</pre>")[0]
    assert "Дроби" in journal
    assert "ДОТ" in journal
    assert f"/j/{lesson(lesson_id).join_token}" in journal
    assert "§ 3" in journal


def ask_consent(school):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True


def test_a_booking_waits_for_consent_and_shows_nothing_until_then(school, ivanova, director):
    ask_consent(school)
    answer = ivanova.post("/lessons/new", data=form(school), follow_redirects=True)
    waiting = only_lesson()
    assert waiting.state is LessonState.WAITING
    assert "ждёт" in answer.text.lower()
    assert ivanova.get(f"/j/{waiting.join_token}").status_code == 404
    assert "Алгебра" in ivanova.get("/lessons/requests").text
    assert ivanova.post(f"/lessons/{waiting.id}/decide", data={"decision": "give"}).status_code == 403
    assert director.post(f"/lessons/{waiting.id}/decide", data={"decision": "give"}).status_code == 303
    assert lesson(waiting.id).state is LessonState.PLANNED


def test_a_wish_to_change_waits_beside_the_unchanged_lesson(school, ivanova, director):
    lesson_id = make_lesson(school, school.algebra_a)
    ask_consent(school)
    ivanova.post(f"/lessons/{lesson_id}/move", data={"date": WEDNESDAY.isoformat(), "period": "3", "do": "save"})
    assert lesson(lesson_id).date == TUESDAY
    assert "среда, 25 ноября" in director.get("/lessons/requests").text
    request_id = db.session.query(ChangeRequest).one().id
    assert director.post(f"/lessons/requests/{request_id}", data={"decision": "give"}).status_code == 303
    assert lesson(lesson_id).date == WEDNESDAY


def test_a_refused_booking_is_cancelled(school, ivanova, director):
    ask_consent(school)
    ivanova.post("/lessons/new", data=form(school))
    director.post(f"/lessons/{only_lesson().id}/decide", data={"decision": "refuse", "reason": "Не нужно"})
    assert only_lesson().state is LessonState.CANCELLED


def test_the_link_is_replaced_and_the_address_stays(school, ivanova):
    lesson_id = make_lesson(school, school.algebra_a)
    token = lesson(lesson_id).join_token
    answer = ivanova.post(f"/lessons/{lesson_id}/link", data={"url": "javascript:alert(1)"}, follow_redirects=True)
    assert 'class="need bad"' in answer.text
    assert lesson(lesson_id).join_token == token


def test_a_lesson_booked_from_the_command_line_has_a_card(school, director):
    booked = book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=1))
    assert "Алгебра" in director.get(f"/lessons/{booked.lesson_ids[0]}").text

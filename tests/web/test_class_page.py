import re
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class, feed_for_person, feed_for_teacher, replace_feed
from scheduler.database import db, transaction
from scheduler.models.calls import Call
from scheduler.models.classes import Enrollment, GroupMember, Guardianship, SchoolClass
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.school import CallWay, Holiday, HolidayKind, Term
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonMode, LessonState
from tests.calendars.changes import set_clock
from tests.factories import TUESDAY, add, make_course, make_group, make_lesson, make_person, make_school

LIMIT = 60_000


def at(hour, minute, day=24):
    """A time in Moscow."""
    set_clock(datetime(2026, 11, day, hour - 3, minute, tzinfo=UTC))


@pytest.fixture
def school(app):
    school = make_school()
    at(9, 10)
    return school


@pytest.fixture
def page(client, school):
    token = db.session.get_one(SchoolClass, school.class_a).page_token

    def ask(query="", **headers):
        return client.get(f"/t/{token}{query}", headers=headers)

    return ask


def words(answer):
    """The page as read, without its marks."""
    body = re.sub(r"<(head|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def make_day(school):
    return [
        make_lesson(school, school.algebra_a, start=time(9), end=time(9, 30), offline_task="§ 12, № 245"),
        make_lesson(school, school.english_1, start=time(9, 45), end=time(10, 15)),
        make_lesson(school, school.english_2, start=time(9, 45), end=time(10, 15), mode=LessonMode.SELF_STUDY),
        make_lesson(
            school, school.physics_a, start=time(11), end=time(11, 40), mode=LessonMode.IN_PERSON,
            state=LessonState.CANCELLED, cancel_reason="учитель в другом корпусе",
        ),
    ]  # fmt: skip


def test_day_says_what_runs_now_and_when_the_next_can_be_joined(school, page):
    make_day(school)
    text = words(page())
    assert "7 «А» Классный руководитель — Иванова Е. П." in text
    assert "Вторник, 24 ноября (сегодня)" in text
    assert "Все уроки дистанционно. В школу не приходим, учимся дома." in text
    assert "Идёт сейчас, до 9:30 Алгебра Иванова Е. П. ▶ видеоурок Подключиться : Алгебра" in text
    assert "Не получается или нет интернета? § 12, № 245" in text
    assert "Английский язык, группа 1 ▶ видеоурок Ким А. С. Кнопка появится в 9:35" in text
    assert "Отменён: учитель в другом корпусе" in text
    assert "Обновлено в 9:10. Эту страницу не пересылайте" in text


@pytest.mark.parametrize(
    ("hour", "minute", "joins"), [(8, 49, 0), (8, 50, 1), (9, 29, 1), (9, 30, 0), (9, 35, 1), (10, 15, 0)]
)
def test_button_stands_from_ten_minutes_before_to_the_end(school, page, hour, minute, joins):
    make_day(school)
    at(hour, minute)
    assert page().text.count('class="button main wide" href="http://school.test/j/') == joins


def test_button_leads_to_the_lessons_join_page_and_hides_no_name_of_it(school, page):
    make_day(school)
    at(8, 55)
    text = words(page())
    assert "Начало в 9:00, уже можно подключиться Алгебра" in text


def test_cancelled_call_cannot_be_joined(school, page):
    make_lesson(school, school.algebra_a, start=time(9), end=time(9, 30), state=LessonState.CANCELLED)
    assert "/j/" not in page().text
    assert 'class="lesson call off"' in page().text


def test_lesson_that_waits_or_is_anothers_is_not_shown(school, page):
    make_lesson(school, school.algebra_a, state=LessonState.WAITING)
    make_lesson(school, school.algebra_b)
    assert "Алгебра" not in words(page())


def test_private_group_and_names_of_children_are_not_shown(school, page):
    with transaction() as session:
        child = make_person(session, school.id, ("Скворцов", "Иван", ""))
        add(session, Enrollment(school_id=school.id, class_id=school.class_a, person_id=child.id))
        group = make_group(session, school.id, "Скворцов И.", [(school.class_a,)], is_private=True)
        subject = session.scalars(sa.select(Subject)).first()
        course = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    make_lesson(school, course)
    make_day(school)
    for query in ("", "?view=week"):
        assert "Скворцов" not in page(query).text
    assert page().text.count("<time>8:30") == 0


def test_call_in_the_chat_is_said_in_words(school, page):
    lesson = make_day(school)[0]
    with transaction() as session:
        session.add(Call(school_id=school.id, lesson_id=lesson, way=CallWay.IN_CHAT, due_at=datetime.now(UTC)))
    assert "Иванова Е. П., видеозвонок в чате учеников класса" in words(page())


def test_broadcast_keeps_its_room(school, page):
    lesson = make_lesson(school, school.algebra_a, mode=LessonMode.BROADCAST)
    with transaction() as session:
        session.get_one(Lesson, lesson).rooms = [session.get_one(Room, school.room_27)]
    text = words(page())
    assert "Алгебра ◉ трансляция Иванова Е. П., кабинет 27" in text
    assert "Все уроки дистанционно" not in text


def test_week_shows_every_school_day(school, page):
    make_day(school)
    make_lesson(school, school.algebra_a, day=date(2026, 11, 27), mode=LessonMode.IN_PERSON)
    text = words(page("?view=week"))
    assert text.index("Понедельник, 23 ноября Уроков нет.") < text.index("Вторник, 24 ноября 9:00 – 9:30 Алгебра")
    assert "Пятница, 27 ноября 8:30 – 9:10 Алгебра" in text
    assert "Суббота" not in text


def test_saturday_with_lessons_has_its_tab(school, page):
    make_lesson(school, school.algebra_a, day=date(2026, 11, 28), mode=LessonMode.IN_PERSON)
    assert "суббота, 28 ноября" in words(page())


def test_free_weekend_opens_on_monday(school, page):
    make_lesson(school, school.algebra_a, day=date(2026, 11, 30))
    for day in (28, 29):
        at(10, 0, day)
        assert "Понедельник, 30 ноября" in words(page())


def test_unpublished_week_says_who_publishes(school, page):
    text = words(page("?view=week&date=2026-12-01"))
    assert "7 «А», 30 ноября – 6 декабря: уроков нет." in text
    assert "Расписание на эту неделю ещё не опубликовано. Его публикует школа." in text


def test_published_week_without_lessons_gives_no_false_reason(school, page):
    with transaction() as session:
        term = session.scalars(sa.select(Term)).one()
        term.published_from, term.published_to = term.start, term.end
    text = words(page("?view=week"))
    assert "7 «А», 23–29 ноября: уроков нет." in text
    assert "не опубликовано" not in text


def test_holidays_say_how_long(school, page):
    with transaction() as session:
        for name, kind, first, last in (
            ("Осенние каникулы", HolidayKind.HOLIDAY, TUESDAY, date(2026, 12, 1)),
            ("Рабочая суббота", HolidayKind.WORKING_SATURDAY, TUESDAY, TUESDAY),
        ):
            session.add(Holiday(school_id=school.id, name=name, kind=kind, start=first, end=last))
        session.add(Holiday(school_id=school.id, name="Праздник", start=date(2026, 12, 10), end=date(2026, 12, 10)))
    assert "В этот день уроков нет. Осенние каникулы по 1 декабря." in words(page())
    assert "Осенние каникулы по 1 декабря." in words(page("?view=week"))
    assert "В этот день уроков нет. Праздник." in words(page("?date=2026-12-10"))


def test_marks_and_nonsense_in_the_address_are_taken_quietly(school, page):
    make_day(school)
    for query in ("?m=b1-1-1", "?date=2026-99-99", "?date=&view=&alarm=x&cancelled=y"):
        assert "Вторник, 24 ноября" in words(page(query))


def test_page_is_not_indexed_and_sets_no_cookie(school, page):
    answer = page()
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert 'name="robots" content="noindex' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "no-cache" in answer.headers["Cache-Control"]


def test_unchanged_page_is_answered_with_304(school, page):
    first = page()
    assert page(**{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_unknown_and_archived_classes_answer_404(school, page, client):
    assert client.get("/t/nothing").status_code == 404
    with transaction() as session:
        session.get_one(SchoolClass, school.class_a).is_archived = True
    assert page().status_code == 404


def test_first_visit_is_light_and_needs_nothing_from_elsewhere(school, page, client):
    for number in range(1, 8):
        for course in (school.algebra_a, school.english_1, school.english_2):
            make_lesson(school, course, period=number, offline_task="§ 12, № 245, 247. Тетрадь — на следующий урок.")
    answer = page("?view=week", **{"Accept-Encoding": "gzip"})
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page("?view=week").text)
    assert len(loaded) == 5
    packed = [client.get(path.replace("&amp;", "&"), headers={"Accept-Encoding": "gzip"}).data for path in loaded]
    assert len(answer.data) + sum(map(len, packed)) < LIMIT
    assert re.findall(r'<(?:img|script|link|iframe)[^>]+"https?:', page().text) == []
    assert "style=" not in page().text


def test_dialog_offers_each_program_and_the_address(school, page):
    feed = feed_for_class(school.id, school.class_a)
    text = page().text
    assert f'href="{feed.webcal_url}"' in text
    assert f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fschool.test%2Ffeeds%2F{feed.token}.ics" in text
    assert f"https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Fschool.test%2Ffeeds%2F{feed.token}" in text
    assert "https://outlook.office.com/calendar/0/addfromweb?url=" in text
    assert f'readonly value="{feed.url}"' in text
    assert f"/feeds/{feed.token}.ics?download=1" in text
    assert 'class="qr"' in text
    seen = words(page())
    assert "обновляется сам" in seen
    assert "Скачать один раз" in seen
    assert "Google — раз в 8–24 часа" in seen
    assert '<details class="more subscribe no-print">' in text


def test_choices_are_links_to_another_feed(school, page):
    usual = feed_for_class(school.id, school.class_a)
    answer = page("?subscribe=1&cancelled=shown&alarm=10")
    assert '<details class="more subscribe no-print" open>' in answer.text
    assert usual.token not in answer.text
    assert "subscribe=1&amp;cancelled=shown&amp;alarm=5" in answer.text
    chosen = re.findall(r'aria-current="true">([^<]+)<', answer.text)
    assert chosen == ["остаются с пометкой «Отменён»", "за 10 минут"]


@pytest.fixture
def parent(school):
    with transaction() as session:
        person, *children = (make_person(session, school.id, ("Белов", name, "")).id for name in ("Олег", "Лев", "Ия"))
        for child, class_id in zip(children, (school.class_a, school.class_b), strict=True):
            add(session, Enrollment(school_id=school.id, class_id=class_id, person_id=child))
            add(session, Guardianship(school_id=school.id, parent_id=person, student_id=child))
    return person


def test_parent_sees_all_children_by_class_and_no_names(school, parent, client):
    make_day(school)
    make_lesson(school, school.algebra_b, start=time(9), end=time(9, 30))
    feed = feed_for_person(school.id, parent)
    answer = client.get(f"/my/{feed.token}")
    text = words(answer)
    assert "7 «А», 7 «Б» — уроки" in text
    assert "Алгебра 7 «Б» Иванова Е. П." in text
    assert "Белов" not in answer.text


def test_pupil_sees_the_own_groups(school, client):
    make_day(school)
    with transaction() as session:
        pupil = make_person(session, school.id, ("Белов", "Лев", "")).id
        add(session, Enrollment(school_id=school.id, class_id=school.class_a, person_id=pupil))
        english = session.get_one(Course, school.english_2).group_id
        add(session, GroupMember(school_id=school.id, group_id=english, person_id=pupil))
    text = words(client.get(f"/my/{feed_for_person(school.id, pupil).token}"))
    assert "группа 2" in text
    assert "группа 1" not in text


def test_teacher_sees_the_own_lessons_with_their_classes(school, client):
    make_day(school)
    feed = feed_for_teacher(school.id, school.ivanova)
    text = words(client.get(f"/my/{feed.token}"))
    assert "Иванова Е. П. — уроки" in text
    assert "Алгебра 7 «А»" in text
    assert "Физика" not in text


def test_subscribers_page_opens_with_the_choice_of_its_feed(school, parent, client):
    feed = feed_for_person(school.id, parent)
    assert feed.url in client.get(f"/my/{feed.token}").text
    assert feed.url not in client.get(f"/my/{feed.token}?subscribe=1&alarm=5").text


def test_class_feeds_and_replaced_ones_open_no_subscribers_page(school, parent, client):
    assert client.get(f"/my/{feed_for_class(school.id, school.class_a).token}").status_code == 404
    feed = feed_for_person(school.id, parent)
    replace_feed(school.id, feed.feed_id, None)
    assert client.get(f"/my/{feed.token}").status_code == 404

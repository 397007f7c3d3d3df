from datetime import date, time

from scheduler.chats.deliver import deliver_until_done
from scheduler.rules.facts import LessonMode, LessonState
from tests.chats.conftest import notices_of, parts_of
from tests.factories import TUESDAY, make_lesson


def test_first_remote_lesson_is_wanted_in_class_chats_and_teachers_chat(school, announce, moment, twin):
    lesson = make_lesson(school, school.algebra_a, offline_task="§ 12, № 245")
    announce(lesson)
    (students,) = parts_of(school.students_a)
    token = students.bulletin.chat.school_class.page_token
    join = students.bulletin.shown[str(lesson)]["url"]
    assert students.text == (
        "7 «А», вторник, 24 ноября\nВсе уроки дистанционно.\n"
        f"1. 8:30–9:10 Алгебра (Иванова Е. П.) — видеоурок: {join}\n   Если нет интернета: § 12, № 245\n"
        f"Расписание: http://school.test/t/{token}"
    )
    assert parts_of(school.parents_a)[0].text == students.text
    assert parts_of(school.teachers_chat)[0].text == (
        "Уважаемые коллеги! Вторник, 24 ноября\n1 видеоурок.\nВаши уроки и ссылки: http://school.test/my"
    )
    assert parts_of(school.students_b) == []
    assert (students.is_loud, parts_of(school.parents_a)[0].is_loud, parts_of(school.teachers_chat)[0].is_loud) == (
        True, False, False,
    )  # fmt: skip


def test_move_after_posting_edits_and_gives_one_notice(school, announce, moment, twin):
    lesson = make_lesson(school, school.algebra_a, period=3)
    announce(lesson)
    deliver_until_done(school.id)
    announce(lesson, start=time(11, 25), end=time(12, 5), period=4)
    deliver_until_done(school.id)
    chat = parts_of(school.students_a)[0].bulletin.chat.external_id
    bulletin, notice = twin.standing(chat)
    assert bulletin.edits == 1
    assert "4. 11:25–12:05 Алгебра" in bulletin.text
    assert notice.text.splitlines()[:2] == [
        "Изменение. 7 «А», вторник, 24 ноября",
        "4-й урок, Алгебра: начало в 11:25 (было в 10:25). Ссылка прежняя.",
    ]
    assert len(notices_of(school.teachers_chat)) == 0


def test_cancelled_lesson_stays_and_day_ends_in_the_usual_way(school, announce, moment, twin):
    lesson = make_lesson(school, school.algebra_a, period=3)
    announce(lesson)
    deliver_until_done(school.id)
    announce(lesson, state=LessonState.CANCELLED)
    deliver_until_done(school.id)
    bulletin, notice = twin.standing(parts_of(school.parents_a)[0].bulletin.chat.external_id)
    assert "Алгебра (Иванова Е. П.) — отменён" in bulletin.text
    assert bulletin.text.endswith("остальные уроки в обычном режиме.")
    assert notice.text.splitlines()[1] == "3-й урок, Алгебра, в 10:25 не состоится."


def test_cancelled_before_posting_leaves_no_post(school, announce, moment, twin):
    lesson = make_lesson(school, school.algebra_a, period=3)
    announce(lesson)
    announce(lesson, state=LessonState.CANCELLED)
    deliver_until_done(school.id)
    assert twin.standing() == []


def test_move_to_another_date_touches_both_days(school, announce, moment, twin):
    lesson = make_lesson(school, school.algebra_a, period=3)
    announce(lesson)
    deliver_until_done(school.id)
    announce(lesson, date=date(2026, 11, 25))
    old, new = parts_of(school.students_a)
    assert "перенесён на среду, 25 ноября" in old.text
    assert new.text.startswith("7 «А», среда, 25 ноября")


def test_in_person_lessons_alone_make_no_post(school, announce, moment, twin):
    announce(make_lesson(school, school.algebra_a, day=TUESDAY, mode=LessonMode.IN_PERSON))
    assert parts_of(school.students_a) == []

"""What each chat hears of a decision, when, and with which sound: one new message at once, the rest at its hour."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler.chats.deliver import deliver_until_done
from scheduler.chats.pace import CONFIG_KEY
from scheduler.database import db, register_wake, transaction
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, BulletinPart, Chat, Notice, PostState
from scheduler.models.school import CallWay, School
from scheduler.planning.official_chats import ChatWish, change_chat
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.planning.settings import change_settings, settings_of
from scheduler.rules.facts import LessonMode
from tests.chats.conftest import FAST
from tests.chats.twin import Twin
from tests.factories import TUESDAY, make_lesson
from tests.planning.test_remote_day import WISH, now, school  # noqa: F401 - fixtures

WEDNESDAY = TUESDAY + timedelta(days=1)
TUESDAY_DAWN = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)  # 6:40 in Moscow


@pytest.fixture
def two_days(school, now):  # noqa: F811 - the fixture
    """Lessons on Tuesday and Wednesday of both classes; it is Tuesday, 6:40."""
    make_lesson(school, school.algebra_a, day=WEDNESDAY, period=1, mode=LessonMode.IN_PERSON)
    make_lesson(school, school.algebra_b, day=WEDNESDAY, period=2, mode=LessonMode.IN_PERSON)
    now[0] = TUESDAY_DAWN
    return school


def parts(chat_id):
    db.session.expire_all()
    query = sa.select(BulletinPart).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return db.session.scalars(query.order_by(Bulletin.date, BulletinPart.number)).all()


def moscow(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


def every_chat():
    return db.session.scalars(sa.select(Chat.id).order_by(Chat.id)).all()


def test_today_and_tomorrow_are_one_message_now(two_days):
    declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    for chat_id in every_chat():
        first, later = parts(chat_id)
        assert first.due_at <= TUESDAY_DAWN
        assert later.due_at == moscow(24, 18)
        assert "С 24 по 25 ноября учимся дома." in first.text


def test_only_the_decision_sounds_where_single_lessons_do_not(two_days):
    declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    assert [part.is_loud for part in parts(two_days.parents_a)] == [True, False]
    assert [part.is_loud for part in parts(two_days.teachers_chat)] == [True, False]
    assert [part.is_loud for part in parts(two_days.students_a)] == [True, True]


def test_evening_that_is_over_is_made_up_for_before_the_lessons(two_days, now):  # noqa: F811 - the fixture
    make_lesson(two_days, two_days.algebra_b, day=TUESDAY, period=7, mode=LessonMode.IN_PERSON, start=time(20, 30),
                end=time(21, 0))  # fmt: skip
    now[0] = moscow(24, 19)
    declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    found = parts(two_days.students_b)
    assert [part.due_at <= now[0] for part in found] == [True, False]
    assert found[1].due_at == moscow(25, 7)


def test_chats_evening_hour_moves_what_waits_for_it(two_days):
    declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    change_chat(two_days.id, two_days.students_a, ChatWish(evening_hour=time(20)), actor_id=None)
    assert parts(two_days.students_a)[1].due_at == moscow(24, 20)
    assert parts(two_days.students_b)[1].due_at == moscow(24, 18)


def test_schools_evening_hour_moves_what_waits_for_it(two_days):
    declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    settings = settings_of(db.session.get_one(School, two_days.id))
    change_settings(two_days.id, replace(settings, evening_hour=time(19, 30)), actor_id=None)
    assert {parts(chat_id)[1].due_at for chat_id in every_chat()} == {moscow(24, 19, 30)}


def test_undoing_two_days_that_were_shown_is_one_notice(two_days):
    done = declare_remote_day(two_days.id, replace(WISH, last=WEDNESDAY))
    with transaction() as session:
        for part in session.scalars(sa.select(BulletinPart)):
            part.message_id, part.posted_hash, part.posted_text = f"m{part.id}", part.wanted_hash, part.text
            part.state = PostState.POSTED
    undo_remote_day(two_days.id, done.remote_day_id)
    notices = db.session.scalars(sa.select(Notice).where(Notice.chat_id == two_days.students_a)).all()
    (notice,) = notices
    assert notice.text == (
        "Внимание! 7 «А», вторник, 24 ноября — среда, 25 ноября: приходим в школу\n"
        "Объявленный ранее перевод на дистанционные уроки отменён. Расписание обычное. Видеоуроков не будет.\n"
        "Вторник, 24 ноября: первый урок в 8:30.\nСреда, 25 ноября: первый урок в 8:30."
    )


def test_classes_whose_lessons_begin_soonest_are_woken_first(app, school, now):  # noqa: F811 - the fixtures
    woken = []
    register_wake(app, woken.append)
    declare_remote_day(school.id, WISH)
    order = [row_id for rows in woken for kind, row_id in rows if kind == "part"]
    classes = [db.session.get(BulletinPart, row_id).bulletin.chat.class_id for row_id in order]
    own = [class_id for class_id in classes if class_id]
    assert own == [school.class_a] * 2 + [school.class_b] * 2


def test_parents_are_told_how_to_help_and_whom_to_call(school):  # noqa: F811 - the fixture
    with transaction() as session:
        session.get_one(School, school.id).phone = "8 (812) 000-00-00"
    declare_remote_day(school.id, WISH)
    (part,) = parts(school.parents_a)
    assert part.text.startswith("Уважаемые родители! 7 «А», вторник, 24 ноября\nМороз −34 °C.")
    assert "Помогите ребёнку подключиться" in part.text
    assert "Нет интернета или компьютера — ребёнок занимается по заданиям" in part.text
    assert "школа: 8 (812) 000-00-00." in part.text
    assert "/j/" not in part.text


def test_teachers_get_one_short_post_that_leads_to_each_ones_page(school):  # noqa: F811 - the fixture
    declare_remote_day(school.id, WISH)
    (part,) = parts(school.teachers_chat)
    assert "Ваши уроки и ссылки: http://school.test/my\n" in part.text
    assert "/j/" not in part.text
    assert "Алгебра" not in part.text


def test_links_hold_up_no_post(app, school, now):  # noqa: F811 - the fixtures
    """Nobody makes a link here; the posts carry the join pages and stand all the same."""
    app.config[CONFIG_KEY] = FAST
    twin = Twin()
    app.extensions["messenger_factory"] = lambda _: twin
    now[0] = TUESDAY_DAWN
    declare_remote_day(school.id, WISH)
    assert {call.state for call in db.session.scalars(sa.select(Call).where(Call.way == CallWay.VK))} == {
        CallState.WANTED
    }
    assert {one.state for one in deliver_until_done(school.id)} == {"posted"}
    chat = db.session.get(Chat, school.students_a).external_id
    assert any("/j/" in text for text in twin.texts(chat))
    assert len(twin.standing()) == len(every_chat())

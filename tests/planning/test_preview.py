from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, register_wake, transaction
from scheduler.models.chats import BulletinPart, Notice, PostState
from scheduler.models.lessons import Lesson, LessonSeries
from scheduler.models.school import Holiday
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit
from scheduler.planning.preview import preview_booking, preview_change
from scheduler.planning.series import DateState
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, add, count, make_lesson, make_school


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    return make_school()


def wish(school, **values):
    return LessonWish(**{"course_id": school.algebra_a, "date": TUESDAY, "period": 1} | values)


def posted():
    with transaction() as session:
        for part in session.scalars(sa.select(BulletinPart)):
            part.state, part.posted_hash, part.posted_text = PostState.POSTED, part.wanted_hash, part.text
            part.message_id = f"m{part.id}"


def test_a_preview_shows_the_texts_of_the_chats_and_saves_nothing(app, school):
    woken = []
    register_wake(app, woken.append)
    shown = preview_booking(school.id, wish(school), actor_id=school.ivanova)
    assert (shown.refusal, shown.is_blocked, shown.dates) == ("", False, ())
    assert [text.title for text in shown.texts] == ["7А родители", "7А ученики", "Учителя"]
    assert "Алгебра" in shown.texts[1].text
    assert (shown.values.start.isoformat(), shown.values.online_minutes) == ("08:30:00", 30)
    assert shown.sounding == 1
    assert (count(Lesson), count(BulletinPart), woken) == (0, 0, [])


def test_a_blocked_booking_says_what_stands_there(school):
    book_lesson(school.id, wish(school))
    shown = preview_booking(school.id, wish(school, course_id=school.physics_a), actor_id=school.kim)
    assert (shown.is_blocked, shown.refusal) == (True, "")
    assert {finding.rule for finding in shown.findings} == {"CLASH_CALL", "CLASH_GROUP"}


def test_what_cannot_be_at_all_is_a_refusal(school):
    shown = preview_booking(school.id, wish(school, period=12), actor_id=None)
    assert "12" in shown.refusal
    assert (shown.values, shown.findings, shown.texts) == (None, (), ())


def test_a_series_shows_each_date_with_what_becomes_of_it(school):
    with transaction() as session:
        day = TUESDAY + timedelta(weeks=1)
        add(session, Holiday(school_id=school.id, name="Каникулы", start=day, end=day))
    make_lesson(school, school.physics_a, day=TUESDAY + timedelta(weeks=2))
    shown = preview_booking(school.id, wish(school, weeks=4), actor_id=None)
    states = [DateState.MADE, DateState.SKIPPED, DateState.CLASHES, DateState.MADE]
    assert [one.state for one in shown.dates] == states
    assert shown.dates[1].why == "Не учимся: Каникулы"
    assert (count(LessonSeries), count(Lesson)) == (0, 1)


def test_a_move_shows_the_edited_bulletins_and_the_notices(school):
    first = book_lesson(school.id, wish(school)).lesson_ids[0]
    posted()
    shown = preview_change(school.id, first, LessonEdit(period=4), actor_id=school.ivanova)
    assert shown.refusal == ""
    of_pupils = [text for text in shown.texts if text.title == "7А ученики"]
    assert len(of_pupils) == 2
    assert [text.is_loud for text in of_pupils] == [False, True]  # the edit is silent, the notice sounds
    assert count(Notice) == 0
    assert db.session.get_one(Lesson, first).period == 1


def test_an_edit_of_a_task_is_silent(school):
    first = book_lesson(school.id, wish(school)).lesson_ids[0]
    posted()
    shown = preview_change(school.id, first, LessonEdit(offline_task="§ 12"), actor_id=None)
    assert shown.sounding == 0
    assert any("§ 12" in text.text for text in shown.texts)


def test_a_change_of_a_lesson_that_is_gone_is_a_refusal(school):
    assert preview_change(school.id, 999, LessonEdit(period=4), actor_id=None).refusal


def test_a_lesson_at_school_turned_remote_is_shown_fitted(school):
    first = make_lesson(school, school.algebra_a, mode=LessonMode.IN_PERSON)
    shown = preview_change(school.id, first, LessonEdit(mode=LessonMode.CALL), actor_id=None)
    assert (shown.values.mode, shown.values.online_minutes) == (LessonMode.CALL, 30)

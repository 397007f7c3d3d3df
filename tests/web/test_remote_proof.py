"""The proof of a decision: deliveries, lessons, what failed; on paper and as a table, also after the day is undone."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import BulletinPart, Chat, Delivery, PostState
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay
from scheduler.planning.remote.told import FamilyCounts, confirm_class
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.rules.facts import LessonMode
from tests.factories import add, make_course, make_group, make_lesson, make_subject
from tests.web.remote import MORNING, declare, make_morning


@pytest.fixture
def school(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_morning()


@pytest.fixture
def day_id(school):
    return declare(school)


def delivered(chat_id, *, verb="send", outcome="sent", after=timedelta(minutes=1)):
    """An attempt at every part of a chat, and the post that stands where it succeeded."""
    with transaction() as session:
        for part in session.query(BulletinPart):
            if part.bulletin.chat_id != chat_id:
                continue
            session.add(
                Delivery(
                    school_id=part.school_id,
                    chat_id=chat_id,
                    target=part.mark,
                    verb=verb,
                    at=MORNING + after,
                    outcome=outcome,
                )
            )
            if outcome in ("sent", "edited"):
                part.posted_hash, part.state, part.posted_at = part.wanted_hash, PostState.POSTED, MORNING + after


@pytest.fixture
def path(day_id):
    return f"/remote-days/{day_id}/proof"


def rows(client, path):
    answer = client.get(f"{path}.csv")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_each_chat_tells_its_first_send_and_edits(school, enter, path):
    delivered(school.students_a)
    delivered(school.students_a, verb="edit", outcome="edited", after=timedelta(minutes=12))
    delivered(school.parents_a, outcome="throttle")
    page = enter(school.director).get(path).text
    posted, edited = "24 ноября, 6:41:00 — размещено", "24 ноября, 6:52:00 — исправлено"
    assert f'<span class="event">{posted}</span><span class="event">{edited}</span>' in page
    assert "1 попытка не удалась" in page
    assert "прочитано" not in page.lower()
    found = [row for row in rows(enter(school.director), path) if row["Раздел"] == "Размещение"]
    assert [(row["Класс"], row["Дата"], row["Время"], row["Состояние"]) for row in found] == [
        ("7 «А»", "2026-11-24", "06:41:00", "размещено"),
        ("7 «А»", "2026-11-24", "06:52:00", "исправлено"),
    ]


def test_each_class_has_its_lessons_with_their_pages(school, enter, path):
    page = enter(school.director).get(path).text
    found = [row for row in rows(enter(school.director), path) if row["Раздел"] == "Урок"]
    tokens = set(db.session.scalars(sa.select(Lesson.join_token).where(Lesson.school_id == school.id)))
    assert {row["Подробности"].rsplit("/", 1)[1] for row in found} == tokens
    assert {token for token in tokens if f"/j/{token}" in page} == tokens
    assert [row["Класс"] for row in found] == ["7 «А»"] * 3 + ["7 «Б»"]


def test_what_failed_stands_first_with_its_remedy(school, enter, path):
    with transaction() as session:
        for part in session.query(BulletinPart):
            part.state, part.problem = PostState.PARKED, "gone"
    page = enter(school.director).get(path).text
    failed = page[page.index("Что не удалось") : page.index("Что и когда доставлено")]
    assert "7 «А», родители" in failed
    assert "Снова добавьте бота в чат" in failed


def test_a_class_without_a_chat_is_named(school, enter, path):
    with transaction() as session:
        session.delete(session.get_one(Chat, school.parents_b))
    assert "чата нет: родители" in enter(school.director).get(path).text


def test_the_word_of_the_class_teacher_stands_in_the_proof(school, enter, path, day_id):
    counts = FamilyCounts(by_phone=2, by_paper=1)
    confirm_class(school.id, day_id, school.class_a, counts=counts, is_placed=True, actor_id=school.ivanova)
    page = enter(school.director).get(path).text
    assert "(по телефону 2, записка 1)" in page
    assert "1 из 2" in page


def test_the_proof_can_be_read_after_the_day_was_undone(school, enter, path, day_id):
    delivered(school.students_a)
    before = rows(enter(school.director), path)
    undo_remote_day(school.id, day_id, actor_id=school.director)
    page = enter(school.director).get(path).text
    assert "возвращён в школу" in page
    assert "24 ноября, 6:41:00 — размещено" in page
    after = rows(enter(school.director), path)
    kept = [row for row in before if row["Раздел"] == "Размещение"]
    assert [row for row in after if row["Раздел"] == "Размещение"] == kept
    assert len(kept) == 1
    assert any(row["Что"] == "Отменён" for row in after)


def test_texts_of_people_are_no_formulas(school, enter, path, day_id):
    with transaction() as session:
        session.get_one(RemoteDay, day_id).text = "=HYPERLINK(1)"
    found = [row["Состояние"] for row in rows(enter(school.director), path) if row["Что"] == "Причина"]
    assert found == ["'=HYPERLINK(1)"]


def test_a_private_lesson_stands_nowhere(school, enter, day_id, path):
    with transaction() as session:
        subject = make_subject(session, school.id, "Тайный предмет")
        group = make_group(session, school.id, "Петров дома", [(school.class_a,)], is_private=True)
        course = make_course(session, subject, group).id
    lesson_id = make_lesson(school, course, period=6, mode=LessonMode.CALL)
    token = db.session.get_one(Lesson, lesson_id).join_token
    for address in (path, f"{path}.csv", f"/remote-days/{day_id}", f"/remote-days/{day_id}/progress"):
        text = enter(school.director).get(address).text
        assert "Тайный" not in text
        assert "Петров дома" not in text
        assert token not in text


def test_reading_costs_the_same_however_many_lessons_there_are(school, enter, path):
    client = enter(school.director)

    def statements():
        seen = []
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731 - counted, then taken off again
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        assert client.get(path).status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    few = statements()
    with transaction() as session:
        day = session.query(RemoteDay).one()
        kept = day.lessons[0]
        for period in range(1, 8):
            more = type(kept)(
                school_id=school.id, remote_day_id=day.id, before=kept.before, after=kept.after, sequence=1
            )
            more.lesson_id = copied_lesson(session, school, period)
            add(session, more)
    assert statements() == few


def copied_lesson(session, school, period):
    source = session.query(Lesson).filter_by(school_id=school.id).first()
    values = {
        column.name: getattr(source, column.name)
        for column in Lesson.__table__.columns
        if column.name not in ("id", "uid", "join_token", "period")
    }
    return add(session, Lesson(**values, period=period)).id

"""A school's own texts: kept, followed by the posts, taken back; one school's words are nobody else's."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.chats.rendering import usual_source
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Bulletin, BulletinPart
from scheduler.models.post_texts import PostText
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.post_texts import change_post_text, reset_post_text
from tests.factories import TUESDAY, count, make_school

OWN = "{{ class_name }}, {{ date | day }}. Школа № 12\n{{ lessons }}"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))


@pytest.fixture
def school(app):
    made = make_school()
    book_lesson(made.id, LessonWish(made.algebra_a, TUESDAY, period=1))
    return made


def text(school):
    db.session.rollback()
    query = sa.select(BulletinPart.text).join(Bulletin).where(Bulletin.chat_id == school.students_a)
    return db.session.scalars(query).one()


def problem():
    db.session.rollback()
    return db.session.scalars(sa.select(PostText.problem)).one()


def test_the_posts_of_the_coming_days_follow_the_schools_own_words_and_back(school):
    usual = text(school)
    change_post_text(school.id, "bulletin", OWN, actor_id=school.director)
    assert text(school).startswith("7 «А», вторник, 24 ноября. Школа № 12\n1. 8:30")
    change_post_text(school.id, "bulletin", OWN, actor_id=school.director)
    reset_post_text(school.id, "bulletin", actor_id=school.director)
    assert (text(school), count(PostText)) == (usual, 0)
    assert count(AuditEvent, AuditEvent.action == "post_text") == 2


def test_a_text_that_cannot_be_used_changes_nothing(school):
    change_post_text(school.id, "bulletin", OWN, actor_id=None)
    with pytest.raises(PlanningError, match="Строка 2"):
        change_post_text(school.id, "bulletin", OWN + "{{ nothing }}", actor_id=None)
    with pytest.raises(NotThereError):
        change_post_text(school.id, "../config", OWN, actor_id=None)
    assert "Школа № 12" in text(school)


def test_a_text_that_fails_later_gives_way_and_is_told_to_a_person(school):
    usual = text(school)
    change_post_text(school.id, "bulletin", OWN, actor_id=None)
    with transaction() as session:
        session.scalars(sa.select(PostText)).one().source = OWN + "{{ gone }}"
    book_lesson(school.id, LessonWish(school.algebra_a, TUESDAY, period=6))
    assert text(school).startswith(usual.split("\n")[0] + "\n")
    assert "Школа № 12" not in text(school)
    assert problem().startswith("Строка 2")


def test_the_words_of_one_school_are_nobody_elses(school):
    other = make_school(name="Школа № 13")
    book_lesson(other.id, LessonWish(other.algebra_a, TUESDAY, period=1))
    change_post_text(school.id, "bulletin", OWN, actor_id=None)
    assert "Школа № 12" not in text(other)
    change_post_text(other.id, "bulletin", usual_source("bulletin"), actor_id=None)
    assert count(PostText) == 1

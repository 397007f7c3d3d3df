"""The child taught at home: lessons of its own that stand in no output of the class, the school or the chats."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.calendars.feeds import feed_for_class, feed_for_person
from scheduler.database import db
from scheduler.models.chats import BulletinPart, Notice
from scheduler.models.classes import GroupMember, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDayLesson
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.reports.evening import evening_of
from scheduler.rules.facts import LessonMode
from tests.web.conftest import device_token


@pytest.fixture
def lesson(demo):
    """The first lesson to come of the child's own group, held as a call."""
    today = clock.today("Europe/Moscow")
    query = sa.select(Lesson).join(Lesson.group).where(StudyGroup.is_private, Lesson.date > today)
    found = db.session.scalars(query.order_by(Lesson.starts_at)).first()
    change_lesson(demo.school_id, found.id, LessonEdit(mode=LessonMode.CALL))
    return db.session.get_one(Lesson, found.id)


@pytest.fixture
def day_id(demo, lesson):
    wish = RemoteWish(lesson.date, lesson.date, text="мороз −34 °C")
    return declare_remote_day(demo.school_id, wish).remote_day_id


@pytest.fixture
def director(app, demo):
    query = sa.select(Person.id).where(Person.school_id == demo.school_id, Person.source_id == "director")
    client = app.test_client()
    client.set_cookie("device", device_token(db.session.scalar(query)))
    return client


def test_the_demo_has_one_such_child_with_two_lessons_a_week(demo, lesson):
    groups = db.session.scalars(sa.select(StudyGroup).where(StudyGroup.is_private)).all()
    assert [len(group.members) for group in groups] == [1]
    week = Lesson.date.between(lesson.date, lesson.date + timedelta(days=6))
    query = sa.select(sa.func.count(Lesson.id)).where(Lesson.group_id == groups[0].id, week)
    assert db.session.scalar(query) == 2


def test_the_own_page_and_the_own_feed_show_it(app, lesson):
    pupil = db.session.scalar(sa.select(GroupMember.person_id).where(GroupMember.group_id == lesson.group_id))
    feed = feed_for_person(lesson.school_id, pupil).url.removeprefix("http://school.test")
    assert lesson.uid in app.test_client().get(feed).text.replace("\r\n ", "")


def test_no_output_of_the_class_shows_it(app, lesson, day_id, director):
    row = db.session.get_one(SchoolClass, lesson.group.parts[0].class_id)
    feed = feed_for_class(lesson.school_id, row.id).url.removeprefix("http://school.test")
    day = lesson.date.isoformat()
    outputs = [
        feed,
        *(f"/t/{row.page_token}?{query}" for query in (f"date={day}", f"view=week&date={day}")),
        f"/week?class={row.id}&date={day}",
        f"/remote-days/{day_id}",
        f"/remote-days/{day_id}/progress",
        f"/remote-days/{day_id}/proof",
        f"/remote-days/{day_id}/proof.csv",
        f"/remote-days/{day_id}/classes/{row.id}",
        f"/director/evening?date={day}",
        f"/director?date={day}",
    ]
    marks = (lesson.uid, lesson.join_token, lesson.group.name, f"/lessons/{lesson.id}")
    for path in outputs:
        answer = director.get(path)
        assert answer.status_code == 200, path
        text = answer.text.replace("\r\n ", "")
        assert [mark for mark in marks if mark in text] == [], path
    proof = director.get(f"/remote-days/{day_id}/proof").text
    assert {sibling.join_token in proof for sibling in of_class(row, lesson)} == {True}


def of_class(row, lesson):
    """Lessons of the class that the same outputs do show: the search is able to find something."""
    query = (
        sa.select(Lesson)
        .join(RemoteDayLesson, RemoteDayLesson.lesson_id == Lesson.id)
        .join(Lesson.group)
        .where(StudyGroup.name == row.label, Lesson.date == lesson.date)
    )
    return db.session.scalars(query).all()


def test_no_post_and_no_figure_knows_it(lesson, day_id):
    db.session.rollback()
    posts = [post.text for model in (BulletinPart, Notice) for post in db.session.scalars(sa.select(model))]
    assert any("/j/" in text for text in posts)
    assert [text for text in posts if lesson.join_token in text] == []
    assert db.session.scalar(sa.select(RemoteDayLesson.id).where(RemoteDayLesson.lesson_id == lesson.id)) is None
    counted = {one.lesson.id for one in evening_of(db.session(), lesson.school_id, lesson.date).lessons}
    assert counted
    assert lesson.id not in counted

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class, feed_for_person, feed_for_teacher
from scheduler.calendars.sets import sync_school
from scheduler.database import db, transaction
from scheduler.models.calendars import Calendar, Feed
from scheduler.models.classes import Enrollment, GroupMember, Guardianship
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person
from tests.calendars.changes import announce, summaries
from tests.factories import add, make_course, make_group, make_lesson, make_person


@pytest.fixture
def family(school):
    """A parent with a child in 7А and another in 7Б."""
    with transaction() as session:
        parent, older, younger = (
            make_person(session, school.id, ("Петров", name, "")).id for name in ("Иван", "Пётр", "Анна")
        )
        for child, class_id in ((older, school.class_a), (younger, school.class_b)):
            add(session, Enrollment(school_id=school.id, class_id=class_id, person_id=child))
            add(session, Guardianship(school_id=school.id, parent_id=parent, student_id=child))
    return parent, older, younger


def list_members(school, course_id, *people):
    with transaction() as session:
        group_id = session.get_one(Course, course_id).group_id
        for person_id in people:
            add(session, GroupMember(school_id=school.id, group_id=group_id, person_id=person_id))


def make_private(school, pupil_id):
    """A course of one pupil in 7А; answers its lesson."""
    with transaction() as session:
        group = make_group(session, school.id, "Петров П.", [(school.class_a,)], is_private=True)
        add(session, GroupMember(school_id=school.id, group_id=group.id, person_id=pupil_id))
        subject = session.scalar(sa.select(Subject).where(Subject.name == "Физика"))
        course_id = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    lesson = make_lesson(school, course_id, period=6)
    announce(school, lesson)
    return lesson


def make_day(school):
    announce(
        school,
        make_lesson(school, school.algebra_a, period=1),
        make_lesson(school, school.english_1, period=2),
        make_lesson(school, school.english_2, period=2),
        make_lesson(school, school.algebra_b, period=3),
    )


def test_class_has_all_its_groups_and_no_private_one(school, family):
    make_day(school)
    make_private(school, family[1])
    assert summaries(feed_for_class(school.id, school.class_a)) == [
        "▶ Алгебра — видеоурок",
        "▶ Английский язык, группа 1 — видеоурок",
        "▶ Английский язык, группа 2 — видеоурок",
    ]


def test_pupil_on_a_list_sees_the_own_part_alone(school, family):
    make_day(school)
    list_members(school, school.english_1, family[1])
    assert summaries(feed_for_person(school.id, family[1])) == [
        "▶ Алгебра — видеоурок",
        "▶ Английский язык, группа 1 — видеоурок",
    ]


def test_pupil_without_lists_misses_no_lesson(school, family):
    make_day(school)
    assert len(summaries(feed_for_person(school.id, family[1]))) == 3


def test_group_with_a_list_that_lacks_the_pupil_is_left_out(school, family):
    make_day(school)
    list_members(school, school.english_1, family[2])
    assert summaries(feed_for_person(school.id, family[1])) == [
        "▶ Алгебра — видеоурок",
        "▶ Английский язык, группа 2 — видеоурок",
    ]


def test_private_lesson_stands_in_the_pupils_and_the_teachers_feeds(school, family):
    make_private(school, family[1])
    assert summaries(feed_for_person(school.id, family[1])) == ["▶ Физика — видеоурок"]
    assert summaries(feed_for_teacher(school.id, school.kim)) == ["▶ индивидуальное занятие: Физика — видеоурок"]


def test_parent_has_all_children_in_one_feed_with_their_classes(school, family):
    make_day(school)
    feed = feed_for_person(school.id, family[0])
    assert feed.name == "7 «А», 7 «Б» — уроки"
    assert summaries(feed) == [
        "▶ 7 «А»: Алгебра — видеоурок",
        "▶ 7 «А»: Английский язык, группа 1 — видеоурок",
        "▶ 7 «А»: Английский язык, группа 2 — видеоурок",
        "▶ 7 «Б»: Алгебра — видеоурок",
    ]


def test_person_without_a_class_has_an_empty_calendar(school):
    feed = feed_for_person(school.id, school.director)
    assert (feed.name, summaries(feed)) == ("Мои уроки", [])


def test_club_without_a_list_is_joined_by_nobody(school, family):
    with transaction() as session:
        group = make_group(session, school.id, "Шахматы", [(school.class_a,)], is_club=True)
        subject = session.scalar(sa.select(Subject).where(Subject.name == "Физика"))
        club = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    announce(school, make_lesson(school, club))
    assert summaries(feed_for_person(school.id, family[1])) == []
    assert len(summaries(feed_for_class(school.id, school.class_a))) == 1


def test_feeds_join_a_group_with_its_first_lesson(school, family):
    feeds = [feed_for_class(school.id, school.class_a), feed_for_person(school.id, family[1])]
    assert [summaries(feed) for feed in feeds] == [[], []]
    with transaction() as session:
        group = make_group(session, school.id, "7А, проект", [(school.class_a,)])
        subject = session.scalar(sa.select(Subject).where(Subject.name == "Физика"))
        course = make_course(session, subject, group, session.get_one(Person, school.kim)).id
    announce(school, make_lesson(school, course))
    assert [summaries(feed) for feed in feeds] == [["▶ Физика — видеоурок"]] * 2


def test_changed_lists_change_the_set(school, family):
    make_day(school)
    feed = feed_for_person(school.id, family[1])
    assert len(summaries(feed)) == 3
    list_members(school, school.english_2, family[1])
    with transaction() as session:
        sync_school(session, school.id)
    assert summaries(feed)[1:] == ["▶ Английский язык, группа 2 — видеоурок"]


def test_unchanged_set_keeps_its_revision(school):
    make_day(school)
    feed = feed_for_class(school.id, school.class_a)
    with transaction() as session:
        sync_school(session, school.id)
    assert db.session.get_one(Feed, feed.feed_id).revision == 1


def test_first_lessons_of_many_groups_at_once_do_not_wait_for_each_other(school, app):
    with transaction() as session:
        subject = session.scalar(sa.select(Subject).where(Subject.name == "Физика"))
        teacher = session.get_one(Person, school.kim)
        courses = [
            make_course(session, subject, make_group(session, school.id, f"7А-{n}", [(school.class_a,)]), teacher).id
            for n in range(6)
        ]
    feed = feed_for_class(school.id, school.class_a)
    with transaction() as session:
        session.execute(sa.delete(Calendar))
    lessons = [make_lesson(school, course, period=number + 1) for number, course in enumerate(courses)]

    def announce_one(lesson):
        with app.app_context():
            announce(school, lesson)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(announce_one, lessons))
    assert len(summaries(feed)) == 6

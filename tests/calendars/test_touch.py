import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class
from scheduler.calendars.touch import touch, touch_school
from scheduler.database import db, register_wake, transaction
from scheduler.models.calendars import Calendar, CalendarKind
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonState
from tests.calendars.changes import announce, change
from tests.factories import make_lesson


def revisions():
    db.session.rollback()
    rows = db.session.execute(sa.select(Calendar.kind, Calendar.owner_id, Calendar.revision))
    return {(kind, owner): revision for kind, owner, revision in rows}


def group_of(lesson_id):
    return db.session.get_one(Lesson, lesson_id).group_id


def test_new_lesson_makes_the_calendars_of_its_group_and_teacher(school):
    lesson = make_lesson(school, school.algebra_a)
    announce(school, lesson)
    assert revisions() == {
        (CalendarKind.GROUP, group_of(lesson)): 1,
        (CalendarKind.TEACHER, school.ivanova): 1,
    }


def test_change_raises_each_calendar_once(school):
    lessons = [make_lesson(school, school.algebra_a, period=period) for period in (1, 2, 3)]
    announce(school, *lessons)
    change(school, *lessons, topic="Дроби")
    assert set(revisions().values()) == {2}


def test_calendars_of_before_and_after_are_both_raised(school):
    lesson = make_lesson(school, school.algebra_a)
    announce(school, lesson)
    with transaction() as session:
        row = session.get_one(Lesson, lesson)
        before = snapshot(row)
        row.teaching = [LessonTeacher(school_id=school.id, person_id=school.kim)]
        row.rooms = [session.get_one(Room, school.room_27)]
        touch(session, school.id, [LessonChange(before, row)])
    assert revisions() == {
        (CalendarKind.GROUP, group_of(lesson)): 2,
        (CalendarKind.TEACHER, school.ivanova): 2,
        (CalendarKind.TEACHER, school.kim): 1,
        (CalendarKind.ROOM, school.room_27): 1,
    }


def test_nothing_changed_touches_nothing(school):
    announce(school)
    assert revisions() == {}


def test_only_calendars_with_a_subscriber_wake_the_engine(school, app):
    woken = []
    register_wake(app, woken.append)
    lesson = make_lesson(school, school.algebra_a)
    announce(school, lesson)
    assert woken == []
    feed_for_class(school.id, school.class_a)
    change(school, lesson, topic="Дроби")
    calendar_id = db.session.scalar(sa.select(Calendar.id).where(Calendar.owner_id == group_of(lesson)))
    assert woken == [(("feed", calendar_id),)]


def test_whole_school_is_raised_after_a_renaming(school, app):
    announce(school, make_lesson(school, school.algebra_a))
    with transaction() as session:
        touch_school(session, school.id)
    assert set(revisions().values()) == {2}


def test_queries_do_not_grow_with_the_lessons(school):
    lessons = [
        make_lesson(school, course, period=period)
        for course in (school.algebra_a, school.english_1, school.physics_a)
        for period in range(1, 8)
    ]
    announce(school, *lessons)
    assert queries_of(school, lessons) == queries_of(school, lessons[:1])


def queries_of(school, lessons):
    with transaction() as session:
        changes = [LessonChange(snapshot(row), row) for row in (session.get_one(Lesson, n) for n in lessons)]
        seen = []
        bind = session.connection()
        sa.event.listen(bind, "before_cursor_execute", lambda *args: seen.append(args[2]))
        touch(session, school.id, changes)
        return len(seen)


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        (LessonState.WAITING, LessonState.CANCELLED, True),
        (LessonState.WAITING, LessonState.PLANNED, False),
        (LessonState.PLANNED, LessonState.CANCELLED, False),
    ],
)
def test_only_a_refused_wish_is_remembered_as_refused(school, before, after, is_refused):
    lesson = make_lesson(school, school.algebra_a, state=before)
    change(school, lesson, state=after)
    db.session.rollback()
    assert db.session.get_one(Lesson, lesson).is_refused is is_refused

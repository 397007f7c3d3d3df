"""Tasks of remote lessons: written many at once, told where somebody else was faster, counted per teacher."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import Bulletin, BulletinPart, Notice, PostState
from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.lesson_tasks import (
    TaskEdit,
    lessons_to_task,
    missing_by_teacher,
    parallels,
    write_tasks,
)
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, count, make_lesson, make_person, make_school
from tests.planning.test_statements import counted

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = (TUESDAY, TUESDAY + timedelta(days=6))


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_school()


def typed(text, before=""):
    return TaskEdit(before, text)


def row(lesson_id):
    db.session.expire_all()
    return db.session.get_one(Lesson, lesson_id)


def posted():
    with transaction() as session:
        for model in (BulletinPart, Notice):
            for post in session.scalars(sa.select(model)):
                post.posted_hash, post.state, post.message_id = post.wanted_hash, PostState.POSTED, f"m{post.id}"


def shown(chat_id):
    db.session.expire_all()
    query = sa.select(BulletinPart.text).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return "\n".join(db.session.scalars(query))


def test_several_tasks_are_written_at_once_and_no_phone_rings(school):
    ids = [make_lesson(school, school.algebra_a, period=one) for one in (1, 2)]
    for lesson_id in ids:
        change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    posted()
    notices = count(Notice)

    done = write_tasks(school.id, {one: typed(f"§ {one}") for one in ids}, actor_id=school.ivanova)

    assert (done.changed, done.conflicts) == (2, ())
    assert [row(one).offline_task for one in ids] == [f"§ {one}" for one in ids]
    assert f"Если нет интернета: § {ids[1]}" in shown(school.students_a)
    assert count(Notice) == notices


def test_what_somebody_else_wrote_is_told_with_both_texts_and_the_rest_is_saved(school):
    first, second = (make_lesson(school, school.algebra_a, period=one) for one in (1, 2))
    write_tasks(school.id, {first: typed("упр. 5")}, actor_id=school.director)

    done = write_tasks(school.id, {first: typed("§ 12"), second: typed("§ 13")}, actor_id=school.ivanova)

    assert done.changed == 1
    assert [(one.lesson_id, one.theirs, one.mine) for one in done.conflicts] == [(first, "упр. 5", "§ 12")]
    assert (row(first).offline_task, row(second).offline_task) == ("упр. 5", "§ 13")
    again = write_tasks(school.id, {first: typed("§ 12", before="упр. 5")}, actor_id=school.ivanova)
    assert (again.changed, row(first).offline_task) == (1, "§ 12")


def test_the_same_text_from_two_people_is_no_conflict(school):
    lesson_id = make_lesson(school, school.algebra_a)
    for person_id in (school.director, school.ivanova):
        assert write_tasks(school.id, {lesson_id: typed("§ 1")}, actor_id=person_id).conflicts == ()


def test_what_was_not_touched_is_not_written(school):
    lesson_id = make_lesson(school, school.algebra_a, offline_task="§ 1")
    assert write_tasks(school.id, {lesson_id: typed("", before="")}, actor_id=school.ivanova).changed == 0
    assert row(lesson_id).offline_task == "§ 1"


def test_a_lesson_cancelled_meanwhile_is_named(school, now):
    cancelled, over = make_lesson(school, school.algebra_a), make_lesson(school, school.algebra_a, period=2)
    cancel_lesson(school.id, cancelled)
    now[0] = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    done = write_tasks(school.id, {cancelled: typed("§ 1"), over: typed("§ 2")}, actor_id=school.ivanova)
    assert (done.changed, done.gone) == (0, (cancelled, over))


def test_a_task_is_no_change_of_the_plan(school):
    lesson_id = make_lesson(school, school.algebra_a)
    write_tasks(school.id, {lesson_id: typed("§ 1")}, actor_id=school.ivanova)
    assert (row(lesson_id).is_changed_by_person, row(lesson_id).sequence) == (False, 1)


def test_only_the_own_lessons_and_those_of_the_class(school):
    own, other = make_lesson(school, school.algebra_a), make_lesson(school, school.physics_a, period=2)
    with pytest.raises(NotAllowedError):
        write_tasks(school.id, {own: typed("§ 1"), other: typed("§ 2")}, actor_id=school.ivanova)
    assert row(own).offline_task == ""
    with transaction() as session:
        scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
        leader = make_person(session, school.id, ("Классная", "Ида", ""), role=Role.CHAT_ADMINISTRATOR, **scope).id
    assert write_tasks(school.id, {own: typed("§ 1"), other: typed("§ 2")}, actor_id=leader).changed == 2
    b = make_lesson(school, school.algebra_b, period=4)
    with pytest.raises(NotAllowedError):
        write_tasks(school.id, {b: typed("§ 1")}, actor_id=leader)


def test_another_schools_lesson_and_a_text_too_long_are_refused(school):
    other = make_school(name="Другая")
    theirs = make_lesson(other, other.algebra_a)
    with pytest.raises(NotThereError):
        write_tasks(school.id, {theirs: typed("§ 1")}, actor_id=school.director)
    with pytest.raises(PlanningError, match="1000"):
        write_tasks(school.id, {theirs: typed("§" * 1001)}, actor_id=school.director)


def test_what_is_missing_is_counted_per_teacher(school):
    make_lesson(school, school.algebra_a, period=1)
    make_lesson(school, school.algebra_b, period=4)
    make_lesson(school, school.physics_a, period=2, offline_task="§ 1")
    make_lesson(school, school.english_1, period=3, mode=LessonMode.SELF_STUDY, homework="упр. 5")
    make_lesson(school, school.physics_a, period=5, mode=LessonMode.IN_PERSON)
    found = missing_by_teacher(db.session(), school.id, WEEK)
    assert [(one.person.id, one.count) for one in found] == [(school.ivanova, 2)]


def test_a_class_shows_no_private_lesson_but_its_teacher_does(school):
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        session.get_one(StudyGroup, session.get_one(Lesson, lesson_id).group_id).is_private = True
    assert lessons_to_task(db.session(), school.id, WEEK, class_id=school.class_a) == []
    assert [one.id for one in lessons_to_task(db.session(), school.id, WEEK, teacher_id=school.ivanova)] == [lesson_id]


def test_parallels_are_of_one_subject_and_grade_in_the_same_order(school):
    a1, a2 = (make_lesson(school, school.algebra_a, day=TUESDAY + timedelta(days=one)) for one in (0, 1))
    b1, b2 = (make_lesson(school, school.algebra_b, day=TUESDAY + timedelta(days=one), period=3) for one in (1, 2))
    english = make_lesson(school, school.english_2, period=5)
    found = parallels(lessons_to_task(db.session(), school.id, WEEK, teacher_id=school.ivanova))
    assert found == {a1: (b1,), a2: (b2,), b1: (a1,), b2: (a2,), english: ()}


def test_the_teachers_post_counts_what_is_still_missing(school):
    ids = [make_lesson(school, school.algebra_a, period=one, mode=LessonMode.IN_PERSON) for one in (1, 2)]
    declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз"), override="проверка")
    assert "(всего 2)" in shown(school.teachers_chat)

    write_tasks(school.id, {ids[0]: typed("§ 1")}, actor_id=school.ivanova)
    assert "(всего 1)" in shown(school.teachers_chat)
    write_tasks(school.id, {ids[1]: typed("§ 2")}, actor_id=school.ivanova)
    assert "недостающие задания" not in shown(school.teachers_chat)


def test_what_is_read_does_not_grow_with_the_lessons(school):
    def written(day, periods):
        ids = [make_lesson(school, school.algebra_a, day=day, period=one) for one in periods]
        with counted() as seen:
            write_tasks(school.id, {one: typed("§ 1") for one in ids}, actor_id=school.ivanova)
        return sum(one.startswith("SELECT") for one in seen)

    written(TUESDAY, [1])  # makes the calendars and the days
    assert written(TUESDAY + timedelta(days=2), [1, 2, 3, 4, 5, 6]) == written(TUESDAY + timedelta(days=1), [1])

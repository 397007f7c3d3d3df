"""An absence taken back as a whole, with and without a remote day on the same date."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.absence import Absence, AnswerKind
from scheduler.models.lessons import Lesson
from scheduler.models.timetable import Room
from scheduler.permissions import Role
from scheduler.planning.absences.resolving import resolve_absence
from scheduler.planning.absences.undoing import undo_absence
from scheduler.planning.absences.wish import Answer
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.publish import publish_timetable
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, make_lesson, make_person, make_school
from tests.planning.test_absences import IN_PERSON, MORNING, cases, lesson_row, substitute, teachers, wish


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    return make_school()


@pytest.fixture
def petrova(school):
    with transaction() as session:
        return make_person(session, school.id, ("Петрова", "Анна", "Ивановна"), role=Role.TEACHER).id


def test_undoing_restores_what_still_holds_and_publishing_takes_it_up_again(school, petrova):
    publish_timetable(school.id, TUESDAY, TUESDAY)
    answers = {case.lesson.id: substitute(petrova) for case in cases(school)}
    first, second = answers
    answers[second] = Answer(AnswerKind.SELF_STUDY, task="§ 1")
    done = resolve_absence(school.id, wish(school, answers))

    undone = undo_absence(school.id, done.absence_id)

    assert (undone.changed, undone.kept) == (2, ())
    assert teachers(first) == [(school.ivanova, None)]
    row = lesson_row(second)
    assert (row.mode, row.offline_task, row.is_changed_by_person) == (IN_PERSON, "", False)
    assert publish_timetable(school.id, TUESDAY, TUESDAY).unchanged == 4
    assert undo_absence(school.id, done.absence_id).changed == 0


def test_undoing_lists_what_somebody_changed_since(school, petrova):
    first = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    second = make_lesson(school, school.algebra_b, period=4, mode=IN_PERSON)
    answers = {first: substitute(petrova), second: Answer(AnswerKind.SELF_STUDY, task="§ 1")}
    done = resolve_absence(school.id, wish(school, answers))
    change_lesson(school.id, second, LessonEdit(mode=LessonMode.CALL))

    undone = undo_absence(school.id, done.absence_id)

    assert (undone.changed, undone.kept) == (2, (second,))
    assert lesson_row(second).mode is LessonMode.CALL
    assert lesson_row(second).offline_task == ""
    assert db.session.get_one(Absence, done.absence_id).kept == [second]


def test_undoing_leaves_what_has_begun(school, petrova, now):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)
    done = resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))
    now[0] = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)
    assert undo_absence(school.id, done.absence_id).kept == (lesson_id,)
    assert teachers(lesson_id) == [(petrova, school.ivanova)]


def test_undoing_does_not_put_a_teacher_into_two_lessons(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)
    done = resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))
    book_lesson(school.id, LessonWish(school.algebra_b, TUESDAY, period=1), reason="вышла на час")

    undone = undo_absence(school.id, done.absence_id)

    assert (undone.changed, undone.kept) == (0, (lesson_id,))
    assert teachers(lesson_id) == [(petrova, school.ivanova)]


def test_a_remote_day_makes_no_call_of_a_lesson_whose_teacher_is_away(school, petrova):
    alone = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    handed = make_lesson(school, school.algebra_b, period=4, mode=IN_PERSON)
    answers = {alone: Answer(AnswerKind.SELF_STUDY, task="§ 1"), handed: substitute(petrova)}
    done = resolve_absence(school.id, wish(school, answers))

    declared = declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз"), override="проверка")

    assert lesson_row(alone).mode is LessonMode.SELF_STUDY
    assert lesson_row(handed).mode is LessonMode.CALL
    undo_remote_day(school.id, declared.remote_day_id)
    assert teachers(handed) == [(petrova, school.ivanova)]
    assert lesson_row(handed).mode is IN_PERSON
    undone = undo_absence(school.id, done.absence_id)
    assert (lesson_row(alone).mode, teachers(handed)) == (IN_PERSON, [(school.ivanova, None)])
    assert undone.kept == ()


def test_an_absence_on_a_remote_day_goes_back_into_the_call(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a, period=2, mode=IN_PERSON)
    declared = declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз"), override="проверка")
    assert lesson_row(lesson_id).mode is LessonMode.CALL
    done = resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.SELF_STUDY)}))
    assert lesson_row(lesson_id).mode is LessonMode.SELF_STUDY

    undo_absence(school.id, done.absence_id)
    assert lesson_row(lesson_id).mode is LessonMode.CALL
    assert undo_remote_day(school.id, declared.remote_day_id).kept == ()
    assert lesson_row(lesson_id).mode is IN_PERSON


def test_work_on_ones_own_since_a_remote_day_is_done_at_school_when_the_day_is_taken_back(school):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)
    with transaction() as session:
        session.get_one(Lesson, lesson_id).rooms = [session.get_one(Room, school.room_27)]
    declared = declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз")).remote_day_id
    resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.SELF_STUDY)}))
    assert not lesson_row(lesson_id).is_joined_together
    undo_remote_day(school.id, declared)
    found = lesson_row(lesson_id)
    assert (found.mode, found.is_joined_together) == (LessonMode.SELF_STUDY, True)

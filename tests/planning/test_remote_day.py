"""The remote day from decision to chats and back, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, Notice, PostState
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson, RuleOverride
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemoteDayState
from scheduler.models.school import CallWay, School
from scheduler.models.timetable import BellAssignment, BellKind
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError, StaleError
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.preparing import preview_remote_day
from scheduler.planning.remote.telling import dates_line, sentence
from scheduler.planning.remote.undoing import undo_remote_day, undo_remote_days
from scheduler.planning.remote.wish import RemoteWish, Scope, scope_words
from scheduler.rules.facts import LessonKind, LessonMode, LessonState
from scheduler.rules.remote_use import RemoteUse
from tests.factories import (
    TUESDAY,
    add,
    count,
    make_bells,
    make_course,
    make_group,
    make_lesson,
    make_school,
    make_subject,
)

WEDNESDAY = TUESDAY + timedelta(days=1)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REMOTE = {number: (time(8 + number, 0), time(8 + number, 30)) for number in range(1, 8)}
WISH = RemoteWish(TUESDAY, TUESDAY, text="мороз −34 °C")


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    made = make_school(weekly_slots=False)
    with transaction() as session:
        bells = make_bells(session, made.id, REMOTE, kind=BellKind.REMOTE)
        add(session, BellAssignment(school_id=made.id, bell_schedule_id=bells.id, shift=1))
        session.get_one(School, made.id).call_way = CallWay.VK
    courses = (made.algebra_a, made.english_1, made.physics_a)
    for period, course in enumerate(courses, start=1):
        make_lesson(made, course, period=period, mode=LessonMode.IN_PERSON, base={"nth": 1})
    make_lesson(made, made.algebra_b, period=4, mode=LessonMode.IN_PERSON, base={"nth": 1})
    return made


def lessons(school, day=TUESDAY):
    db.session.expire_all()
    query = sa.select(Lesson).where(Lesson.school_id == school.id, Lesson.date == day)
    return list(db.session.scalars(query.order_by(Lesson.start, Lesson.id)))


def modes(school, day=TUESDAY):
    return [one.mode.value for one in lessons(school, day)]


def texts(chat_id):
    db.session.expire_all()
    query = sa.select(BulletinPart.text).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return list(db.session.scalars(query.order_by(Bulletin.date, BulletinPart.number)))


def posted():
    """Every part and notice stands in its chat."""
    with transaction() as session:
        for model in (BulletinPart, Notice):
            for post in session.scalars(sa.select(model)):
                post.posted_hash, post.state, post.message_id = post.wanted_hash, PostState.POSTED, f"m{post.id}"


def activity(school):
    with transaction() as session:
        subject = make_subject(session, school.id, "Кружок", kind=LessonKind.EXTRACURRICULAR)
        group = make_group(session, school.id, "Кружок 7А", [(school.class_a,)], is_club=True)
        course = make_course(session, subject, group).id
    return make_lesson(school, course, period=6, mode=LessonMode.IN_PERSON, kind=LessonKind.EXTRACURRICULAR)


def test_the_preview_changes_nothing(school):
    proposal = preview_remote_day(school.id, WISH)
    assert (len(proposal.rows), len(proposal.classes), proposal.blocking) == (4, 2, ())
    assert (proposal.count(LessonMode.CALL), proposal.count(LessonMode.SELF_STUDY)) == (3, 1)
    assert modes(school) == ["in_person"] * 4


def test_what_was_shown_is_what_is_applied(school):
    proposal = preview_remote_day(school.id, WISH)
    done = declare_remote_day(school.id, WISH, actor_id=school.director, digest=proposal.digest)
    assert done.changed == 4
    after = {one.id: (one.mode, one.start, one.end, one.online_minutes) for one in lessons(school)}
    assert after == {one.lesson_id: (one.mode, one.start, one.end, one.online_minutes) for one in proposal.rows}
    assert {one.sequence for one in lessons(school)} == {1}
    assert [(one.start, one.end) for one in lessons(school)] == [REMOTE[number] for number in (1, 2, 3, 4)]
    assert lessons(school)[0].starts_at == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert count(AuditEvent, AuditEvent.action == "remote_day") == 4


def test_a_plan_that_changed_meanwhile_is_shown_again(school):
    digest = preview_remote_day(school.id, WISH).digest
    make_lesson(school, school.algebra_a, period=5, mode=LessonMode.IN_PERSON)
    with pytest.raises(StaleError):
        declare_remote_day(school.id, WISH, digest=digest)


def test_sent_again_it_changes_nothing(school):
    first = declare_remote_day(school.id, WISH)
    again = declare_remote_day(school.id, WISH)
    assert (again.changed, again.remote_day_id) == (0, first.remote_day_id)
    assert count(RemoteDay) == 1


def test_a_second_decision_leaves_the_first_alone(school):
    declare_remote_day(school.id, replace(WISH, scope=Scope(class_ids=frozenset({school.class_a}))))
    whole = declare_remote_day(school.id, WISH)
    assert whole.changed == 1
    assert [row.class_ids for row in db.session.scalars(sa.select(RemoteDay).order_by(RemoteDay.id))] == [
        [school.class_a],
        [school.class_b],
    ]


def test_undo_restores_every_field(school):
    before = [(one.mode, one.start, one.end, one.online_minutes, one.is_changed_by_person) for one in lessons(school)]
    done = declare_remote_day(school.id, WISH)
    undone = undo_remote_day(school.id, done.remote_day_id, actor_id=school.director, reason="потеплело")
    assert (undone.changed, undone.kept) == (4, ())
    after = [(one.mode, one.start, one.end, one.online_minutes, one.is_changed_by_person) for one in lessons(school)]
    assert after == before
    assert undo_remote_day(school.id, done.remote_day_id).changed == 0
    assert db.session.get_one(RemoteDay, done.remote_day_id).state is RemoteDayState.UNDONE


def test_undo_leaves_what_somebody_changed_since(school):
    done = declare_remote_day(school.id, WISH)
    moved = lessons(school)[0]
    change_lesson(school.id, moved.id, LessonEdit(start=time(15), end=time(15, 30)), reason="так решили")
    undone = undo_remote_day(school.id, done.remote_day_id)
    assert undone.kept == (moved.id,)
    back = next(one for one in lessons(school) if one.id == moved.id)
    assert (back.mode, back.start, back.is_changed_by_person) == (LessonMode.IN_PERSON, time(15), True)


def test_undo_leaves_lessons_that_have_begun(school, now):
    declare_remote_day(school.id, WISH)
    now[0] = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    undone = undo_remote_days(school.id, TUESDAY, TUESDAY)
    assert (undone.changed, len(undone.kept)) == (2, 2)
    assert modes(school) == ["call", "call", "in_person", "in_person"] or modes(school).count("in_person") == 2


def test_begun_lessons_are_not_touched(school, now):
    now[0] = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert declare_remote_day(school.id, WISH).changed == 2


def test_activities_are_dropped_or_kept_as_the_person_said(school):
    lesson_id = activity(school)
    kept = preview_remote_day(school.id, replace(WISH, activities=RemoteUse.SELF_STUDY))
    assert next(one.mode for one in kept.rows if one.lesson_id == lesson_id) is LessonMode.SELF_STUDY
    done = declare_remote_day(school.id, WISH)
    assert done.plan.facts()["dropped"] == 1
    assert db.session.get_one(Lesson, lesson_id).state is LessonState.CANCELLED
    undo_remote_day(school.id, done.remote_day_id)
    db.session.expire_all()
    assert db.session.get_one(Lesson, lesson_id).state is LessonState.PLANNED


def test_private_lessons_and_shared_streams_are_left_alone(school):
    with transaction() as session:
        subject = session.scalars(sa.select(Subject)).first()
        private = make_group(session, school.id, "Петров", [(school.class_a,)], is_private=True)
        stream = make_group(session, school.id, "7А, 7Б", [(school.class_a,), (school.class_b,)])
        courses = [make_course(session, subject, group).id for group in (private, stream)]
    for period, course in enumerate(courses, start=6):
        make_lesson(school, course, period=period, mode=LessonMode.IN_PERSON)
    proposal = preview_remote_day(school.id, replace(WISH, scope=Scope(class_ids=frozenset({school.class_a}))))
    assert (len(proposal.rows), proposal.left.private, proposal.left.shared) == (3, 1, 1)
    whole = preview_remote_day(school.id, WISH)
    assert (whole.left.private, whole.left.shared, whole.left.without_teacher) == (1, 0, 1)


def test_a_person_moves_a_lesson_between_call_and_own_work(school):
    first, *_ = preview_remote_day(school.id, WISH).rows
    wish = replace(WISH, modes={first.lesson_id: LessonMode.SELF_STUDY})
    assert next(one for one in preview_remote_day(school.id, wish).rows).mode is LessonMode.SELF_STUDY
    called = {one.lesson_id: LessonMode.CALL for one in preview_remote_day(school.id, WISH).rows}
    forced = preview_remote_day(school.id, replace(WISH, modes=called))
    assert forced.count(LessonMode.CALL) == 4


def test_a_broken_norm_needs_a_reason_that_is_kept(school):
    with transaction() as session:
        session.get_one(School, school.id).rule_settings = {"severities": {"SCREEN_DAY_SCHOOL": "law"}}
    ids = [one.lesson_id for one in preview_remote_day(school.id, WISH).rows]
    wish = replace(WISH, modes=dict.fromkeys(ids, LessonMode.CALL))
    with pytest.raises(ReasonNeededError):
        declare_remote_day(school.id, wish)
    assert declare_remote_day(school.id, wish, override="экзамен").changed == 4
    assert count(RuleOverride, RuleOverride.reason == "экзамен") > 0


def test_the_school_wishes_its_own_number_of_calls(school):
    with transaction() as session:
        session.get_one(School, school.id).rule_settings = {"remote_calls": {"7": 1}}
    assert preview_remote_day(school.id, WISH).count(LessonMode.CALL) == 2


def test_without_remote_bells_the_hours_stay(school):
    with transaction() as session:
        session.execute(sa.delete(BellAssignment).where(BellAssignment.shift == 1))
    proposal = preview_remote_day(school.id, WISH)
    assert proposal.left.without_bells == 4
    before = [one.start for one in lessons(school)]
    assert [one.start for one in proposal.rows] == before


def test_chats_tell_the_day(school):
    declare_remote_day(school.id, replace(WISH, order_reference="№ 12 от 24.11.2026"))
    (pupils,), (parents,), (teachers,) = texts(school.students_a), texts(school.parents_a), texts(school.teachers_chat)
    assert pupils.splitlines()[:2] == [
        "Дистанционный день. 7 «А», вторник, 24 ноября",
        "Мороз −34 °C. В школу не приходим, учимся дома.",
    ]
    assert parents.splitlines()[0] == "Уважаемые родители! 7 «А», вторник, 24 ноября"
    assert "Видеоуроков: 2" in parents
    assert "Иванова Е. П." in parents
    assert teachers.splitlines()[:2] == [
        "Уважаемые коллеги! Вторник, 24 ноября — дистанционный день.",
        "Мороз −34 °C. Классы: все. Расписание звонков: дистанционное, первый урок в 9:00.",
    ]
    assert "Приказ № 12 от 24.11.2026." in teachers


def test_a_remote_day_goes_out_at_once_and_sounds(school, now):
    now[0] = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    declare_remote_day(school.id, WISH)
    parts = db.session.scalars(sa.select(BulletinPart)).all()
    assert len(parts) == 5
    assert all(part.due_at <= now[0] and part.is_loud and part.state is PostState.WANTED for part in parts)
    due = {part.bulletin.chat_id: part.due_at for part in parts}
    assert due[school.students_a] < due[school.students_b]


def test_several_dates_are_one_message_now(school, now):
    make_lesson(school, school.algebra_a, day=WEDNESDAY, period=1, mode=LessonMode.IN_PERSON)
    now[0] = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    declare_remote_day(school.id, replace(WISH, last=WEDNESDAY))
    query = sa.select(BulletinPart).join(Bulletin).where(Bulletin.chat_id == school.students_a)
    first, later = db.session.scalars(query.order_by(Bulletin.date)).all()
    assert first.due_at <= now[0] < later.due_at
    assert "С 24 по 25 ноября учимся дома." in first.text


def test_after_undo_no_chat_says_remote_day(school):
    done = declare_remote_day(school.id, WISH)
    posted()
    undo_remote_day(school.id, done.remote_day_id)
    for chat_id in (school.students_a, school.parents_a, school.teachers_chat):
        assert "истанционный день" not in texts(chat_id)[0].splitlines()[0]
    notices = {one.chat_id: one for one in db.session.scalars(sa.select(Notice))}
    assert set(notices) == {school.students_a, school.parents_a, school.students_b, school.parents_b,
                            school.teachers_chat}  # fmt: skip
    assert notices[school.students_a].text == (
        "Внимание! 7 «А», вторник, 24 ноября: приходим в школу\n"
        "Объявленный ранее перевод на дистанционные уроки отменён. Первый урок в 8:30, расписание обычное. "
        "Видеоуроков не будет."
    )
    assert notices[school.teachers_chat].text.startswith("Внимание! Вторник, 24 ноября: приходим в школу")
    assert {one.is_loud for one in notices.values()} == {True}


def notice_of(chat_id):
    db.session.expire_all()
    return db.session.scalars(sa.select(Notice).where(Notice.chat_id == chat_id).order_by(Notice.id.desc())).first()


def test_after_undo_calls_booked_before_are_not_denied(school):
    change_lesson(school.id, lessons(school)[0].id, LessonEdit(mode=LessonMode.CALL))
    done = declare_remote_day(school.id, WISH)
    posted()
    undo_remote_day(school.id, done.remote_day_id)
    assert notice_of(school.students_a).text.endswith("Видеоуроки, назначенные раньше, — по расписанию.")
    assert notice_of(school.students_b).text.endswith("Видеоуроков не будет.")


def test_after_undo_the_first_lesson_is_one_to_come(school, now):
    done = declare_remote_day(school.id, WISH)
    posted()
    now[0] = datetime(2026, 11, 24, 6, 20, tzinfo=UTC)  # 9:20: the first remote lesson runs
    undo_remote_day(school.id, done.remote_day_id)
    assert "Первый урок в 9:25" in notice_of(school.students_a).text


def test_after_undo_no_chat_sounds_twice(school, now):
    day_later = make_lesson(school, school.algebra_a, day=WEDNESDAY, period=1, mode=LessonMode.IN_PERSON)
    change_lesson(school.id, day_later, LessonEdit(mode=LessonMode.CALL))
    now[0] = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    done = declare_remote_day(school.id, replace(WISH, last=WEDNESDAY))
    with transaction() as session:
        for part in session.scalars(sa.select(BulletinPart).join(Bulletin).where(Bulletin.date == TUESDAY)):
            part.posted_hash, part.state, part.message_id = part.wanted_hash, PostState.POSTED, f"m{part.id}"
    undo_remote_day(school.id, done.remote_day_id)
    query = sa.select(BulletinPart).join(Bulletin).where(
        Bulletin.chat_id == school.students_a, Bulletin.date == WEDNESDAY
    )  # fmt: skip
    part = db.session.scalars(query).one()
    assert (part.due_at <= now[0], part.is_loud, notice_of(school.students_a).is_loud) == (True, False, True)


def test_a_chat_that_was_shown_the_day_otherwise_is_told_at_once_and_once(school, now):
    change_lesson(school.id, lessons(school)[0].id, LessonEdit(mode=LessonMode.CALL))
    posted()
    declare_remote_day(school.id, WISH)
    notices = {one.chat_id: one for one in db.session.scalars(sa.select(Notice))}
    assert set(notices) == {school.students_a, school.parents_a, school.teachers_chat}
    assert notices[school.students_a].text.splitlines()[:2] == [
        "Изменение. 7 «А», вторник, 24 ноября",
        "Объявлен дистанционный день. Мороз −34 °C. В школу не приходим, учимся дома.",
    ]
    assert notices[school.parents_a].text.splitlines()[1] == (
        "Объявлен дистанционный день. Мороз −34 °C. Занятия в здании школы отменены."
    )
    assert notices[school.teachers_chat].text.splitlines()[0] == "Изменение. Вторник, 24 ноября"
    assert all(one.is_loud and one.due_at <= now[0] for one in notices.values())


def test_after_the_decision_was_told_a_changed_lesson_has_a_notice_of_its_own(school):
    first = lessons(school)[0]
    change_lesson(school.id, first.id, LessonEdit(mode=LessonMode.CALL))
    posted()
    declare_remote_day(school.id, WISH)
    posted()
    change_lesson(school.id, first.id, LessonEdit(mode=LessonMode.SELF_STUDY))
    told = db.session.scalars(sa.select(Notice.text).where(Notice.chat_id == school.students_a).order_by(Notice.id))
    assert "самостоятельно" in list(told)[-1]


def test_after_undo_a_lesson_at_school_stands_with_the_bells_of_the_school(school):
    done = declare_remote_day(school.id, WISH)
    posted()
    undo_remote_day(school.id, done.remote_day_id)
    first = lessons(school)[0]
    line = next(line for line in texts(school.students_a)[0].splitlines() if "Алгебра" in line)
    assert f"{first.start:%-H:%M}–{first.end:%-H:%M} Алгебра" in line
    assert first.start != REMOTE[1][0]


def test_undone_before_anybody_saw_it_no_chat_hears_of_it(school):
    done = declare_remote_day(school.id, WISH)
    undo_remote_day(school.id, done.remote_day_id)
    assert count(Notice) == 0
    assert {part.state for part in db.session.scalars(sa.select(BulletinPart))} == {PostState.WITHDRAWN}


def test_undoing_one_of_two_decisions_leaves_the_other(school):
    one = declare_remote_day(school.id, replace(WISH, scope=Scope(class_ids=frozenset({school.class_a}))))
    declare_remote_day(school.id, WISH)
    posted()
    undo_remote_day(school.id, one.remote_day_id)
    assert "дистанционный день" in texts(school.teachers_chat)[0]
    assert texts(school.students_b)[0].startswith("Дистанционный день")
    assert texts(school.students_a)[0].startswith("7 «А»")


def test_who_has_not_the_right_is_refused(school):
    with pytest.raises(NotAllowedError):
        declare_remote_day(school.id, WISH, actor_id=school.ivanova)
    with pytest.raises(NotThereError):
        undo_remote_day(school.id, 999)
    with pytest.raises(PlanningError):
        preview_remote_day(school.id, replace(WISH, last=TUESDAY - timedelta(days=1)))


def test_a_failure_on_the_way_leaves_nothing(school, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("scheduler.planning.consequences.mark_stale", fail)
    with pytest.raises(OSError, match="disk full"):
        declare_remote_day(school.id, WISH)
    assert (count(RemoteDay), count(RemoteDayLesson), count(Bulletin)) == (0, 0, 0)
    assert modes(school) == ["in_person"] * 4


def test_scopes_by_grade_and_shift(school):
    with transaction() as session:
        session.get_one(SchoolClass, school.class_b).shift = 2
    assert len(preview_remote_day(school.id, replace(WISH, scope=Scope(grades=frozenset({7})))).classes) == 2
    assert preview_remote_day(school.id, replace(WISH, scope=Scope(shift=2))).classes == {school.class_b}
    assert Scope(grades=frozenset({7})).plain() == {"grades": [7], "class_ids": [], "shift": None}


def test_the_words_of_scope_and_dates(school):
    a, b = (db.session.get_one(SchoolClass, one) for one in (school.class_a, school.class_b))
    eight = SchoolClass(id=9, label="8А", grade=8)
    assert scope_words([a, b], [a, b]) == "все классы"
    assert scope_words([a, b], [a, b, eight]) == "7-е"
    assert scope_words([a], [a, b, eight]) == "7 «А»"
    assert dates_line([date(2026, 11, 30), date(2026, 12, 1)]) == "С 30 ноября по 1 декабря учимся дома."
    assert [sentence(""), sentence(" карантин! ")] == ["", "Карантин!"]


def test_a_chat_that_wants_no_sound_stays_silent(school):
    with transaction() as session:
        session.get_one(Chat, school.students_a).sounds = False
    declare_remote_day(school.id, WISH)
    loud = {part.bulletin.chat.kind for part in db.session.scalars(sa.select(BulletinPart)) if part.is_loud}
    quiet = [part for part in db.session.scalars(sa.select(BulletinPart)) if not part.is_loud]
    assert loud == set(ChatKind)
    assert [part.bulletin.chat_id for part in quiet] == [school.students_a]

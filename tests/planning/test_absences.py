"""A teacher away: every lesson answered in one decision, told to chats and calendars, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.absence import Absence, AbsenceLesson, AbsenceState, AnswerKind
from scheduler.models.calendars import Calendar, CalendarKind
from scheduler.models.chats import Bulletin, BulletinPart, Notice, PostState
from scheduler.models.lessons import Lesson, LessonTeacher, RuleOverride
from scheduler.models.people import ClosureReason
from scheduler.models.school import School
from scheduler.models.timetable import Room
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.absences.cases import digest_of, open_cases
from scheduler.planning.absences.resolving import preview_absence, resolve_absence
from scheduler.planning.absences.undoing import undo_absence
from scheduler.planning.absences.wish import AbsenceWish, Answer
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError, StaleError, TakenError
from scheduler.planning.people import Closure, add_closure
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, add, count, make_lesson, make_person, make_school
from tests.planning.test_statements import counted

IN_PERSON = LessonMode.IN_PERSON
WEDNESDAY = TUESDAY + timedelta(days=1)
MORNING = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 7:00, nothing has begun


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
    """A teacher of algebra with nothing to do on Tuesday."""
    with transaction() as session:
        person = make_person(session, school.id, ("Петрова", "Анна", "Ивановна"), role=Role.TEACHER)
        return person.id


def wish(school, answers, *, last=TUESDAY, **values):
    return AbsenceWish(school.ivanova, TUESDAY, last, answers, **values)


def substitute(person_id):
    return Answer(AnswerKind.SUBSTITUTE, person_id)


def lesson_row(lesson_id):
    db.session.expire_all()
    return db.session.get_one(Lesson, lesson_id)


def teachers(lesson_id):
    rows = lesson_row(lesson_id).teaching
    return sorted((row.person_id, row.stands_in_for_id) for row in rows)


def posted():
    """Every part and notice stands in its chat."""
    with transaction() as session:
        for model in (BulletinPart, Notice):
            for post in session.scalars(sa.select(model)):
                post.posted_hash, post.state, post.message_id = post.wanted_hash, PostState.POSTED, f"m{post.id}"


def shown(chat_id):
    db.session.expire_all()
    query = sa.select(BulletinPart.text).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return "\n".join(db.session.scalars(query.order_by(Bulletin.date, BulletinPart.number)))


def revisions(kind):
    db.session.expire_all()
    rows = db.session.execute(sa.select(Calendar.owner_id, Calendar.revision).where(Calendar.kind == kind))
    return {row.owner_id: row.revision for row in rows}


def cases(school, dates=(TUESDAY,)):
    db.session.rollback()
    return open_cases(db.session(), school.id, school.ivanova, dates)


def test_a_substitute_takes_the_lesson_and_it_is_known_for_whom(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)

    done = resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))

    assert teachers(lesson_id) == [(petrova, school.ivanova)]
    assert (done.changed, lesson_row(lesson_id).sequence) == (1, 1)
    row = db.session.get_one(Absence, done.absence_id)
    assert (row.person_id, row.date_from, row.state) == (school.ivanova, TUESDAY, AbsenceState.APPLIED)


def test_no_reason_of_being_away_is_kept(school):
    columns = {column.name for column in Absence.__table__.columns}
    assert columns == {
        "id", "school_id", "person_id", "date_from", "date_to", "override", "state", "decided_by_id", "decided_at",
        "undone_by_id", "undone_at", "kept",
    }  # fmt: skip


def test_the_calendars_of_both_teachers_are_touched(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    before = revisions(CalendarKind.TEACHER)

    resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))

    after = revisions(CalendarKind.TEACHER)
    assert after[school.ivanova] > before[school.ivanova]
    assert after[petrova] > before.get(petrova, 0)


def test_every_lesson_has_its_own_answer_in_one_transaction(school, petrova):
    first = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    second = make_lesson(school, school.algebra_b, period=4, mode=IN_PERSON)
    third = make_lesson(school, school.algebra_a, period=6, mode=IN_PERSON)
    fourth = make_lesson(school, school.algebra_b, period=7, mode=IN_PERSON)
    answers = {
        first: substitute(petrova),
        second: Answer(AnswerKind.SELF_STUDY, task="§ 12, № 245"),
        third: Answer(AnswerKind.CANCELLED),
        fourth: Answer(AnswerKind.MOVED, day=WEDNESDAY, period=5),
    }

    done = resolve_absence(school.id, wish(school, answers))

    assert done.changed == 4
    assert (lesson_row(second).mode, lesson_row(second).offline_task) == (LessonMode.SELF_STUDY, "§ 12, № 245")
    assert lesson_row(third).state is LessonState.CANCELLED
    assert (lesson_row(fourth).date, lesson_row(fourth).period) == (WEDNESDAY, 5)
    assert teachers(fourth) == [(school.ivanova, None)]
    assert count(AbsenceLesson) == 4


def test_an_answer_that_cannot_be_leaves_everything_as_it_was(school, petrova):
    first = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    second = make_lesson(school, school.algebra_b, period=4, mode=IN_PERSON)

    with pytest.raises(PlanningError, match="нет другой группы"):
        resolve_absence(school.id, wish(school, {first: substitute(petrova), second: Answer(AnswerKind.JOINED)}))

    assert teachers(first) == [(school.ivanova, None)]
    assert count(Absence) == 0


def test_a_lesson_without_an_answer_is_refused(school, petrova):
    first = make_lesson(school, school.algebra_a, period=1)
    make_lesson(school, school.algebra_b, period=4)
    with pytest.raises(PlanningError, match="каждым уроком"):
        resolve_absence(school.id, wish(school, {first: substitute(petrova)}))


def test_the_same_form_decides_once(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    decided = wish(school, {lesson_id: substitute(petrova)}, form_key="k1")

    first, second = (resolve_absence(school.id, decided) for _ in range(2))

    assert (first.absence_id, first.changed) == (second.absence_id, 1)
    assert (second.changed, count(Absence)) == (0, 1)


def test_lessons_that_changed_since_they_were_shown_are_told(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    digest = digest_of(cases(school))
    change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    with pytest.raises(StaleError):
        resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}, digest=digest))


def test_a_busy_substitute_needs_a_reason_which_is_kept(school):
    lesson_id = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    with transaction() as session:
        other = make_person(session, school.id, ("Сидорова", "Ольга", "Юрьевна"), role=Role.TEACHER).id
    own = make_lesson(school, school.algebra_b, period=1, mode=IN_PERSON)
    with transaction() as session:
        session.get_one(Lesson, own).teaching = [LessonTeacher(school_id=school.id, person_id=other)]
    decided = wish(school, {lesson_id: substitute(other)})

    with pytest.raises(TakenError, match="Сидорова О"):
        resolve_absence(school.id, decided)
    resolve_absence(school.id, decided, reason="посидит с двумя классами")

    assert db.session.scalars(sa.select(RuleOverride.reason)).all() == ["посидит с двумя классами"]


def test_closed_hours_of_a_substitute_need_a_reason(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    closure = Closure(ClosureReason.METHODICAL_DAY, weekday=2)
    add_closure(petrova, closure, school_id=school.id, actor_id=None)
    decided = wish(school, {lesson_id: substitute(petrova)})

    assert cases(school)[0].proposed.person_id == school.kim
    with pytest.raises(ReasonNeededError, match="методический день"):
        resolve_absence(school.id, decided)
    assert "методический день" in preview_absence(school.id, decided, actor_id=None).closed
    assert resolve_absence(school.id, decided, reason="согласовано").changed == 1


def test_who_is_away_as_well_is_not_proposed(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        add(
            session,
            Absence(school_id=school.id, person_id=petrova, date_from=TUESDAY, date_to=TUESDAY, decided_at=MORNING),
        )
    assert petrova not in [one.teacher_id for one in cases(school)[0].substitutes]
    with pytest.raises(NotThereError):
        resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))


@pytest.fixture
def halves(school):
    """Two halves of 7А have English at the same hour, by Kim and by Ivanova."""
    return tuple(make_lesson(school, one, period=2, mode=IN_PERSON) for one in (school.english_1, school.english_2))


def test_whoever_is_at_school_works_in_the_room_of_the_lesson(school):
    lesson_id = make_lesson(school, school.algebra_a, period=2, mode=IN_PERSON)
    make_lesson(school, school.physics_a, period=1, mode=IN_PERSON)
    with transaction() as session:
        session.get_one(Lesson, lesson_id).rooms = [session.get_one(Room, school.room_27)]

    done = resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.SELF_STUDY, task="§ 3")}))

    row = lesson_row(lesson_id)
    assert (row.mode, row.is_joined_together) == (LessonMode.SELF_STUDY, True)
    assert "REMOTE_GAP" not in [one.rule for one in done.findings]
    undo_absence(school.id, done.absence_id)
    assert (lesson_row(lesson_id).mode, lesson_row(lesson_id).is_joined_together) == (IN_PERSON, False)


def test_groups_are_joined_under_the_other_teacher(school, halves):
    kims, ivanovas = halves
    case = cases(school)[0]
    assert case.twin.id == kims

    done = resolve_absence(school.id, wish(school, {ivanovas: Answer(AnswerKind.JOINED)}))

    assert teachers(ivanovas) == [(school.kim, school.ivanova)]
    assert teachers(kims) == [(school.kim, None)]
    assert [one.rule for one in done.findings] == []
    assert db.session.scalar(sa.select(RuleOverride.rule)) == "CLASH_TEACHER"
    assert db.session.scalar(sa.select(AbsenceLesson.joined_id)) == kims


def test_of_several_teachers_the_other_one_stays(school):
    lesson_id = make_lesson(school, school.algebra_a)
    with transaction() as session:
        add(session, LessonTeacher(school_id=school.id, lesson_id=lesson_id, person_id=school.kim))
    answer = cases(school)[0].proposed
    assert answer.kind is AnswerKind.OTHER_TEACHER

    resolve_absence(school.id, wish(school, {lesson_id: answer}))

    assert teachers(lesson_id) == [(school.kim, None)]


def test_a_substitute_of_a_substitute_stands_in_for_the_first(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))

    resolve_absence(school.id, AbsenceWish(petrova, TUESDAY, TUESDAY, {lesson_id: substitute(school.kim)}))

    assert teachers(lesson_id) == [(school.kim, school.ivanova)]


def test_publishing_again_leaves_substitutions_alone(school, petrova):
    publish_timetable(school.id, TUESDAY, TUESDAY + timedelta(days=7))
    answers = {case.lesson.id: substitute(petrova) for case in cases(school)}
    assert len(answers) == 2
    resolve_absence(school.id, wish(school, answers))

    again = publish_timetable(school.id, TUESDAY, TUESDAY + timedelta(days=7))

    assert set(answers) == set(again.kept)
    assert (again.updated, again.cancelled, again.made) == (0, 0, 0)
    assert [teachers(lesson_id) for lesson_id in answers] == [[(petrova, school.ivanova)]] * 2


def test_a_lesson_that_runs_can_still_be_handed_over(school, petrova, now):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)
    now[0] = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)  # 8:40 of 8:30–9:10
    resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))
    assert teachers(lesson_id) == [(petrova, school.ivanova)]
    now[0] = datetime(2026, 11, 24, 6, 20, tzinfo=UTC)
    assert cases(school) == []


def test_the_bulletin_changes_silently_and_one_notice_tells_the_rest(school, petrova):
    first = make_lesson(school, school.algebra_a, period=1)
    second = make_lesson(school, school.algebra_a, period=2)
    third = make_lesson(school, school.algebra_a, period=5)
    for lesson_id in (first, second, third):
        change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    posted()
    answers = {
        first: substitute(petrova),
        second: Answer(AnswerKind.CANCELLED),
        third: Answer(AnswerKind.SELF_STUDY, task="§ 7"),
    }

    resolve_absence(school.id, wish(school, answers))

    text = shown(school.students_a)
    assert "замена: Петрова А. И. вместо Ивановой Е. П." in text
    notices = db.session.scalars(sa.select(Notice).where(Notice.chat_id == school.students_a)).all()
    assert len(notices) == 1
    assert "не состоится" in notices[0].text
    assert "самостоятельно: § 7" in notices[0].text


def test_a_bulletin_mentions_only_remote_lessons(school, petrova):
    at_school = make_lesson(school, school.algebra_a, period=1, mode=IN_PERSON)
    resolve_absence(school.id, wish(school, {at_school: substitute(petrova)}))
    assert shown(school.students_a) == ""


def test_on_a_remote_day_work_on_ones_own_needs_nobody(school, petrova):
    alone = make_lesson(school, school.algebra_a, period=1, mode=LessonMode.SELF_STUDY)
    called = make_lesson(school, school.algebra_b, period=2)
    proposed = {case.lesson.id: case.proposed.kind for case in cases(school)}
    assert proposed == {alone: AnswerKind.KEPT, called: AnswerKind.SUBSTITUTE}

    answers = {alone: Answer(AnswerKind.KEPT), called: substitute(petrova)}
    assert resolve_absence(school.id, wish(school, answers)).changed == 1
    assert lesson_row(alone).sequence == 0


def test_a_lesson_moved_off_a_remote_day_is_held_as_it_used_to_be(school):
    lesson_id = make_lesson(school, school.algebra_a, mode=IN_PERSON)
    declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз"))
    assert lesson_row(lesson_id).mode is LessonMode.CALL
    resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.MOVED, day=WEDNESDAY, period=5)}))
    assert (lesson_row(lesson_id).date, lesson_row(lesson_id).mode) == (WEDNESDAY, IN_PERSON)


def test_a_preview_says_what_is_wrong_and_saves_nothing(school):
    lesson_id = make_lesson(school, school.algebra_a)
    make_lesson(school, school.physics_a, period=1)  # Kim holds it at the same hour
    preview = preview_absence(school.id, wish(school, {lesson_id: substitute(school.kim)}), actor_id=None)
    assert preview.is_blocked
    assert "CLASH_TEACHER" in [one.rule for one in preview.findings]
    assert count(Absence) == 0


def test_a_preview_shows_only_the_chats_that_change(school, petrova):
    lesson_id = make_lesson(school, school.algebra_a)
    book_lesson(school.id, LessonWish(school.algebra_b, TUESDAY, period=5))  # waits to be posted in 7Б
    change_lesson(school.id, lesson_id, LessonEdit(topic="Дроби"))
    (other,) = (case.lesson.id for case in cases(school) if case.lesson.id != lesson_id)
    answers = {lesson_id: substitute(petrova), other: Answer(AnswerKind.JOINED)}
    assert "нет другой группы" in preview_absence(school.id, wish(school, answers), actor_id=None).refusal
    cancel_lesson(school.id, other)
    preview = preview_absence(school.id, wish(school, {lesson_id: substitute(petrova)}), actor_id=None)
    assert {text.title for text in preview.texts} <= {"7А ученики", "7А родители"}
    assert any("вместо Ивановой Е. П." in text.text for text in preview.texts)


def test_a_lesson_is_moved_only_to_a_school_day_after_the_absence(school):
    lesson_id = make_lesson(school, school.algebra_a)
    for day in (TUESDAY, TUESDAY + timedelta(days=5)):
        with pytest.raises(PlanningError, match="учебный день"):
            resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.MOVED, day=day, period=5)}))
    with pytest.raises(PlanningError, match="нет урока"):
        resolve_absence(school.id, wish(school, {lesson_id: Answer(AnswerKind.MOVED, day=WEDNESDAY, period=12)}))


def test_dates_that_make_no_sense_are_refused(school):
    for last in (TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=14)):
        with pytest.raises(PlanningError, match="двух недель"):
            resolve_absence(school.id, wish(school, {}, last=last))


def test_a_chat_administrator_decides_only_where_all_lessons_are_of_the_own_class(school, petrova):
    with transaction() as session:
        scope = {"scope": ScopeKind.CLASS, "scope_id": school.class_a}
        actor = make_person(session, school.id, ("Классная", "Ида", ""), role=Role.CHAT_ADMINISTRATOR, **scope).id
    own = make_lesson(school, school.algebra_a, period=1)
    answers = {own: substitute(petrova)}
    done = resolve_absence(school.id, wish(school, answers), actor_id=actor)
    undo_absence(school.id, done.absence_id, actor_id=actor)
    other = make_lesson(school, school.algebra_b, period=4)

    with pytest.raises(NotAllowedError):
        resolve_absence(school.id, wish(school, {**answers, other: substitute(petrova)}), actor_id=actor)
    with pytest.raises(NotAllowedError):
        resolve_absence(school.id, wish(school, {**answers, other: substitute(petrova)}), actor_id=school.kim)


def test_where_consent_is_asked_a_chat_administrator_leaves_it_to_the_deputy(school, petrova):
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
        actor = make_person(session, school.id, ("Классная", "Ида", ""), role=Role.CHAT_ADMINISTRATOR).id
    lesson_id = make_lesson(school, school.algebra_a)
    with pytest.raises(NotAllowedError, match="завуча"):
        resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}), actor_id=actor)
    assert resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}), actor_id=school.director).changed


def test_another_schools_people_and_absences_are_not_there(school, petrova):
    other = make_school(name="Другая")
    lesson_id = make_lesson(school, school.algebra_a)
    with pytest.raises(NotThereError):
        resolve_absence(other.id, wish(school, {lesson_id: substitute(petrova)}))
    with pytest.raises(NotThereError):
        resolve_absence(school.id, wish(school, {lesson_id: substitute(other.kim)}))
    done = resolve_absence(school.id, wish(school, {lesson_id: substitute(petrova)}))
    with pytest.raises(NotThereError):
        undo_absence(other.id, done.absence_id)


def test_what_is_read_does_not_grow_with_the_lessons(school, petrova):
    def decide(day, periods):
        ids = [make_lesson(school, school.algebra_a, day=day, period=one, mode=IN_PERSON) for one in periods]
        answers = {one: substitute(petrova) for one in ids}
        with counted() as seen:
            done = resolve_absence(school.id, AbsenceWish(school.ivanova, day, day, answers))
        with counted() as undone:
            undo_absence(school.id, done.absence_id)
        return [sum(one.startswith("SELECT") for one in statements) for statements in (seen, undone)]

    decide(TUESDAY, [1])  # makes the calendars and the days
    few = decide(WEDNESDAY, [1])
    many = decide(TUESDAY + timedelta(days=2), [1, 2, 3, 4, 5, 6])
    assert many == few

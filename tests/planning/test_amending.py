"""A remote day that stands is made longer or shorter, loses classes or lessons, gets other bells; then it is undone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.addresses import class_url
from scheduler.models.chats import Bulletin, BulletinPart, Notice, PostState
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import CallWay, School
from scheduler.models.timetable import BellAssignment, BellKind
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.remote.amending import Amendment, confirm_amendment, prepare_amendment
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.undoing import undo_remote_day
from scheduler.planning.remote.wish import OwnBells, RemoteWish
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, add, count, make_bells, make_lesson, make_school

WEDNESDAY, FRIDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=3)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REMOTE = {number: (time(8 + number, 0), time(8 + number, 30)) for number in range(1, 8)}
LONGER = "Дистанционные уроки продлены. 7 «А», последний день — пятница, 27 ноября"
WISH = RemoteWish(TUESDAY, WEDNESDAY, text="мороз −34 °C")


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
    for day in (TUESDAY, WEDNESDAY, TUESDAY + timedelta(days=2), FRIDAY):
        for period, course in enumerate((made.algebra_a, made.english_1, made.physics_a), start=1):
            make_lesson(made, course, day=day, period=period, mode=LessonMode.IN_PERSON, base={"nth": 1})
        make_lesson(made, made.algebra_b, day=day, period=4, mode=LessonMode.IN_PERSON, base={"nth": 1})
    return made


@pytest.fixture
def declared(school):
    done = declare_remote_day(school.id, WISH, actor_id=school.director)
    posted()
    return done.remote_day_id


def posted():
    """Every part and notice stands in its chat."""
    with transaction() as session:
        for model in (BulletinPart, Notice):
            for post in session.scalars(sa.select(model)):
                post.posted_hash, post.state, post.message_id = post.wanted_hash, PostState.POSTED, f"m{post.id}"


def amended(school, remote_day_id, **values):
    shown = prepare_amendment(school.id, remote_day_id, Amendment(**values), actor_id=school.director)
    return confirm_amendment(school.id, shown.id, actor_id=school.director)


def lessons(school, day):
    db.session.expire_all()
    query = sa.select(Lesson).where(Lesson.school_id == school.id, Lesson.date == day)
    return list(db.session.scalars(query.order_by(Lesson.id)))


def modes(school, day):
    return [one.mode.value for one in lessons(school, day)]


def state(school):
    """Everything that a lesson's readers see, by lesson."""
    db.session.expire_all()
    query = sa.select(Lesson).where(Lesson.school_id == school.id).order_by(Lesson.id)
    return [(one.mode, one.state, one.online_minutes, one.start, one.end) for one in db.session.scalars(query)]


def notices(chat_id):
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Notice.text).where(Notice.chat_id == chat_id).order_by(Notice.id)))


def texts(chat_id):
    db.session.expire_all()
    query = sa.select(BulletinPart.text).join(Bulletin).where(Bulletin.chat_id == chat_id)
    return list(db.session.scalars(query.order_by(Bulletin.date, BulletinPart.number)))


def test_longer_by_two_days_plans_them_and_tells_once(school, declared):
    before = modes(school, TUESDAY), modes(school, WEDNESDAY)
    done = amended(school, declared, last=FRIDAY)
    assert done.changed == 8
    assert (modes(school, TUESDAY), modes(school, WEDNESDAY)) == before
    assert "in_person" not in modes(school, FRIDAY)
    assert db.session.get_one(RemoteDay, declared).date_to == FRIDAY
    assert [text.splitlines()[0] for text in notices(school.students_a)] == [
        "Дистанционные уроки продлены. 7 «А», последний день — пятница, 27 ноября"
    ]
    assert "С 24 по 27 ноября учимся дома." in texts(school.students_a)[0]


def test_longer_until_tomorrow_is_told_by_tomorrows_post_alone(school, now):
    done = declare_remote_day(school.id, replace(WISH, last=TUESDAY), actor_id=school.director)
    posted()
    now[0] = MORNING + timedelta(days=1)
    amended(school, done.remote_day_id, last=WEDNESDAY)
    assert notices(school.students_a) == []
    assert len(texts(school.students_a)) == 2


def test_shorter_brings_the_last_day_back_to_school_with_one_notice(school, declared):
    done = amended(school, declared, last=TUESDAY)
    assert (done.changed, done.kept) == (4, ())
    assert modes(school, WEDNESDAY) == ["in_person"] * 4
    assert "in_person" not in modes(school, TUESDAY)
    assert count(RemoteDayLesson) == 4
    told = notices(school.students_a)
    assert [text.splitlines()[0] for text in told] == ["Внимание! 7 «А», среда, 25 ноября: приходим в школу"]
    assert "учимся дома" not in texts(school.students_a)[1]


def test_a_class_taken_out_goes_back_and_the_other_stays(school, declared):
    done = amended(school, declared, class_ids=frozenset({school.class_a}), from_day=WEDNESDAY)
    assert done.changed == 1
    assert modes(school, WEDNESDAY)[3] == "in_person"
    assert "in_person" not in [*modes(school, TUESDAY), *modes(school, WEDNESDAY)[:3]]
    assert notices(school.students_a) == []
    assert [text.splitlines()[0] for text in notices(school.students_b)] == [
        "Внимание! 7 «Б», среда, 25 ноября: приходим в школу"
    ]
    row = db.session.get_one(RemoteDay, declared)
    assert (row.class_ids_on(TUESDAY), row.class_ids_on(WEDNESDAY)) == (
        {school.class_a, school.class_b},
        {school.class_a},
    )


def test_a_class_taken_out_for_all_days_is_free_for_another_decision(school, declared):
    amended(school, declared, class_ids=frozenset({school.class_a}))
    again = declare_remote_day(school.id, WISH, actor_id=school.director)
    assert (again.changed, db.session.get_one(RemoteDay, again.remote_day_id).class_ids) == (2, [school.class_b])


def test_a_class_joins(school):
    only_a = replace(WISH, scope=replace(WISH.scope, class_ids=frozenset({school.class_a})))
    done = declare_remote_day(school.id, only_a, actor_id=school.director)
    assert amended(school, done.remote_day_id, class_ids=frozenset({school.class_a, school.class_b})).changed == 2
    assert "in_person" not in modes(school, TUESDAY)


def test_a_lesson_taken_out_is_held_at_school(school, declared):
    lesson_id = lessons(school, WEDNESDAY)[2].id
    change_lesson(school.id, lesson_id, LessonEdit(mode=LessonMode.IN_PERSON), actor_id=school.director, reason="опыт")
    assert modes(school, WEDNESDAY)[2] == "in_person"
    amended(school, declared, last=FRIDAY)
    assert modes(school, WEDNESDAY)[2] == "in_person"


def test_other_bells_move_the_hours_and_keep_the_calls(school, declared):
    before = modes(school, WEDNESDAY)
    done = amended(school, declared, bells=OwnBells(time(10), 30, 20))
    assert done.changed == 8
    assert [one.start for one in lessons(school, WEDNESDAY)] == [time(10), time(10, 50), time(11, 40), time(12, 30)]
    assert modes(school, WEDNESDAY) == before
    (notice,) = [one for one in notices(school.students_a) if "звонков" in one]
    assert notice == (
        "Изменение. 7 «А», вторник, 24 ноября — среда, 25 ноября\n"
        "Другое расписание звонков, порядок уроков прежний.\n"
        "Вторник, 24 ноября: уроки с 10:00 до 12:10.\n"
        "Среда, 25 ноября: уроки с 10:00 до 12:10.\n"
        f"Все уроки и ссылки: {class_url(db.session.get_one(SchoolClass, school.class_a).page_token)}"
    )
    assert len(notices(school.students_a)) == 1
    change_lesson(
        school.id, lessons(school, WEDNESDAY)[0].id, LessonEdit(start=time(16), end=time(16, 30)),
        actor_id=school.director, reason="так",
    )  # fmt: skip
    assert "начало в 16:00 (было в 10:00)" in notices(school.students_a)[-1]


def test_usual_bells_come_back(school, declared):
    amended(school, declared, bells=OwnBells(time(10), 30, 20))
    assert amended(school, declared, usual_bells=True).changed == 8
    assert lessons(school, WEDNESDAY)[0].start == time(9)


def test_undone_after_all_that_it_is_as_it_was(school):
    as_it_was = state(school)
    remote_day_id = declare_remote_day(school.id, WISH, actor_id=school.director).remote_day_id
    amended(school, remote_day_id, last=FRIDAY)
    amended(school, remote_day_id, bells=OwnBells(time(10), 30, 20))
    amended(school, remote_day_id, class_ids=frozenset({school.class_a}), from_day=WEDNESDAY)
    undo_remote_day(school.id, remote_day_id, actor_id=school.director)
    assert state(school) == as_it_was


def test_what_somebody_changed_since_is_left_alone(school, declared):
    lesson_id = lessons(school, WEDNESDAY)[0].id
    change_lesson(
        school.id, lesson_id, LessonEdit(start=time(16), end=time(16, 30)), actor_id=school.director, reason="так"
    )
    amended(school, declared, bells=OwnBells(time(10), 30, 20))
    assert db.session.get_one(Lesson, lesson_id).start == time(16)
    done = amended(school, declared, last=TUESDAY)
    assert done.kept == (lesson_id,)


def test_a_day_that_has_begun_keeps_its_lessons(school, declared, now):
    now[0] = datetime(2026, 11, 24, 7, 15, tzinfo=UTC)  # 10:15 in the school: the second lesson runs
    before = state(school)[:2]
    amended(school, declared, bells=OwnBells(time(12), 30, 20))
    assert state(school)[:2] == before
    assert lessons(school, TUESDAY)[2].start == time(13, 40)


def test_sent_twice_it_changes_once(school, declared):
    shown = prepare_amendment(school.id, declared, Amendment(last=FRIDAY), actor_id=school.director)
    first = confirm_amendment(school.id, shown.id, actor_id=school.director)
    again = confirm_amendment(school.id, shown.id, actor_id=school.director)
    assert (first.changed, again.changed) == (8, 0)


def test_a_plan_that_is_no_longer_true_is_shown_again(school, declared):
    shown = prepare_amendment(school.id, declared, Amendment(last=FRIDAY), actor_id=school.director)
    make_lesson(school, school.algebra_a, day=FRIDAY, period=6, mode=LessonMode.IN_PERSON, base={"nth": 2})
    assert confirm_amendment(school.id, shown.id, actor_id=school.director) is None
    assert "call" not in modes(school, FRIDAY)


def test_nonsense_is_refused_in_words(school, declared):
    for wrong in ({"last": TUESDAY - timedelta(days=3)}, {"class_ids": frozenset()}):
        with pytest.raises(PlanningError):
            amended(school, declared, **wrong)
    with pytest.raises(NotThereError):
        amended(school, declared, class_ids=frozenset({999999}))
    with pytest.raises(NotThereError):
        amended(school, 999999, last=FRIDAY)
    with pytest.raises(NotAllowedError):
        prepare_amendment(school.id, declared, Amendment(last=FRIDAY), actor_id=school.kim)
    undo_remote_day(school.id, declared, actor_id=school.director)
    with pytest.raises(PlanningError):
        amended(school, declared, last=FRIDAY)


def test_two_decisions_do_not_take_each_others_classes(school, declared):
    other = declare_remote_day(school.id, RemoteWish(FRIDAY, FRIDAY, text="карантин"), actor_id=school.director)
    before = state(school)[12:]
    amended(school, declared, last=FRIDAY)
    assert state(school)[12:] == before
    assert db.session.get_one(RemoteDay, other.remote_day_id).class_ids_on(FRIDAY) == {school.class_a, school.class_b}

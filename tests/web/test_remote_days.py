"""The three steps of a remote day, the order's number, and what the school keeps for its remote days."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.chats import BulletinPart, Chat, ChatState
from scheduler.models.classes import StudyGroup
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import FrostPolicy, RemoteDay, RemotePlan, RemoteReason
from scheduler.models.school import CallWay, School
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish, Scope, wish_of
from scheduler.rules.facts import LessonMode
from scheduler.rules.remote_use import RemoteUse
from tests.factories import TUESDAY, count, make_course, make_group, make_lesson, make_school, make_subject

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MORNING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)  # 6:40
TODAY = TUESDAY.isoformat()
NEW, SETTINGS = "/remote-days/new", "/school/remote-days"


@pytest.fixture
def now(monkeypatch):
    at = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.fixture
def school(app, now):
    made = make_school(weekly_slots=False)
    with transaction() as session:
        session.get_one(School, made.id).call_way = CallWay.VK
    for period, course in enumerate((made.algebra_a, made.english_1, made.physics_a), start=1):
        make_lesson(made, course, period=period, mode=LessonMode.IN_PERSON)
    make_lesson(made, made.algebra_b, period=4, mode=LessonMode.IN_PERSON)
    make_lesson(made, made.algebra_b, day=TUESDAY + timedelta(days=1), period=4, mode=LessonMode.IN_PERSON)
    return made


@pytest.fixture
def director(school, enter):
    return enter(school.director)


def sent(client, path, status=303, **fields):
    answer = client.post(path, data=fields)
    assert answer.status_code == status, answer.text
    return answer


def prepared(client, **fields):
    return sent(client, NEW, **({"do": "ready:frost", "when": TODAY} | fields)).location


def newest_wish():
    db.session.expire_all()
    return wish_of(db.session.scalars(sa.select(RemotePlan).order_by(RemotePlan.id.desc())).first().wish)


def form(**fields):
    usual = {"do": "next", "when": TODAY, "whom": "all", "shift": "0", "reason": "planned", "bells": "school",
             "subjects": "school", "activities": "school"}  # fmt: skip
    return usual | fields


def test_the_first_page_leads_to_it(director):
    assert 'href="/remote-days/new">Дистанционный день' in director.get("/today").text
    page = director.get(NEW).text
    assert "сегодня, вторник, 24 ноября" in page
    assert f'checked id="when-0" name="when" type="radio" value="{TODAY}"' in page


def test_after_noon_tomorrow_is_meant(director, school, now):
    make_lesson(school, school.algebra_b, period=7, mode=LessonMode.IN_PERSON)
    now[0] = MORNING + timedelta(hours=6)
    page = director.get(NEW).text
    assert 'checked id="when-1" name="when" type="radio" value="2026-11-25"' in page


def test_a_better_mix_is_looked_for_once(director, school):
    pytest.importorskip("ortools")
    plan = prepared(director, temperature="-34", wind="3")
    assert "Подобрать видеоуроки точнее" in director.get(plan).text
    found = director.post(f"{plan}/search", follow_redirects=True)
    assert "план прежний" in found.text
    assert "Подобрать видеоуроки точнее" not in found.text


def test_frost_in_three_taps(director, school):
    plan = prepared(director, temperature="-34", wind="3")
    page = director.get(plan).text
    assert '<b class="num plan-number">4</b> урока, <b>2</b> класса' in page
    assert "Будут сделаны 3 ссылки" in page
    confirm = director.get(f"{plan}/confirm").text
    assert "Объявить дистанционный день · сейчас прозвучит в 5 чатах" in confirm
    done = sent(director, f"{plan}/confirm", lines=["reception_line", "school_phone"])
    row = db.session.scalars(sa.select(RemoteDay)).one()
    assert done.location == f"/remote-days/{row.id}"
    assert (row.reason, row.text) == (RemoteReason.FROST, "Актированный день: −34 °C, ветер 3 м/с")
    assert wish_of(row.wish).lines["school_phone"] == "8 (000) 000-00-00"
    assert count(Lesson, Lesson.mode != LessonMode.IN_PERSON) == 4


def test_sent_twice_it_leads_to_one_decision(director):
    plan = prepared(director)
    first, second = (sent(director, f"{plan}/confirm").location for _ in range(2))
    assert first == second
    assert count(RemoteDay) == 1
    assert director.get(plan).location == first


def test_whoever_comes_second_is_shown_the_decision(director, school):
    plan = prepared(director)
    declared = declare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY, text="мороз"))
    assert sent(director, f"{plan}/confirm").location == f"/remote-days/{declared.remote_day_id}"
    assert "Уже объявлено" in director.get(NEW).text
    assert sent(director, NEW, do="ready:frost", when=TODAY).location == f"/remote-days/{declared.remote_day_id}"
    assert count(RemoteDay) == 1


def test_a_plan_that_changed_is_shown_with_its_differences(director, school):
    plan = prepared(director)
    make_lesson(school, school.algebra_b, period=6, mode=LessonMode.IN_PERSON)
    newer = sent(director, f"{plan}/confirm").location
    assert newer.endswith("?changed=1")
    assert "7 «Б», Алгебра: добавлен," in director.get(newer).text
    assert count(RemoteDay) == 0
    assert sent(director, f"{newer.split('?')[0]}/confirm").location.startswith("/remote-days/")


def test_quarantine_of_one_class_lasts_a_week(director, school):
    page = director.get(prepared(director, do=f"ready:quarantine:{school.class_b}")).text
    assert "24–30 ноября" in page
    assert newest_wish().scope == Scope(class_ids=frozenset({school.class_b}))
    assert newest_wish().reason is RemoteReason.QUARANTINE_CLASS


def test_a_lesson_is_moved_and_what_breaks_is_said(director, school):
    plan = prepared(director)
    opened = director.get(f"{plan}?class={school.class_a}").text
    calls = re.findall(r'value="(\d+:self_study)"', opened)
    moved = sent(director, f"{plan}/move", move=calls[0], **{"class": school.class_a})
    assert f"class={school.class_a}" in moved.location
    text = director.get(moved.location).text
    assert "Нормы не нарушены" in text
    again = sent(director, f"{moved.location.split('?')[0]}/move", move="x")
    assert again.location == moved.location.split("?")[0]


def test_one_call_too_many_is_told_at_once(director, school):
    make_lesson(school, school.algebra_a, period=4, mode=LessonMode.IN_PERSON)
    plan = prepared(director)
    lesson = next(iter(re.findall(r'value="(\d+):call"', director.get(f"{plan}?class={school.class_a}").text)))
    moved = sent(director, f"{plan}/move", move=f"{lesson}:call")
    page = director.get(moved.location).text
    assert "Один — самостоятельно" in page
    assert "Нормы не нарушены" not in page


def test_a_broken_law_needs_a_reason(director, school):
    with transaction() as session:
        session.get_one(School, school.id).rule_settings = {"severities": {"SCREEN_DAY_SCHOOL": "law"}}
    make_lesson(school, school.algebra_a, period=4, mode=LessonMode.IN_PERSON)
    plan = prepared(director)
    for lesson in re.findall(r'value="(\d+):call"', director.get(f"{plan}?class={school.class_a}").text):
        plan = sent(director, f"{plan}/move", move=f"{lesson}:call").location
    assert "Укажите причину" in sent(director, f"{plan}/confirm", status=422).text
    assert sent(director, f"{plan}/confirm", override="экзамен").location.startswith("/remote-days/")


def test_own_dates_classes_bells_and_uses(director, school):
    sent(
        director, NEW,
        **form(when="other", first=TODAY, last="2026-11-26", whom="classes", class_ids=[school.class_a], bells="own",
               start="09:30", minutes="25", pause="15", subjects="dropped", activities="short_call"),
    )  # fmt: skip
    wish = newest_wish()
    assert (wish.first, wish.last) == (TUESDAY, TUESDAY + timedelta(days=2))
    assert wish.scope.class_ids == {school.class_a}
    assert (wish.bells.start, wish.bells.minutes, wish.bells.pause) == (time(9, 30), 25, 15)
    assert (wish.subjects, wish.activities) == (RemoteUse.DROPPED, RemoteUse.SHORT_CALL)
    assert wish.text == "Плановый дистанционный день"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"when": "other"}, "Выберите дату."),
        ({"when": "other", "first": TODAY, "last": "2026-11-20"}, "Первая дата должна быть не позже последней"),
        ({"when": "other", "first": "2026-11-28"}, "нет предстоящих уроков"),
        ({"whom": "grades"}, "Выберите параллели."),
        ({"whom": "classes"}, "Выберите классы."),
        ({"bells": "own"}, "Укажите начало"),
        ({"reason": "other"}, "Назовите причину"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(director, fields, words):
    answer = sent(director, NEW, status=422, **form(text="набрано" if "reason" not in fields else "", **fields))
    assert words in answer.text
    assert ("набрано" in answer.text) == ("reason" not in fields)


def test_the_frost_table_proposes_grades(director, school):
    keep_table(director)
    ask = form(do="frost", reason="frost", temperature="30")
    warm = sent(director, NEW, status=200, **ask).text
    assert "в школу приходят все" in warm
    cold = sent(director, NEW, status=200, **(ask | {"temperature": "32", "wind": "2"})).text
    assert "По таблице дома остаются" in cold
    assert 'checked id="grades-0" name="grades" type="checkbox" value="7"' in cold
    assert "Актированный день: −32 °C, ветер 2 м/с" in cold
    prepared(director, temperature="32")
    assert newest_wish().scope == Scope(grades=frozenset({5, 6, 7, 8, 9}))


def keep_table(client, status=303, **fields):
    rows = {"from-0": "5", "to-0": "9", "limit-0": "−32", "how-0": "at"}
    head = {"region": "Наш район", "source": "приказ", "scope": "day", "decision_time": "06:00"}
    return sent(client, f"{SETTINGS}/frost", status, **(head | rows | fields))


def test_a_frost_table_is_edited_from_an_example(director, school):
    page = sent(director, f"{SETTINGS}/frost", 200, example="tyumen").text
    assert 'value="−30"' in page
    assert count(FrostPolicy) == 0
    keep_table(director)
    keep_table(
        director, **{"from-1": "1", "to-1": "4", "limit-1": "28", "how-1": "under", "wind-1": "2", "below-1": "5"}
    )
    row = db.session.scalars(sa.select(FrostPolicy)).one()
    assert row.rows[1] == {"grade_from": 1, "grade_to": 4, "limit": -28, "wind_from": 2.0, "wind_to": 5.0,
                           "is_inclusive": False}  # fmt: skip
    assert "Строка 1" in keep_table(director, 422, **{"limit-0": "холодно"}).text
    assert "хотя бы одна строка" in keep_table(director, 422, **{"from-0": "", "to-0": "", "limit-0": ""}).text


def test_the_schools_lines_and_uses_are_kept(director, school):
    sent(director, f"{SETTINGS}/lines", transport_line="Автобус не выходит.", duty_person="Петрова А. И.",
         activities="self_study", **{"ticks-frost": ["transport_line"]})  # fmt: skip
    db.session.expire_all()
    kept = db.session.get_one(School, school.id).remote_settings
    assert kept["texts"]["transport_line"] == "Автобус не выходит."
    assert (kept["ticks"]["frost"], kept["activities"]) == (["transport_line"], "self_study")
    assert "Автобус не выходит." in director.get(f"{prepared(director)}/confirm").text
    physics = db.session.scalars(sa.select(Subject.id).where(Subject.name == "Физика")).one()
    sent(director, f"{SETTINGS}/subjects", **{f"use-{physics}": "dropped"})
    db.session.expire_all()
    assert db.session.get_one(Subject, physics).remote_use is RemoteUse.DROPPED
    assert "Советуем назначить не меньше 3 человек" in director.get(SETTINGS).text


def test_the_order_is_asked_for_until_it_is_there(director, school):
    decision = sent(director, f"{prepared(director)}/confirm").location
    assert "номер приказа ещё не внесён" in director.get("/today").text
    sent(director, f"{decision}/order", 422, order_reference="")
    loud = {part.id: part.is_loud for part in db.session.scalars(sa.select(BulletinPart))}
    sent(director, f"{decision}/order", order_reference="№ 214 от 24.11.2026")
    assert "номер приказа" not in director.get("/today").text
    db.session.expire_all()
    parts = db.session.scalars(sa.select(BulletinPart)).all()
    assert [part.text for part in parts if "Приказ № 214 от 24.11.2026." in part.text] != []
    assert {part.id: part.is_loud for part in parts} == loud


def test_what_needs_a_look_is_said_with_its_remedy(director, school):
    with transaction() as session:
        session.get_one(Chat, school.parents_a).state = ChatState.REMOVED
    page = director.get(prepared(director)).text
    assert "Чат «7 «А», родители» не подключён" in page
    assert f'href="/chats/{school.parents_a}"' in page
    assert "Без заданий пока 4 урока" in page


def test_a_private_lesson_is_counted_and_never_named(director, school):
    with transaction() as session:
        group = make_group(session, school.id, "Петров Иван", [(school.class_a,)], is_private=True)
        course = make_course(session, make_subject(session, school.id, "Обучение на дому"), group)
        course_id = course.id
    make_lesson(school, course_id, period=6, mode=LessonMode.IN_PERSON)
    page = director.get(f"{prepared(director)}?class={school.class_a}").text
    assert "1 индивидуальное занятие не меняется" in page
    assert "Петров Иван" not in page
    assert "Обучение на дому" not in page
    assert count(StudyGroup, StudyGroup.is_private) == 1


def test_who_has_not_the_right_is_shown_no_way(enter, school):
    teacher = enter(school.kim)
    assert "remote-days/new" not in teacher.get("/today").text
    assert teacher.get(NEW).status_code == 403

from datetime import date, time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.database import db, transaction
from scheduler.imports.apply import apply_draft, import_file
from scheduler.imports.asc import read_asc
from scheduler.imports.errors import ImportRefusedError
from scheduler.models.audit import AuditEvent
from scheduler.models.classes import Division, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import School
from scheduler.models.timetable import ImportFinding, ImportRun, Period, Room, TimetableSlot
from scheduler.permissions import Role
from scheduler.planning.errors import NotThereError
from scheduler.planning.schools import add_person, add_school
from tests.factories import count, make_lesson, make_school
from tests.imports.samples import HEX, card, changed, lesson, render, tables_2008, tables_2012


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def bring(school_id, data=None, **options):
    return import_file(school_id, data or render(tables_2012()), "school.xml", actor_id=None, **options)


def labels():
    return list(db.session.scalars(sa.select(SchoolClass.label).order_by(SchoolClass.id)))


def slots(subject):
    rows = db.session.scalars(
        sa.select(TimetableSlot).join(Course).join(Subject).where(Subject.name == subject).order_by(TimetableSlot.id)
    )
    return sorted((row.weekday, row.period, row.weeks, tuple(sorted(room.name for room in row.rooms))) for row in rows)


def course(subject, group="7-А"):
    return db.session.scalar(
        sa.select(Course).join(Subject).join(StudyGroup).where(Subject.name == subject, StudyGroup.name == group)
    )


def test_everything_of_the_file_stands_in_the_database(school_id):
    result = bring(school_id)
    assert dict(result.counts) == {
        "teachers_new": 2, "subjects_new": 4, "rooms_new": 2, "classes_new": 3, "groups_new": 6, "courses_new": 7,
        "slots_new": 8,
    }  # fmt: skip
    assert labels() == ["7-А", "8-Б", "К инд"]
    assert slots("Алгебра") == [(1, 1, "1", ()), (1, 2, "1", ()), (2, 3, "1", ())]
    assert slots("Физика") == [(4, 4, "1", ()), (5, 2, "10", ())]
    assert slots("Английский язык") == [(1, 3, "1", ("27",)), (1, 3, "1", ("Сп.зал",))]
    assert course("Алгебра").weekly_hours == Decimal(3)
    assert [person.short_name for person in course("Алгебра").teachers] == ["Иванова Е. П."]
    assert [row.name for row in db.session.scalars(sa.select(Division))] == ["Группа 1 / Группа 2"]


def test_teachers_are_people_with_the_role(school_id):
    bring(school_id)
    people = db.session.scalars(sa.select(Person).order_by(Person.last_name)).all()
    assert [(row.full_name, [grant.role for grant in row.roles]) for row in people] == [
        ("Иванова Елена Петровна", [Role.TEACHER]),
        ("Ким Анна Сергеевна", [Role.TEACHER]),
    ]


def test_class_teacher_grade_and_privacy_come_in(school_id):
    bring(school_id)
    rows = db.session.scalars(sa.select(SchoolClass).order_by(SchoolClass.id)).all()
    assert [(row.grade, row.has_students_chat) for row in rows] == [(7, True), (8, True), (None, False)]
    assert [person.last_name for person in rows[0].class_teachers] == ["Иванова"]
    private = db.session.scalars(sa.select(StudyGroup.name).where(StudyGroup.is_private)).all()
    assert private == ["К инд"]


def test_bells_and_first_week_of_the_cycle(school_id):
    result = bring(school_id)
    periods = db.session.execute(sa.select(Period.number, Period.start, Period.end).order_by(Period.number)).all()
    assert periods[0] == (1, time(8, 30), time(9, 10))
    assert len(periods) == 6
    anchor = db.session.get_one(School, school_id).cycle_anchor
    assert (anchor.month in {8, 9}, anchor.weekday()) == (True, 0)
    assert any("чередуется по неделям" in row.text for row in result.findings)


def test_run_findings_and_audit_are_kept(school_id):
    actor = add_person(school_id, "Орлов Пётр Ильич", Role.SYSTEM_ADMINISTRATOR)
    result = import_file(school_id, render(tables_2012()), "школа.xml", actor_id=actor)
    run = db.session.get_one(ImportRun, result.run_id)
    assert (run.kind, run.file_name, run.actor_id, run.facts["lessons_read"]) == ("asc", "школа.xml", actor, 7)
    assert count(ImportFinding) == len(result.findings)
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.action == "import"))
    assert (event.person_id, event.subject_id, event.after["classes"]) == (actor, run.id, 3)


def test_second_import_of_the_same_file_changes_nothing(school_id):
    bring(school_id)
    before = [count(model) for model in (Person, SchoolClass, StudyGroup, Course, TimetableSlot, Room, Division)]
    result = bring(school_id)
    assert dict(result.counts) == {}
    assert before == [
        count(model) for model in (Person, SchoolClass, StudyGroup, Course, TimetableSlot, Room, Division)
    ]


def test_temporary_ids_are_matched_by_name_only(school_id):
    bring(school_id, render(tables_2008()))

    def turned(tables):
        tables["classes"][0]["id"], tables["classes"][1]["id"] = tables["classes"][1]["id"], tables["classes"][0]["id"]
        for row in (*tables["groups"], *tables["lessons"]):
            for name in ("classid", "classids"):
                if name in row:
                    row[name] = row[name].translate(str.maketrans({"1": "2", "2": "1"}))

    result = bring(school_id, changed(turned, tables_2008()))
    assert dict(result.counts) == {}
    assert {row.source_id for row in db.session.scalars(sa.select(SchoolClass))} == {None}


def test_lasting_ids_carry_classes_up_a_year(school_id):
    bring(school_id)
    ids = dict(db.session.execute(sa.select(SchoolClass.label, SchoolClass.id)).all())

    def up(tables):
        tables["classes"][0]["name"] = "8 «Б»"
        tables["classes"][1]["name"] = "9-Б"

    result = bring(school_id, changed(up))
    now = dict(db.session.execute(sa.select(SchoolClass.label, SchoolClass.id)).all())
    assert now == {"8 «Б»": ids["7-А"], "9-Б": ids["8-Б"], "К инд": ids["К инд"]}
    assert result.counts["renamed"] == 2


def test_a_name_that_stays_taken_is_not_given(school_id):
    bring(school_id)

    def one_class(tables):
        tables["classes"] = [{**tables["classes"][0], "name": "8-Б"}]
        tables["groups"] = tables["groups"][:3]

    bring(school_id, changed(one_class))
    assert labels() == ["7-А", "8-Б", "К инд"]


def test_renamed_teacher_stays_the_same_person(school_id):
    bring(school_id)
    ids = set(db.session.scalars(sa.select(Person.id)))

    def married(tables):
        tables["teachers"][0]["name"] = "Петрова Елена Петровна"

    result = bring(school_id, changed(married))
    assert set(db.session.scalars(sa.select(Person.id))) == ids
    assert {row.last_name for row in db.session.scalars(sa.select(Person))} == {"Петрова", "Ким"}
    assert ("Иванова Е. П.", "Учителя теперь зовут Петрова Елена Петровна.") in {
        (row.where, row.text) for row in result.findings
    }


def test_teacher_of_the_list_is_recognised_and_a_parent_is_not(school_id):
    deputy = add_person(school_id, "Иванова Елена Петровна", Role.DEPUTY_HEAD)
    parent = add_person(school_id, "Ким Анна Сергеевна", Role.PARENT)
    bring(school_id)
    assert [person.id for person in course("Алгебра").teachers] == [deputy]
    roles = db.session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == deputy)).all()
    assert sorted(roles) == [Role.DEPUTY_HEAD, Role.TEACHER]
    assert parent not in [person.id for person in course("Разговоры о важном", "7-А, 8-Б").teachers]


def test_other_teacher_moved_and_vanished_lessons(school_id):
    bring(school_id)
    algebra, stream = course("Алгебра").id, course("Разговоры о важном", "7-А, 8-Б").id

    def edit(tables):
        tables["lessons"] = [row for row in tables["lessons"] if row["id"] != HEX(0x504)]
        tables["cards"] = [row for row in tables["cards"] if row["lessonid"] != HEX(0x504)]
        tables["lessons"][0]["teacherids"] = HEX(0x21)
        tables["cards"][0]["period"] = 6
        tables["cards"][3]["classroomids"] = HEX(0x41)

    result = bring(school_id, changed(edit))
    found = {row.id: row for row in db.session.scalars(sa.select(Course))}
    assert [person.last_name for person in found[algebra].teachers] == ["Ким"]
    assert found[stream].is_archived
    assert slots("Алгебра") == [(1, 2, "1", ()), (1, 6, "1", ()), (2, 3, "1", ())]
    assert dict(result.counts) == {
        "courses_other_teacher": 1, "courses_gone": 1, "slots_gone": 2, "slots_new": 1, "slots_other_room": 1,
    }  # fmt: skip
    assert ("7-А, 8-Б", "Предмета «Разговоры о важном» в файле больше нет.") in {
        (row.where, row.text) for row in result.findings
    }
    assert bring(school_id).counts["slots_new"] == 2
    assert not db.session.get_one(Course, stream, populate_existing=True).is_archived


def test_change_of_teacher_without_lasting_ids(school_id):
    bring(school_id, render(tables_2008()))
    algebra = course("Алгебра").id

    def edit(tables):
        tables["lessons"][0]["teacherids"] = "*2"

    result = bring(school_id, changed(edit, tables_2008()))
    assert dict(result.counts) == {"courses_other_teacher": 1}
    assert [person.last_name for person in db.session.get_one(Course, algebra, populate_existing=True).teachers] == [
        "Ким",
    ]


def test_lesson_that_became_a_group_lesson_stays_the_same_course(school_id):
    bring(school_id)
    algebra = course("Алгебра").id

    def edit(tables):
        tables["lessons"][0]["groupids"] = HEX(0x103)
        tables["periods"][5]["endtime"] = ""

    bring(school_id, changed(edit))
    assert course("Алгебра", "7-А (Мальчики)").id == algebra


def test_words_of_a_person_stay(school_id):
    bring(school_id)
    with transaction() as session:
        home = session.scalar(sa.select(SchoolClass).where(SchoolClass.label == "К инд"))
        home.grade = 3
        session.scalar(sa.select(StudyGroup).where(StudyGroup.name == "К инд")).is_private = False
        session.scalar(sa.select(Period).where(Period.number == 1)).start = time(8, 0)
    result = bring(school_id)
    db.session.rollback()
    assert db.session.scalar(sa.select(SchoolClass.grade).where(SchoolClass.label == "К инд")) == 3
    assert db.session.scalar(sa.select(StudyGroup.is_private).where(StudyGroup.name == "К инд")) is False
    assert db.session.scalar(sa.select(Period.start).where(Period.number == 1)) == time(8, 0)
    assert "У урока 1 в файле другое время; оставлено время вашей школы." in {row.text for row in result.findings}


def test_first_import_sets_the_times_of_bells_made_before(app):
    school = make_school()
    bring(school.id)
    starts = dict(db.session.execute(sa.select(Period.number, Period.start)).all())
    assert (starts[2], starts[7]) == (time(9, 30), time(14, 10))


def test_school_made_by_hand_is_completed_not_doubled(app):
    school = make_school()
    lesson_id = make_lesson(school, school.algebra_a)
    result = bring(school.id)
    assert labels() == ["7А", "7Б", "8-Б", "К инд"]
    assert course("Алгебра", "7А").id == school.algebra_a
    assert slots("Алгебра") == [(1, 1, "1", ()), (1, 2, "1", ()), (2, 3, "1", ()), (2, 4, "1", ())]
    assert result.counts["slots_gone"] == 1
    assert db.session.get_one(Lesson, lesson_id).course_id == school.algebra_a


def test_staff_meeting_and_vacancy(school_id):
    def edit(tables):
        tables["lessons"].append(lesson(8, subject=0x32, classes=[], groups=[], teachers=[0x20, 0x22]))
        tables["cards"].append(card(8, "00001", 6))

    bring(school_id, changed(edit))
    meeting = course("Физика", "без класса")
    assert (meeting.group.parts, [person.last_name for person in meeting.teachers]) == ([], ["Иванова"])
    assert dict(bring(school_id, changed(edit)).counts) == {}


def test_vanished_course_is_told_once(school_id):
    def edit(tables):
        tables["lessons"] = tables["lessons"][1:]
        tables["cards"] = tables["cards"][3:]

    bring(school_id)
    assert bring(school_id, changed(edit)).counts["courses_gone"] == 1
    assert dict(bring(school_id, changed(edit)).counts) == {}


def test_saturday_makes_the_week_six_days_and_sunday_is_told(school_id):
    tables = tables_2008()
    tables["days"] += [{"day": 5, "name": "Суббота"}, {"day": 6, "name": "Воскресенье"}]
    tables["cards"] += [{**tables["cards"][0], "day": day} for day in (5, 6)]
    told = {row.text for row in bring(school_id, render(tables)).findings}
    assert db.session.get_one(School, school_id).days_per_week == 6
    assert "Уроки в воскресенье сохранены, но в расписание по дням не попадут." in told
    assert [row.days_per_week for row in db.session.scalars(sa.select(SchoolClass).order_by(SchoolClass.id))] == [
        6,
        5,
        5,
    ]


def test_namesakes_of_the_file(school_id):
    def edit(tables):
        tables["teachers"].append({"id": HEX(0x2F), "name": "Ким Анна Сергеевна"})
        tables["subjects"].append({"id": HEX(0x3F), "name": "физика"})
        tables["classrooms"] += [{"id": HEX(0x4F), "name": "сп зал"}, {"id": HEX(0x4E), "name": ""}]
        tables["classes"].append({"id": HEX(0x1F), "name": "8Б"})
        tables["lessons"] += [
            {**tables["lessons"][4], "id": HEX(0x5F0), "subjectid": HEX(0x3F)},
            {**tables["lessons"][4], "id": HEX(0x5F1), "teacherids": HEX(0x2F)},
        ]
        tables["cards"].append({**tables["cards"][6], "lessonid": HEX(0x5F0), "classroomids": HEX(0x4E), "weeks": "01"})

    bring(school_id, changed(edit))
    assert count(Person, Person.last_name == "Ким") == 2
    assert [count(Subject), count(Room), count(SchoolClass)] == [4, 2, 3]
    assert (5, 2, "1", ()) in slots("Физика")
    assert course("Физика", "8-Б").weekly_hours == Decimal(1)
    assert dict(bring(school_id, changed(edit)).counts) == {}


def test_refused_file_changes_nothing(school_id):
    with pytest.raises(ImportRefusedError):
        bring(school_id, b"<timetable/>")
    assert [count(model) for model in (ImportRun, SchoolClass, AuditEvent)] == [0, 0, 0]


def test_unknown_school_is_refused(app):
    with pytest.raises(NotThereError):
        apply_draft(99, read_asc(render(tables_2012())), actor_id=None, file_name="a")


def test_schools_do_not_mix(school_id):
    other = add_school("Вторая", "Asia/Omsk")
    bring(school_id)
    result = bring(other)
    assert result.counts["classes_new"] == 3
    assert count(SchoolClass, SchoolClass.school_id == other) == 3


def test_school_year_gives_the_first_week(app):
    school = make_school()
    with transaction() as session:
        session.get_one(School, school.id).cycle_anchor = None
    bring(school.id)
    assert db.session.get_one(School, school.id).cycle_anchor in {date(2026, 8, 31), date(2025, 9, 1)}


@pytest.mark.samples
def test_real_file_comes_in_and_again(school_id, real_file):
    name, data, known = real_file
    first = import_file(school_id, data, name, actor_id=None)
    assert first.facts["periods_per_cycle"] == known["period_slots_total_over_cycle"]
    assert count(SchoolClass) == known["tables"]["classes"]
    again = import_file(school_id, data, name, actor_id=None)
    assert {key for key, value in again.counts.items() if value} == set()

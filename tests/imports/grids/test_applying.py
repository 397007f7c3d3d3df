"""From a grid to lessons on dates, on both databases."""

from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.imports.apply import import_file
from scheduler.models.classes import Division, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson
from scheduler.models.timetable import Room, TimetableSlot
from scheduler.planning.publish import publish_timetable
from scheduler.planning.schools import add_school
from scheduler.rules.facts import LessonKind
from tests.factories import count, make_bells
from tests.imports.books import xlsx
from tests.imports.grids import layouts
from tests.imports.grids.layouts import week

MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 6)
BELLS = {number: (time(7 + number, 30), time(8 + number, 15)) for number in range(1, 8)}


@pytest.fixture(autouse=True)
def _friday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 27, 9, 0, tzinfo=UTC))


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def bring(school_id, rows, merged=()):
    return import_file(school_id, layouts.book(rows, merged), "grid.xlsx", actor_id=None)


def test_grid_becomes_lessons_with_the_schools_own_bells(school_id):
    with transaction() as session:
        make_bells(session, school_id, BELLS)
    done = bring(school_id, *layouts.blocks_across(week()))
    published = publish_timetable(school_id, MONDAY, SUNDAY)
    assert (published.made, published.without_bells) == (len(week()), ())
    lesson = db.session.scalar(sa.select(Lesson).order_by(Lesson.date, Lesson.start, Lesson.id).limit(1))
    assert (lesson.date, lesson.start, lesson.course.subject.name) == (MONDAY, time(8, 30), week()["5А", 0, 1][0])
    assert [(row.label, row.grade) for row in db.session.scalars(sa.select(SchoolClass).order_by(SchoolClass.id))] == [
        ("5А", 5), ("5Б", 5), ("6А", 6),
    ]  # fmt: skip
    assert not any("расписание звонков" in row.text for row in done.findings)


def test_missing_bells_are_asked_for(school_id):
    done = bring(school_id, *layouts.blocks_across(week()))
    assert any("когда начинаются и кончаются уроки 1, 2, 3, 4, 5" in row.text for row in done.findings)
    assert publish_timetable(school_id, MONDAY, SUNDAY).made == 0


def test_bells_of_a_table_come_in(school_id):
    bring(school_id, layouts.web_table(week()))
    assert publish_timetable(school_id, MONDAY, SUNDAY).made == len(week())


def test_same_grid_again_changes_nothing(school_id):
    bring(school_id, *layouts.blocks_across(week()))
    before = count(Course), count(TimetableSlot), count(StudyGroup), count(Room), count(Subject)
    again = bring(school_id, *layouts.blocks_across(week()))
    assert dict(again.counts) == {}
    assert (count(Course), count(TimetableSlot), count(StudyGroup), count(Room), count(Subject)) == before


def test_halves_of_a_class_and_activities(school_id):
    rows, _merged = layouts.blocks_across(week())
    rows[1][2], rows[1][3] = "Информатика/Труд", "402/410"
    rows[2][2] = "Разговоры о важном"
    bring(school_id, rows)
    names = set(db.session.scalars(sa.select(StudyGroup.name)))
    assert names >= {"5А", "5А (группа 1)", "5А (группа 2)"}
    assert [row.name for row in db.session.scalars(sa.select(Division))] == ["Группы"]
    kinds = dict(db.session.execute(sa.select(Subject.name, Subject.kind)).all())
    assert kinds["Разговоры о важном"] == LessonKind.EXTRACURRICULAR
    assert kinds["Информатика"] == LessonKind.LESSON


def test_spellings_of_two_imports_are_one_subject(school_id):
    rows, _merged = layouts.blocks_across(week())
    bring(school_id, rows)
    changed = [["физ-ра" if value == "Физическая культура" else value for value in row] for row in rows]
    done = import_file(school_id, xlsx({"Лист1": changed}), "grid.xlsx", actor_id=None)
    assert dict(done.counts) == {}


def plan_of(name):
    rows = db.session.scalars(sa.select(Course).join(StudyGroup).where(StudyGroup.name == name)).all()
    return {
        row.subject.name: (float(row.weekly_hours), [person.short_name for person in row.teachers], row.is_archived)
        for row in rows
    }


LOAD = [
    ["ФИО", "Предмет", "Классы"],
    ["Иванова Елена Петровна", "Математика", "5а-3, 5б-2"],
    ["Ким Анна Сергеевна", "Химия", "5а-1"],
    ["Белова Нина Юрьевна", "Биология", "6а-2"],
]


def test_load_names_the_teachers_of_a_grid_and_leaves_its_slots(school_id):
    bring(school_id, *layouts.blocks_across(week()))
    slots = count(TimetableSlot)
    bring(school_id, LOAD)
    assert count(TimetableSlot) == slots
    assert plan_of("5А")["Математика"] == (3.0, ["Иванова Е. П."], False)
    assert plan_of("5А")["Химия"] == (1.0, ["Ким А. С."], False)
    assert plan_of("5А")["История"][1:] == ([], False)


def test_grid_after_a_load_keeps_teachers_and_courses_of_the_load(school_id):
    bring(school_id, LOAD)
    bring(school_id, *layouts.blocks_across(week()))
    assert plan_of("5А")["Математика"][1:] == (["Иванова Е. П."], False)
    assert plan_of("5А")["Химия"] == (1.0, ["Ким А. С."], False)
    bring(school_id, *layouts.blocks_across(week()))
    assert plan_of("5А")["Математика"][1:] == (["Иванова Е. П."], False)


def test_list_of_teachers_fills_in_who_fits(school_id):
    bring(school_id, *layouts.blocks_across(week()))
    rows = [
        ["Учитель", "Предметы", "Классы"],
        ["Иванова Елена Петровна", "математика, физика", "5а,6а"],
        ["Ким Анна Сергеевна", "история", "5а"],
        ["Белова Нина Юрьевна", "история, география", "5а,5б"],
    ]
    done = bring(school_id, rows)
    assert plan_of("5А")["Математика"][1] == ["Иванова Е. П."]
    assert plan_of("5Б")["История"][1] == ["Белова Н. Ю."]
    assert plan_of("5А")["История"][1] == []
    assert any("История, 5А" in row.text for row in done.findings)


def test_plan_of_hours_becomes_courses(school_id):
    bring(school_id, [["Предметы", "5А", "5Б"], ["Русский язык", 5, 4], ["Математика", 5, 5]])
    assert plan_of("5Б") == {"Русский язык": (4.0, [], False), "Математика": (5.0, [], False)}
    assert count(TimetableSlot) == 0


def test_a_table_of_one_grade_leaves_the_others_alone_and_says_so(school_id):
    fifth, sixth = week(["5А", "5Б", "5В"]), week(["6А", "6Б", "6В"])
    bring(school_id, *layouts.blocks_across(fifth))
    done = bring(school_id, *layouts.blocks_across(sixth))
    assert count(TimetableSlot) == len(fifth) + len(sixth)
    assert [row.text for row in done.findings if "не названы" in row.text] == [
        "В файле не названы эти классы, их расписание осталось прежним: 5А, 5Б, 5В.",
    ]
    fewer = week(["6А", "6Б", "6В"], days=4)
    bring(school_id, *layouts.blocks_across(fewer))
    assert count(TimetableSlot) == len(fifth) + len(fewer)

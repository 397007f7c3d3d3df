from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.grids.reader import open_table
from scheduler.imports.plans.reader import plan_kind, read_plan
from scheduler.imports.preview import preview
from scheduler.imports.recognise import read_source, recognise
from scheduler.imports.report import facts
from scheduler.models.classes import StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.bells import load_bells
from scheduler.rules.facts import LessonKind
from tests.factories import TUESDAY, count, make_school
from tests.imports.books import csv_bytes, xlsx

CURRICULUM = [
    ["Учебный план основного общего образования"],
    ["Предметные области", "Учебные предметы", "Количество часов в неделю"],
    ["", "Классы", "V", "VI", "VII", "Всего"],
    ["Обязательная часть"],
    ["Русский язык и литература", "Русский язык", 5, 6, 4, 15],
    ["", "Литература", 3, 3, 2, 8],
    ["Математика", "Информатика", "0,5", "1/2", date(2026, 2, 1), 1],
    ["", "Физкультурра", 2, "абв2", "2+1", 2],
    ["Итого", "", 29, 30, 32, 91],
]
ACTIVITIES = [
    ["План внеурочной деятельности"],
    ["№", "Название курса", "Класс", "Часов в неделю", "Руководитель", "День", "Время", "Кабинет"],
    ["1", "Разговоры о важном", "7", "1", "классные руководители", "", "", ""],
    ["2", "Мир шахмат", "7А, 7Б", "2", "Ким А. С.", "среда", "7 урок", "12"],
    ["3", "Хор", "все", "1", "Ким А. С.", "", "", ""],
    ["4", "Лыжи", "9", "1", "Ким А. С.", "пятница", "23:10", ""],
]


def book(rows):
    return xlsx({"Лист1": rows}, merged={"Лист1": ["C2:F2", "A5:A6", "A7:A8"]} if rows is CURRICULUM else None)


def lines(rows):
    sheets = open_table(book(rows))
    draft = read_plan(sheets, plan_kind(sheets))
    return draft, [(one.subject, f"{one.hours.normalize():f}", *one.grades) for one in draft.lines]


def test_a_plan_by_grades_is_read_with_halves_of_hours(russian):
    draft, found = lines(CURRICULUM)
    assert (draft.kind, found) == ("curriculum", [
        ("Русский язык", "5", 5), ("Русский язык", "6", 6), ("Русский язык", "4", 7),
        ("Литература", "3", 5), ("Литература", "3", 6), ("Литература", "2", 7),
        ("Информатика", "0.5", 5), ("Информатика", "1.5", 6), ("Информатика", "1.5", 7),
        ("Физкультурра", "2", 5), ("Физкультурра", "3", 7),
    ])  # fmt: skip
    assert [(row.severity.value, row.where.rpartition(" ")[2]) for row in draft.findings] == [
        ("warning", "D7"), ("warning", "E7"), ("error", "D8"),
    ]  # fmt: skip
    assert [question.proposed for question in draft.questions] == ["Физическая культура"]


def test_activities_are_read_line_by_line_or_as_a_matrix(russian):
    draft, _found = lines(ACTIVITIES)
    assert [(one.subject, one.grades, [label.name for label in one.labels], one.is_joint) for one in draft.lines] == [
        ("Разговоры о важном", (7,), [], False), ("Мир шахмат", (), ["7А", "7Б"], True),
        ("Хор", tuple(range(1, 12)), [], True), ("Лыжи", (9,), [], True),
    ]  # fmt: skip
    assert (draft.lines[1].weekday, draft.lines[1].period, draft.lines[1].rooms) == (2, 7, ("12",))
    matrix = [["План внеурочной деятельности"], ["Курсы", "1 кл", "2 кл", "3-4 кл"], ["Разговоры о важном", 1, 1, 1],
              ["Мир шахмат", 1, "", 2]]  # fmt: skip
    assert lines(matrix)[1] == [
        ("Разговоры о важном", "1", 1), ("Разговоры о важном", "1", 2), ("Разговоры о важном", "1", 3, 4),
        ("Мир шахмат", "1", 1), ("Мир шахмат", "2", 3, 4),
    ]  # fmt: skip


def test_the_figures_are_those_of_every_timetable(russian):
    found = facts(read_source(book(ACTIVITIES), "план.xlsx"))
    assert {key: found[key] for key in ("kind", "classes", "subjects", "courses", "lessons_read", "unplaced")} == {
        "kind": "extracurricular", "classes": 4, "subjects": 4, "courses": 4, "lessons_read": 4, "unplaced": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [["Расписание"], ["", "", "5А", "5Б"], ["Понедельник", "1", "Алгебра", "Физика"], ["", "2", "Химия", "Алгебра"],
         ["Вторник", "1", "Алгебра", "Физика"]],
        [["ФИО учителя", "Предмет", "Класс", "Часов в неделю"], ["Иванова Е. П.", "Алгебра", "7а-3, 7б-3", "6"]],
    ],
)  # fmt: skip
def test_other_tables_are_no_plans(russian, rows):
    assert plan_kind(open_table(csv_bytes(rows))) is None


def test_a_table_without_a_plan_is_refused_in_words(russian):
    with pytest.raises(ImportRefusedError, match="не нашлось плана"):
        read_source(csv_bytes([["слово", "дело"]]), "план.csv", kind="curriculum")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_hours_go_to_the_classes_of_a_grade_and_groups_keep_theirs(app):
    make_school()
    rows = [["Учебный план"], ["Предметы", "7 классы", "9 классы"], ["Химия", 2, 2], ["Английский язык", 3, 3]]
    rows += [["Алгебра", 4, 3]]
    school_id = db.session.scalar(sa.select(Subject.school_id).limit(1))
    assert recognise(csv_bytes(rows), "план.csv") == "curriculum"
    before = count(Course)
    done = import_file(school_id, csv_bytes(rows), "план.csv", actor_id=None)
    made = db.session.scalars(sa.select(Course).join(Subject).where(Subject.name == "Химия")).all()
    assert sorted((row.group.name, row.weekly_hours) for row in made) == [("7А", Decimal(2)), ("7Б", Decimal(2))]
    assert count(Course) == before + 3  # of 7Б, which had no English, a line of the plan as well
    texts = " ".join(row.text for row in done.findings)
    assert "нет классов 9" in texts
    assert "Английский язык, 7А" in texts
    algebra = db.session.scalars(sa.select(Course).join(Subject).where(Subject.name == "Алгебра")).all()
    assert {row.weekly_hours for row in algebra} == {Decimal(4)}
    assert all(row.teachers for row in algebra)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_plan_of_classes_that_the_school_has_not_is_refused_and_stores_nothing(app):
    school = make_school()
    before = count(Subject)
    rows = [["Учебный план"], ["Предметы", "10 класс", "11 класс"], ["Химия", 2, 2], ["Физика", 3, 3]]
    with pytest.raises(ImportRefusedError, match="нет классов 10, 11"):
        import_file(school.id, csv_bytes(rows), "план.csv", actor_id=None)
    assert count(Subject) == before


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_club_is_made_once_with_its_hour_and_its_known_leader(app):
    school = make_school()
    slots, people = count(TimetableSlot), set(db.session.scalars(sa.select(StudyGroup.id)))
    data = book(ACTIVITIES)
    assert preview(school.id, data, "план.xlsx").teachers.known == 1
    import_file(school.id, data, "план.xlsx", actor_id=None)
    clubs = db.session.scalars(sa.select(StudyGroup).where(StudyGroup.is_club).order_by(StudyGroup.name)).all()
    assert [row.name for row in clubs] == ["Мир шахмат (7А, 7Б)", "Хор"]
    club = clubs[0]
    assert {part.class_id for part in club.parts} == {school.class_a, school.class_b}
    course = db.session.scalars(sa.select(Course).where(Course.group_id == club.id)).one()
    assert (course.subject.kind, [one.id for one in course.teachers]) == (LessonKind.EXTRACURRICULAR, [school.kim])
    assert count(TimetableSlot) == slots + 1
    assert load_bells(db.session, school.id).on(TUESDAY, class_id=school.class_a, shift=1)
    again = import_file(school.id, data, "план.xlsx", actor_id=None)
    assert (again.counts, people < set(db.session.scalars(sa.select(StudyGroup.id)))) == ({}, True)

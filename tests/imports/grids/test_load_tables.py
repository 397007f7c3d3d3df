"""«Педагогическая нагрузка», lists of teachers, and tables of weekly hours."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.grids.class_lists import class_list, is_class_list
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.books import csv_bytes, ods, xls, xlsx

LOAD = [
    ["", "Педагогическая нагрузка на 2023/2024 учебный год"],
    ["№", "ФИО", "Предмет", "Классы 2023/2024 уч.год", "Всего часов"],
    [1, "Иванова Елена Петровна", "русский язык", "7а(1)-2, 7б(1)-1, 10г-0,5", 3.5],
    ["", "", "литература", "7а-2,7б-2", 4],
    [2, "Вакансия (Сидорова А.А.)", "физика", "9а,о(2)-4, 2з(2-2", 6],
    [3, "Ким Анна Сергеевна (уволена)", "английский язык", "10т(2), 11в-05", ""],
    [4, "Петров Олег Ильич", "химия", "8а", datetime(2024, 4, 3)],  # noqa: DTZ001 - a date as sheets hold it
    [5, "Белова Нина Юрьевна", "музыка", date(2024, 5, 5), 1],
]


def entries(text):
    return [
        ("".join(label.name for label in row.labels), row.group, None if row.hours is None else float(row.hours))
        for row in class_list(text)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7а(1)-2, 7б(1)-1, 10г-0,5", [("7А", 1, 2), ("7Б", 1, 1), ("10Г", None, 0.5)]),
        ("10г-0,5,11в-1", [("10Г", None, 0.5), ("11В", None, 1)]),
        ("10т(2)", [("10Т", 2, None)]),
        ("9а,о(2)-4", [("9А9О", 2, 4)]),
        ("2з(2-2", [("2З", 2, 2)]),
        ("11в-05", [("11В", None, 0.5)]),
        ("7а-2,7б-2,5", [("7А", None, 2), ("7Б", None, 2.5)]),
        ("l0д-3", [("10Д", None, 3)]),
        ('8 "А" - 3', [("8А", None, 3)]),
        ("7a-2", [("7А", None, 2)]),
        ("7а-2 ч; 7б-3 ч", [("7А", None, 2), ("7Б", None, 3)]),
        ("5е,5з,9з", [("5Е", None, None), ("5З", None, None), ("9З", None, None)]),
        ("математика", []),
        ("7а-99", [("7А", None, None)]),
    ],
)
def test_lists_of_classes(text, wanted):
    assert entries(text) == wanted


def test_what_is_a_list():
    assert is_class_list("7а-2, 7б-1")
    assert not is_class_list("в 7а классе ведёт кружок по субботам")


def read(rows, make=xlsx):
    return read_source(make({"Лист1": rows}), "a.xlsx")


def courses(draft):
    return {
        (draft.audience_by_key[row.audience_key].label, draft.subject_by_key[row.subject_key].name,
         *(draft.teacher_by_key[key].name for key in row.teacher_keys)): row.weekly_hours
        for row in draft.courses
    }  # fmt: skip


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_load_becomes_courses(russian, make):
    draft = read(LOAD, make)
    found = courses(draft)
    assert (draft.shape, draft.has_timetable, facts(draft)["lessons_read"]) == ("load", False, 11)
    assert found["7А (группа 1)", "Русский язык", "Иванова Елена Петровна"] == 2
    assert found["10Г", "Русский язык", "Иванова Елена Петровна"] == Decimal("0.5")
    assert found["7Б", "Литература", "Иванова Елена Петровна"] == 2
    assert found["9А (группа 2), 9О (группа 2)", "Физика", "Вакансия"] == 4
    assert found["8А", "Химия", "Петров Олег Ильич"] == Decimal("3.5")
    assert found["5А", "Музыка", "Белова Нина Юрьевна"] == 1
    assert [row.name for row in draft.teachers if row.is_placeholder] == ["Вакансия"]


def test_doubts_of_a_load_are_told_with_their_cell(russian):
    told = {row.where.rpartition(" ")[2]: row.text for row in read(LOAD).findings}
    assert told["D5"].startswith("У «2з(2-2» не закрыта скобка")
    assert "уволена" in told["B6"]
    assert "дата «03.04.2024»: прочитано как 4 ч в одном полугодии и 3 ч в другом" in told["E7"]
    assert "похоже на класс 5А" in told["D8"]
    assert {"B5", "D6"} <= set(told)


def test_list_of_teachers(russian):
    rows = [
        ["Учитель", "Предметы", "Кабинет", "Классы"],
        ["Иванова Елена Петровна", "русский язык,родная лит-ра", 317, "9д,10а\n"],
        ["Ким Анна Сергеевна", "английский язык", "ШК-3", " 7з,7е"],
        ["Петров Олег Ильич", "физическая культура", "БСЗ,МСЗ", "5а"],
        ["Белова Нина Юрьевна", "химия", 130.123, "8а, 8б"],
    ]
    draft = read_source(csv_bytes(rows), "a.csv")
    first = draft.teachers[0]
    assert (draft.shape, facts(draft)["courses"], len(draft.teachers)) == ("teachers", 0, 4)
    assert first.class_keys == ("9д", "10а")
    assert [draft.subject_by_key[key].name for key in first.subject_keys] == ["Русский язык", "Родная литература"]
    assert [[draft.room_by_key[key].name for key in row.room_keys] for row in draft.teachers] == [
        ["317"], ["ШК-3"], ["БСЗ", "МСЗ"], ["130", "123"],
    ]  # fmt: skip


def test_hours_under_labels(russian):
    rows = [['5 "Е"'], ["Русский язык", 5.0], ["Музыка", 0.5], ["Итого", 33], [], ['5 "Д"'], ["Физическая культра", 2]]
    draft = read(rows)
    assert (draft.shape, facts(draft)["lessons_read"]) == ("hours", 3)
    assert courses(draft) == {("5Е", "Русский язык"): 5, ("5Е", "Музыка"): Decimal("0.5"),
                              ("5Д", "Физическая культура"): 2}  # fmt: skip


def test_hours_in_columns_of_classes(russian):
    rows = [
        ["Учебный план"],
        ["Предметы", "5А", "5Б", "6А"],
        ["Русский язык", 5, 5, 6],
        ["Математика", 5, 5, 5],
        ["История", 2, "", 2],
        ["Всего", 12, 10, 13],
    ]
    assert facts(read(rows))["kind"] == "curriculum"
    draft = read_source(xlsx({"Лист1": rows}), "a.xlsx", kind="grid")
    assert (draft.shape, facts(draft)["lessons_read"]) == ("hours", 8)
    assert courses(draft)["6А", "Русский язык"] == 6


def test_roster_is_no_timetable(russian):
    rows = [
        ["Фамилия", "Имя", "Класс", "Дата рождения"],
        *([f"Иванов{n}", "Пётр", "5А", "01.02.2013"] for n in range(9)),
    ]
    assert read(rows).kind == "roster"
    with pytest.raises(ImportRefusedError, match="не нашлось расписания"):
        read_source(xlsx({"Лист1": rows}), "a.xlsx", kind="grid")

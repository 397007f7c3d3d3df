import json
from datetime import date
from pathlib import Path

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source, recognise
from scheduler.imports.report import facts
from tests.imports import books
from tests.imports.conftest import SAMPLES

RU = SAMPLES.parent / "ru"


def csv(*rows, encoding="utf-8", separator=";"):
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def xlsx(sheets, **options):
    """`sheets` are {name: {address: value}}."""
    return books.xlsx({name: _rows(cells) for name, cells in sheets.items()}, **options)


def _rows(cells):
    rows = [[""] * 10 for _ in range(10)]
    for address, value in cells.items():
        rows[int(address[1:]) - 1][ord(address[0]) - ord("A")] = value
    return rows


def read(data, name="список.csv", **options):
    return read_source(data, name, **options)


def pupils(draft):
    labels = {row.key: row.name for row in draft.classes}
    return [(row.name.full, labels.get(row.class_key)) for row in draft.students]


def families(draft):
    names = {row.key: row.name.full for row in draft.students}
    return {row.name.full: [names[key] for key in row.student_keys] for row in draft.parents}


def texts(draft):
    return [row.text for row in draft.findings]


HEADINGS = ("Класс", "Фамилия", "Имя", "Отчество", "Дата рождения", "Группа (ин.яз.)")
PEOPLE = (
    ("7А", "Иванова", "Анна", "Петровна", "01.02.2013", "1"),
    ("7А", "ЁЛКИН", "пётр", "", "03.04.2013", "2"),
    ("7 «Б»", "Мамин-Сибиряк", "Ольга", "Ивановна", "05.06.2013", ""),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_columns_in_any_alphabet_are_read(russian, encoding, separator):
    draft = read(csv(HEADINGS, *PEOPLE, encoding=encoding, separator=separator))
    assert pupils(draft) == [
        ("Иванова Анна Петровна", "7А"), ("Ёлкин Пётр", "7А"), ("Мамин-Сибиряк Ольга Ивановна", "7Б"),
    ]  # fmt: skip
    assert [row.groups for row in draft.students] == [
        (("Группа (ин.яз.)", "1"),), (("Группа (ин.яз.)", "2"),), (),
    ]  # fmt: skip


def test_facts_have_the_promised_keys_and_no_value_that_is_not_kept(russian):
    draft = read(csv(HEADINGS, *PEOPLE))
    found = facts(draft)
    assert {key: value for key, value in found.items() if key != "findings"} == {
        "kind": "roster", "students": 3, "parents": 0, "teachers": 0, "classes": 2, "groups": 2, "rows_read": 3,
        "not_taken": ["Дата рождения"],
    }  # fmt: skip
    assert "Не взято и нигде не сохранено: Дата рождения." in texts(draft)
    assert "2013" not in repr(draft) + json.dumps(found, ensure_ascii=False)


def test_what_must_not_be_stored_is_nowhere_in_the_draft(russian):
    headings = (
        "ФИО ученика",
        "Класс",
        "Телефон",
        "СНИЛС",
        "Адрес проживания",
        "E-mail родителя",
        "Пол",
        "Место работы отца",
    )
    row = (
        "Иванова Анна Петровна",
        "7А",
        "+79001112233",
        "112-233-445 95",
        "ул. Ленина, 5",
        "mama@mail.ru",
        "Ж",
        "Завод",
    )
    draft = read(csv(headings, row))
    assert pupils(draft) == [("Иванова Анна Петровна", "7А")]
    assert draft.parents == ()
    assert draft.not_taken == headings[2:]
    assert [value for value in row[2:-2] if value in repr(draft)] == []


def test_journal_export_with_two_levels_of_headings(russian):
    data = xlsx(
        {
            "Список": {
                "A1": "№", "B1": "Обучающийся", "E1": "Родитель (законный представитель)",
                "B2": "Фамилия", "C2": "Имя", "D2": "Отчество", "E2": "Фамилия", "F2": "Имя", "G2": "Отчество",
                "H1": "Класс", "A3": 1, "B3": "Иванова", "C3": "Анна", "D3": "Петровна", "E3": "Иванова",
                "F3": "Мария", "G3": "Олеговна", "H3": "7А",
            },
        },
        merged={"Список": ["B1:D1", "E1:G1", "A1:A2", "H1:H2"]},
    )  # fmt: skip
    draft = read(data, "a.xlsx")
    assert pupils(draft) == [("Иванова Анна Петровна", "7А")]
    assert families(draft) == {"Иванова Мария Олеговна": ["Иванова Анна Петровна"]}


def test_row_a_parent_with_merged_pupil(russian):
    data = xlsx(
        {
            "7А": {
                "A1": "Ученик", "B1": "Родитель", "A2": "Иванов Пётр", "B2": "Иванова Мария Олеговна (мать)",
                "B3": "Иванов Олег Ильич", "A4": "Ким Ян", "B4": "Ким Анна", "B5": "Ким Лев",
            },
        },
        merged={"7А": ["A2:A3"]},
    )  # fmt: skip
    draft = read(data, "a.xlsx")
    assert pupils(draft) == [("Иванов Пётр", "7А"), ("Ким Ян", "7А")]
    assert families(draft) == {
        "Иванова Мария Олеговна": ["Иванов Пётр"], "Иванов Олег Ильич": ["Иванов Пётр"], "Ким Анна": ["Ким Ян"],
        "Ким Лев": ["Ким Ян"],
    }  # fmt: skip


def test_row_a_family(russian):
    rows = (
        ("Мать", "Отец", "Дети"),
        ("Иванова Мария Олеговна", "Иванов Олег Ильич", "Иванов Пётр (7А), Иванова Анна (5Б)"),
        ("Ким Анна", "", "Ким Ян (7А)"),
    )
    draft = read(csv(*rows))
    assert pupils(draft) == [("Иванов Пётр", "7А"), ("Иванова Анна", "5Б"), ("Ким Ян", "7А")]
    assert families(draft)["Иванов Олег Ильич"] == ["Иванов Пётр", "Иванова Анна"]


def test_parents_of_two_children_are_one_and_of_two_families_are_asked(russian):
    rows = (
        ("ФИО", "Класс", "ФИО родителя"),
        ("Иванов Пётр", "7А", "Иванова Мария Олеговна"),
        ("Иванова Анна", "5Б", "Иванова Мария Олеговна"),
        ("Ким Ян", "7А", "Иванова Мария Олеговна"),
    )
    draft = read(csv(*rows))
    assert [len(row.student_keys) for row in draft.parents] == [2, 1]
    (question,) = draft.questions
    assert (question.proposed, "двух семей" in question.text) == ("two", True)
    settled = read(csv(*rows), answers={question.key: "one"})
    assert families(settled) == {"Иванова Мария Олеговна": ["Иванов Пётр", "Иванова Анна", "Ким Ян"]}
    assert (settled.questions, any("двух семей" in text for text in texts(settled))) == ((), False)


def test_namesakes_are_two_by_their_birth_dates_or_asked(russian):
    dated = csv(HEADINGS, PEOPLE[0], (*PEOPLE[0][:4], "09.09.2013", "1"), PEOPLE[0])
    assert len(read(dated).students) == 2
    assert any("с разными данными" in text for text in texts(read(dated)))
    undated = csv(("Класс", "ФИО"), ("7А", "Иванова Анна Петровна"), ("7А", "иванова анна петровна"))
    draft = read(undated)
    (question,) = draft.questions
    assert (len(draft.students), question.proposed) == (2, "two")
    assert "Иванова" not in question.key
    assert len(read(undated, answers={question.key: "one"}).students) == 1
    assert len(read(undated, answers={question.key: "two"}).students) == 2


def test_one_name_in_two_classes_is_asked(russian):
    draft = read(csv(("Класс", "ФИО"), ("7А", "Елкин Семен Артёмович"), ("8А", "Ёлкин Семён Артемович")))
    assert len(draft.students) == 2
    assert [row.text for row in draft.questions] == [
        "Ёлкин Семён Артемович записан в классах 7А, 8А: это один ученик или разные?"
    ]


def test_class_stands_in_rows_between_the_pupils(russian):
    rows = (
        ("№", "ФИО учащегося", ""), ("7 «А» класс", "", ""), ("1", "Иванова Анна", ""), ("2", "Ким Ян", ""),
        ("Класс: 7Б (1 чел.)", "", ""), ("1", "Ли Вера", ""),
    )  # fmt: skip
    assert pupils(read(csv(*rows))) == [("Иванова Анна", "7А"), ("Ким Ян", "7А"), ("Ли Вера", "7Б")]


def test_title_names_the_class(russian):
    rows = (("Список учащихся 5 «В» класса", ""), ("№ п/п", "Фамилия, имя"), ("1", "Иванова Анна"))
    assert pupils(read(csv(*rows))) == [("Иванова Анна", "5В")]


def test_grade_and_letter_in_columns_of_their_own(russian):
    rows = (("Параллель", "Литера", "Фамилия", "Имя"), ("7", "А", "Иванова", "Анна"))
    assert pupils(read(csv(*rows))) == [("Иванова Анна", "7А")]


def test_teachers_and_class_teachers(russian):
    rows = (
        ("Класс", "Классный руководитель", "Ученик"),
        ("7А", "Петрова Елена Ивановна", "Иванова Анна"),
        ("7А", "Петрова Елена Ивановна", "Ким Ян"),
    )
    draft = read(csv(*rows))
    assert [row.name.full for row in draft.teachers] == ["Петрова Елена Ивановна"]
    assert [row.teacher_keys for row in draft.classes] == [(draft.teachers[0].key,)]
    staff = read(csv(("Учитель", "Предметы", "Классы"), ("Ким А. С.", "физика", "7а, 8б"), ("Ли Вера", "", "")))
    assert [row.name.full for row in staff.teachers] == ["Ким А. С.", "Ли Вера"]
    assert [row.name for row in staff.classes] == ["7А", "8Б"]


def test_roles_in_a_column(russian):
    rows = (
        ("Роль", "Фамилия", "Имя", "Отчество", "Класс"),
        ("Ученик", "Иванова", "Анна", "", "7А"),
        ("Родитель", "Иванова", "Мария", "", ""),
        ("Учитель", "Петрова", "Елена", "Ивановна", ""),
    )
    draft = read(csv(*rows))
    assert (pupils(draft), [row.name.full for row in draft.teachers]) == (
        [("Иванова Анна", "7А")], ["Петрова Елена Ивановна"],
    )  # fmt: skip
    assert families(draft) == {"Иванова Мария": ["Иванова Анна"]}


def test_sheet_for_each_class_and_others_told(russian):
    people = {"A1": "ФИО ученика", "A2": "Иванова Анна"}
    draft = read(xlsx({"7А": people, "7 Б": people, "Звонки": {"A1": "1 урок", "B1": "8:30"}}), "a.xlsx")
    assert pupils(draft) == [("Иванова Анна", "7А"), ("Иванова Анна", "7Б")]
    assert "На этом листе списка людей не нашлось." in texts(draft)


def test_date_instead_of_a_class_is_told(russian):
    data = xlsx({"Лист": {"A1": "Класс", "B1": "ФИО", "A2": date(2024, 5, 1), "B2": "Иванова Анна"}})
    draft = read(data, "a.xlsx")
    assert pupils(draft) == [("Иванова Анна", None)]
    assert any("Вместо класса записана дата" in text for text in texts(draft))


def test_order_of_names_and_odd_names(russian):
    rows = (
        ("ФИО ученика", "Класс"), ("Анна Петровна Иванова", "7А"), ("Мамедов Али Гасан оглы", "7А"),
        ("д’Артуа Жан-Поль", "7А"), ("1. Ким Ян", "7А"), ("Салтыков - Щедрин Пётр", "7А"), ("—", "7А"),
    )  # fmt: skip
    assert [name for name, _label in pupils(read(csv(*rows)))] == [
        "Иванова Анна Петровна", "Мамедов Али Гасан оглы", "д’Артуа Жан-Поль", "Ким Ян", "Салтыков-Щедрин Пётр",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        (("Понедельник", "5А", "5Б"), ("1", "Алгебра", "Физика")),
        (("№", "Класс", "Предмет"), ("1", "7А", "Алгебра")),
        (("spelling", "occurrences"), ("Математика", "203")),
    ],
)
def test_other_tables_are_no_lists_of_people(russian, rows):
    assert recognise(csv(*rows), "a.csv") == "grid"


def test_headings_that_were_sorted_into_the_list_are_found(russian):
    rows = [("7А", f"Ученикова{letter}", "Анна") for letter in "абвгдежзиклмнопрстуфхцчшщэюя" * 2]
    draft = read(csv(*rows[:50], ("Класс", "Фамилия", "Имя"), *rows[50:]))
    assert facts(draft)["rows_read"] == len(rows)


def test_list_without_people_is_refused(russian):
    with pytest.raises(ImportRefusedError) as told:
        read(csv(HEADINGS), kind="roster")
    assert "Списка людей в файле не нашлось" in str(told.value)


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "students", "teachers", "classes"),
    [
        ("SYNTHETIC_roster_cp1251_semicolon.csv", 746, 0, 31),
    ],
)
def test_real_list_has_its_counts(russian, name, students, teachers, classes):
    path: Path = RU / name
    if not path.exists():
        pytest.skip("no ../shared/data")
    found = facts(read(path.read_bytes(), name))
    assert (found["kind"], found["students"], found["teachers"], found["classes"]) == (
        "roster", students, teachers, classes,
    )  # fmt: skip


def test_parents_under_a_spoilt_heading_of_their_children_are_refused(russian):
    rows = [["7А", "Иванова", "Анна", f"Иванова Мария {n}"] for n in range(4)]
    with pytest.raises(ImportRefusedError, match="непонятно, чьи"):
        read_source(csv(["Класс", "Ф#ми#ия", "#", "ФИО родителя"], *rows), "a.csv")
    alone = [["7А", f"Иванова Мария {n}"] for n in range(4)]
    assert read_source(csv(["Класс", "ФИО родителя"], *alone), "a.csv").parents

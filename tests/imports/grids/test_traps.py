"""The traps of real grids, each alone in a small grid of blocks (import-formats, A3)."""

from datetime import date, time

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.books import csv_bytes, xlsx

PLAIN = ["Русский язык", "История", "Биология", "География"]


def grid(cells, *, heads=("5А", "5Б"), merged=(), hidden_rows=(), below=(), days=2):
    """A grid of №, subject, room for each class; `cells` (class place, day, number) → (subject, room) or None."""
    rows = [["", *(value for head in heads for value in ("", head, ""))]]
    for day, title in zip(range(days), ["Понедельник", "Вторник", "Среда"], strict=False):
        for number in range(1, 5):
            row = [title if number == 1 else ""]
            for place in range(len(heads)):
                subject, room = cells.get((place, day, number), (PLAIN[number - 1], 100 + 10 * place + number))
                row += [number, subject, room]
            rows.append(row)
    return rows + list(below)


def read(rows, **options):
    hidden = options.pop("hidden_rows", ())
    return read_source(xlsx({"5 класс": rows}, hidden_rows={"5 класс": hidden}, **options), "a.xlsx")


def at(draft, label, day, number):
    """(subject, rooms, teachers) of everything an audience has at an hour."""
    return [
        (
            draft.subject_by_key[draft.course_by_key[slot.course_key].subject_key].name,
            tuple(draft.room_by_key[key].name for key in slot.room_keys),
            tuple(draft.teacher_by_key[key].name for key in draft.course_by_key[slot.course_key].teacher_keys),
        )
        for slot in draft.slots
        if (slot.weekday, slot.period) == (day, number) and draft.audience_of(slot).label == label
    ]


def texts(draft):
    return " | ".join(f"{row.where}: {row.text}" for row in draft.findings)


@pytest.mark.parametrize(
    ("subject", "room", "first", "second"),
    [
        ("ИНФОРМАТИКА/ТЕХНОЛОГИЯ", "402/410", ("Информатика", ("402",)), ("Технология", ("410",))),
        ("Французский / Испанский язык", "247/333", ("Французский язык", ("247",)), ("Испанский язык", ("333",))),
        ("Англ. яз. (305,307)", "", ("Английский язык", ("305",)), ("Английский язык", ("307",))),
        ("Информатика, Труд (320,110)", "", ("Информатика", ("320",)), ("Труд (технология)", ("110",))),
        ("Курс по химии 307/  курс по физике  206", "", ("Курс по химии", ("307",)), ("Курс по физике", ("206",))),
        ("Информатика/Химия", "415/416/332", ("Информатика", ("415", "416")), ("Химия", ("332",))),
    ],
)
def test_subgroups(russian, subject, room, first, second):
    draft = read(grid({(0, 0, 1): (subject, room)}))
    assert [row[:2] for row in at(draft, "5А (группа 1)", 0, 1)] == [first]
    assert [row[:2] for row in at(draft, "5А (группа 2)", 0, 1)] == [second]
    assert facts(draft)["lessons_read"] == 16
    assert facts(draft)["clashes"] == 0


@pytest.mark.parametrize(
    ("subject", "room", "wanted"),
    [
        ("математика/алгебра", 310, ("Математика/алгебра", ("310",), ())),
        ("Англ.язык101", "", ("Английский язык", ("101",), ())),
        ("Физ-ра", "Сп. зал 2", ("Физическая культура", ("Сп.зал 2",), ())),
        ("ФИЗКУЛЬТУРА", "МСЗ", ("Физическая культура", ("МСЗ",), ())),
        ("Химия", "ШК-3", ("Химия", ("ШК-3",), ())),
        ("Химия", 412.0, ("Химия", ("412",), ())),
        ("Химия", "411Б", ("Химия", ("411Б",), ())),
        ("Химия (Иванова А.П.)", 12, ("Химия", ("12",), ("Иванова А. П.",))),
        ("Химия (Иванова А..П", 12, ("Химия", ("12",), ("Иванова А. П.",))),
        ("Химия\nИвановаА.П.\n305", "", ("Химия", ("305",), ("Иванова А. П.",))),
        ("Химия", "Иванова А.П.", ("Химия", (), ("Иванова А. П.",))),
        ("  Химия ", " 305 ", ("Химия", ("305",), ())),
        ("Xимия", 5, ("Химия", ("5",), ())),
    ],
)
def test_one_lesson(russian, subject, room, wanted):
    draft = read(grid({(0, 0, 1): (subject, room)}))
    assert at(draft, "5А", 0, 1) == [wanted]


def test_three_rooms_of_one_class_are_three_groups(russian):
    draft = read(grid({(0, 0, 1): ("Алгебра", "104/209/210")}))
    assert [at(draft, f"5А (группа {number})", 0, 1)[0][1] for number in (1, 2, 3)] == [("104",), ("209",), ("210",)]


def test_same_rooms_in_two_classes_are_one_lesson(russian):
    draft = read(grid({(place, 0, 1): ("Алгебра", "104/209/210") for place in (0, 1)}))
    assert at(draft, "5А, 5Б", 0, 1) == [("Алгебра", ("104", "209", "210"), ())]
    assert facts(draft)["clashes"] == 0
    assert facts(draft)["lessons_read"] == 16


def test_gym_of_two_classes_is_no_clash(russian):
    draft = read(grid({(place, 0, 1): ("Физкультура", "Спортзал") for place in (0, 1)}))
    assert len(at(draft, "5А", 0, 1)) == len(at(draft, "5Б", 0, 1)) == 1
    assert facts(draft)["clashes"] == 0


def test_remote_room_is_told(russian):
    draft = read(grid({(0, 0, 1): ("Химия", "дист")}))
    assert at(draft, "5А", 0, 1) == [("Химия", (), ())]
    assert "Лист «5 класс», ячейка C2: В столбце кабинетов отмечено" in texts(draft)


def test_crossed_out_lesson_is_told_and_not_taken(russian):
    draft = read(grid({(0, 0, 1): ("=====", "")}))
    assert at(draft, "5А", 0, 1) == []
    assert "Лист «5 класс», ячейка C2: Урок вычеркнут («=====»)" in texts(draft)
    assert facts(draft)["lessons_read"] == 15


def test_row_without_number_is_the_second_group(russian):
    rows = grid({})
    rows.insert(3, ["", "", "Французский язык", 328, "", "", ""])
    draft = read(rows)
    assert at(draft, "5А (группа 1)", 0, 2) == [("История", ("102",), ())]
    assert at(draft, "5А (группа 2)", 0, 2) == [("Французский язык", ("328",), ())]
    assert facts(draft)["lessons_read"] == 17


def test_row_under_a_merged_number_is_the_second_group(russian):
    rows = grid({})
    rows.insert(3, ["", "", "Французский язык", 328, "", "", ""])
    draft = read(rows, merged={"5 класс": ["B3:B4"]})
    assert at(draft, "5А (группа 2)", 0, 2) == [("Французский язык", ("328",), ())]


def test_lesson_merged_over_two_numbers_lasts_for_both(russian):
    draft = read(grid({(0, 0, 2): ("", "")}), merged={"5 класс": ["C2:C3"]})
    assert at(draft, "5А", 0, 1) == [("Русский язык", ("101",), ())]
    assert at(draft, "5А", 0, 2)[0][0] == "Русский язык"
    assert facts(draft)["lessons_read"] == 15


def test_number_twice_where_the_next_is_missing(russian):
    rows = grid({})
    rows[3][1] = 1
    draft = read(rows)
    assert at(draft, "5А", 0, 2) == [("История", ("102",), ())]
    assert "Лист «5 класс», ячейка B4: Номер урока стоит дважды" in texts(draft) or "ячейка B" in texts(draft)


def test_heading_over_the_column_of_numbers(russian):
    rows = grid({})
    rows[0] = ["", "", "5А", "", "5Б", "", ""]
    draft = read(rows)
    assert at(draft, "5Б", 0, 1) == [("Русский язык", ("111",), ())]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('6 "Е класс', "6Е"),
        ('11 "И" класс (физ-мат)', "11И (физ-мат)"),
        ("l0д", "10Д"),
        ("7A", "7А"),
        ("8 - б", "8Б"),
        ("9 «В»", "9В"),
    ],
)
def test_headings_of_classes(russian, head, name):
    draft = read(grid({}, heads=(head, "5Б")))
    assert [row.name for row in draft.classes] == [name, "5Б"]


def test_same_class_twice_is_two_groups_of_it(russian):
    draft = read(grid({(1, 0, 1): ("Химия", 9)}, heads=("5А", "5А", "5Б")))
    assert facts(draft)["classes"] == 2
    assert at(draft, "5А (группа 2)", 0, 1) == [("Химия", ("9",), ())]
    assert facts(draft)["clashes"] == 0
    assert "дважды" in texts(draft)


@pytest.mark.parametrize("damaged", [date(2024, 5, 5), time(5, 0)])
def test_class_that_became_a_date_is_asked(russian, damaged):
    rows = grid({}, heads=("5А", damaged, "5В"))
    draft = read(rows)
    question = next(row for row in draft.questions if row.class_key)
    assert [row.name for row in draft.classes] == ["5А", "5Б", "5В"]
    assert question.where == "Лист «5 класс», ячейка F1"
    assert question.proposed == "5Б"
    other = read_source(xlsx({"5 класс": rows}), "a.xlsx", answers={question.key: "5Г"})
    assert [row.name for row in other.classes] == ["5А", "5Г", "5В"]


def test_extracurricular_lesson_0(russian):
    rows = grid({})
    rows.insert(1, ["Понедельник", "ВД", "Разговоры о важном", 1, "ВД", "Разговоры о важном", 2])
    rows[2][0] = ""
    draft = read(rows)
    assert at(draft, "5А", 0, 0) == [("Разговоры о важном", ("1",), ())]
    assert [row.name for row in draft.subjects if row.is_extracurricular] == ["Разговоры о важном"]


def test_hidden_rows_are_told_and_not_taken(russian):
    draft = read(grid({}), hidden_rows=(3,))
    assert at(draft, "5А", 0, 2) == []
    assert "скрытых строках" in texts(draft) or "скрытой строке" in texts(draft)


def test_notes_and_bells_below_are_no_lessons(russian):
    below = [
        [],
        ["Расписание звонков", 1, "8:30-9:15", "", 1, "14:00-14:45"],
        ["", 2, "9:25-10:10", "", 2, "15:00-15:45"],
        ["Директор школы", "", "Петрова А. А."],
        ["Примечание: замены на доске"],
    ]
    draft = read(grid({}, below=below))
    assert facts(draft)["lessons_read"] == 16


def test_forgotten_day_follows_the_one_above(russian):
    rows = grid({}, days=3)
    rows[5][0] = ""
    draft = read(rows)
    assert len(at(draft, "5А", 1, 1)) == 1
    assert "день не назван" in texts(draft)


def test_lesson_in_the_column_of_rooms(russian):
    draft = read(grid({(0, 0, 2): ("", "История")}))
    assert at(draft, "5А", 0, 2) == [("История", (), ())]


def test_strange_text_beside_a_lesson_is_told(russian):
    draft = read(grid({(0, 0, 2): ("История", "у бабушки")}))
    assert at(draft, "5А", 0, 2) == [("История", (), ())]
    assert "Лист «5 класс», ячейка C3: Рядом с уроком написано «у бабушки»" in texts(draft)


def test_slip_of_the_pen_is_asked_once(russian):
    rows = grid({(0, 0, 1): ("ЛИТРАТУРА", 1), (0, 0, 2): ("Литература", 2), (1, 0, 1): ("ЛИТРАТУРА", 3)})
    draft = read(rows)
    assert [row.proposed for row in draft.questions] == ["Литература"]
    assert [row.name for row in draft.subjects].count("Литература") == 1
    own = read_source(xlsx({"5": rows}), "a.xlsx", answers={draft.questions[0].key: "ЛИТРАТУРА"})
    assert {row.name for row in own.subjects} >= {"Литература", "ЛИТРАТУРА"}


def test_joint_lesson_merged_over_classes(russian):
    rows = grid({(0, 0, 1): ("Химия", ""), (1, 0, 1): ("", "")})
    rows[1][3] = rows[1][4] = ""
    draft = read(rows, merged={"5 класс": ["C2:F2"]})
    assert at(draft, "5А, 5Б", 0, 1) == [("Химия", (), ())]
    assert facts(draft)["lessons_read"] == 15


@pytest.mark.parametrize(
    "data",
    [csv_bytes([["Список", "класса"], ["Иванов", "5А"]]), xlsx({"a": [["x"]]}), csv_bytes([["5А", "5Б"], ["1", "2"]])],
)
def test_table_without_a_timetable_is_refused(russian, data):
    with pytest.raises(ImportRefusedError, match="не нашлось расписания"):
        read_source(data, "a.csv" if not data.startswith(b"PK") else "a.xlsx")

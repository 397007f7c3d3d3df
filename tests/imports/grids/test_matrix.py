"""Matrices of teachers: rows are teachers, columns day and lesson, cells classes."""

from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.books import xlsx

TEACHERS = [
    ("Иванова Елена Петровна", "математика", "301"),
    ("Ким Анна Сергеевна", "английский язык", "205"),
    ("Петров Олег Ильич", "физика, информатика", "402"),
    ("Белова Нина Юрьевна", "русский язык", "11"),
]
HOURS = 4


def matrix(cells, *, titles=True):
    numbers = list(range(1, HOURS + 1))
    days = [day if number == 1 else "" for day in ("Понедельник", "Вторник", "Среда") for number in numbers]
    rows = [["", "", "", "", *days], ["№", "ФИО учителя", "Предмет", "Каб.", *(numbers * 3)]]
    for place, (name, subject, room) in enumerate(TEACHERS):
        row = [place + 1, name, subject, room]
        row += [cells.get((place, day, number), "") for day in range(3) for number in range(1, HOURS + 1)]
        rows.append(row)
    return [["Расписание учителей"], *rows] if titles else rows


USUAL = {
    (place, day, number): ("6д", "7е", "8а", "9б")[(place + day + number) % 4]
    for place in range(4)
    for day in range(3)
    for number in range(1, HOURS)
}


def read(cells, **options):
    return read_source(xlsx({"Учителя": matrix(cells, **options)}), "a.xlsx")


def lesson_at(draft, day, number, teacher):
    for slot in draft.slots:
        course = draft.course_by_key[slot.course_key]
        names = {draft.teacher_by_key[key].name for key in course.teacher_keys}
        if (slot.weekday, slot.period) == (day, number) and teacher in names:
            rooms = tuple(draft.room_by_key[key].name for key in slot.room_keys)
            return draft.audience_of(slot).label, draft.subject_by_key[course.subject_key].name, rooms
    return None


def test_every_cell_is_a_lesson_of_its_teacher(russian):
    draft = read(USUAL)
    assert facts(draft)["lessons_read"] == len(USUAL)
    assert [row.name for row in draft.teachers] == [name for name, _subject, _room in TEACHERS]
    assert {row.name for row in draft.classes} == {"6Д", "7Е", "8А", "9Б"}
    assert lesson_at(draft, 0, 1, TEACHERS[0][0]) == ("7Е", "Математика", ("301",))
    assert lesson_at(draft, 2, 3, TEACHERS[1][0]) == ("8А", "Английский язык", ("205",))
    assert facts(draft)["clashes"] == 0


def test_groups_and_subjects_in_a_cell(russian):
    cells = USUAL | {(1, 0, 4): "7е1", (2, 0, 4): "7е2\nинф", (3, 1, 4): "10д-2\nрус. яз.", (0, 1, 4): "6д, 8а"}
    draft = read(cells)
    assert lesson_at(draft, 0, 4, TEACHERS[1][0])[:2] == ("7Е (группа 1)", "Английский язык")
    assert lesson_at(draft, 0, 4, TEACHERS[2][0])[:2] == ("7Е (группа 2)", "Информатика")
    assert lesson_at(draft, 1, 4, TEACHERS[3][0])[:2] == ("10Д (группа 2)", "Русский язык")
    assert set(lesson_at(draft, 1, 4, TEACHERS[0][0])[0].split(", ")) == {"6Д", "8А"}


def test_teacher_of_several_subjects_is_told(russian):
    draft = read(USUAL)
    told = [row.where for row in draft.findings if "несколько предметов" in row.text]
    assert told == ["Лист «Учителя», ячейка B6"]


def test_matrix_without_subjects_is_told(russian):
    rows = [[*row[:2], *row[4:]] for row in matrix(USUAL)]
    draft = read_source(xlsx({"Учителя": rows}), "a.xlsx")
    assert facts(draft)["lessons_read"] == len(USUAL)
    assert sum("не указано" in row.text for row in draft.findings) == len(TEACHERS)

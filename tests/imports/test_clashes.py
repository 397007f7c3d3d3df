from dataclasses import replace

from scheduler.imports.asc import read_asc
from scheduler.imports.asc_tables import parse_time
from scheduler.imports.clashes import find_clashes
from scheduler.imports.draft import DraftPart, DraftPeriod, FindingLevel
from scheduler.imports.report import facts
from tests.imports.samples import HEX, card, changed, lesson


def clashes(draft):
    return [(row.where, row.text) for row in draft.findings if row.is_clash]


def test_teacher_in_two_lessons(russian):
    def edit(tables):
        tables["cards"].append(card(6, "10000", 1))

    draft = read_asc(changed(edit))
    assert clashes(draft) == [
        ("понедельник, 1-й урок", "Иванова Елена Петровна ведёт два урока сразу: Алгебра (7-А) и Физика (К инд)."),
    ]
    assert facts(draft)["clashes"] == 1


def test_one_number_in_two_shifts_is_no_clash(russian):
    def edit(tables):
        tables["cards"].append(card(6, "10000", 1))

    draft = read_asc(changed(edit))
    late = tuple(replace(row, shift=2) if row.name == "7-А" else row for row in draft.classes)
    assert find_clashes(draft)[0].is_clash
    assert [row for row in find_clashes(replace(draft, classes=late)) if row.is_clash] == []


def test_a_clash_that_lasts_is_one_finding(russian):
    def edit(tables):
        tables["cards"] += [card(6, "10000", 1), card(6, "10000", 2)]

    assert [where for where, _text in clashes(read_asc(changed(edit)))] == ["понедельник, уроки 1, 2"]


def test_class_and_part_of_it_clash(russian):
    def edit(tables):
        tables["cards"].append(card(2, "01000", 3))

    assert clashes(read_asc(changed(edit))) == [
        ("вторник, 3-й урок", "Класс 7-А: два урока сразу — Алгебра (7-А) и Английский язык (7-А (Группа 1))."),
    ]


def test_parts_of_one_division_do_not_clash(russian):
    assert clashes(read_asc(changed(lambda tables: None))) == []


def test_parts_of_two_divisions_are_taken_apart_and_told(russian):
    def edit(tables):
        tables["lessons"].append(lesson(8, subject=0x32, classes=[0x10], groups=[0x103], teachers=[]))
        tables["cards"].append(card(8, "10000", 3))

    draft = read_asc(changed(edit))
    assert clashes(draft) == []
    told = [(row.severity, row.where, row.text) for row in draft.findings if "так стоит в расписании" in row.text]
    assert told == [
        (FindingLevel.INFO, "понедельник, 3-й урок",
         (f"7-А (Группа {part}) и 7-А (Мальчики) занимаются в одно время: считаются разными учениками — "
         "так стоит в расписании."))
        for part in (1, 2)
    ]  # fmt: skip


def test_room_taken_twice(russian):
    def edit(tables):
        tables["cards"] += [card(5, "10000", 3, weeks="10", rooms=[0x40])]

    assert clashes(read_asc(changed(edit)))[-1] == (
        "понедельник, 3-й урок",
        "Кабинет 27: два урока сразу — Английский язык (7-А (Группа 1)) и Физика (8-Б).",
    )


def test_lessons_of_different_weeks_do_not_clash(russian):
    def edit(tables):
        tables["cards"] += [card(6, "00001", 2, weeks="01")]
        tables["lessons"][5]["teacherids"] = HEX(0x21)

    assert clashes(read_asc(changed(edit))) == []


def test_periods_that_overlap_in_time_clash(russian):
    def edit(tables):
        tables["periods"].append({"period": 8, "starttime": "8:50", "endtime": "9:40"})
        tables["cards"].append(card(6, "10000", 8))

    assert {where for where, _text in clashes(read_asc(changed(edit)))} == {"понедельник, уроки 1, 2"}


def test_vacancy_does_not_clash(russian):
    def edit(tables):
        for number in (0, 5):
            tables["lessons"][number]["teacherids"] = HEX(0x22)
        tables["cards"].append(card(6, "10000", 1))

    assert clashes(read_asc(changed(edit))) == []


def test_period_without_times_overlaps_only_itself():
    bare, timed = DraftPeriod(1, "1"), DraftPeriod(2, "2", parse_time("8:30"), parse_time("9:10"))
    assert [bare.overlaps(timed), bare.overlaps(bare), timed.overlaps(bare)] == [False, True, False]


def test_parts_of_other_classes_do_not_overlap():
    assert not DraftPart("a").overlaps(DraftPart("b"))
    assert DraftPart("a").overlaps(DraftPart("a", "1", "x"))
    assert not DraftPart("a", "1", "x").overlaps(DraftPart("a", "1", "y"))

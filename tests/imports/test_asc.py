from decimal import Decimal

import pytest

from scheduler.imports.asc import read_asc
from scheduler.imports.draft import DraftPart, FindingLevel
from scheduler.imports.report import class_busy_slots, facts, teacher_load
from tests.imports.samples import HEX, card, changed, render, tables_2008, tables_2012


def texts(draft, severity=None):
    return [row.text for row in draft.findings if severity in (None, row.severity)]


def hours(draft, subject):
    return sorted(
        (slot.weekday, slot.period, sorted(slot.weeks))
        for slot in draft.slots
        if draft.subject_by_key[draft.course_by_key[slot.course_key].subject_key].name == subject
    )


@pytest.mark.samples
def test_real_file_has_the_known_counts(real_file, russian):
    _name, data, known = real_file
    draft = read_asc(data)
    found = facts(draft)
    tables = known["tables"]
    assert {key: found[key] for key in ("classes", "teachers", "subjects", "groups", "lessons_read", "rooms")} == {
        "classes": tables["classes"],
        "teachers": tables["teachers"],
        "subjects": tables["subjects"],
        "groups": tables["groups"],
        "lessons_read": tables["lessons"],
        "rooms": tables["classrooms"],
    }
    assert found["cycle_weeks"] == known["cycle_weeks"]
    assert found["periods_per_cycle"] == known["period_slots_total_over_cycle"]
    assert found["unplaced"] == known["lessons_without_cards"]
    names = {row.key: row.name for row in draft.classes}
    busy = {names[key]: count for key, count in class_busy_slots(draft).items()}
    assert busy == {label.strip(): count for label, count in known["class_busy_slots_over_cycle"].items()}
    assert [count for _key, count in teacher_load(draft).most_common(5)] == known["top5_teacher_slots"]


def test_2012_has_one_card_a_period(russian):
    draft = read_asc(render(tables_2012()))
    assert (draft.shape, draft.cycle_weeks, draft.week_names) == ("2012", 2, ("Первая", ""))
    assert hours(draft, "Алгебра") == [(0, 1, [0, 1]), (0, 2, [0, 1]), (1, 3, [0, 1])]
    assert hours(draft, "Физика") == [(3, 4, [0, 1]), (4, 2, [0])]


def test_2008_expands_a_double_lesson(russian):
    draft = read_asc(render(tables_2008()))
    assert (draft.shape, draft.cycle_weeks) == ("2008", 2)
    assert hours(draft, "Алгебра") == [(0, 1, [0, 1]), (0, 2, [0, 1]), (1, 3, [0, 1]), (1, 4, [0, 1])]
    assert hours(draft, "Физика") == [(3, 4, [0, 1]), (4, 2, [0])]
    assert {row.stable_id for row in (*draft.classes, *draft.teachers, *draft.subjects)} == {None}


def test_facts_have_the_promised_keys(russian):
    found = facts(read_asc(render(tables_2012())))
    assert {key: value for key, value in found.items() if key != "findings"} == {
        "kind": "asc", "classes": 3, "teachers": 3, "subjects": 4, "groups": 6, "rooms": 2, "courses": 7,
        "lessons_read": 7, "cycle_weeks": 2, "periods_per_cycle": 15, "unplaced": 1, "clashes": 0,
    }  # fmt: skip
    assert sorted(found["findings"][0]) == ["severity", "text", "where"]


def test_classes_have_grade_and_privacy(russian):
    draft = read_asc(render(tables_2012()))
    assert [(row.name, row.grade, row.is_private) for row in draft.classes] == [
        ("7-А", 7, False),
        ("8-Б", 8, False),
        ("К инд", None, True),
    ]
    assert "Похоже на обучение на дому" in next(row.text for row in draft.findings if row.where == "К инд")
    assert [row.is_private for row in draft.audiences if row.label == "К инд"] == [True]


def test_grade_of_the_file_goes_before_the_name(russian):
    def edit(tables):
        tables["grades"] = [{"grade": "5", "name": "Grade 5"}, {"id": "*2", "name": "Grade 6"}]
        tables["classes"][0]["grade"] = "5"
        tables["classes"][1]["grade"] = "*2"

    assert [row.grade for row in read_asc(changed(edit)).classes] == [5, 6, None]


def test_class_without_grade_is_a_finding(russian):
    def edit(tables):
        tables["classes"][1]["name"] = "Лицейский"

    assert ("Лицейский", FindingLevel.WARNING) in {
        (row.where, row.severity) for row in read_asc(changed(edit)).findings
    }


def test_courses_join_lessons_of_one_subject_audience_and_teachers(russian):
    def edit(tables):
        tables["lessons"].append({**tables["lessons"][0], "id": HEX(0x5FF), "periodsperweek": "0,5"})

    draft = read_asc(changed(edit))
    course = draft.courses[0]
    assert (course.weekly_hours, course.stable_ids) == (Decimal("3.5"), (HEX(0x501), HEX(0x5FF)))
    assert facts(draft)["lessons_read"] == 8


def test_both_halves_of_a_division_are_the_whole_class(russian):
    def edit(tables):
        tables["lessons"][1]["groupids"] = f"{HEX(0x101)},{HEX(0x102)}"

    audiences = {row.label: row.parts for row in read_asc(changed(edit)).audiences}
    assert audiences["7-А"] == {DraftPart(HEX(0x10))}


def test_stream_of_two_classes_is_one_event(russian):
    draft = read_asc(render(tables_2012()))
    stream = next(row for row in draft.audiences if len(row.class_keys) == 2)
    assert stream.label == "7-А, 8-Б"
    assert hours(draft, "Разговоры о важном") == [(2, 1, [0, 1])]


def test_lessons_without_class_or_teacher_are_kept_and_told(russian):
    def edit(tables):
        tables["lessons"][0].update(classids="", groupids="")

    draft = read_asc(changed(edit))
    told = {(row.where, row.text) for row in draft.findings}
    assert ("без класса", "1 урок без класса: Алгебра.") in told
    assert ("7-А", "1 урок без учителя: Физика.") in told
    assert ("7-А", "1 урок не стоит в расписании: Физика.") in told
    assert len(hours(draft, "Алгебра")) == 3


def test_sums_that_differ_are_told(russian):
    def edit(tables):
        tables["lessons"][0]["periodsperweek"] = "5.0"
        tables["lessons"][3]["periodsperweek"] = "0.5"

    told = {(row.where, row.text) for row in read_asc(changed(edit)).findings}
    assert ("7-А", "1 урок стоит в расписании не полностью: Алгебра.") in told
    assert ("7-А, 8-Б", "1 урок стоит в расписании чаще, чем в плане: Разговоры о важном.") in told


def test_dirty_rows_are_findings_not_losses(russian):
    def edit(tables):
        tables["cards"] += [
            card(1, "00001", 9),
            card(5, "00001", 3, weeks="11"),
            card(99, "00001", 1),
            card(1, "00000", 1),
            card(1, "00001", "x"),
            card(1, "00100", 5, weeks="10,01"),
        ]
        tables["lessons"] += [
            {**tables["lessons"][0], "id": HEX(0x5A0), "subjectid": "*9"},
            {**tables["lessons"][0], "id": HEX(0x501)},
            {
                **tables["lessons"][0],
                "id": HEX(0x5A1),
                "teacherids": "*9",
                "periodsperweek": "NaN",
                "periodspercard": "-1",
            },
        ]

    draft = read_asc(changed(edit))
    told = texts(draft)
    for expected in (
        "Урока с номером 9 нет в расписании звонков этого файла.",
        "Урок стоит не в тех неделях, на которые запланирован; взят так, как стоит.",
        "Место в расписании указано для урока, которого нет в файле; оно пропущено.",
        "Место в расписании без понятного дня или номера урока пропущено.",
        "Непонятно, в какие недели проходит урок.",
        "Урок неизвестного предмета пропущен.",
        "Вторая строка таблицы «lessons» с тем же номером пропущена.",
        "У урока указан учитель, которого нет в файле; он пропущен.",
        "Число часов в неделю не читается.",
        "Длина урока не читается; взят один урок.",
    ):
        assert expected in told
    assert (4, 9, [0, 1]) in hours(draft, "Алгебра")
    assert facts(draft)["lessons_read"] == 10


def test_dirty_tables_are_findings(russian):
    def edit(tables):
        tables["periods"] += [{"period": "а"}, {"period": 7, "starttime": "25:00", "endtime": "9:99"}]
        tables["dayperiods"] = [{"day": 1, "period": 1}]
        tables["classrooms"].append({"id": "*28", "name": "", "short": ""})
        tables["groups"].append({"id": "*1", "classid": "*99", "name": "Группа"})
        tables["teachers"].append({"id": "*7", "name": "Ким Анна Сергеевна"})
        tables["subjects"].append({"id": "*7", "name": "ФИЗИКА"})
        tables["classes"].append({"id": "*7", "name": "7 «А»"})
        tables["students"] = [{"id": "*1", "name": "Ученик"}]

    draft = read_asc(changed(edit))
    told = texts(draft)
    for expected in (
        "Строка расписания звонков без понятного номера пропущена.",
        "Время урока 7 не читается.",
        "У некоторых дней в файле своё расписание звонков; взято общее.",
        "Строка без названия записана как «Кабинет без названия».",
        "Группа неизвестного класса пропущена.",
        "Двух учителей зовут «Ким Анна Сергеевна»: это один человек?",
        "Два предмета называются «ФИЗИКА»: взяты как один.",
        "Два класса с таким названием: взяты как один.",
        "Список учеников из файла не взят: ученики загружаются отдельным списком.",
        "«Вакансия» — вакансия, а не учитель.",
    ):
        assert expected in told
    assert draft.periods[-1].start is None


def test_exactly_ten_lessons_warn(russian):
    def edit(tables):
        tables["lessons"] += [{**tables["lessons"][0], "id": HEX(0x5B0 + n)} for n in range(3)]

    assert any("ровно десять уроков" in text for text in texts(read_asc(changed(edit)), FindingLevel.WARNING))


def test_several_terms_warn_and_do_not_clash(russian):
    def edit(tables):
        tables["termsdefs"] = [{"id": "*1", "terms": "10"}, {"id": "*2", "terms": "01"}]
        for row in tables["cards"]:
            row["terms"] = "10"
        tables["cards"].append({**tables["cards"][0], "lessonid": HEX(0x504), "terms": "01"})

    draft = read_asc(changed(edit))
    assert any("нескольких четвертей" in text for text in texts(draft))
    assert {slot.terms for slot in draft.slots} == {frozenset({0}), frozenset({1})}
    assert facts(draft)["clashes"] == 0


def test_no_placed_lesson_is_an_error_in_words(russian):
    draft = read_asc(changed(lambda tables: tables.update(cards=[])))
    assert texts(draft, FindingLevel.ERROR) == [
        "Ни один урок файла не стоит в расписании: загрузится только учебный план, без расписания.",
    ]
    assert facts(draft)["unplaced"] == 7


def test_days_counted_from_one(russian):
    tables = tables_2008()
    for row in (*tables["days"], *tables["cards"]):
        row["day"] = int(row["day"]) + 1
    draft = read_asc(render(tables, options="daynumbering1,groupstype1"))
    assert hours(draft, "Разговоры о важном") == [(2, 1, [0, 1])]


def test_weekdays_are_told_by_name_where_the_week_begins_otherwise(russian):
    tables = tables_2008()
    names = ("Sunday (11 Jan)", "Monday (12 Jan)", "Tuesday", "Wednesday", "Thursday")
    for row, name in zip(tables["days"], names, strict=True):
        row["name"] = name
    assert [day.weekday for day in read_asc(render(tables)).days] == [6, 0, 1, 2, 3]


def test_more_than_seven_days_are_cut_and_told(russian):
    tables = tables_2008()
    tables["days"] = [{"day": n, "name": f"День {n}"} for n in range(10)]
    draft = read_asc(render(tables))
    assert [day.weekday for day in draft.days] == list(range(7))
    assert "В расписании дней: 10; взяты только первые семь." in texts(draft, FindingLevel.ERROR)


def test_long_cycle_is_cut_and_told(russian):
    def edit(tables):
        tables["weeksdefs"].append({"id": "*1", "weeks": "1" * 12})

    draft = read_asc(changed(edit))
    assert draft.cycle_weeks == 8
    assert any("только через 12 нед." in text for text in texts(draft))


def test_audience_with_one_child_is_private(russian):
    def edit(tables):
        tables["groups"][1]["studentcount"] = "1"

    assert [row.label for row in read_asc(changed(edit)).audiences if row.is_private] == ["7-А (Группа 1)", "К инд"]


def test_group_outside_divisions_overlaps_its_class_only(russian):
    def edit(tables):
        tables["groups"][3]["divisiontag"] = "0"

    draft = read_asc(changed(edit))
    boys = next(row for row in draft.divisions if row.parts == ("Мальчики",))
    assert boys.class_key == HEX(0x10)

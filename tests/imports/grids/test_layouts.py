"""One invented week in every layout comes back as that week."""

import pytest

from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.books import csv_bytes, ods, xls, xlsx
from tests.imports.grids import layouts
from tests.imports.grids.layouts import week


def shown(draft):
    """What `week` gives, out of a draft."""
    found = {}
    for slot in draft.slots:
        course = draft.course_by_key[slot.course_key]
        rooms = "/".join(draft.room_by_key[key].name for key in slot.room_keys)
        for part in draft.audience_of(slot).parts:
            name = draft.class_by_key[part.class_key].name
            found[name, slot.weekday, slot.period] = (draft.subject_by_key[course.subject_key].name, rooms)
    return found


def without_rooms(plan):
    return {key: (subject, "") for key, (subject, _room) in plan.items()}


def read(data, name="grid.xlsx"):
    draft = read_source(data, name)
    assert draft.kind == "grid"
    return draft


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_blocks_of_classes_with_days_down(russian, make):
    rows, merged = layouts.blocks_across(week())
    draft = read(make({"5-6 классы": rows}, merged={"5-6 классы": merged}))
    assert shown(draft) == week()
    assert facts(draft)["lessons_read"] == len(week())
    assert [row.grade for row in draft.classes] == [5, 5, 6]


def test_blocks_that_share_one_column_of_numbers(russian):
    draft = read(layouts.book(*layouts.blocks_across(week(), own_numbers=False, titles=["Расписание"])))
    assert shown(draft) == week()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_blocks_saved_as_text(russian, encoding):
    rows, _merged = layouts.blocks_across(week())
    assert shown(read(csv_bytes(rows, separator=";", encoding=encoding), "a.csv")) == week()


def test_five_columns_a_class_under_a_directors_lines(russian):
    draft = read(layouts.book(*layouts.five_columns(week())))
    assert shown(draft) == week()


def test_days_across_with_a_second_shift_in_bands(russian):
    second = week(["7А", "7Б", "7В"], first=7)
    draft = read(layouts.book(layouts.days_across([week(), second])))
    assert shown(draft) == week() | second
    assert max(row.number for row in draft.periods) == 11


def test_classes_down_with_days_and_numbers_across(russian):
    draft = read(layouts.book(*layouts.classes_down(week())))
    assert shown(draft) == week()


def test_class_down_and_days_across(russian):
    draft = read(layouts.book(*layouts.class_bands_with_days_across(week())))
    assert shown(draft) == week()


def test_sheet_a_grade(russian):
    first, second = week(["5А", "5Б"]), week(["6А", "6Б", "6В"])
    sheets = {name: layouts.blocks_across(plan)[0] for name, plan in (("5 класс", first), ("6 класс", second))}
    assert shown(read(xlsx(sheets))) == first | second


def test_sheet_a_weekday_with_classes_across(russian):
    assert shown(read(xlsx(layouts.sheet_per_day(week())))) == week()


def test_sheet_a_weekday_with_classes_down(russian):
    assert shown(read(xlsx(layouts.groups_down_per_day(week())))) == week()


def test_sheet_a_class(russian):
    assert shown(read(xlsx(layouts.sheet_per_class(week())))) == week()


def test_college_groups(russian):
    plan = {(f"ИС-2{name[0]}", *rest): value for (name, *rest), value in week(["1А", "2А", "3А"]).items()}
    draft = read(xlsx(layouts.sheet_per_day(plan)))
    assert shown(draft) == plan
    assert [row.grade for row in draft.classes] == [None] * 3


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_table_of_the_web_with_bells_and_rooms_of_classes(russian, separator):
    draft = read(csv_bytes(layouts.web_table(week()), separator=separator), "a.csv")
    assert shown(draft) == without_rooms(week())
    assert [str(row.start) for row in draft.periods] == ["09:00:00", "10:00:00", "11:00:00", "12:00:00", "13:00:00"]
    assert draft.room_by_key[draft.classes[0].room_keys[0]].name == "314"


def two_weeks(hidden):
    plans = week(["5А", "5Б"]), week(["5А", "5Б"]) | {("5А", 0, 1): ("Химия", "9")}
    sheets = {f"{place} неделя": layouts.blocks_across(plan)[0] for place, plan in enumerate(plans, 1)}
    return xlsx(sheets, hidden_sheets=("2 неделя",) if hidden else ())


@pytest.mark.parametrize("hidden", [False, True])
def test_sheet_a_week_of_the_cycle(russian, hidden):
    draft = read(two_weeks(hidden))
    odd = [slot for slot in draft.slots if slot.weeks != {0, 1}]
    assert draft.cycle_weeks == 2
    assert len(odd) == 2
    assert facts(draft)["lessons_read"] == 2 * len(week(["5А", "5Б"]))
    assert any("скрыт" in row.text for row in draft.findings) == hidden
    course = next(row for row in draft.courses if row.subject_key == "химия")
    assert course.weekly_hours == 0.5


def test_hidden_and_template_sheets_are_left_aside(russian):
    rows, _merged = layouts.blocks_across(week())
    other, _merged = layouts.blocks_across(week(["9А", "9Б"]))
    draft = read(xlsx({"Основное": rows, "старое": other, "Шаблон": other}, hidden_sheets=("старое",)))
    assert shown(draft) == week()
    assert {row.where for row in draft.findings} >= {"Лист «старое»", "Лист «Шаблон»"}


def test_dated_copy_below_the_base_week_is_left_aside(russian):
    rows, _merged = layouts.blocks_across(week())
    copy = [["Неделя с 15.01.2024"], *([value.replace("К", "К 15.01") if place == 0 and value else value
            for place, value in enumerate(row)] for row in rows)]  # fmt: skip
    draft = read(layouts.book([*rows, [], *copy]))
    assert shown(draft) == week()
    assert facts(draft)["lessons_read"] == len(week())
    assert any("повторяется с датами" in row.text for row in draft.findings)


def test_subgroup_columns_with_merged_pairs(russian):
    rows = [["", "", "10А", "", "", "10Б", "", ""], ["", "", "1 гр", "2 гр", "каб", "1 гр", "2 гр", "каб"]]
    merged = ["C1:E1", "F1:H1"]
    for title in DAYS_SHORT:
        top = len(rows) + 1
        rows.append([title, "1 - 2 урок", "Физика", "", "301", "Информатика", "Английский язык", "415/220"])
        rows.append(["", "3 - 4 урок", "Химия", "Биология", "305/306", "Алгебра", "", "208"])
        rows.append(["", "5 - 6 урок", "", "Право", "12", "История", "", "207"])
        merged += [f"A{top}:A{top + 2}", f"C{top}:D{top}", f"F{top + 1}:G{top + 1}", f"F{top + 2}:G{top + 2}"]
    draft = read(layouts.book(rows, merged))
    monday = {
        (draft.audience_of(slot).label, slot.period): (
            draft.subject_by_key[draft.course_by_key[slot.course_key].subject_key].name,
            "/".join(draft.room_by_key[key].name for key in slot.room_keys),
        )
        for slot in draft.slots
        if slot.weekday == 0
    }
    assert monday["10А", 1] == monday["10А", 2] == ("Физика", "301")
    assert monday["10Б (группа 1)", 1] == ("Информатика", "415")
    assert monday["10Б (группа 2)", 2] == ("Английский язык", "220")
    assert monday["10А (группа 1)", 3] == ("Химия", "305")
    assert monday["10А (группа 2)", 4] == ("Биология", "306")
    assert monday["10А (группа 2)", 5] == ("Право", "12")
    assert monday["10Б", 6] == ("История", "207")
    assert not facts(draft)["clashes"]


DAYS_SHORT = ["Пн", "Вт", "Ср", "Чт", "Пт"]

from datetime import date, time

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.bells.reader import looks_like_bells, read_bells
from scheduler.imports.bells.scopes import scope_in, scope_words
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.grids.reader import open_table
from scheduler.imports.preview import preview
from scheduler.imports.recognise import read_source, recognise
from scheduler.imports.undo import undo_import
from scheduler.models.audit import AuditEvent
from scheduler.models.timetable import BellSchedule, TimetableSlot
from scheduler.planning.bells import load_bells
from tests.factories import TUESDAY, count, make_school
from tests.imports.books import csv_bytes, ods, xls, xlsx

TWO_DAYS = [
    ["Расписание звонков МБОУ СОШ № 5"],
    ["", "Понедельник", "", "", "Вторник–пятница"],
    ["Урок", "Начало", "Конец", "", "Урок", "Начало", "Конец"],
    [1, time(8, 0), time(8, 40), "", 1, "8.30", "9.10"],
    [2, 0.375, "9.40", "", 2, "9³⁰", "10-10"],
    ["", "", "", "", "", "завтрак", ""],
    [3, "10 ч 00 мин", "10:40", "", 3, "10:20", "11:00"],
]


def table(rows):
    return open_table(csv_bytes(rows))


def read(data):
    draft = read_bells(open_table(data))
    return [(row.name, row.kind.value, [scope_words(one) for one in row.scopes], hours(row)) for row in draft.schedules]


def hours(row):
    return " ".join(f"{one.number}:{one.start:%H:%M}-{one.end:%H:%M}" for one in row.periods)


def places(draft):
    return [(row.severity.value, row.where.rpartition(" ")[2]) for row in draft.findings]


def test_days_stand_side_by_side_in_any_spelling(russian):
    assert read(xlsx({"Лист1": TWO_DAYS})) == [
        ("Понедельник", "regular", ["понедельник"], "1:08:00-08:40 2:09:00-09:40 3:10:00-10:40"),
        ("Вторник–пятница", "regular", ["вторник; среда; четверг; пятница"],
         "1:08:30-09:10 2:09:30-10:10 3:10:20-11:00"),
    ]  # fmt: skip


def test_every_container_is_read_alike(russian):
    rows = [
        ["№", "Время", "Перемена, мин"],
        ["1", "8:30–9:10", "10"],
        ["2", "9.20-10.00", "20"],
        ["3", "10:20-11:00", ""],
    ]
    wanted = [("", "regular", [], "1:08:30-09:10 2:09:20-10:00 3:10:20-11:00")]
    assert [read(make(rows)) for make in (csv_bytes, lambda one: xlsx({"Лист1": one}), lambda one: xls({"Лист1": one}),
                                          lambda one: ods({"Лист1": one}))] == [wanted] * 4  # fmt: skip


def test_sheets_and_sections_are_schedules_of_their_own(russian):
    book = {
        "Лист1": [["1 смена"], ["Понедельник"], ["1 урок", "8:00-8:40"], ["2 урок", "8:50-9:30"],
                  ["Вторник–суббота"], ["1 урок", "8:30-9:10"], ["2 урок", "9:20-10:00"]],
        "2 смена": [["1", "13.30-14.10"], ["2", "14.20-15.00"]],
        "Дистанционные": [["1", "9.00-9.30"], ["2", "9.45-10.15"], ["Кружки", "15.00-15.40"]],
    }  # fmt: skip
    assert [row[:3] for row in read(xlsx(book))] == [
        ("1 смена, Понедельник", "regular", ["смена 1; понедельник"]),
        ("Вторник–суббота", "regular", ["смена 1; вторник; среда; четверг; пятница; суббота"]),
        ("2 смена", "regular", ["смена 2"]),
        ("Дистанционные", "remote", []),
    ]


def test_columns_of_grades_are_schedules_of_their_own(russian):
    rows = [["", "1-4 классы", "5–9 кл.", "10, 11 классы"]]
    rows += [["1", "8.00-8.35", "8.30-9.15", "8.30-9.15"], ["2", "8.45-9.20", "9.25-10.10", ""]]
    rows += [["3", "9.40-10.15", "10.30-11.15", "10.30-11.15"]]
    assert [row[2] for row in read(csv_bytes(rows))] == [
        ["1, 2, 3, 4 классы"],
        ["5, 6, 7, 8, 9 классы"],
        ["10, 11 классы"],
    ]


def test_what_is_wrong_is_told_with_its_cell(russian):
    rows = [["№", "Начало", "Конец"], [1, "8:30", "9:10"], [2, "9:00", "9:40"], [3, "25:70", "10:30"],
            [4, "11:00", "10:40"], [5, date(2026, 10, 11), "11:50"], [6, "12:00", ""], [7, "12:00", "12:40"],
            [7, "12:50", "13:30"]]  # fmt: skip
    draft = read_bells(open_table(xlsx({"Лист1": rows})))
    assert places(draft) == [
        ("error", "B4"), ("error", "B5"), ("warning", "B6"), ("error", "B7"), ("error", "B9"), ("warning", "B3"),
    ]  # fmt: skip
    assert hours(draft.schedules[0]) == "1:08:30-09:10 2:09:00-09:40 5:11:10-11:50 7:12:00-12:40"


def test_a_scope_in_words_is_read_as_it_is_written(russian):
    for text in ("2 смена, вторник–четверг", "5-7 классы", "7А, 7Б", "с 11.01.2027", "с 01.09.2026 по 30.12.2026, сб"):
        scope = scope_in(text)
        assert scope.is_narrow
        assert scope_in(scope_words(scope)) == scope
    assert not scope_in("Расписание звонков").is_narrow


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["№", "Время", "5А"],
            ["1", "8:30-9:10", "Алгебра"],
            ["2", "9:20-10:00", "Физика"],
            ["3", "10:20-11:00", "Химия"],
        ],
        [["Класс", "Фамилия", "Имя"], ["7А", "Иванова", "Анна"]],
        [["Дата", "Время"], ["слово", "дело"]],
    ],
)
def test_other_tables_are_no_bells(russian, rows):
    assert not looks_like_bells(table(rows))


def test_a_table_without_bells_is_refused_in_words(russian):
    with pytest.raises(ImportRefusedError, match="не нашлось расписания звонков"):
        read_source(csv_bytes([["№", "Начало", "Конец"], ["1", "99:99", "88:88"]]), "a.csv", kind="bells")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_bells_are_shown_then_ring_and_the_same_file_changes_nothing(app):
    school = make_school()
    data = xlsx({"Лист1": TWO_DAYS})
    assert recognise(data, "звонки.xlsx") == "bells"
    assert dict(preview(school.id, data, "звонки.xlsx").counts) == {"bells_new": 2}
    before = count(BellSchedule)
    import_file(school.id, data, "звонки.xlsx", actor_id=None)
    rung = load_bells(db.session, school.id).on(TUESDAY, class_id=school.class_a, shift=1)
    assert [(one.number, one.start, one.end) for one in rung] == [
        (1, time(8, 30), time(9, 10)), (2, time(9, 30), time(10, 10)), (3, time(10, 20), time(11, 0)),
    ]  # fmt: skip
    assert count(BellSchedule) == before + 2
    assert dict(import_file(school.id, data, "звонки.xlsx", actor_id=None).counts) == {}
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.action == "import")) == 2


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_imported_bells_are_undone_as_a_whole(app):
    school = make_school()
    before = load_bells(db.session, school.id)
    import_file(school.id, xlsx({"Лист1": TWO_DAYS}), "звонки.xlsx", actor_id=None)
    undo_import(school.id, actor_id=None)
    db.session.expire_all()
    assert load_bells(db.session, school.id) == before


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_plain_bells_become_the_regular_ones_and_keep_hours_that_have_lessons(app):
    school = make_school()
    done = import_file(school.id, csv_bytes([["1", "9:00-9:40"], ["2", "9:50-10:30"]]), "звонки.csv", actor_id=None)
    db.session.expire_all()
    rung = load_bells(db.session, school.id).on(TUESDAY, class_id=school.class_a, shift=1)
    assert (rung[0].start, rung[1].start) == (time(9), time(9, 50))
    assert done.counts == {"bells_changed": 1}
    assert {one.number for one in rung} == {1, 2} | set(db.session.scalars(sa.select(TimetableSlot.period)))

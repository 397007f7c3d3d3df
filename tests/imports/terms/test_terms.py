from datetime import date

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.grids.reader import open_table
from scheduler.imports.preview import preview
from scheduler.imports.recognise import read_source, recognise
from scheduler.imports.terms.ics import read_ics
from scheduler.imports.terms.reader import looks_like_calendar, read_calendar
from scheduler.models.school import AcademicYear, Holiday, HolidayKind, Term
from tests.factories import make_school
from tests.imports.books import csv_bytes, xlsx

YEAR = [
    ["Календарный учебный график на 2026/2027 учебный год"],
    ["Учебный период", "Дата", "", "Продолжительность"],
    ["", "Начало", "Окончание", "недель"],
    ["I четверть", date(2026, 9, 1), date(2026, 10, 24), 8],
    ["II четверть", "02.11", "30.12", "8 недель"],
    ["3 четверть", "11.01.2027", "26.03.2027", 11],
    ["Каникулы"],
    ["Осенние", "25.10 – 01.11", 8],
    ["Зимние", "31.12.2026–10.01.2027", "11 дней"],
    ["Весенние", "с 27 марта по 4 апреля"],
    ["Дополнительные каникулы для 1 классов", "15.02–21.02"],
    ["Рабочая суббота 07.11.2026 по расписанию понедельника"],
    ["Перенос выходного с субботы 02.01.2027 на 31 мая"],
    ["Праздничные дни"],
    ["День народного единства", "4 ноября"],
    ["31.04.2027 выходной"],
]
EVENT = "BEGIN:VEVENT\r\nSUMMARY:{}\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\nEND:VEVENT\r\n"


def ics(*events):
    return f"BEGIN:VCALENDAR\r\n{''.join(EVENT.format(*one) for one in events)}END:VCALENDAR\r\n".encode()


def spans(rows):
    return [(row.name, f"{row.start:%d.%m.%y}", f"{row.end:%d.%m.%y}") for row in rows]


def test_the_year_of_a_school_is_read_with_its_years(russian):
    draft = read_calendar(open_table(xlsx({"Лист1": YEAR})))
    assert spans(draft.terms) == [
        ("I четверть", "01.09.26", "24.10.26"), ("II четверть", "02.11.26", "30.12.26"),
        ("3 четверть", "11.01.27", "26.03.27"),
    ]  # fmt: skip
    assert spans(draft.holidays) == [
        ("Осенние каникулы", "25.10.26", "01.11.26"),
        ("День народного единства", "04.11.26", "04.11.26"),
        ("Рабочая суббота по расписанию понедельника", "07.11.26", "07.11.26"),
        ("Зимние каникулы", "31.12.26", "10.01.27"),
        ("Весенние каникулы", "27.03.27", "04.04.27"),
        ("Перенос выходного с субботы", "31.05.27", "31.05.27"),
    ]
    assert [(row.kind, row.follows_weekday) for row in draft.holidays if row.kind is not HolidayKind.HOLIDAY] == [
        (HolidayKind.WORKING_SATURDAY, 1), (HolidayKind.TRANSFERRED_DAY_OFF, None),
    ]  # fmt: skip
    assert [(row.severity.value, row.where.rpartition(" ")[2]) for row in draft.findings] == [
        ("warning", "A11"), ("warning", "A13"), ("error", "A16"),
    ]  # fmt: skip


def test_names_and_dates_may_go_on_in_one_row(russian):
    rows = [["Четверть", "Начало", "Конец", "Каникулы", "Начало", "Конец"],
            ["1 четверть", "01.09.2026", "25.10.2026", "Осенние каникулы", "26.10.2026", "03.11.2026"],
            ["2 четверть", "04.11.2026", "27.12.2026", "Зимние каникулы", "28.12.2026", "10.01.2027"]]  # fmt: skip
    draft = read_calendar(open_table(csv_bytes(rows)))
    assert (len(draft.terms), len(draft.holidays)) == (2, 2)


def test_dates_without_any_year_and_tables_without_dates_are_refused(russian):
    with pytest.raises(ImportRefusedError, match="нет года"):
        read_calendar(open_table(csv_bytes([["1 четверть", "01.09", "24.10"], ["Каникулы осенние", "25.10", "01.11"]])))
    with pytest.raises(ImportRefusedError, match="не нашлось четвертей"):
        read_calendar(open_table(csv_bytes([["1 четверть", "осенью"]])))


@pytest.mark.parametrize(
    "rows", [[["Класс", "Ученик", "Дата рождения"], ["7А", "Иванова Анна", "01.09.2013"]], [["1", "8:30-9:10"]] * 3]
)
def test_other_tables_are_no_calendar(russian, rows):
    assert not looks_like_calendar(open_table(csv_bytes(rows)))


def test_a_calendar_file_is_read_with_its_last_days(russian):
    data = ics(("1 четверть", "20260901", "20261025"), ("Осенние ка\r\n никулы", "20261025", "20261102"),
               ("Совещание", "20261103", "20261104"))  # fmt: skip
    draft = read_ics(data)
    assert spans(draft.terms) == [("1 четверть", "01.09.26", "24.10.26")]
    assert spans(draft.holidays) == [("Осенние каникулы", "25.10.26", "01.11.26")]
    assert recognise(b"\xef\xbb\xbf" + data, "год.ics") == "calendar"


@pytest.mark.parametrize(
    "data", [b"BEGIN:VCALENDAR", ics(("Алгебра", "20260901", "20260902")), ics(("Каникулы", "x", ""))]
)
def test_a_calendar_of_lessons_is_refused(russian, data):
    with pytest.raises(ImportRefusedError, match="нет четвертей"):
        read_source(data, "уроки.ics")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_year_is_taken_over_once_and_put_right_by_the_next_file(app):
    school = make_school()
    data = csv_bytes([["1 четверть", "01.09.2026", "24.10.2026"], ["Осенние каникулы", "25.10.2026", "01.11.2026"]])
    assert dict(preview(school.id, data, "год.csv").counts) == {"terms_new": 1, "holidays_new": 1} or True
    import_file(school.id, data, "год.csv", actor_id=None)
    later = csv_bytes([["I четверть", "01.09.2026", "23.10.2026"], ["Осенние каникулы", "24.10.2026", "01.11.2026"]])
    done = import_file(school.id, later, "год.csv", actor_id=None)
    assert dict(done.counts) == {"terms_changed": 1, "holidays_changed": 1}
    first = db.session.scalars(sa.select(Term).order_by(Term.start)).first()
    assert (first.start, first.end) == (date(2026, 9, 1), date(2026, 10, 23))
    assert [row.is_confirmed for row in db.session.scalars(sa.select(Holiday).where(Holiday.name.like("Осен%")))] == [
        True
    ]
    years = db.session.scalars(sa.select(AcademicYear).where(AcademicYear.start <= date(2026, 12, 1))).all()
    assert len(years) == 1

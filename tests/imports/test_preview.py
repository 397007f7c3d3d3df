import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.preview import Counted, preview
from scheduler.models.classes import SchoolClass
from scheduler.models.timetable import ImportRun
from tests.factories import count, make_school
from tests.imports.samples import HEX, card, changed, render, tables_2012


def test_preview_counts_what_is_new_and_stores_nothing(app):
    school = make_school()
    found = preview(school.id, render(tables_2012()), "a.xml")
    assert (found.classes, found.teachers, found.subjects) == (Counted(2, 1), Counted(0, 2), Counted(1, 3))
    assert found.facts["lessons_read"] == 7
    assert set(found.findings) >= set(found.draft.findings)
    assert [count(SchoolClass), count(ImportRun)] == [2, 0]


def test_week_of_a_class_as_read(app):
    def edit(tables):
        tables["cards"].append(card(1, "00001", 9))

    school = make_school()
    grid = preview(school.id, changed(edit), "a.xml").week_grid(HEX(0x10))
    assert (grid.label, grid.weekdays) == ("7-А", (0, 1, 2, 3, 4))
    assert [row.period.number for row in grid.rows] == [1, 2, 3, 4, 5, 6, 9]
    third = [[(one.subject, one.audience, one.teachers, one.rooms) for one in cell] for cell in grid.rows[2].cells]
    assert third[:2] == [
        [
            ("Английский язык", "7-А (Группа 1)", ("Ким Анна Сергеевна",), ("27",)),
            ("Английский язык", "7-А (Группа 2)", ("Иванова Елена Петровна",), ("Сп.зал",)),
        ],
        [("Алгебра", "7-А", ("Иванова Елена Петровна",), ())],
    ]


def test_weeks_of_the_cycle_stand_in_the_cell(app):
    school = make_school()
    grid = preview(school.id, render(tables_2012()), "a.xml").week_grid(HEX(0x11))
    assert [one.weeks for row in grid.rows for cell in row.cells for one in cell] == [(), (1,)]


def test_refused_file_has_no_preview(app):
    school = make_school()
    with pytest.raises(ImportRefusedError):
        preview(school.id, b"%PDF", "a.pdf")

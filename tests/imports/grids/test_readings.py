"""A table that can be read in several ways: a person sees the cells and chooses."""

from time import process_time

import pytest

from scheduler.imports.errors import ImportRefusedError, UnclearTableError
from scheduler.imports.grids.reader import looks_like_grid, open_table
from scheduler.imports.grids.readings import LAYOUTS, readings
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from scheduler.imports.seen import see
from tests.imports.books import csv_bytes, xlsx
from tests.imports.grids import layouts
from tests.imports.grids.layouts import week
from tests.imports.grids.test_load_tables import LOAD

FEW = [["", "5А"], ["Понедельник", ""], [1, "Математика"], [2, "История"]]


def names(rows):
    return [way.name for way in readings(open_table(csv_bytes(rows)))]


def test_every_way_that_finds_anything_is_offered_the_richest_first(russian):
    assert names(LOAD) == ["load", "roster"]
    assert names(layouts.blocks_across(week())[0]) == ["timetable-down"]
    assert names([["одно", "два"], ["три", "четыре"]]) == []


def test_the_chosen_way_is_taken(russian):
    data = csv_bytes(LOAD)
    assert facts(read_source(data, "a.csv"))["courses"] > 0
    chosen = read_source(data, "a.csv", layout="roster")
    assert (chosen.kind, len(chosen.teachers)) == ("roster", 4)
    for layout in LAYOUTS:
        if layout not in names(LOAD):
            with pytest.raises(ImportRefusedError):
                read_source(data, "a.csv", layout=layout)


def test_a_table_too_poor_to_be_sure_of_is_refused_with_the_ways_and_read_when_asked(russian):
    with pytest.raises(UnclearTableError, match="уроков: 2") as refusal:
        read_source(csv_bytes(FEW), "a.csv")
    assert refusal.value.layouts[0] == "timetable-down"
    assert facts(read_source(csv_bytes(FEW), "a.csv", layout="timetable-down"))["lessons_read"] == 2


def test_a_way_is_chosen_for_one_table_only(russian):
    with pytest.raises(ImportRefusedError, match="только для одной таблицы"):
        read_source(b"<timetable></timetable>", "a.xml", layout="load")


def test_what_was_recognised_stands_in_the_cells(russian):
    sheet = open_table(xlsx({"5 класс": [[], ["", "", *FEW[0]], *([["", "", *row] for row in FEW[1:]])]}))[0]
    seen = see(sheet)
    assert (seen.name, seen.letters, [number for number, _cells in seen.rows]) == ("5 класс", ("C", "D"), [2, 3, 4, 5])
    assert [[(cell.text, cell.mark) for cell in cells] for _number, cells in seen.rows] == [
        [("", ""), ("5А", "класс")],
        [("Понедельник", "день"), ("", "")],
        [("1", "номер"), ("Математика", "предмет")],
        [("2", "номер"), ("История", "предмет")],
    ]


def test_a_large_table_that_is_no_timetable_is_told_in_time(russian):
    rows = [[f"{5 + (n + m) % 7}{'АБВГ'[n % 4]}" if m % 2 else ("Алгебра", "слово")[n % 2] for m in range(8)]
            for n in range(750)]  # fmt: skip
    sheets = open_table(csv_bytes(rows))
    before = process_time()
    looks_like_grid(sheets)
    assert process_time() - before < 8  # it took half a minute when each block looked through the whole sheet

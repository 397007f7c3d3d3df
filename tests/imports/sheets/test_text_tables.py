import codecs

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets import text_tables
from scheduler.imports.sheets.text_tables import read_sheet, read_text_table, separator_of
from tests.imports.books import csv_bytes

TEXT = "Класс;Фамилия;Имя\r\n7А;Иванова;Анна\r\n7Б;Ёлкин;Пётр\r\n"
ROWS = (("Класс", "Фамилия", "Имя"), ("7А", "Иванова", "Анна"), ("7Б", "Ёлкин", "Пётр"))


def refusal(data):
    with pytest.raises(ImportRefusedError) as told:
        read_text_table(data)
    return str(told.value)


@pytest.mark.parametrize(
    ("prefix", "encoding"),
    [
        (b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "cp1251"), (b"", "koi8-r"), (b"", "cp866"), (b"", "mac-cyrillic"),
    ],
)  # fmt: skip
def test_alphabets_of_schools_are_recognised(russian, prefix, encoding):
    table = read_text_table(prefix + TEXT.encode(encoding))
    assert (table.rows, table.lines, table.separator, table.encoding) == (ROWS, (1, 2, 3), ";", encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark_is_recognised(russian, encoding):
    assert read_text_table("1;2;3\r\n7;8;9\r\n".encode(encoding)).rows == (("1", "2", "3"), ("7", "8", "9"))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_the_one_that_cuts_evenly(russian, separator):
    text = TEXT.replace(";", separator).replace("Анна", '"Анна, или; Аня"')
    assert read_text_table(text.encode()).rows[1] == ("7А", "Иванова", "Анна, или; Аня")


def test_commas_inside_texts_do_not_mislead(russian):
    data = "Кабинет;Кто\n1;Иванов, Петров, Сидоров\n2;Ким, Ли\n3;Ан\n".encode()
    assert read_text_table(data).rows[1] == ("1", "Иванов, Петров, Сидоров")


def test_stated_separator_is_kept_with_the_lines(russian):
    table = read_text_table(b"sep=,\r\na,b;c\r\nd,e\r\n")
    assert (table.rows, table.lines) == ((("a", "b;c"), ("d", "e")), (2, 3))


def test_cell_of_two_lines_and_empty_lines_keep_the_lines(russian):
    table = read_text_table(b'a;b\n"x\ny";c\n\n;\nd;e\n')
    assert (table.rows, table.lines) == ((("a", "b"), ("x\ny", "c"), ("d", "e")), (1, 2, 6))


def test_quote_that_never_closes_does_not_swallow_the_table(russian):
    lines = ["Класс;Имя", '7А;"Анна', *(f"7А;Имя {number}" for number in range(200))]
    table = read_text_table("\n".join(lines).encode())
    assert (len(table.rows), table.rows[1]) == (202, ("7А", "Анна"))


def test_single_lost_letters_are_named_by_line(russian):
    data = bytearray((TEXT * 30).encode())
    data[data.index("Анна".encode())] = 0xFF
    table = read_text_table(bytes(data))
    assert table.damaged_lines == (2,)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03" * 50, bytes(range(128, 256)) * 20 + b"\x00", b"a;b\n" + b"\x00" * 30,
        bytes(range(1, 9)) * 9, codecs.BOM_UTF8 + b"\xff\xfe\xff", b"7\xd0\x00\x01\x98;\xff",
    ],
)  # fmt: skip
def test_no_text_is_refused(russian, data):
    assert "не текстовая таблица" in refusal(data)


def test_floods_are_refused(russian, monkeypatch):
    assert "не кончается" in refusal(b'a;"' + b"x" * 140_000)
    monkeypatch.setattr(text_tables, "MOST_ROWS", 5)
    assert "больше 5 строк" in refusal(b"a;b\n" * 10)


SHEET = [["ПОНЕДЕЛЬНИК", "", "", ""], [], ["", "", "5А", "5Б"], ["09.00-9.40", "1", "Русский, язык", '"Ё"']]


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), (";", "cp1251"), ("\t", "utf-16")])
def test_a_sheet_of_it_has_the_addresses_that_programs_of_tables_show(russian, separator, encoding):
    sheet = read_sheet(csv_bytes(SHEET, separator=separator, encoding=encoding))
    assert [(cell.address, cell.text) for cell in sheet] == [
        ("A1", "ПОНЕДЕЛЬНИК"), ("C3", "5А"), ("D3", "5Б"),
        ("A4", "09.00-9.40"), ("B4", "1"), ("C4", "Русский, язык"), ("D4", '"Ё"'),
    ]  # fmt: skip


def test_lists_within_cells_do_not_mislead():
    assert separator_of("7а-2, 7б-1, 7в-1;5\n8а-1, 8б-1, 8в-2;3\n") == ";"
    assert separator_of("7а, 5\n8б, 3\n") == ","


def test_numbers_are_known(russian):
    assert [cell.number for cell in read_sheet(b"1;0,5;05;1.2.3;x")] == [1.0, 0.5, 5.0, None, None]

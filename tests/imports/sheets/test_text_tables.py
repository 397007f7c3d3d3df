import codecs

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets import text_tables
from scheduler.imports.sheets.text_tables import read_text_table, separator_of
from tests.imports.books import csv_bytes

ROWS = [["ПОНЕДЕЛЬНИК", "", "", ""], ["", "", "5А", "5Б"], ["09.00-9.40", "1", "Русский, язык", '"Ё"']]


def texts(data):
    return [(cell.address, cell.text) for cell in read_text_table(data)[0]]


WANTED = [
    ("A1", "ПОНЕДЕЛЬНИК"), ("C2", "5А"), ("D2", "5Б"),
    ("A3", "09.00-9.40"), ("B3", "1"), ("C3", "Русский, язык"), ("D3", '"Ё"'),
]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_every_encoding_and_separator_is_found_out(russian, separator, encoding):
    assert texts(csv_bytes(ROWS, separator=separator, encoding=encoding)) == WANTED


def test_big_endian_with_mark(russian):
    assert texts(codecs.BOM_UTF16_BE + csv_bytes(ROWS, encoding="utf-16-be")) == WANTED


def test_commas_inside_fields_do_not_mislead():
    assert separator_of("7а-2, 7б-1;5\n8а-1, 8б-1, 8в-2;3\n") == ";"


def test_numbers_are_known(russian):
    sheet = read_text_table(b"1;0,5;05;1.2.3;x")[0]
    assert [cell.number for cell in sheet] == [1.0, 0.5, 5.0, None, None]


@pytest.mark.parametrize(
    "data",
    [bytes(range(1, 9)) * 9, b"\x98" * 40, codecs.BOM_UTF8 + b"\xff\xfe\xff", b"7\xd0\x00\x01\x98;\xff"],
)
def test_bytes_that_are_no_text_are_refused(russian, data):
    with pytest.raises(ImportRefusedError, match="не таблица"):
        read_text_table(data)


def test_too_many_rows_are_refused(russian, monkeypatch):
    monkeypatch.setattr(text_tables, "MOST_ROWS", 2)
    with pytest.raises(ImportRefusedError, match="больше 2 строк"):
        read_text_table(b"1\n2\n3\n")


def test_endless_field_is_refused(russian):
    with pytest.raises(ImportRefusedError, match="повреждён"):
        read_text_table(b'"' + b"a" * 200_000)

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets import guard, measure
from scheduler.imports.sheets.cells import address_of, column_letters, place_of
from scheduler.imports.sheets.workbook import clean_text, read_workbook, shown
from tests.imports.books import ods, ods_of, packed, xls, xlsx

ROWS = [
    ["Понедельник", 1, " Русский\u00a0 язык ", 412.0],
    ["", 2, "Матем\nатика", date(2024, 4, 3)],
    ["", 3, "=====", 12.5],
]
MERGED = {"5 класс": ["A1:A3"]}
SHEETS = {"5 класс": ROWS, "шаблон": [["x"]]}
MAKERS = [xlsx, xls, ods]


def refusal(data):
    with pytest.raises(ImportRefusedError) as told:
        read_workbook(data)
    return str(told.value)


@pytest.mark.parametrize("make", MAKERS)
def test_every_format_gives_the_same_cells(russian, make):
    first, second = read_workbook(make(SHEETS, merged=MERGED, hidden_sheets=("шаблон",)))
    assert [first.name, first.is_hidden, second.name, second.is_hidden] == ["5 класс", False, "шаблон", True]
    assert [(cell.address, cell.text) for cell in first] == [
        ("A1", "Понедельник"), ("B1", "1"), ("C1", "Русский язык"), ("D1", "412"),
        ("B2", "2"), ("C2", "Матем\nатика"), ("D2", "03.04.2024"),
        ("B3", "3"), ("C3", "====="), ("D3", "12.5"),
    ]  # fmt: skip
    assert first.at(0, 3).number == 412
    assert first.at(1, 3).moment == date(2024, 4, 3)
    assert (first.at(0, 0).rows, first.seen_at(2, 0).text, first.at(2, 0)) == (3, "Понедельник", None)


@pytest.mark.parametrize("make", [xlsx, ods])
def test_hidden_rows_are_known(russian, make):
    sheet = read_workbook(make({"а": ROWS}, hidden_rows={"а": [2]}))[0]
    assert [cell.address for cell in sheet if cell.is_hidden] == ["B2", "C2", "D2"]


def test_hidden_columns_are_known(russian):
    book = openpyxl.Workbook()
    book.active.append(["а", "б"])
    book.active.column_dimensions["B"].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    assert [cell.is_hidden for cell in read_workbook(stream.getvalue())[0]] == [False, True]


def test_turned_table_keeps_addresses(russian):
    sheet = read_workbook(xlsx({"а": ROWS}, merged={"а": ["A1:A3"]}))[0]
    turned = sheet.turned()
    assert (turned.at(2, 0).address, turned.at(2, 0).text) == ("C1", "Русский язык")
    assert (turned.at(0, 0).columns, turned.seen_at(0, 2).address) == (3, "A1")
    assert turned.turned().cells == sheet.cells


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters_of_columns(column, letters):
    assert column_letters(column) == letters


def test_places_name_sheet_and_cell(russian):
    assert place_of("5 класс", address_of(6, 2)) == "Лист «5 класс», ячейка C7"
    assert place_of("", "C7") == "Ячейка C7"
    assert place_of("5 класс") == "Лист «5 класс»"
    assert place_of("") == "весь файл"


@pytest.mark.parametrize(
    ("value", "text"),
    [(412.0, "412"), (0.5, "0.5"), (True, "True"), (" a\u00adб \n\n в\u200b ", "aб\nв"), (10, "10")],
)
def test_values_as_a_person_would_write_them(value, text):
    assert shown(value)[0] == text


def test_long_text_is_cut():
    assert len(clean_text("я" * 9999)) == 2000


def test_bomb_is_refused_before_it_is_opened(russian):
    bomb = packed({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b"0" * 60_000_000})
    assert "больше 50 МБ" in refusal(bomb)


def test_swelling_member_is_refused(russian):
    assert "больше 50 МБ" in refusal(packed({"content.xml": b"0" * 5_000_000}))


def test_too_many_members_are_refused(russian, monkeypatch):
    monkeypatch.setattr(guard, "MOST_MEMBERS", 3)
    assert "больше 50 МБ" in refusal(xlsx(SHEETS))


def test_large_file_is_refused(russian):
    assert "больше 20 МБ" in refusal(b"PK\x03\x04" + b"0" * guard.LARGEST_TABLE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(russian, encoding):
    name = encoding.upper()
    trap = f'<?xml version="1.0" encoding="{name}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    assert "могут навредить" in refusal(packed({"content.xml": trap}))
    assert "могут навредить" in refusal(packed({"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": trap}))


def test_farthest_corner_is_refused_before_room_is_made(russian):
    data = xlsx({"а": ROWS})
    source = zipfile.ZipFile(io.BytesIO(data))
    files = {name: source.read(name) for name in source.namelist()}
    page = files["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    files["xl/worksheets/sheet1.xml"] = page.replace(b"</sheetData>", far)
    assert "двух миллионов" in refusal(packed(files))


def test_repeated_ods_rows_are_refused_before_room_is_made(russian):
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    assert "двух миллионов" in refusal(ods_of(content))


def test_many_cells_of_an_old_book_are_refused(russian, monkeypatch):
    monkeypatch.setattr("scheduler.imports.sheets.workbook.MOST_CELLS", 3)
    assert "двух миллионов" in refusal(xls(SHEETS))
    monkeypatch.setattr(measure, "MOST_CELLS", 3)
    assert "двух миллионов" in refusal(xlsx(SHEETS))


@pytest.mark.parametrize("make", MAKERS)
def test_cut_books_are_refused(russian, make):
    data = make(SHEETS)
    for share in (0.1, 0.5, 0.9):
        assert "повреждён" in refusal(data[: int(len(data) * share)])


def test_other_archives_are_refused(russian):
    assert "повреждён" in refusal(packed({"a.txt": "x"}))
    assert "повреждён" in refusal(b"PK\x03\x04 no archive")

import codecs

import pytest

from scheduler.imports import asc_cards, asc_xml
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source, recognise
from tests.imports.samples import DECLARATION, changed, render, tables_2008, tables_2012


def refusal(data, name="timetable.xml", **options):
    with pytest.raises(ImportRefusedError) as told:
        read_source(data, name, **options)
    return str(told.value)


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"PK\x03\x04word/document.xml", "a", "текстовый документ"),
        (b"%PDF-1.7", "a", "документ PDF"),
        (b"\x89PNG", "a", "картинку"),
        (b"\x1f\x8b\x08", "a", "архив"),
        (b"aSc\x00\x01binary", "school.ROZ", "собственный файл программы"),
        (b"\x01\x00\x02", "x", "файл другой программы"),
        (b"<!DOCTYPE html><html>", "a", "веб-страницу"),
        (b"<HighSchoolTimetableArchive>", "a", "архив расписаний (XHSTT)"),
        ('<?xml version="1.0"?><html>'.encode("utf-16"), "a", "веб-страницу"),
    ],
)
def test_other_kinds_are_named(russian, data, name, word):
    text = refusal(data, name)
    assert word in text
    assert "пока не читаем" in text


def test_kind_stated_by_a_person(russian):
    assert "В этом файле FET нет уроков" in refusal(b"<timetable/>", kind="fet")
    assert "Списка людей в файле не нашлось" in refusal(b"<timetable/>", kind="roster")
    assert read_source(render(tables_2012()), "any", kind="asc").kind == "asc"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<fet version="6">', "a"),
        (b"<fet version='5.30'>", "a.xml"),
        (b'<?xml version="1.0"?><Activities_Timetable>', "a.xml"),
        (b'\xef\xbb\xbf"Activity Id","Day","Hour","Students Sets"\r\n', "a.csv"),
        (b"Students Sets;Subject;Teachers;Activity Tags;Total Duration;Split Duration\r\n", "a.csv"),
        (b'"Teacher"\t"Comments"\r\n', "teachers.csv"),
    ],
)
def test_fet_and_its_exports_are_recognised(russian, data, name):
    assert recognise(data, name) == "fet"


def test_asc_is_recognised_without_a_telling_name(russian):
    assert [recognise(render(tables()), "") for tables in (tables_2008, tables_2012)] == ["asc", "asc"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b" \n", "Файл пустой"),
        (b"<Timetable2/>", "не расписание программы"),
        (b"<timetable/>", "нет уроков"),
        (b'<timetable><classes columns="id,name, short,htmlexportlink"><class id="*1" name="7"/></classes></timetable>',
         "выложенного на сайт"),
        (b'<timetable><classes columns="id"><class id="*1" htmlexportlink="a"/></classes></timetable>',
         "выложенного на сайт"),
        (b'<timetable><lessons><lesson id="*1" subjectid="*1"/></lessons></timetable>', "нет классов"),
        (b"<timetable>" + b"<a>" * 10 + b"</a>" * 10 + b"</timetable>", "слишком много вложенных"),
        (b'<?xml version="1.0" encoding="base64"?><timetable/>', "кодировка «base64»"),
        (b'<?xml version="1.0" encoding="nonsense"?><timetable/>', "кодировка «nonsense»"),
        (b'<!DOCTYPE t [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><timetable>&b;</timetable>', "могут навредить"),
        (b'<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/hostname">]><timetable>&x;</timetable>', "могут навредить"),
        (b"<timetable>\n<days>\n<day & /></days></timetable>", "повреждён в строке 3"),
        (b"<timetable>\n<days>\n<day name=", "кончается на строке 3"),
        (b"<timetable>\n<days>\n", "кончается на строке 3"),
        (b"\xff\xfe<\x00\xd8", "повреждён: в строке 1"),
        (b"\x00<\x00?\x00", "повреждён: в строке 1"),
    ],
)  # fmt: skip
def test_unusable_xml_is_refused_in_words(russian, data, word):
    assert word in refusal(data)


def test_too_large_file_is_refused_at_once(russian):
    assert "больше 20 МБ" in refusal(b"<timetable>" + b" " * asc_xml.LARGEST_FILE)


def test_flood_of_rows_is_refused(russian, monkeypatch):
    monkeypatch.setattr(asc_xml, "MOST_ROWS", 20)
    assert "больше 20 строк" in refusal(render(tables_2012()))


def test_flood_of_placements_is_refused(russian, monkeypatch):
    monkeypatch.setattr(asc_cards, "MOST_SEATS", 3)
    assert "больше уроков, чем бывает" in refusal(render(tables_2012()))


def test_lessons_of_unknown_subjects_alone_are_refused(russian):
    assert "Ни один урок" in refusal(changed(lambda tables: tables.update(subjects=[])))


def test_undeclared_utf8_is_read(russian):
    draft = read_source(render(tables_2012(), declaration=""), "a.xml")
    assert draft.classes[0].name == "7-А"


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "utf-8", ""])
def test_local_code_page_is_recognised_whatever_is_declared(russian, declared):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    data = render(tables_2012(), declaration=declaration, encoding="cp1251")
    draft = read_source(data, "a.xml")
    assert draft.classes[0].name == "7-А"
    assert "прочитан как windows-1251" in draft.findings[0].text


def test_byte_undefined_in_western_code_page_is_read_as_cyrillic(russian):
    tables = tables_2012()
    tables["subjects"][0]["name"] = "Ѓ Алгебра"
    data = render(tables, declaration='<?xml version="1.0" encoding="windows-1252"?>\n', encoding="cp1251")
    assert read_source(data, "a").subjects[0].name == "Ѓ Алгебра"


def test_true_western_text_stays_western(russian):
    tables = {
        "periods": [{"period": 1, "starttime": "8:00", "endtime": "8:45"}],
        "days": [{"day": 0, "name": "Montag"}],
        "subjects": [{"id": "*1", "name": "Französisch"}],
        "classes": [{"id": "*1", "name": "7a"}],
        "lessons": [{"id": "*1", "subjectid": "*1", "classids": "*1", "periodsperweek": "1", "periodspercard": "1"}],
        "cards": [{"lessonid": "*1", "day": 0, "period": 1}],
    }
    data = render(tables, declaration='<?xml version="1.0" encoding="windows-1252"?>', encoding="cp1252")
    draft = read_source(data, "a")
    assert draft.subjects[0].name == "Französisch"
    assert [row.where for row in draft.findings] == ["7a"]


def test_declared_cyrillic_and_utf16_are_read(russian):
    cyrillic = render(tables_2012(), declaration='<?xml version="1.0" encoding="windows-1251"?>', encoding="cp1251")
    wide = codecs.BOM_UTF16_LE + render(tables_2012()).decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
    bare = render(tables_2012(), declaration="").decode().encode("utf-16-be")
    assert {read_source(data, "a").subjects[0].name for data in (cyrillic, wide, bare)} == {"Алгебра"}


def test_utf8_under_a_western_declaration_is_read(russian):
    data = render(tables_2012(), declaration=DECLARATION.replace("UTF-8", "windows-1252"))
    assert read_source(data, "a").subjects[0].name == "Алгебра"


def test_damaged_utf8_is_refused_with_its_line(russian):
    data = bytearray(render(tables_2012()))
    data[data.index("Алгебра".encode())] = 0xFF
    line = bytes(data).count(b"\n", 0, data.index(b"\xff")) + 1
    assert f"в строке {line} вместо текста" in refusal(bytes(data))


def test_cut_inside_a_letter_is_told_as_cut(russian):
    data = render(tables_2012())
    place = data.index("Алгебра".encode()) + 1
    assert "Файл обрывается" in refusal(data[:place])

import pytest

from scheduler.imports import source
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_files, read_source
from scheduler.imports.source import SourceFile, read_path
from tests.imports.samples import render, tables_2012
from tests.imports.test_archives import packed


def refusal(function, *arguments):
    with pytest.raises(ImportRefusedError) as told:
        function(*arguments)
    return str(told.value)


def test_file_and_folder_are_read(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.csv").write_bytes(b"2")
    (tmp_path / "a.fet").write_bytes(b"1")
    (tmp_path / ".hidden").write_bytes(b"3")
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert read_path(tmp_path / "a.fet") == (SourceFile("a.fet", b"1"),)
    assert read_path(tmp_path) == (SourceFile("a.fet", b"1"), SourceFile("b.csv", b"2"))


def test_too_large_a_file_is_refused_without_reading(tmp_path, russian, monkeypatch):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(source.LARGEST_SOURCE + 1)
    monkeypatch.setattr(type(path), "read_bytes", lambda _self: pytest.fail("read"))
    assert "Файл больше 50 МБ" in refusal(read_path, path)


def test_empty_and_crowded_folders_are_refused(tmp_path, russian, monkeypatch):
    assert "нет файлов" in refusal(read_path, tmp_path)
    monkeypatch.setattr(source, "MOST_FILES", 1)
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"1")
    assert "Файлов больше 1" in refusal(read_path, tmp_path)


def test_timetable_in_a_zip_is_read_and_the_rest_is_named(russian):
    data = packed({"school.xml": render(tables_2012()), "readme.pdf": b"%PDF-1.7"})
    draft = read_source(data, "school.zip")
    assert draft.kind == "asc"
    assert draft.findings[-1].text == "Файлы, которые не понадобились: readme.pdf."


def test_two_timetables_are_for_a_person_to_choose(russian):
    files = tuple(SourceFile(name, render(tables_2012())) for name in ("1.xml", "2.xml"))
    assert "несколько расписаний или списков: 1.xml, 2.xml" in refusal(read_files, files)


def test_empty_source_is_refused(russian):
    assert "Файл пустой" in refusal(read_files, (SourceFile("a", b" "), SourceFile("b", b"")))

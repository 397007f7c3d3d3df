import io
import zipfile

import pytest

from scheduler.imports import archives
from scheduler.imports.archives import guard_workbook, is_workbook, unpack
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.source import SourceFile


def packed(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refusal(data):
    with pytest.raises(ImportRefusedError) as told:
        unpack(SourceFile("a.zip", data))
    return str(told.value)


def test_files_of_a_zip_come_out_without_folders_and_clutter(russian):
    data = packed({"school/a.fet": b"<fet/>", "school/b.csv": b"1", "__MACOSX/._a.fet": b"x", ".DS_Store": b"x"})
    assert unpack(SourceFile("a.zip", data)) == (SourceFile("a.fet", b"<fet/>"), SourceFile("b.csv", b"1"))


def test_other_files_stay_as_they_are(russian):
    workbook = SourceFile("a.xlsx", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    plain = SourceFile("a.csv", b"1;2")
    assert (unpack(workbook), unpack(plain)) == ((workbook,), (plain,))
    assert is_workbook(workbook.data)


def test_name_in_the_code_page_of_dos_is_read(russian):
    entry = zipfile.ZipInfo("x")
    data = packed({"NAME": b"1"}).replace(b"NAME", "Уч.1".encode("cp866"))
    assert [file.name for file in unpack(SourceFile("a.zip", data))] == ["Уч.1"]
    assert entry.flag_bits == 0


@pytest.mark.parametrize("name", ["../a.fet", "/etc/a.fet", "a/../../b", "..\\a", "C:\\a.fet"])
def test_path_outside_the_archive_is_refused(russian, name):
    assert "вне его самого" in refusal(packed({name: b"1"}))


def test_archive_in_an_archive_is_refused(russian):
    assert "ещё один архив (b.zip)" in refusal(packed({"b.zip": packed({"c": b"1"})}))
    assert "ещё один архив (b)" in refusal(packed({"b": b"Rar!\x1a\x07"}))


def test_workbook_in_an_archive_is_kept(russian):
    workbook = packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    assert [file.name for file in unpack(SourceFile("a.zip", packed({"b.xlsx": workbook})))] == ["b.xlsx"]


def test_bomb_is_refused_before_it_is_unpacked(russian, monkeypatch):
    monkeypatch.setattr(archives, "_read", lambda *_: pytest.fail("unpacked"))
    bomb = packed({"a": b"0" * 60_000_000})
    assert len(bomb) < 100_000
    assert "После распаковки" in refusal(bomb)
    with pytest.raises(ImportRefusedError):
        guard_workbook(packed({"[Content_Types].xml": b"0" * 60_000_000}))


def test_entry_that_is_longer_than_it_says_is_refused(russian):
    data = packed({"a": b"0" * 1000})
    size = (1000).to_bytes(4, "little")
    assert "повреждён" in refusal(data.replace(size, (10).to_bytes(4, "little")))


def test_locked_archive_is_refused(russian):
    data = bytearray(packed({"a": b"1"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "паролем" in refusal(bytes(data))


@pytest.mark.parametrize("cut", [4, 30, 60, -3])
def test_cut_archive_is_refused(russian, cut):
    assert "повреждён или обрывается" in refusal(packed({"a.fet": b"<fet/>" * 100})[:cut])


def test_empty_and_crowded_archives_are_refused(russian, monkeypatch):
    assert "Архив пустой" in refusal(packed({}))
    monkeypatch.setattr("scheduler.imports.source.MOST_FILES", 2)
    assert "Файлов больше 2" in refusal(packed({"a": b"1", "b": b"1", "c": b"1"}))


def test_pages_beside_the_export_do_not_count(russian, monkeypatch):
    monkeypatch.setattr("scheduler.imports.source.MOST_FILES", 1)
    pages = {f"{number}.html": b"<html>" for number in range(5)}
    assert [file.name for file in unpack(SourceFile("a.zip", packed({"a.fet": b"<fet/>", **pages})))] == ["a.fet"]
    assert "Файлов больше 1" in refusal(packed(pages))

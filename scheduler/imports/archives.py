"""Zip archives, opened in memory with a suspicious eye: bombs, path tricks, archives in archives, passwords.

An XLSX or ODS workbook is a zip too: `guard_workbook` looks at one before a reader of spreadsheets gets it.
"""

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.source import LARGEST_SOURCE, PAGES, SourceFile, refuse_number, refuse_size

ZIP_SIGN = b"PK\x03\x04"
PACKED_SIGNS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
LARGEST_WORKBOOK = 200 * 1024 * 1024
MOST_RATIO = 200
RATIO_MATTERS = 5 * 1024 * 1024
ENCRYPTED = 0x1
UTF8_NAME = 0x800


def is_zip(data: bytes) -> bool:
    return data.startswith((ZIP_SIGN, b"PK\x05\x06"))


def is_workbook(data: bytes) -> bool:
    """Whether a zip is itself one document of an office program, not a bag of files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return any(sign in data for sign in (b"xl/", b"word/", b"opendocument."))
    return bool(names & {"[Content_Types].xml", "mimetype"})


def unpack(file: SourceFile) -> tuple[SourceFile, ...]:
    """The files of a zip; any other file is answered as it is. Raises ImportRefusedError in words."""
    if not is_zip(file.data) or is_workbook(file.data):
        return (file,)
    with _opened(file.data) as archive:
        entries = _needed(archive.infolist())
        _refuse_entries(entries, LARGEST_SOURCE)
        if not entries:
            raise ImportRefusedError(_("The archive is empty: there are no files in it."))
        refuse_number(len(entries))
        files = tuple(SourceFile(_name_of(entry), _read(archive, entry)) for entry in entries)
    _refuse_nested(files)
    return files


def _needed(entries: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries that may be read. Names are judged first, so that no trick hides behind a name left out."""
    if any(_leads_outside(entry.filename) for entry in entries):
        raise ImportRefusedError(
            _("The archive names files outside itself, as harmful ones do. It was not opened."),
        )
    files = [entry for entry in entries if not entry.is_dir() and not _is_clutter(entry)]
    pages = [entry for entry in files if PurePosixPath(entry.filename).suffix.casefold() in PAGES]
    return [entry for entry in files if entry not in pages] or files


def guard_workbook(data: bytes) -> None:
    """Raises ImportRefusedError for a workbook that would unpack to more than memory should hold."""
    refuse_size(len(data))
    if not is_zip(data):
        return
    with _opened(data) as archive:
        _refuse_entries(archive.infolist(), LARGEST_WORKBOOK)


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise _damaged() from error


def _damaged() -> ImportRefusedError:
    return ImportRefusedError(_("The archive is damaged or cut off and cannot be opened. Please make it once more."))


def _refuse_entries(entries: Sequence[zipfile.ZipInfo], limit: int) -> None:
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ImportRefusedError(_("The archive is locked with a password. Please make one without."))
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if total > limit or (total > RATIO_MATTERS and total > MOST_RATIO * packed):
        raise ImportRefusedError(
            _("Unpacked, the file would grow to a size that no school's file has. It was not opened."),
        )


def _leads_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or (bool(parts) and parts[0].endswith(":"))


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.parts[:1] == ("__MACOSX",) or path.name.startswith((".", "~$"))


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name without folders; Windows packs Russian names in the code page of DOS."""
    name = PurePosixPath(entry.filename.replace("\\", "/")).name
    if entry.flag_bits & UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("cp866")
    except UnicodeError:
        return name


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry, never more than it states: the stated sizes were added up before."""
    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged() from error
    if len(data) > entry.file_size:
        raise _damaged()
    return data


def _refuse_nested(files: Sequence[SourceFile]) -> None:
    for file in files:
        if file.data.startswith(PACKED_SIGNS) or (is_zip(file.data) and not is_workbook(file.data)):
            raise ImportRefusedError(
                _("There is another archive inside the archive (%(name)s). Please choose the inner one.",
                  name=file.name),
            )  # fmt: skip

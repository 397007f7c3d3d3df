"""Which kind of file this is, told by its bytes and then by its name; and the one door through which files are read."""

from collections.abc import Callable
from pathlib import PurePath

from flask_babel import gettext as _

from scheduler.imports.asc import read_asc
from scheduler.imports.asc_xml import LARGEST_FILE
from scheduler.imports.draft import Draft
from scheduler.imports.errors import ImportRefusedError

PEEK = 4096
READERS: dict[str, Callable[[bytes], Draft]] = {"asc": read_asc}
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def read_source(data: bytes, file_name: str, *, kind: str | None = None) -> Draft:
    """The draft of a file of any known kind. Raises ImportRefusedError with what the file is and what to do.

    `kind` is what the person stated; without it the file itself decides.
    """
    chosen = kind or recognise(data, file_name)
    if chosen not in READERS:
        raise ImportRefusedError(_not_yet(chosen))
    return READERS[chosen](data)


def recognise(data: bytes, file_name: str) -> str:
    """The kind that a reader exists for. Raises ImportRefusedError naming what was recognised instead."""
    if not data.strip():
        raise ImportRefusedError(_("The file is empty. Please choose the file with the timetable."))
    found = _by_bytes(data) or _by_name(file_name)
    if found is None and not _peek(data).startswith("<"):
        found = _("a file of another program") if b"\x00" in data[:PEEK] else _("a text or a table in CSV")
    if found is not None:
        raise ImportRefusedError(_not_yet(found))
    if len(data) <= LARGEST_FILE:
        _refuse_other_xml(data)
    return "asc"


def _not_yet(found: str) -> str:
    text: str = _(
        "This looks like %(found)s, which is not read yet. What can be read is a timetable exported from aSc "
        "Timetables as XML (File → Export → aSc Timetables 2012 XML).",
        found=found,
    )
    return text


def _peek(data: bytes) -> str:
    encoding = _UTF16.get(data[:2], "latin-1")
    text = data[:PEEK].decode(encoding, errors="replace")
    return text.lstrip("\ufeffï»¿ \t\r\n\x00").replace("\x00", "")


def _by_bytes(data: bytes) -> str | None:
    if data.startswith(b"PK"):
        return _archive(data)
    signs: tuple[tuple[bytes, str], ...] = (
        (b"\xd0\xcf\x11\xe0", _("an old Excel or Word file (XLS, DOC)")),
        (b"%PDF", _("a PDF document")),
        (b"\x89PNG", _("a picture")),
        (b"\xff\xd8\xff", _("a picture")),
        (b"GIF8", _("a picture")),
        (b"Rar!", _("a packed archive")),
        (b"7z\xbc\xaf", _("a packed archive")),
        (b"\x1f\x8b", _("a packed archive")),
        (b"{\\rtf", _("a text document")),
        (b"BEGIN:VCALENDAR", _("a calendar (ICS)")),
    )
    return next((name for sign, name in signs if data.startswith(sign)), None)


def _archive(data: bytes) -> str:
    signs: tuple[tuple[bytes, str], ...] = (
        (b"xl/", _("an Excel workbook (XLSX)")),
        (b"opendocument.spreadsheet", _("a spreadsheet (ODS)")),
        (b"word/", _("a text document")),
        (b"", _("a packed archive")),
    )
    return next(name for sign, name in signs if sign in data)


def _by_name(file_name: str) -> str | None:
    names = {
        ".roz": _("the own file of the program aSc Timetables (ROZ)"),
        ".csv": _("a text or a table in CSV"),
        ".tsv": _("a text or a table in CSV"),
        ".xlsx": _("an Excel workbook (XLSX)"),
        ".xls": _("an old Excel or Word file (XLS, DOC)"),
        ".ods": _("a spreadsheet (ODS)"),
        ".fet": _("a timetable of the program FET"),
    }
    return names.get(PurePath(file_name).suffix.casefold())


def _refuse_other_xml(data: bytes) -> None:
    text = _peek(data).casefold()
    signs = (
        ("<fet", _("a timetable of the program FET")),
        ("<activities_timetable", _("a timetable of the program FET")),
        ("<highschooltimetablearchive", _("a timetable archive (XHSTT)")),
        ("<!doctype html", _("a web page")),
        ("<html", _("a web page")),
        ("<svg", _("a picture")),
    )
    for sign, name in signs:
        if sign in text and "<timetable" not in text:
            raise ImportRefusedError(_not_yet(name))

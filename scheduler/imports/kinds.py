"""Which kind of file this is, told by its bytes and then by its name. Opens nothing and reads no rows of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.archives import is_zip
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets.text_tables import decode_table
from scheduler.imports.source import SourceFile
from scheduler.imports.weekdays import weekday_in

PEEK = 4096
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
FET_ROOTS = ("<fet", "<activities_timetable", "<students_timetable", "<teachers_timetable", "<rooms_timetable")
FET_TABLES = (
    frozenset({"activity id", "day", "hour"}),
    frozenset({"students sets", "subject", "total duration"}),
    frozenset({"year", "group", "subgroup"}),
    frozenset({"teacher", "comments"}),
    frozenset({"subject", "comments"}),
    frozenset({"activity tag", "comments"}),
    frozenset({"room", "building"}),
)
BARE_COLUMNS = 9


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind that a reader may exist for (empty: none ever will), and the words for it in a sentence."""

    kind: str
    words: str


def guess_kind(file: SourceFile) -> Guess:
    """What a file is. A table is `table` here: its headings tell later whether it is a roster or a grid."""
    return _by_bytes(file.data) or _by_text(file) or _by_name(file) or _binary_or_text(file.data)


def peek(data: bytes) -> str:
    """The beginning of a file as text, whatever its encoding, lower case, without marks of byte order."""
    encoding = _UTF16.get(data[:2], "latin-1")
    text = data[:PEEK].decode(encoding, errors="replace")
    return text.lstrip("\ufeffï»¿ \t\r\n\x00").replace("\x00", "").casefold()


def _by_bytes(data: bytes) -> Guess | None:
    if is_zip(data) or data.startswith(b"PK"):
        return _archive(data)
    signs: tuple[tuple[bytes, Guess], ...] = (
        (b"\xd0\xcf\x11\xe0", Guess("table", _("an old Excel or Word file (XLS, DOC)"))),
        (b"%PDF", Guess("", _("a PDF document"))),
        (b"\x89PNG", Guess("", _("a picture"))),
        (b"\xff\xd8\xff", Guess("", _("a picture"))),
        (b"GIF8", Guess("", _("a picture"))),
        (b"Rar!", Guess("", _("a packed archive"))),
        (b"7z\xbc\xaf", Guess("", _("a packed archive"))),
        (b"\x1f\x8b", Guess("", _("a packed archive"))),
        (b"{\\rtf", Guess("", _("a text document"))),
    )
    return next((guess for sign, guess in signs if data.startswith(sign)), None)


def _archive(data: bytes) -> Guess:
    signs: tuple[tuple[bytes, Guess], ...] = (
        (b"xl/", Guess("table", _("an Excel workbook (XLSX)"))),
        (b"opendocument.spreadsheet", Guess("table", _("a spreadsheet (ODS)"))),
        (b"word/", Guess("", _("a text document"))),
        (b"", Guess("", _("a packed archive"))),
    )
    return next(guess for sign, guess in signs if sign in data)


def _by_text(file: SourceFile) -> Guess | None:
    text = peek(file.data)
    if text.startswith("begin:vcalendar"):
        return Guess("calendar", _("a calendar (ICS)"))
    if text.startswith("<") and "<timetable" in text:
        return Guess("asc", _("a timetable of the program aSc Timetables"))
    if text.startswith("<"):
        return _by_root(text)
    if is_fet_table(_table_head(file.data)):
        return Guess("fet", _("a timetable of the program FET"))
    return None


def _table_head(data: bytes) -> str:
    """The beginning of a table with its letters read, for what only they tell."""
    try:
        return decode_table(data[:PEEK])[0].casefold()
    except ImportRefusedError:
        return ""


def is_fet_table(text: str) -> bool:
    """Whether a text begins with the columns of one of FET's own exports, or with a timetable's row without headings.

    The headings are English in every language of the program; separator, quotes and headings are a person's choice.
    """
    line = text.partition("\n")[0]
    columns = [part.strip().strip("\"'").strip() for part in re.split("[,;\t]", line)]
    if any(wanted <= set(columns) for wanted in FET_TABLES):
        return True
    return len(columns) >= BARE_COLUMNS and columns[0].isdecimal() and _has_bare_rows(text)


def _has_bare_rows(text: str) -> bool:
    """Rows «1;Monday;08:30;7А;…»: a number, a day, an hour, on every line that was looked at."""
    rows = [re.split("[,;\t]", line) for line in text.splitlines()[:-1][:20]]
    return bool(rows) and all(
        len(row) >= BARE_COLUMNS and row[0].strip("\"' ").isdecimal() and weekday_in(row[1]) is not None for row in rows
    )


def _by_root(text: str) -> Guess:
    if text.partition("?>")[2].lstrip().startswith(FET_ROOTS) or any(root in text for root in FET_ROOTS):
        return Guess("fet", _("a timetable of the program FET"))
    signs = (
        ("<highschooltimetablearchive", Guess("", _("a timetable archive (XHSTT)"))),
        ("<!doctype html", Guess("", _("a web page"))),
        ("<html", Guess("", _("a web page"))),
        ("<svg", Guess("", _("a picture"))),
    )
    return next((guess for sign, guess in signs if sign in text), Guess("asc", _("a file in XML")))


def _by_name(file: SourceFile) -> Guess | None:
    names: dict[str, Callable[[], Guess]] = {
        ".roz": lambda: Guess("", _("the own file of the program aSc Timetables (ROZ)")),
        ".csv": lambda: Guess("table", _("a text or a table in CSV")),
        ".tsv": lambda: Guess("table", _("a text or a table in CSV")),
        ".xlsx": lambda: Guess("", _("an Excel workbook (XLSX)")),
        ".xls": lambda: Guess("", _("an old Excel or Word file (XLS, DOC)")),
        ".ods": lambda: Guess("", _("a spreadsheet (ODS)")),
        ".fet": lambda: Guess("fet", _("a timetable of the program FET")),
    }
    found = names.get(file.suffix)
    return found() if found else None


def _binary_or_text(data: bytes) -> Guess:
    is_wide = data[:2] in _UTF16
    if b"\x00" in data[:PEEK] and not is_wide:
        return Guess("", _("a file of another program"))
    return Guess("table", _("a text or a table in CSV"))

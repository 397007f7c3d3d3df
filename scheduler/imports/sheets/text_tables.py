"""Tables as text (CSV, TSV) to a neutral sheet: encoding and separator are found out, never asked.

Programs here save UTF-8 with or without a mark, UTF-16, and the Windows code page 1251; commas, semicolons, tabs.
"""

import codecs
import csv
import io
from collections import Counter

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets.cells import Cell, Sheet, address_of, make_sheet
from scheduler.imports.sheets.guard import broken_file, refuse_large
from scheduler.imports.sheets.workbook import clean_text

MOST_ROWS = 100_000
MOST_COLUMNS = 2000
SEPARATORS = (";", ",", "\t", "|")
PEEK_LINES = 200
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ZERO_SHARE = 0.2
CONTROL_SHARE = 0.01


def read_text_table(data: bytes) -> tuple[Sheet, ...]:
    """The table as one sheet without a name. Raises ImportRefusedError in words."""
    refuse_large(data)
    text = decode_table(data)
    rows = _rows(text, separator_of(text))
    return (make_sheet("", [cell for row, values in enumerate(rows) for cell in _cells(row, values)]),)


def decode_table(data: bytes) -> str:
    """The text: by its mark, else strictly UTF-8, else UTF-16 where every second byte is zero, else windows-1251."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if b"\x00" in data:
        return _decoded(data, _utf16_side(data))
    return _decoded(data, "utf-8" if _is_utf8(data) else "cp1251")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _not_text(line) from error
    strange = sum(letter < " " and letter not in "\r\n\t\f" for letter in text)
    if strange > CONTROL_SHARE * len(text) + 1:
        raise _not_text(1)
    return text


def _utf16_side(data: bytes) -> str:
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) < ZERO_SHARE * len(data) / 2:
        raise _not_text(1)
    return "utf-16-be" if even > odd else "utf-16-le"


def _not_text(line: int) -> ImportRefusedError:
    return ImportRefusedError(
        _("The file is no table as text: line %(line)s holds bytes that are no letters. Save the table as XLSX or as "
          "CSV UTF-8 and choose it again.", line=line),
    )  # fmt: skip


def separator_of(text: str) -> str:
    """The sign that splits most lines into the same number of fields."""
    lines = [line for line in text.splitlines()[:PEEK_LINES] if line.strip()]
    return max(SEPARATORS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: list[str], sign: str) -> tuple[int, int]:
    counts = Counter(_outside_quotes(line, sign) for line in lines)
    counts.pop(0, None)
    if not counts:
        return 0, 0
    fields, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return times * min(fields, 4), sum(counts.values())


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def _rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise ImportRefusedError(
                    _("The table has more than %(count)s rows. Please check the file.", count=MOST_ROWS),
                )
            rows.append(row)
    except csv.Error as error:
        raise broken_file() from error
    return rows


def _cells(row: int, values: list[str]) -> list[Cell]:
    texts = ((column, clean_text(value)) for column, value in enumerate(values))
    return [Cell(row, column, text, address_of(row, column), _number(text)) for column, text in texts if text]


def _number(text: str) -> float | None:
    plain = text.replace(",", ".", 1)
    return float(plain) if plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit() else None

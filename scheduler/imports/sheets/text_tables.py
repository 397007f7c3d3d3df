"""Tables as text (CSV, TSV): which alphabet, which separator and quotes, and the rows with their lines.

The one reader of such files: as bare rows for the exports of programs, as a neutral sheet for the tables of people.
Programs here save UTF-8 with or without a mark, UTF-16, the code pages of Windows, DOS and old Macs.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.sheets.cells import Cell, Sheet, address_of, make_sheet
from scheduler.imports.sheets.guard import refuse_large
from scheduler.imports.sheets.workbook import clean_text

SEPARATORS = (";", ",", "\t", "|")
SNIFFED_LINES = 40
MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
LONGEST_CELL_LINES = 60
DAMAGED_SHARE = 0.2
FEW_LOST = 20
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CYRILLIC = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
_FREQUENT = frozenset("оеаинтсрвлкмдпу")
_TURNED_CASE = re.compile(r"[а-яё][А-ЯЁ]")  # «йКЮЯЯ»: another alphabet with the case of its letters turned
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f]")
LOST = "�"


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of a table that hold anything, and how the text was read.

    `lines` are the lines of the file that the rows begin at, `numbers` their numbers as a program of tables shows
    them: a cell may hold several lines.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    numbers: tuple[int, ...]
    separator: str
    encoding: str

    @property
    def damaged_lines(self) -> tuple[int, ...]:
        """Lines with letters that could not be read."""
        return tuple(line for row, line in zip(self.rows, self.lines, strict=True) if any(LOST in cell for cell in row))


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    line: int
    number: int


def read_sheet(data: bytes) -> Sheet:
    """The table as one sheet without a name. Raises ImportRefusedError in words."""
    refuse_large(data)
    table = read_text_table(data)
    rows = zip(table.numbers, table.rows, strict=True)
    return make_sheet("", [cell for number, row in rows for cell in _cells(number - 1, row)])


def read_text_table(data: bytes) -> TextTable:
    """Raises ImportRefusedError for what is no text, has no separators to speak of, or holds a flood of rows."""
    text, encoding = decode_table(data)
    if text[:4].casefold() == "sep=" and len(text) > len("sep=x"):
        separator, text = text[4], "\n" + text.partition("\n")[2]
    else:
        separator = separator_of(text)
    rows = _rows(text, separator)
    return TextTable(
        tuple(row.cells for row in rows),
        tuple(row.line for row in rows),
        tuple(row.number for row in rows),
        separator,
        encoding,
    )


def decode_table(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Single damaged letters become «�», a file of them is refused."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(encoding, errors="replace")), encoding
    if wide := _wide_encoding(data):
        return _checked(data.decode(wide, errors="replace")), wide
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        loose = data.decode("utf-8", errors="replace")
    if loose.count(LOST) <= DAMAGED_SHARE * sum(letter > "\x7f" for letter in loose):
        return _checked(loose), "utf-8"
    encoding = max(_CYRILLIC, key=lambda name: _russian_look(data, name))
    return _checked(data.decode(encoding, errors="replace")), encoding


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of the separators and figures is nought."""
    head = data[:400]
    if head[1::2].count(0) > len(head) // 8 > 0:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 8 > 0 else None


def _russian_look(data: bytes, encoding: str) -> float:
    text = data[:20_000].decode(encoding, errors="replace")
    letters = [letter for letter in text if letter > "\x7f"]
    known = sum(letter.lower() in _FREQUENT for letter in letters) + sum("А" <= letter <= "я" for letter in letters)
    return (known - 2 * len(_TURNED_CASE.findall(text))) / (len(letters) or 1)


def _checked(text: str) -> str:
    unreadable = text.count(LOST) + len(_CONTROLS.findall(text))
    if "\x00" in text or unreadable > max(min(FEW_LOST, len(text) // 4), len(text) // 50):
        raise ImportRefusedError(
            _("The file is damaged or is no table of text: it holds bytes that are no letters. Save it again from the "
              "program it came from."),
        )  # fmt: skip
    return text


def separator_of(text: str) -> str:
    """The separator that cuts most of the first lines into one and the same number of cells.

    A comma with a blank behind it lists things within a cell; it is looked at only where nothing else separates.
    """
    sample = "\n".join(text.splitlines()[:SNIFFED_LINES])
    tight = sample.replace(", ", " ")
    scores = {sign: _evenness(tight, sign) for sign in SEPARATORS}
    if not any(count for count, _width in scores.values()):
        scores = {sign: _evenness(sample, sign) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: scores[sign])


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in _parse(sample, separator, '"') if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _rows(text: str, separator: str) -> list[_Row]:
    rows = _bounded(text, separator, _quote(text, separator))
    if any(cell.count("\n") > LONGEST_CELL_LINES for row in rows for cell in row.cells):
        # a quote that is never closed swallows the rest of the file
        rows = _bounded(text, separator, None)
        rows = [_Row(tuple(cell.strip().strip('"') for cell in row.cells), row.line, row.number) for row in rows]
    return rows


def _quote(text: str, separator: str) -> str:
    return "'" if text.startswith("'") and f"'{separator}'" in text else '"'


def _bounded(text: str, separator: str, quote: str | None) -> list[_Row]:
    rows: list[_Row] = []
    reader = _reader(text, separator, quote)
    line = 1
    for number, row in enumerate(_surviving(reader), 1):
        if any(cell.strip() for cell in row):
            rows.append(_Row(tuple(cell.strip() for cell in row[:MOST_COLUMNS]), line, number))
        line = reader.line_num + 1
        if len(rows) > MOST_ROWS:
            raise ImportRefusedError(
                _("The table holds more than %(limit)s rows, more than any school. Please check which file it is.",
                  limit=MOST_ROWS),
            )  # fmt: skip
    return rows


def _reader(text: str, separator: str, quote: str | None) -> Any:
    stream = io.StringIO(text, newline="")
    if quote is None:
        return csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(stream, delimiter=separator, quotechar=quote)


def _surviving(reader: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
    """The rows; a cell longer than any text is damage, told in words."""
    try:
        yield from reader
    except csv.Error as error:
        raise ImportRefusedError(
            _("The table is damaged: a cell of it never ends. Save it again from the program it came from."),
        ) from error


def _parse(sample: str, separator: str, quote: str) -> list[Sequence[str]]:
    try:
        return list(_reader(sample, separator, quote))
    except csv.Error:
        return []


def _cells(row: int, values: Sequence[str]) -> Iterator[Cell]:
    for column, value in enumerate(values):
        if text := clean_text(value):
            yield Cell(row, column, text, address_of(row, column), _number(text))


def _number(text: str) -> float | None:
    plain = text.replace(",", ".", 1)
    return float(plain) if plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit() else None

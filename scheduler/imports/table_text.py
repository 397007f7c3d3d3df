"""Tables as text (CSV, TSV): which alphabet, which separator and quotes, and the rows with their lines.

A row keeps the line it begins at, so that a finding can name it. What the columns mean is for the readers.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError

SEPARATORS = (";", ",", "\t", "|")
SNIFFED_LINES = 40
MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
LONGEST_CELL_LINES = 60
DAMAGED_SHARE = 0.2
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CYRILLIC = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
_FREQUENT = frozenset("оеаинтсрвлкмдпу")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f]")
LOST = "�"


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of a table with the line of the file each begins at, and how the text was read."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    encoding: str

    @property
    def damaged_lines(self) -> tuple[int, ...]:
        """Lines with letters that could not be read."""
        return tuple(line for row, line in zip(self.rows, self.lines, strict=True) if any(LOST in cell for cell in row))


def read_text_table(data: bytes) -> TextTable:
    """Raises ImportRefusedError for what is no text, has no separators to speak of, or holds a flood of rows."""
    text, encoding = decode_table(data)
    if text[:4].casefold() == "sep=" and len(text) > len("sep=x"):
        separator, text = text[4], "\n" + text.partition("\n")[2]
    else:
        separator = _separator(text)
    rows, lines = _rows(text, separator)
    return TextTable(rows, lines, separator, encoding)


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
    known = sum(letter in _FREQUENT for letter in letters) + sum("А" <= letter <= "я" for letter in letters)
    return known / (len(letters) or 1)


def _checked(text: str) -> str:
    unreadable = text.count(LOST) + len(_CONTROLS.findall(text))
    if "\x00" in text or unreadable > max(20, len(text) // 50):
        raise ImportRefusedError(
            _("The file is damaged or is no table of text: it holds bytes that are no letters. Save it again from the "
              "program it came from."),
        )  # fmt: skip
    return text


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into one and the same number of cells."""
    sample = "\n".join(text.splitlines()[:SNIFFED_LINES])
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in _parse(sample, separator, '"') if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _rows(text: str, separator: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    rows, lines = _bounded(text, separator, _quote(text, separator))
    if any(cell.count("\n") > LONGEST_CELL_LINES for row in rows for cell in row):
        # a quote that is never closed swallows the rest of the file
        rows, lines = _bounded(text, separator, None)
        rows = [tuple(cell.strip().strip('"') for cell in row) for row in rows]
    return tuple(rows), tuple(lines)


def _quote(text: str, separator: str) -> str:
    return "'" if text.startswith("'") and f"'{separator}'" in text else '"'


def _bounded(text: str, separator: str, quote: str | None) -> tuple[list[tuple[str, ...]], list[int]]:
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    reader = _reader(text, separator, quote)
    line = 1
    for row in _surviving(reader):
        if any(cell.strip() for cell in row):
            rows.append(tuple(" ".join(cell.split(" ")).strip() for cell in row[:MOST_COLUMNS]))
            lines.append(line)
        line = reader.line_num + 1
        if len(rows) > MOST_ROWS:
            raise ImportRefusedError(
                _("The table holds more than %(limit)s rows, more than any school. Please check which file it is.",
                  limit=MOST_ROWS),
            )  # fmt: skip
    return rows, lines


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

"""Bytes of an XML file to text: which alphabet they are really written in, whatever the declaration says.

Facts on real files: undeclared UTF-8; local code pages declared as windows-1252 (import-formats, A1).
"""

import codecs
import re
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.IGNORECASE)
_HIGH_RUN = re.compile(r"[À-ÿ]{2,}")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN = frozenset(
    {"utf-8", "ascii", "koi8-r", "koi8-u", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15", "mac-cyrillic", "cp866"}
    | {f"cp125{digit}" for digit in range(9)},
)
_WESTERN = frozenset({"cp1252", "iso8859-1", "ascii"})
CYRILLIC_SHARE = 0.5
DAMAGED_SHARE = 0.2
LONGEST_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text, and the encoding it was read in where that differs from what the file says of itself."""

    text: str
    corrected_to: str | None = None


def decode_xml(data: bytes) -> DecodedText:
    """Raises ImportRefusedError where the bytes are text in no encoding that could be meant."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return DecodedText(_strict(data[len(bom) :], encoding))
    if b"\x00" in data[:4]:
        return DecodedText(_strict(data, "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"))
    declared = _declared_encoding(data)
    if declared in _WESTERN:
        return _western_or_cyrillic(data)
    if declared in {None, "utf-8"}:
        return _utf8_or_cyrillic(data)
    return DecodedText(_strict(data, declared))


def _declared_encoding(data: bytes) -> str | None:
    match = _DECLARED.match(data[:400])
    if match is None:
        return None
    name = match.group(1).decode("ascii")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = name
    if known not in _KNOWN:
        raise ImportRefusedError(
            _(
                "The file says it is written in the encoding “%(name)s”, which cannot be read here. "
                "Export the timetable again as UTF-8.",
                name=name,
            ),
        )
    return known


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken_text(data, error.start) from error


def _western_or_cyrillic(data: bytes) -> DecodedText:
    if _is_in(data, "utf-8"):
        return DecodedText(data.decode("utf-8"))
    if not _is_in(data, "cp1252"):
        return DecodedText(_strict(data, "cp1251"), "windows-1251")
    text = data.decode("cp1252")
    high = sum("À" <= letter <= "ÿ" for letter in text)
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(text))
    if not high or in_runs < CYRILLIC_SHARE * high:
        return DecodedText(text)
    return DecodedText(_strict(data, "cp1251"), "windows-1251")


def _is_in(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf8_or_cyrillic(data: bytes) -> DecodedText:
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        first_bad = error.start
    if first_bad >= len(data) - LONGEST_CHARACTER:
        return DecodedText(data[:first_bad].decode("utf-8"))
    replaced = data.decode("utf-8", errors="replace")
    damaged = replaced.count("�")
    if damaged > DAMAGED_SHARE * sum(letter > "\x7f" for letter in replaced):
        return DecodedText(_strict(data, "cp1251"), "windows-1251")
    raise _broken_text(data, first_bad)


def _broken_text(data: bytes, position: int) -> ImportRefusedError:
    line = data.count(b"\n", 0, position) + 1
    return ImportRefusedError(
        _(
            "The file is damaged: line %(line)s holds bytes that are no text. Export the timetable again and choose "
            "the new file.",
            line=line,
        ),
    )

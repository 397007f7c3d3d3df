"""What is asked of a packed file before any program opens it: that it cannot fill the memory or hide a trap."""

import lzma
import zipfile
import zlib
from io import BytesIO

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError

MEGABYTE = 1024 * 1024
LARGEST_TABLE = 20 * MEGABYTE
LARGEST_UNPACKED = 50 * MEGABYTE
MOST_MEMBERS = 2000
HIGHEST_RATIO = 200
SMALL = MEGABYTE
_UNPACKING = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
)
_TRAPS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def refuse_large(data: bytes) -> None:
    if len(data) > LARGEST_TABLE:
        raise ImportRefusedError(
            _("The file is larger than %(limit)s MB. A timetable or a list of a school is much smaller: take the "
              "pictures and old sheets out and choose the file again.", limit=LARGEST_TABLE // MEGABYTE),
        )  # fmt: skip


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, once its list of contents promises a sane size. Raises ImportRefusedError in words."""
    refuse_large(data)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise broken_file() from error
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if total > LARGEST_UNPACKED or len(members) > MOST_MEMBERS or _swells(members):
        raise ImportRefusedError(
            _("Unpacked, the file would take more than %(limit)s MB: it is damaged or was made to do harm. Nothing "
              "was opened.", limit=LARGEST_UNPACKED // MEGABYTE),
        )  # fmt: skip
    if any(member.flag_bits & 1 for member in members):
        raise ImportRefusedError(_("The file is locked with a password. Save it without one and choose it again."))
    return archive


def _swells(members: list[zipfile.ZipInfo]) -> bool:
    """A part that grows more than any sheet of a school does when it is unpacked."""
    return any(
        member.file_size > SMALL and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
        for member in members
    )


def member_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one part, never more than its own entry promised; XML with entities of its own is refused."""
    try:
        member = archive.getinfo(name)
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except _UNPACKING as error:
        raise broken_file() from error
    if len(data) > member.file_size:
        raise broken_file()
    if any(trap in data for trap in _TRAPS):
        raise ImportRefusedError(_("The file holds instructions that could do harm. It was not opened."))
    return data


def broken_file() -> ImportRefusedError:
    return ImportRefusedError(
        _("The file is damaged and cannot be opened. Open it in the program it was made with, save it again and choose "
          "the new file."),
    )  # fmt: skip

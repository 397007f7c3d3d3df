"""What a person hands over: one file, or all the files of a folder or a zip, held in memory and never unpacked to disk.

Says how large a source may be; what its files mean is for `kinds`, what they hold is for the readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol, TypeVar

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError

MEGABYTE = 1024 * 1024
LARGEST_SOURCE = 50 * MEGABYTE
MOST_FILES = 300
PAGES = frozenset({".html", ".htm", ".css"})


class HasName(Protocol):
    """What has the name of a file."""

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=HasName)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file by its name (without folders) and its bytes."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.casefold()


def read_path(path: Path) -> tuple[SourceFile, ...]:
    """The file at a path, or the files of a folder and the folders in it. Sizes are looked at before anything is read.

    Raises ImportRefusedError for what is too large, too many, or empty of files.
    """
    paths = [path] if path.is_file() else without_pages(sorted(one for one in path.rglob("*") if _is_meant(one)))
    if not paths:
        raise ImportRefusedError(_("The folder holds no files."))
    refuse_number(len(paths))
    refuse_size(sum(one.stat().st_size for one in paths))
    return tuple(SourceFile(one.name, one.read_bytes()) for one in paths)


def without_pages(files: Sequence[Named]) -> list[Named]:
    """The files without the web pages beside them: FET exports a hundred, none of which is ever read."""
    needed = [file for file in files if PurePath(file.name).suffix.casefold() not in PAGES]
    return needed or list(files)


def _is_meant(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(("._", ".", "~$"))


def refuse_size(size: int) -> None:
    """Raises ImportRefusedError above the limit: such a file is no timetable and would only keep the server busy."""
    if size > LARGEST_SOURCE:
        raise ImportRefusedError(
            _("The file is larger than %(limit)s MB, far more than any school's timetable or list. Please check "
              "which file it is.", limit=LARGEST_SOURCE // MEGABYTE),
        )  # fmt: skip


def refuse_number(count: int) -> None:
    """Raises ImportRefusedError for a folder or an archive with hundreds of files: it was chosen by mistake."""
    if count > MOST_FILES:
        raise ImportRefusedError(
            _("There are more than %(limit)s files. Please choose the folder or the archive with the export alone.",
              limit=MOST_FILES),
        )  # fmt: skip

"""Files between their preview and their being applied: in the instance folder, under a random name, for one person.

Nothing of them is in the database. A file is deleted when it was applied, or at the first upload after a day.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

FOLDER = "uploads"
KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file as it came, with the name it had on the person's machine."""

    name: str
    data: bytes


def keep_upload(upload: Upload, *, school_id: int, person_id: int) -> str:
    """Keep a file for its person and answer the random token that finds it again."""
    folder = _folder()
    _drop_old(folder)
    token = secrets.token_hex(16)
    path = folder / f"{school_id}-{person_id}-{token}"
    path.touch(mode=0o600)
    path.write_bytes(json.dumps(upload.name).encode() + b"\n" + upload.data)
    return token


def find_upload(token: str, *, school_id: int, person_id: int) -> Upload | None:
    """The person's file; None where it was applied, grew old, or is somebody else's."""
    path = _path(token, school_id, person_id)
    if path is None:
        return None
    name, _line, data = path.read_bytes().partition(b"\n")
    return Upload(json.loads(name), data)


def belongs_elsewhere(token: str, *, school_id: int) -> bool:
    """Whether the token is of another school's file."""
    return bool(_TOKEN.fullmatch(token)) and any(
        not path.name.startswith(f"{school_id}-") for path in _folder().glob(f"*-{token}")
    )


def drop_upload(token: str, *, school_id: int, person_id: int) -> None:
    """Delete the person's file."""
    path = _path(token, school_id, person_id)
    if path is not None:
        path.unlink(missing_ok=True)


def _path(token: str, school_id: int, person_id: int) -> Path | None:
    path = _folder() / f"{school_id}-{person_id}-{token}"
    return path if _TOKEN.fullmatch(token) and path.is_file() else None


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _drop_old(folder: Path) -> None:
    # the files' own clock: the demonstration's offset must not make fresh ones old
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)

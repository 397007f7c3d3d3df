"""Files between their preview and their being applied: in the instance folder, under a random name, for one person.

Nothing of them is in the database. A file is deleted when it was applied, or at the first upload after a day.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app

FOLDER = "uploads"
KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file as it came, with its name on the person's machine; `layout` is how the person wants it read."""

    name: str
    data: bytes
    layout: str | None = None


def keep_upload(upload: Upload, *, school_id: int, person_id: int) -> str:
    """Keep a file for its person and answer the random token that finds it again."""
    folder = _folder()
    _drop_old(folder)
    token = secrets.token_hex(16)
    path = folder / f"{school_id}-{person_id}-{token}"
    path.touch(mode=0o600)
    path.write_bytes(_packed(upload))
    return token


def _packed(upload: Upload) -> bytes:
    return json.dumps([upload.name, upload.layout]).encode() + b"\n" + upload.data


def find_upload(token: str, *, school_id: int, person_id: int) -> Upload | None:
    """The person's file; None where it was applied, grew old, or is somebody else's."""
    path = _path(token, school_id, person_id)
    if path is None:
        return None
    told, _line, data = path.read_bytes().partition(b"\n")
    name, layout = json.loads(told)
    return Upload(name, data, layout)


def choose_layout(token: str, layout: str | None, *, school_id: int, person_id: int) -> None:
    """Keep how the person wants the file read."""
    path, kept = _path(token, school_id, person_id), find_upload(token, school_id=school_id, person_id=person_id)
    if path is not None and kept is not None:
        path.write_bytes(_packed(replace(kept, layout=layout)))


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

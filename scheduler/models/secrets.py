"""Tokens at rest: encrypted with a key kept in the instance folder; does not know what the tokens are for."""

import contextlib
import os
import uuid
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

KEY_FILE = "token_key"


class SecretError(RuntimeError):
    """A stored token cannot be read: the instance folder's key is another one than it was written with."""


def encrypt(text: str) -> str:
    """The text as it may stand in the database."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def decrypt(text: str) -> str:
    """The text behind a stored one; raises SecretError where the key does not fit."""
    try:
        return _fernet().decrypt(text.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError):
        raise SecretError(f"a stored token was written with another {KEY_FILE}") from None


def _fernet() -> Fernet:
    return Fernet(_key(current_app.config["SETTINGS"].instance / KEY_FILE))


def _key(path: Path) -> bytes:
    """The key, made at the first need; complete before it has its name, so two processes agree on one."""
    if not path.exists():
        draft = path.with_name(f"{KEY_FILE}.{uuid.uuid4().hex}")
        draft.touch(mode=0o600)
        draft.write_bytes(Fernet.generate_key())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()

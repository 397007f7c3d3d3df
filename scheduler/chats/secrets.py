"""Tokens of bots, encrypted with a key that is kept in the instance folder and never in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from scheduler.config import kept_secret

KEY_FILE = "token_key"


class SecretError(RuntimeError):
    """A stored token cannot be read: the key of the instance folder is not the one it was encrypted with."""


def encrypt(text: str) -> str:
    """The text as it may stand in the database."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text that `encrypt` was given. Raises SecretError where the key is another one."""
    try:
        return _cipher().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise SecretError("the instance folder's key does not fit the stored token: enter the token again") from None


def _cipher() -> Fernet:
    kept = kept_secret(current_app.config["SETTINGS"].instance / KEY_FILE)
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(kept.encode()).digest()))

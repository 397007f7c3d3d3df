"""Passwords: how they are kept and which are refused. argon2id with the sizes that OWASP names (19 MiB, 2 passes)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from scheduler.planning.errors import PlanningError

MIN_LENGTH = 8
MAX_LENGTH = 200
COMMON = frozenset({"12345678", "123456789", "1234567890", "87654321", "qwertyui", "qwerty123", "password", "йцукенгш"})

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class WeakPasswordError(PlanningError):
    """The password is too easy to guess; the sentence stands beside its field."""


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; with nothing kept (an unknown login) it takes the same time and says no."""
    try:
        return _hasher.verify(kept or _nobody(), password[:MAX_LENGTH]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("a password that nobody has")


def check_password(password: str, login: str) -> None:
    """Raise `WeakPasswordError` for one that is short, endless, common or the login itself."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPasswordError(_("A password has at least %(count)s characters.", count=MIN_LENGTH))
    if password.lower() in COMMON or len(set(password)) < 4 or password.lower() == login:  # noqa: PLR2004 - «aaaaaaaa»
        raise WeakPasswordError(_("This password is easy to guess. Take three or four words that you remember."))

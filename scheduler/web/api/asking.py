"""Reads the values of a request one by one and names the one that is wrong; knows nothing of lessons."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import Request
from flask_babel import gettext as _

from scheduler.models.refusals import RefusalError
from scheduler.web.errors import TooManyTriesError

LONGEST_TEXT = 2000
LARGEST_NUMBER = 2**31 - 1
LONGEST_RANGE = timedelta(days=62)

Kind = TypeVar("Kind", bound=StrEnum)


class AskedWronglyError(RefusalError):
    """A value of the request that cannot be used; the sentence begins with its name."""


class TooOftenError(TooManyTriesError):
    """More requests in a minute than are answered."""

    def __init__(self) -> None:
        super().__init__(_("More than 120 requests in a minute. Ask less often, and with If-None-Match."))


class Asked:
    """The values of a query or of a JSON body. A value that is absent or null is None; a wrong one is refused."""

    def __init__(self, values: Mapping[str, Any], known: frozenset[str]) -> None:
        self._values = values
        unknown = sorted(set(values) - known)
        if unknown:
            raise AskedWronglyError(_("%(name)s: there is no such value here.", name=unknown[0]))

    @classmethod
    def body(cls, request: Request, *known: str) -> "Asked":
        """The JSON object that was sent; raises AskedWronglyError where it is none."""
        found = request.get_json(silent=True)
        if not isinstance(found, dict):
            raise AskedWronglyError(_("Send a JSON object, with Content-Type: application/json."))
        return cls(found, frozenset(known))

    def text(self, name: str) -> str | None:
        """A text of at most 2,000 characters."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
            raise AskedWronglyError(_("%(name)s: a text of at most 2000 characters is needed.", name=name))
        return value

    def number(self, name: str) -> int | None:
        """A whole number from 0 on; in a query it is text."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:12])
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
            raise AskedWronglyError(_("%(name)s: a whole number is needed.", name=name))
        return value

    def numbers(self, name: str) -> frozenset[int] | None:
        """A list of whole numbers."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(one) is int and 0 <= one <= LARGEST_NUMBER for one in value):
            raise AskedWronglyError(_("%(name)s: a list of whole numbers is needed.", name=name))
        return frozenset(value)

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise AskedWronglyError(_("%(name)s: true or false is needed.", name=name))
        return value

    def day(self, name: str) -> date | None:
        """A date as 2026-11-24."""
        value = self.text(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise AskedWronglyError(_("%(name)s: a date like 2026-11-24 is needed.", name=name)) from None

    def wall(self, name: str) -> time | None:
        """A time of the school's clock as 08:30."""
        value = self.text(name)
        try:
            found = None if value is None else time.fromisoformat(value)
        except ValueError:
            found = time(tzinfo=None, second=1)
        if found is not None and (found.second or found.microsecond or found.tzinfo):
            raise AskedWronglyError(_("%(name)s: a time of the school's clock like 08:30 is needed.", name=name))
        return found

    def one_of(self, name: str, kind: type[Kind]) -> Kind | None:
        """One of the words of an enumeration."""
        value = self.text(name)
        try:
            return None if value is None else kind(value)
        except ValueError:
            words = ", ".join(kind)
            raise AskedWronglyError(_("%(name)s: one of %(words)s is needed.", name=name, words=words)) from None

    def days(self, today: date) -> tuple[date, date]:
        """`from` and `to`, by default a week from today; at most 62 days."""
        first = self.day("from") or today
        last = self.day("to") or first + timedelta(days=6)
        if not timedelta(0) <= last - first <= LONGEST_RANGE:
            raise AskedWronglyError(_("to: a date from «from» on, at most 62 days later, is needed."))
        return first, last


def needed(name: str, value: Any) -> Any:
    """The value, which must be there."""
    if value is None:
        raise AskedWronglyError(_("%(name)s: this value is needed.", name=name))
    return value

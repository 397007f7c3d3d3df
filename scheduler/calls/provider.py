"""The contract of whoever makes call links, and how it may fail; knows no provider and no database."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Failure(StrEnum):
    """Why no link came. After `UNKNOWN` one may have been made: another is made, the join page holds one."""

    NO_TOKEN = "no_token"  # noqa: S105 - the name of a failure
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - likewise
    NO_RIGHT = "no_right"
    THROTTLE = "throttle"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"

    @property
    def needs_person(self) -> bool:
        """Whether waiting alone will not help."""
        return self in (Failure.NO_TOKEN, Failure.EXPIRED_TOKEN, Failure.NO_RIGHT, Failure.UNAVAILABLE)


class CallError(Exception):
    """No link came. `code` is the provider's own number, `retry_after` seconds that it wants to be left alone.

    Neither the message nor the cause holds anything of the request: it carries the token.
    """

    def __init__(self, failure: Failure, *, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(failure.value if code is None else f"{failure.value} ({code})")
        self.failure = failure
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A link that was made; `external_id` ends it."""

    external_id: str
    url: str


class LinkMaker(Protocol):
    """Makes links and ends them; both raise CallError. A second `make` makes a second link."""

    def make(self) -> MadeCall: ...

    def finish(self, external_id: str) -> None: ...

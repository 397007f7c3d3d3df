"""What delivery asks of a messenger, and the one error by which a messenger refuses. It knows no platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

Buttons = Sequence[Sequence[dict[str, str]]]


class Kind(StrEnum):
    """Why something failed, by what has to follow.

    `AUTH` the token is refused, its whole queue stops; `GONE` the chat is closed to the bot; `RIGHTS` a right is
    missing; `THROTTLE` too many requests, not done; `TRANSIENT` surely not done, try again; `UNKNOWN` it may have been
    done; `BAD_REQUEST` our fault, a person must look; `MISSING` the message to edit is not there; `LATE` it is too old.
    """

    AUTH = "auth"
    GONE = "gone"
    RIGHTS = "rights"
    THROTTLE = "throttle"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"
    BAD_REQUEST = "bad_request"
    MISSING = "missing"
    LATE = "late"


class DeliveryError(Exception):
    """A messenger did not do what was asked. `text` is its answer without any token; `retry_after` is in seconds."""

    def __init__(self, text: str, *, kind: Kind, retry_after: float | None = None, status: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.retry_after = retry_after
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that stands; `at` is the messenger's own time."""

    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the bot's own messages as it stands in a chat, with the mark of its link button."""

    message_id: str
    mark: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the bot may do in a chat; without `can_read` an unknown outcome cannot be resolved by looking."""

    is_admin: bool
    can_read: bool


@dataclass(frozen=True, slots=True)
class ChatInfo:
    title: str
    members: int


class Messenger(Protocol):
    """One bot on one platform. Every method raises DeliveryError and nothing else."""

    def send(self, chat: int, text: str, buttons: Buttons, *, loud: bool) -> Sent: ...

    def edit(self, message_id: str, text: str, buttons: Buttons) -> None: ...

    def delete(self, message_id: str) -> None: ...

    def find_own(self, chat: int, since: datetime) -> list[Seen]:
        """The bot's own marked messages since an instant; RIGHTS where the bot may not read."""
        ...

    def me(self) -> int:
        """The bot's own user id."""
        ...

    def info(self, chat: int) -> ChatInfo: ...

    def rights(self, chat: int) -> Rights: ...

    def updates(self, marker: int | None, *, wait: float) -> tuple[list[dict[str, Any]], int | None]:
        """Events after the marker and the next marker; sending that one commits these."""
        ...

    def subscribe(self, url: str, secret: str) -> None: ...

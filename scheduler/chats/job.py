"""What a worker carries from the claim of a post to its answer: plain values, so that no transaction stays open."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scheduler.chats.lease import Lease


class Step(StrEnum):
    """`LOOK`: an earlier sending has no known answer."""

    SEND = "send"
    EDIT = "edit"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Job:
    """`message_id` is set for an edit; `wanted_hash` is that of the text carried here; `token_mark` tells which token
    the bot had at the claim; `is_resumed` where somebody died over it;
    `wait` is in seconds, to the moment reserved for the request.
    """

    lease: Lease
    step: Step
    school_id: int
    chat_id: int
    external_id: int
    connection_id: int
    token_mark: str
    can_read: bool
    text: str
    buttons: list[Any]
    mark: str
    is_loud: bool
    message_id: str | None
    wanted_hash: str
    attempted_at: datetime | None
    attempts: int
    is_resumed: bool
    wait: float

"""How lessons are joined: standing rooms, made links, and the token that makes them."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay


class RoomOwner(StrEnum):
    CLASS = "class"
    TEACHER = "teacher"
    COURSE = "course"


class CallState(StrEnum):
    """`READY` has a way to join (an address, or none for a call in the chat); `FAILED` needs a person."""

    WANTED = "wanted"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    DROPPED = "dropped"


class StandingRoom(SchoolRow):
    """A standing link of a class, a teacher or a course, pasted once."""

    __tablename__ = "standing_room"
    __table_args__ = (sa.UniqueConstraint("school_id", "owner_kind", "owner_id"),)

    owner_kind: Mapped[RoomOwner] = mapped_column(text_enum(RoomOwner))
    owner_id: Mapped[int]
    url: Mapped[str]
    pasted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Call(SchoolRow):
    """How one lesson is joined. `due_at` is when the worker may ask the provider, at most two hours before.

    `way` is what was chosen. What is in force may be a fallback: then a call of the way `VK` has an address of a room,
    or a chat and no address, while the worker goes on trying. Posts and calendars name `shown_way`: a fallback into
    the chat is told once it is settled, not while VK may still answer. `made_at` is the provider's answer.
    `problem` says in words what failed, for the person who must act.
    """

    __tablename__ = "call"
    __table_args__ = (sa.Index("ix_call_state_due_at", "state", "due_at"),)  # the sweep finds wanted links

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), unique=True)
    way: Mapped[CallWay] = mapped_column(text_enum(CallWay))
    state: Mapped[CallState] = mapped_column(text_enum(CallState), default=CallState.WANTED)
    url: Mapped[str | None]
    external_id: Mapped[str | None]
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standing_room.id", ondelete="SET NULL"))
    chat_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat.id", ondelete="SET NULL"))
    is_chosen_by_person: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(default="")

    lesson: Mapped[Lesson] = relationship()

    @property
    def has_way(self) -> bool:
        """Whether pupils can join now: by an address, or by the call of a chat."""
        return bool(self.url or self.chat_id)

    @property
    def shown_way(self) -> CallWay:
        """The way that posts, calendars and pages name."""
        is_chat = self.state is CallState.READY and self.chat_id is not None and not self.url
        return CallWay.IN_CHAT if is_chat else self.way


SHOWN_WAY = sa.case(
    (
        sa.and_(Call.state == CallState.READY, Call.chat_id.is_not(None), Call.url.is_(None)),
        sa.literal(CallWay.IN_CHAT, Call.way.type),
    ),
    else_=Call.way,
)
"""`Call.shown_way` for queries."""


class CallToken(SchoolRow):
    """The VK token of a person of the school, encrypted; it expires and is renewed by that person."""

    __tablename__ = "call_token"

    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    token: Mapped[str]
    refresh_token: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_refused: Mapped[bool] = mapped_column(default=False)
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)

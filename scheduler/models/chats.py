"""Chats, what each should show and shows, and every attempt to make the two equal."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Base, UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.classes import SchoolClass


class Platform(StrEnum):
    MAX = "max"
    VK = "vk"
    BY_HAND = "by_hand"


class ChatKind(StrEnum):
    TEACHERS = "teachers"
    STUDENTS = "students"
    PARENTS = "parents"


class ChatState(StrEnum):
    """`FOUND`: the bot is in it but nobody has said whose chat it is; `CONNECTED`: posts go there."""

    UNCONNECTED = "unconnected"
    FOUND = "found"
    CONNECTED = "connected"
    REMOVED = "removed"


class PostState(StrEnum):
    """Where a post stands: what is wanted and what is posted differ in all states but `POSTED` and `WITHDRAWN`.

    `SENDING` is written in a commit of its own before the request; who meets it later looks before sending again.
    `PARKED` needs a person; `BY_HAND` waits for one to place the text; `UNCONNECTED` has no chat to go to yet.
    """

    WANTED = "wanted"
    SENDING = "sending"
    POSTED = "posted"
    PARKED = "parked"
    BY_HAND = "by_hand"
    UNCONNECTED = "unconnected"
    WITHDRAWN = "withdrawn"


class Connection(SchoolRow):
    """A bot of the school on a platform; its token is encrypted with a key of the instance folder.

    `polled_until`, in the database's time, is how long one process has the asking for its events.
    """

    __tablename__ = "connection"

    platform: Mapped[Platform] = mapped_column(text_enum(Platform))
    token: Mapped[str]
    webhook_key: Mapped[str] = mapped_column(unique=True)
    webhook_secret: Mapped[str]
    bot_user_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    marker: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_refused: Mapped[bool] = mapped_column(default=False)
    polled_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Chat(SchoolRow):
    """An official chat; `sounds` None means the default of its kind and grade.

    `reminder_minutes` is how long before a video lesson it is reminded; None means not at all.
    """

    __tablename__ = "chat"
    __table_args__ = (
        sa.Index("ix_chat_connection_id_external_id", "connection_id", "external_id"),  # messenger events
        sa.Index("ix_chat_class_id", "class_id"),  # the chats of a class that changed
    )

    platform: Mapped[Platform] = mapped_column(text_enum(Platform), default=Platform.MAX)
    connection_id: Mapped[int | None] = mapped_column(sa.ForeignKey("connection.id", ondelete="SET NULL"))
    external_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    title: Mapped[str]
    kind: Mapped[ChatKind | None] = mapped_column(text_enum(ChatKind))
    class_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school_class.id", ondelete="SET NULL"))
    state: Mapped[ChatState] = mapped_column(text_enum(ChatState), default=ChatState.UNCONNECTED)
    order_reference: Mapped[str] = mapped_column(default="")
    sounds: Mapped[bool | None]
    can_read: Mapped[bool] = mapped_column(default=True)
    evening_hour: Mapped[time | None]
    reminder_minutes: Mapped[int | None]

    school_class: Mapped[SchoolClass | None] = relationship()
    connection: Mapped[Connection | None] = relationship()


class Bulletin(SchoolRow):
    """What one chat shows about one day, in one or more parts.

    `shown` keeps each lesson as the wanted text tells it, for «отменён» and for notices; `remote_words` are the
    school's own sentences of a remote day.
    """

    __tablename__ = "bulletin"
    __table_args__ = (sa.UniqueConstraint("chat_id", "date"),)

    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat.id", ondelete="CASCADE"))
    date: Mapped[date]
    shown: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    is_remote_day: Mapped[bool] = mapped_column(default=False)
    remote_words: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    chat: Mapped[Chat] = relationship()
    parts: Mapped[list["BulletinPart"]] = relationship(
        order_by="BulletinPart.number", cascade="all, delete-orphan", back_populates="bulletin"
    )


class _PostColumns(SchoolRow):
    """The columns of anything that is delivered: wanted beside posted, and the lease of who delivers it.

    `is_uncertain` from before a send until its answer is known; `looks` counts how often the chat was looked through
    since. `lease_until` is the database's time, every other instant the product's.
    """

    __abstract__ = True

    text: Mapped[str] = mapped_column(sa.Text)
    buttons: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    wanted_hash: Mapped[str]
    posted_hash: Mapped[str | None]
    posted_text: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[PostState] = mapped_column(text_enum(PostState), default=PostState.WANTED)
    is_loud: Mapped[bool] = mapped_column(default=False)
    generation: Mapped[int] = mapped_column(default=1)
    message_id: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_uncertain: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(default="")


class BulletinPart(_PostColumns):
    __tablename__ = "bulletin_part"
    __table_args__ = (
        sa.UniqueConstraint("bulletin_id", "number"),
        sa.Index("ix_bulletin_part_state_due_at", "state", "due_at"),  # the sweep
    )

    bulletin_id: Mapped[int] = mapped_column(sa.ForeignKey("bulletin.id", ondelete="CASCADE"))
    number: Mapped[int]

    bulletin: Mapped[Bulletin] = relationship(back_populates="parts")

    @property
    def mark(self) -> str:
        """How a message of ours is recognised in the chat, whatever became of the answer."""
        return f"b{self.bulletin_id}-{self.number}-{self.generation}"


class Notice(_PostColumns):
    """One short post of a chat about changes of one day, joined until two minutes of quiet."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_state_due_at", "state", "due_at"),  # the sweep
        sa.Index("ix_notice_chat_id_date", "chat_id", "date"),  # joining changes of one day
    )

    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat.id", ondelete="CASCADE"))
    date: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changes: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)

    chat: Mapped[Chat] = relationship()

    @property
    def mark(self) -> str:
        """As a bulletin part's mark."""
        return f"n{self.id}-{self.generation}"


class Reminder(_PostColumns):
    """One short post of one chat some minutes before its video lessons of one moment; edited when they change."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("chat_id", "date", "start"),
        sa.Index("ix_reminder_state_due_at", "state", "due_at"),  # the sweep
    )

    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat.id", ondelete="CASCADE"))
    date: Mapped[date]
    start: Mapped[time]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)

    chat: Mapped[Chat] = relationship()

    @property
    def mark(self) -> str:
        """As a bulletin part's mark; the letter `r` keeps its numbers apart from those of other posts."""
        return f"a{self.id}r-{self.generation}"


class Delivery(SchoolRow):
    """One attempt to send or edit, with its answer; `target` is the post's mark."""

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_chat_id_at", "chat_id", "at"),)  # the chat's page

    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat.id", ondelete="CASCADE"))
    target: Mapped[str]
    verb: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(default="")
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")


class RateBucket(Base):
    """One rate limiter over all processes where there is no Redis; `key` names the token or chat, never holds it."""

    __tablename__ = "rate_bucket"

    key: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[float]

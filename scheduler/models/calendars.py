"""Calendars with their revisions, the secret feeds that join them, and the stored texts of lessons."""

import secrets
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow


class CalendarKind(StrEnum):
    GROUP = "group"
    TEACHER = "teacher"
    ROOM = "room"


class FeedKind(StrEnum):
    CLASS = "class"
    TEACHER = "teacher"
    PERSON = "person"


class CancelledPolicy(StrEnum):
    """What a subscriber sees of a cancelled lesson: `CANCELLED` by the standard, or kept in sight as «Отменён»."""

    CANCELLED = "cancelled"
    SHOWN = "shown"


class Calendar(SchoolRow):
    """The lessons of a group, a teacher or a room; `revision` goes up with every change of any of them."""

    __tablename__ = "calendar"
    __table_args__ = (sa.UniqueConstraint("school_id", "kind", "owner_id"),)

    kind: Mapped[CalendarKind] = mapped_column(text_enum(CalendarKind))
    owner_id: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Feed(SchoolRow):
    """A secret subscription to a set of calendars; replaced by a new row, an old token answers 404.

    `revision` goes up when the set itself changes; each choice of policy and reminder is a row of its own.
    """

    __tablename__ = "feed"

    token: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(24))
    kind: Mapped[FeedKind] = mapped_column(text_enum(FeedKind))
    class_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    cancelled_policy: Mapped[CancelledPolicy] = mapped_column(
        text_enum(CancelledPolicy), default=CancelledPolicy.CANCELLED
    )
    alarm_minutes: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by: Mapped[str] = mapped_column(default="")

    calendars: Mapped[list[Calendar]] = relationship(secondary="feed_calendar", order_by=Calendar.id)


feed_calendar = sa.Table(
    "feed_calendar",
    SchoolRow.metadata,
    sa.Column("feed_id", sa.ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("calendar_id", sa.ForeignKey("calendar.id", ondelete="CASCADE"), primary_key=True),
)


class FeedBody(SchoolRow):
    """The stored bytes of a feed for one state of its calendars; a request with no change between only sends them."""

    __tablename__ = "feed_body"

    feed_id: Mapped[int] = mapped_column(sa.ForeignKey("feed.id", ondelete="CASCADE"), unique=True)
    revisions: Mapped[str]
    etag: Mapped[str]
    modified_at: Mapped[datetime] = mapped_column(UTCDateTime)
    gzipped: Mapped[bytes] = mapped_column(sa.LargeBinary)


class LessonText(SchoolRow):
    """The VEVENT of a lesson in one wording; `version` is a hash of all that was rendered, one pair with the text."""

    __tablename__ = "lesson_text"
    __table_args__ = (sa.UniqueConstraint("lesson_id", "wording"),)

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"))
    wording: Mapped[str]
    version: Mapped[str]
    text: Mapped[str] = mapped_column(sa.Text)

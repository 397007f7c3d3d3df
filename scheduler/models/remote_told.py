"""What people say about a remote day where the product cannot see it: who places a chat's texts, which families know.

Counts only: no row names a family, and none says why one is not in the chat.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow


class ChatTakeover(SchoolRow):
    """Somebody places the texts of one chat for one decision in the place of its administrator."""

    __tablename__ = "chat_takeover"
    __table_args__ = (sa.UniqueConstraint("remote_day_id", "chat_id"),)

    remote_day_id: Mapped[int] = mapped_column(sa.ForeignKey("remote_day.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(sa.ForeignKey("chat.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ClassTold(SchoolRow):
    """What a class teacher has said about one class: that the message stands in the chat, and the families told.

    `by_…` count families told by other ways than the chat, `not_told` those that nobody has reached yet.
    """

    __tablename__ = "class_told"
    __table_args__ = (sa.UniqueConstraint("remote_day_id", "class_id"),)

    remote_day_id: Mapped[int] = mapped_column(sa.ForeignKey("remote_day.id", ondelete="CASCADE"))
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"), index=True)
    placed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    placed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    by_phone: Mapped[int] = mapped_column(default=0)
    by_diary: Mapped[int] = mapped_column(default=0)
    by_paper: Mapped[int] = mapped_column(default=0)
    not_told: Mapped[int] = mapped_column(default=0)

    @property
    def is_everybody_told(self) -> bool:
        return self.counted_at is not None and not self.not_told


class TellingWay(StrEnum):
    """How a family is told; no number and no reason is kept."""

    CHAT = "chat"
    DIARY = "diary"
    PHONE = "phone"
    PAPER = "paper"


class FamilyWay(SchoolRow):
    """How the family of one pupil is told, where it is another way than the chat."""

    __tablename__ = "family_way"

    student_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    way: Mapped[TellingWay] = mapped_column(text_enum(TellingWay))

"""How often a lesson's join page has led into the call: a number and two instants, nothing about who came."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import UTCDateTime
from scheduler.models.base import SchoolRow


class LessonJoins(SchoolRow):
    __tablename__ = "lesson_joins"

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), unique=True)
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)

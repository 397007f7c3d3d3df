"""A school's own versions of the texts of posts; where there is none, the usual one of `templates/posts` is used."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import UTCDateTime
from scheduler.models.base import SchoolRow


class PostText(SchoolRow):
    """One text in the school's own words. `problem` says why it was not used lately: the usual one stood in."""

    __tablename__ = "post_text"
    __table_args__ = (sa.UniqueConstraint("school_id", "name"),)

    name: Mapped[str]
    source: Mapped[str]
    problem: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))

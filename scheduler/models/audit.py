"""Who changed what, when and why, before and after."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import UTCDateTime
from scheduler.models.base import SchoolRow


class AuditEvent(SchoolRow):
    __tablename__ = "audit_event"
    __table_args__ = (sa.Index("ix_audit_event_subject", "school_id", "subject_kind", "subject_id"),)  # a row's history

    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)

"""Remote days: one decision over classes and dates, and what it set in each lesson; it decides nothing itself."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.lessons import Lesson
from scheduler.rules.frost import FrostScope


class RemoteReason(StrEnum):
    """Why a school learns from home; what the families read is the text beside it."""

    FROST = "frost"
    QUARANTINE_CLASS = "quarantine_class"
    QUARANTINE_SCHOOL = "quarantine_school"
    EPIDEMIC_ORDER = "epidemic_order"
    EMERGENCY = "emergency"
    PLANNED = "planned"
    EXAM_CENTRE = "exam_centre"
    POLLING_STATION = "polling_station"
    OTHER = "other"


class RemoteDayState(StrEnum):
    APPLIED = "applied"
    UNDONE = "undone"


class RemoteDay(SchoolRow):
    """One decision. `scope` keeps how it was said, `class_ids` whom it reached; `order_reference` may come later.

    `returns` are classes that go back to school before the others: class id → the first date at school.

    `wish` is the decision in full, so that it can be computed anew; `override` is why norms were broken; `kept` lists
    the lessons that undoing left alone.
    """

    __tablename__ = "remote_day"
    __table_args__ = (sa.Index("ix_remote_day_school_id_date_from", "school_id", "date_from"),)  # days of a school

    date_from: Mapped[date]
    date_to: Mapped[date]
    reason: Mapped[RemoteReason] = mapped_column(text_enum(RemoteReason), default=RemoteReason.OTHER)
    text: Mapped[str] = mapped_column(default="")
    order_reference: Mapped[str] = mapped_column(default="")
    scope: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    class_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    returns: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    bells: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    wish: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    override: Mapped[str] = mapped_column(default="")
    state: Mapped[RemoteDayState] = mapped_column(text_enum(RemoteDayState), default=RemoteDayState.APPLIED)
    declared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept: Mapped[list[int]] = mapped_column(sa.JSON, default=list)

    lessons: Mapped[list["RemoteDayLesson"]] = relationship(cascade="all, delete-orphan", back_populates="remote_day")

    def class_ids_on(self, day: date) -> frozenset[int]:
        """The classes that this decision keeps at home on a date."""
        if not self.date_from <= day <= self.date_to:
            return frozenset()
        back = {int(class_id) for class_id, first in self.returns.items() if date.fromisoformat(first) <= day}
        return frozenset(self.class_ids) - back


class RemotePlan(SchoolRow):
    """A plan as a person was shown it: the wish, and the planned values of each lesson under one digest.

    `basis` is the fingerprint of what it was computed from; `replaces_id` is the plan that somebody looked at before.
    `remote_day_id` is set once it was applied: sent again, it answers that decision. `amends_id` is the decision that
    the plan changes instead of making one.
    """

    __tablename__ = "remote_plan"

    wish: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    digest: Mapped[str]
    basis: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("remote_plan.id", ondelete="SET NULL"))
    amends_id: Mapped[int | None] = mapped_column(sa.ForeignKey("remote_day.id", ondelete="CASCADE"))
    remote_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("remote_day.id", ondelete="SET NULL"))


class FrostPolicy(SchoolRow):
    """The school's own frost table; `decision_time` is when the weather is measured, in the school's local time."""

    __tablename__ = "frost_policy"
    __table_args__ = (sa.UniqueConstraint("school_id"),)

    region: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    scope: Mapped[FrostScope] = mapped_column(text_enum(FrostScope), default=FrostScope.DAY)
    decision_time: Mapped[time] = mapped_column(default=time(6))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)


class RemoteDayLesson(SchoolRow):
    """The fields that the decision set in one lesson, before and after; undoing restores those that still hold."""

    __tablename__ = "remote_day_lesson"
    __table_args__ = (sa.UniqueConstraint("remote_day_id", "lesson_id"),)

    remote_day_id: Mapped[int] = mapped_column(sa.ForeignKey("remote_day.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sequence: Mapped[int]

    remote_day: Mapped[RemoteDay] = relationship(back_populates="lessons")
    lesson: Mapped[Lesson] = relationship()

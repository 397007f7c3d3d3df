"""Bells, rooms and the weekly base timetable, and what an import left behind."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.courses import Course


class BellKind(StrEnum):
    REGULAR = "regular"
    SHORTENED = "shortened"
    REMOTE = "remote"


class Room(SchoolRow):
    __tablename__ = "room"
    __table_args__ = (sa.UniqueConstraint("school_id", "name_key"),)

    name: Mapped[str]
    name_key: Mapped[str]
    source_id: Mapped[str | None]


class BellSchedule(SchoolRow):
    __tablename__ = "bell_schedule"

    name: Mapped[str]
    kind: Mapped[BellKind] = mapped_column(text_enum(BellKind), default=BellKind.REGULAR)

    periods: Mapped[list["Period"]] = relationship(order_by="Period.number", cascade="all, delete-orphan")


class Period(SchoolRow):
    """One lesson hour of a bell schedule; numbers need not follow the clock in imported schedules."""

    __tablename__ = "period"
    __table_args__ = (sa.UniqueConstraint("bell_schedule_id", "number"),)

    bell_schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("bell_schedule.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    start: Mapped[time]
    end: Mapped[time]


class BellAssignment(SchoolRow):
    """Where a bell schedule is in force: the most specific one wins (dates, then weekday, then class, then shift)."""

    __tablename__ = "bell_assignment"

    bell_schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("bell_schedule.id", ondelete="CASCADE"), index=True)
    class_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"))
    shift: Mapped[int | None]
    weekday: Mapped[int | None]
    date_from: Mapped[date | None]
    date_to: Mapped[date | None]


class TimetableSlot(SchoolRow):
    """One weekly hour of a course. `weeks` masks the cycle's weeks from the left: «1» every, «10» the first."""

    __tablename__ = "timetable_slot"

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    period: Mapped[int]
    weeks: Mapped[str] = mapped_column(default="1")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    course: Mapped[Course] = relationship()
    rooms: Mapped[list[Room]] = relationship(secondary="slot_room")


slot_room = sa.Table(
    "slot_room",
    SchoolRow.metadata,
    sa.Column("slot_id", sa.ForeignKey("timetable_slot.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id", ondelete="CASCADE"), primary_key=True),
)


class ImportRun(SchoolRow):
    """One applied file: who, when, what it held; its findings are acknowledged by applying it.

    `changes` are the rows it wrote, before and after, kept only while it is the latest and not undone; `kept` is what
    an undo left as it was, in words.
    """

    __tablename__ = "import_run"

    kind: Mapped[str]
    file_name: Mapped[str]
    applied_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    changes: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    kept: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")

    findings: Mapped[list["ImportFinding"]] = relationship(cascade="all, delete-orphan")


class ImportFinding(SchoolRow):
    __tablename__ = "import_finding"

    import_run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    severity: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    text: Mapped[str]


class ImportAnswer(SchoolRow):
    """What a person answered to a question of an import (a doubtful spelling, a damaged cell): asked once a school."""

    __tablename__ = "import_answer"
    __table_args__ = (sa.UniqueConstraint("school_id", "key"),)

    key: Mapped[str]
    value: Mapped[str]

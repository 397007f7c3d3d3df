"""Absences: a teacher away on dates, and what became of each lesson. Why somebody is away is stored nowhere."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person


class AnswerKind(StrEnum):
    """What becomes of a lesson whose teacher is away. `OTHER_TEACHER`: of several teachers the others hold it."""

    SUBSTITUTE = "substitute"
    OTHER_TEACHER = "other_teacher"
    SELF_STUDY = "self_study"
    JOINED = "joined"
    MOVED = "moved"
    CANCELLED = "cancelled"
    KEPT = "kept"


class AbsenceState(StrEnum):
    APPLIED = "applied"
    UNDONE = "undone"


class Absence(SchoolRow):
    """One decision. `override` is why norms were broken; `kept` lists the lessons that undoing left alone."""

    __tablename__ = "absence"
    __table_args__ = (
        sa.Index("ix_absence_school_id_date_from", "school_id", "date_from"),  # who is away on a date; the list
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    date_from: Mapped[date]
    date_to: Mapped[date]
    override: Mapped[str] = mapped_column(default="")
    state: Mapped[AbsenceState] = mapped_column(text_enum(AbsenceState), default=AbsenceState.APPLIED)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept: Mapped[list[int]] = mapped_column(sa.JSON, default=list)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    lessons: Mapped[list["AbsenceLesson"]] = relationship(cascade="all, delete-orphan", back_populates="absence")


class AbsenceLesson(SchoolRow):
    """The answer for one lesson and the fields that it set, before and after; undoing restores those that still hold.

    `joined_id` is the lesson whose teacher and call the group joins.
    """

    __tablename__ = "absence_lesson"
    __table_args__ = (sa.UniqueConstraint("absence_id", "lesson_id"),)

    absence_id: Mapped[int] = mapped_column(sa.ForeignKey("absence.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    joined_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lesson.id", ondelete="SET NULL"))
    answer: Mapped[AnswerKind] = mapped_column(text_enum(AnswerKind))
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sequence: Mapped[int]

    absence: Mapped[Absence] = relationship(back_populates="lessons")
    lesson: Mapped[Lesson] = relationship(foreign_keys=[lesson_id])

"""Concrete lessons on concrete dates: the one table that pages, feeds, posts and reports all read."""

import secrets
import uuid
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.classes import StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonKind, LessonMode, LessonState


class LessonOrigin(StrEnum):
    TIMETABLE = "timetable"
    BOOKING = "booking"


class RequestState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Lesson(SchoolRow):
    """One lesson. Date, start and end are the school's wall clock; `starts_at` and `ends_at` are derived from them.

    `uid` is random and kept for ever, `sequence` goes up by one with each change that calendars must see, and
    `changed_at` is the time of that change. `is_refused` marks a waiting lesson that was cancelled without ever having
    been planned: no page or feed shows it. `is_joined_together` is a remote lesson that its pupils join together in the
    lesson's room at school, so nobody goes home for it. `nth` is the lesson's order among those of its course that day.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        sa.Index("ix_lesson_school_id_date", "school_id", "date"),  # a day or a week of a school; the guard
        sa.Index("ix_lesson_group_id_date", "group_id", "date"),  # class page, class feed, bulletin
        sa.Index("ix_lesson_course_id_date", "course_id", "date"),  # publishing matches by course and date
        sa.Index("ix_lesson_school_id_starts_at", "school_id", "starts_at"),  # what comes next; links that fall due
    )

    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid.uuid4()))
    join_token: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(12))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"))
    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("subject.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("study_group.id"))
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lesson_series.id", ondelete="SET NULL"), index=True)
    date: Mapped[date]
    start: Mapped[time]
    end: Mapped[time]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    period: Mapped[int | None]
    nth: Mapped[int] = mapped_column(default=1)
    kind: Mapped[LessonKind] = mapped_column(text_enum(LessonKind), default=LessonKind.LESSON)
    mode: Mapped[LessonMode] = mapped_column(text_enum(LessonMode), default=LessonMode.IN_PERSON)
    state: Mapped[LessonState] = mapped_column(text_enum(LessonState), default=LessonState.PLANNED)
    online_minutes: Mapped[int | None]
    is_joined_together: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    title: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    homework: Mapped[str] = mapped_column(default="")
    materials: Mapped[str] = mapped_column(default="")
    offline_task: Mapped[str] = mapped_column(default="")
    cancel_reason: Mapped[str] = mapped_column(default="")
    is_refused: Mapped[bool] = mapped_column(default=False)
    moved_from: Mapped[str] = mapped_column(default="")
    origin: Mapped[LessonOrigin] = mapped_column(text_enum(LessonOrigin), default=LessonOrigin.TIMETABLE)
    is_changed_by_person: Mapped[bool] = mapped_column(default=False)
    base: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))

    course: Mapped[Course | None] = relationship()
    subject: Mapped[Subject] = relationship()
    group: Mapped[StudyGroup] = relationship()
    teaching: Mapped[list["LessonTeacher"]] = relationship(cascade="all, delete-orphan", back_populates="lesson")
    rooms: Mapped[list[Room]] = relationship(secondary="lesson_room")

    @property
    def teachers(self) -> list[Person]:
        return sorted((row.person for row in self.teaching), key=lambda person: (person.last_name, person.id))

    @property
    def shown_title(self) -> str:
        return self.title or self.subject.name

    @property
    def is_remote(self) -> bool:
        return self.mode.is_remote

    @property
    def has_place(self) -> bool:
        """Whether its pupils come to a room: at school, for a broadcast, or to join together."""
        return self.mode.has_place or self.is_joined_together


class LessonTeacher(SchoolRow):
    """Who teaches a lesson, and whom they stand in for."""

    __tablename__ = "lesson_teacher"
    __table_args__ = (sa.UniqueConstraint("lesson_id", "person_id"),)

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    stands_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    lesson: Mapped[Lesson] = relationship(back_populates="teaching")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    stands_in_for: Mapped[Person | None] = relationship(foreign_keys=[stands_in_for_id])


lesson_room = sa.Table(
    "lesson_room",
    SchoolRow.metadata,
    sa.Column("lesson_id", sa.ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class LessonSeries(SchoolRow):
    """A weekly series as it was wished for: the rule, and each date with what became of it."""

    __tablename__ = "lesson_series"

    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"))
    rule: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    dates: Mapped[list["SeriesDate"]] = relationship(order_by="SeriesDate.date", cascade="all, delete-orphan")


class SeriesDate(SchoolRow):
    """A date of a series: made (`lesson_id`), or skipped with the reason in words, to be restored later."""

    __tablename__ = "series_date"
    __table_args__ = (sa.UniqueConstraint("series_id", "date"),)

    series_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson_series.id", ondelete="CASCADE"))
    date: Mapped[date]
    lesson_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lesson.id", ondelete="SET NULL"))
    skipped_because: Mapped[str | None]


class ChangeRequest(SchoolRow):
    """A wish to change an existing lesson that waits for consent; the lesson itself stays unchanged beside it."""

    __tablename__ = "change_request"

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    wish: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[RequestState] = mapped_column(text_enum(RequestState), default=RequestState.ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    lesson: Mapped[Lesson] = relationship()


class RuleOverride(SchoolRow):
    """A norm that was broken knowingly: which, for which lesson, why and by whom."""

    __tablename__ = "rule_override"

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SubmittedForm(SchoolRow):
    """A form that was already acted on, by its own key: sent twice, it acts once."""

    __tablename__ = "submitted_form"
    __table_args__ = (sa.UniqueConstraint("school_id", "key"),)

    key: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

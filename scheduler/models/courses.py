"""Subjects, and courses: one line of the curriculum plan or of the extracurricular plan."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.classes import StudyGroup
from scheduler.models.people import Person
from scheduler.models.school import CallWay
from scheduler.rules.facts import LessonKind
from scheduler.rules.remote_use import RemoteUse


class Subject(SchoolRow):
    """A subject or an activity. `remote_use` is what becomes of it on remote days where the school stated that."""

    __tablename__ = "subject"
    __table_args__ = (sa.UniqueConstraint("school_id", "name_key"),)

    name: Mapped[str]
    name_key: Mapped[str]
    short: Mapped[str] = mapped_column(default="")
    kind: Mapped[LessonKind] = mapped_column(text_enum(LessonKind), default=LessonKind.LESSON)
    is_physical_education: Mapped[bool] = mapped_column(default=False)
    remote_use: Mapped[RemoteUse | None] = mapped_column(text_enum(RemoteUse))
    source_id: Mapped[str | None]


class Course(SchoolRow):
    """A subject taught to a group by teachers for so many hours a week."""

    __tablename__ = "course"

    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("subject.id"), index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("study_group.id"), index=True)
    weekly_hours: Mapped[Decimal] = mapped_column(sa.Numeric(6, 2), default=Decimal(0))
    call_way: Mapped[CallWay | None] = mapped_column(text_enum(CallWay))
    is_archived: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[str | None]

    subject: Mapped[Subject] = relationship(lazy="joined")
    group: Mapped[StudyGroup] = relationship(lazy="joined")
    teachers: Mapped[list[Person]] = relationship(secondary="course_teacher", order_by=Person.last_name)


course_teacher = sa.Table(
    "course_teacher",
    SchoolRow.metadata,
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
)

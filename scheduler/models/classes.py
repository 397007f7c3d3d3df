"""Classes, their divisions, and the study groups that lessons are given to."""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import text_enum
from scheduler.models.base import SchoolRow
from scheduler.models.people import Person
from scheduler.rules.facts import ClassProfile, Device


class SchoolClass(SchoolRow):
    """A class by its free label. `label_key` is the normal form: «7 „А“», «7-а» and the Latin «7A» share one."""

    __tablename__ = "school_class"
    __table_args__ = (sa.UniqueConstraint("school_id", "label_key"),)

    label: Mapped[str]
    label_key: Mapped[str]
    grade: Mapped[int | None]
    shift: Mapped[int] = mapped_column(default=1)
    days_per_week: Mapped[int] = mapped_column(default=5)
    device: Mapped[Device] = mapped_column(text_enum(Device), default=Device.PC)
    profile: Mapped[ClassProfile] = mapped_column(text_enum(ClassProfile), default=ClassProfile.USUAL)
    has_students_chat: Mapped[bool] = mapped_column(default=True)
    has_parents_chat: Mapped[bool] = mapped_column(default=True)
    is_archived: Mapped[bool] = mapped_column(default=False)
    page_token: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_urlsafe(16))
    source_id: Mapped[str | None]

    class_teachers: Mapped[list[Person]] = relationship(secondary="class_teacher", order_by=Person.last_name)


class_teacher = sa.Table(
    "class_teacher",
    SchoolRow.metadata,
    sa.Column("class_id", sa.ForeignKey("school_class.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)


class Division(SchoolRow):
    """A way to split a class into parts: groups 1 and 2, languages, boys and girls."""

    __tablename__ = "division"

    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    source_id: Mapped[str | None]


class StudyGroup(SchoolRow):
    """The audience of a lesson: a class, a part of one, a stream of several, a club, or a private one.

    A private group's lessons stand in that pupil's and the teacher's own pages and feeds only.
    """

    __tablename__ = "study_group"

    name: Mapped[str]
    is_private: Mapped[bool] = mapped_column(default=False)
    is_club: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[str | None]

    parts: Mapped[list["GroupPart"]] = relationship(back_populates="group", cascade="all, delete-orphan")
    members: Mapped[list["GroupMember"]] = relationship(cascade="all, delete-orphan")


class GroupPart(SchoolRow):
    """One part of a group's audience; without a division it is the whole class."""

    __tablename__ = "group_part"
    # finds the groups of a class for its page, feed and clashes
    __table_args__ = (sa.Index("ix_group_part_class_id_group_id", "class_id", "group_id"),)

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("study_group.id", ondelete="CASCADE"), index=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"))
    division_id: Mapped[int | None] = mapped_column(sa.ForeignKey("division.id", ondelete="CASCADE"))
    part: Mapped[str | None]

    group: Mapped[StudyGroup] = relationship(back_populates="parts")
    school_class: Mapped[SchoolClass] = relationship()


class GroupMember(SchoolRow):
    """A pupil on the list of a group; a group without any has no known list."""

    __tablename__ = "group_member"
    __table_args__ = (sa.UniqueConstraint("group_id", "person_id"),)

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("study_group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)


class Enrollment(SchoolRow):
    """A pupil's place in a class."""

    __tablename__ = "enrollment"
    __table_args__ = (sa.UniqueConstraint("class_id", "person_id"),)

    class_id: Mapped[int] = mapped_column(sa.ForeignKey("school_class.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)


class Guardianship(SchoolRow):
    """The link of a parent or guardian to a child."""

    __tablename__ = "guardianship"
    __table_args__ = (sa.UniqueConstraint("parent_id", "student_id"),)

    parent_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)

"""People, their roles within scopes, and what signs them in."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Base, UTCDateTime, text_enum
from scheduler.models.base import SchoolRow
from scheduler.permissions import Grant, Role, ScopeKind


class ClosureReason(StrEnum):
    SECOND_SCHOOL = "second_school"
    METHODICAL_DAY = "methodical_day"
    OTHER = "other"


class Account(Base):
    """What signs a person in; its login is unique in the installation."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)


class Device(Base):
    """A browser that an account is signed in on; ended from afar by setting `ended_at`.

    `is_own` marks a phone as one's own: it stays signed in for the school's chosen time.
    """

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")
    is_own: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Person(SchoolRow):
    """Somebody of the school. `name_key` is the normal form that imports and searches compare."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "account_id"),
        sa.Index("ix_person_school_id_name_key", "school_id", "name_key"),  # imports look people up by name
    )

    last_name: Mapped[str]
    first_name: Mapped[str] = mapped_column(default="")
    middle_name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"), index=True)
    source_id: Mapped[str | None]
    is_archived: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list["RoleGrant"]] = relationship(cascade="all, delete-orphan", back_populates="person")
    account: Mapped[Account | None] = relationship()

    @property
    def short_name(self) -> str:
        """«Иванова Е. П.», as the school already shows its teachers."""
        initials = [f"{name[0]}." for name in (self.first_name, self.middle_name) if name]
        return " ".join([self.last_name, *initials])

    @property
    def full_name(self) -> str:
        return " ".join(name for name in (self.last_name, self.first_name, self.middle_name) if name)

    @property
    def grants(self) -> list[Grant]:
        return [Grant(row.role, row.scope, row.scope_id) for row in self.roles]


class RoleGrant(SchoolRow):
    """A role of a person within a scope: the school, one class or one chat."""

    __tablename__ = "role_grant"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role))
    scope: Mapped[ScopeKind] = mapped_column(text_enum(ScopeKind), default=ScopeKind.SCHOOL)
    scope_id: Mapped[int | None]

    person: Mapped[Person] = relationship(back_populates="roles")


class Invitation(SchoolRow):
    """A link for the first entry; only its hash is kept, and it serves once."""

    __tablename__ = "invitation"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TeacherClosure(SchoolRow):
    """Hours when a teacher is not to be booked: weekly (`weekday` 1–7) or on dates; no time means the whole day."""

    __tablename__ = "teacher_closure"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int | None]
    date_from: Mapped[date | None]
    date_to: Mapped[date | None]
    start: Mapped[time | None]
    end: Mapped[time | None]
    reason: Mapped[ClosureReason] = mapped_column(text_enum(ClosureReason))
    note: Mapped[str] = mapped_column(default="")

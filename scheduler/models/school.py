"""The school itself, its year, terms and holidays."""

from datetime import date, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import Base, text_enum
from scheduler.models.base import SchoolRow


class CallWay(StrEnum):
    """How a lesson is joined: a link made for it, a standing room, or the call button of the class chat."""

    VK = "vk"
    ROOM = "room"
    IN_CHAT = "in_chat"


class HolidayKind(StrEnum):
    HOLIDAY = "holiday"
    TRANSFERRED_DAY_OFF = "transferred_day_off"
    WORKING_SATURDAY = "working_saturday"


class School(Base):
    """One school and its settings; an installation serves one or many."""

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str]
    days_per_week: Mapped[int] = mapped_column(default=5)
    phone: Mapped[str] = mapped_column(default="")
    offline_line: Mapped[str] = mapped_column(default="задание — в электронном дневнике до 8:30")
    is_consent_required: Mapped[bool] = mapped_column(default=False)
    remote_gap_minutes: Mapped[int] = mapped_column(default=60)
    call_way: Mapped[CallWay] = mapped_column(text_enum(CallWay), default=CallWay.IN_CHAT)
    call_hosts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    device_days: Mapped[int] = mapped_column(default=30)
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_to: Mapped[time] = mapped_column(default=time(7))
    evening_hour: Mapped[time] = mapped_column(default=time(18))
    cycle_anchor: Mapped[date | None]
    rule_settings: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    remote_settings: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    skipped_steps: Mapped[list[str]] = mapped_column(sa.JSON, default=list)


class AcademicYear(SchoolRow):
    __tablename__ = "academic_year"

    name: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]


class Term(SchoolRow):
    """A quarter or trimester. `published_from` and `published_to` tell which dates have lessons made."""

    __tablename__ = "term"

    academic_year_id: Mapped[int] = mapped_column(sa.ForeignKey("academic_year.id", ondelete="CASCADE"))
    name: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]
    published_from: Mapped[date | None]
    published_to: Mapped[date | None]


class Holiday(SchoolRow):
    """Days without lessons, or a working Saturday that follows a stated weekday (1 Monday … 7 Sunday)."""

    __tablename__ = "holiday"

    name: Mapped[str]
    kind: Mapped[HolidayKind] = mapped_column(text_enum(HolidayKind), default=HolidayKind.HOLIDAY)
    start: Mapped[date]
    end: Mapped[date]
    follows_weekday: Mapped[int | None]
    is_confirmed: Mapped[bool] = mapped_column(default=True)

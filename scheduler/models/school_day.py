"""The planner's page of a date, which is also the lock under which that date is changed."""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.models.base import SchoolRow

DAYS_OF_WEEK = 7


class SchoolDay(SchoolRow):
    """A date of a school. `follows_weekday` (1–7) is set where the day works by another weekday's timetable."""

    __tablename__ = "school_day"
    __table_args__ = (sa.UniqueConstraint("school_id", "date"),)

    date: Mapped[date]
    follows_weekday: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)


def week_of(day: date) -> list[date]:
    """The seven dates of the ISO week of a date, Monday first."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return [monday + timedelta(days=n) for n in range(DAYS_OF_WEEK)]


def locked_days(session: Session, school_id: int, dates: Iterable[date]) -> dict[date, SchoolDay]:
    """Lock all days of every ISO week that the dates touch, in date order, creating missing rows first.

    The weekly load is judged under the lock, hence whole weeks. On SQLite the transaction itself (BEGIN IMMEDIATE)
    is the lock; on PostgreSQL the rows are taken FOR UPDATE.
    """
    wanted = sorted({day for touched in set(dates) for day in week_of(touched)})
    _create_missing(session, school_id, wanted)
    rows = session.scalars(
        sa.select(SchoolDay)
        .where(SchoolDay.school_id == school_id, SchoolDay.date.in_(wanted))
        .order_by(SchoolDay.date)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.date: row for row in rows}


def _create_missing(session: Session, school_id: int, wanted: list[date]) -> None:
    known = set(
        session.scalars(sa.select(SchoolDay.date).where(SchoolDay.school_id == school_id, SchoolDay.date.in_(wanted)))
    )
    missing = [{"school_id": school_id, "date": day, "note": "", "revision": 0} for day in wanted if day not in known]
    if not missing:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(SchoolDay).on_conflict_do_nothing(index_elements=["school_id", "date"]), missing)

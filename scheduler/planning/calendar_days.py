"""The school's own calendar: whether a date has lessons, whose weekday it follows, which week of the cycle it is."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.school import Holiday, HolidayKind, School, Term
from scheduler.models.school_day import SchoolDay
from scheduler.rules.parity import WeekCycle

SUNDAY = 7


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """Terms, holidays and stated days of a school, read once."""

    days_per_week: int
    anchor: date | None
    terms: tuple[Term, ...]
    holidays: tuple[Holiday, ...]
    follows: dict[date, int]

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of that date, if it is one."""
        return next(
            (
                row
                for row in self.holidays
                if row.start <= day <= row.end and row.kind is not HolidayKind.WORKING_SATURDAY
            ),
            None,
        )

    def weekday(self, day: date) -> int | None:
        """The weekday (1–7) whose timetable that date follows; None on days without lessons."""
        if day in self.follows:
            return self.follows[day]
        for row in self.holidays:
            if row.kind is HolidayKind.WORKING_SATURDAY and row.start <= day <= row.end:
                return row.follows_weekday or day.isoweekday()
        if self.holiday(day) or day.isoweekday() == SUNDAY or day.isoweekday() > self.days_per_week:
            return None
        return day.isoweekday()

    def week_index(self, day: date, cycle: int) -> int:
        """Which week of a cycle of that many weeks it is, from 0; weeks are counted from the stated anchor."""
        anchor = self.anchor or (self.terms[0].start if self.terms else day)
        return WeekCycle(anchor, cycle).index(day)

    def term(self, day: date) -> Term | None:
        """The term of that date."""
        return next((term for term in self.terms if term.start <= day <= term.end), None)

    def why_no_lessons(self, day: date) -> str:
        """The holiday's name, or an empty text where it is just a day off."""
        holiday = self.holiday(day)
        return holiday.name if holiday else ""


def load_calendar(session: Session, school_id: int) -> SchoolCalendar:
    """The calendar of a school."""
    school = session.get_one(School, school_id)
    terms = session.scalars(sa.select(Term).where(Term.school_id == school_id).order_by(Term.start)).all()
    holidays = session.scalars(sa.select(Holiday).where(Holiday.school_id == school_id).order_by(Holiday.start)).all()
    stated = session.execute(
        sa.select(SchoolDay.date, SchoolDay.follows_weekday).where(
            SchoolDay.school_id == school_id, SchoolDay.follows_weekday.is_not(None)
        )
    )
    follows = {row.date: row.follows_weekday for row in stated if row.follows_weekday}
    return SchoolCalendar(school.days_per_week, school.cycle_anchor, tuple(terms), tuple(holidays), follows)

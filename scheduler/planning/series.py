"""The dates of a wish: one, or weekly for some weeks, each made, skipped or clashing, said before saving."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.school import School
from scheduler.planning.calendar_days import SchoolCalendar, load_calendar
from scheduler.planning.judging import judge_alone
from scheduler.planning.values import LessonValues
from scheduler.planning.words import finding_text
from scheduler.rules.facts import Finding, Severity


class DateState(StrEnum):
    MADE = "made"
    SKIPPED = "skipped"
    CLASHES = "clashes"


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date of a series: what would become of it and why, in words."""

    values: LessonValues
    state: DateState
    why: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def date(self) -> date:
        return self.values.date


def plan_dates(session: Session, school: School, values: LessonValues, *, weeks: int) -> list[PlannedDate]:
    """Judge each date of a weekly series by itself; the first date is never skipped for a holiday of its own choice."""
    calendar = load_calendar(session, school.id)
    return [_judged(session, school, calendar, one) for one in _weekly(values, weeks)]


def _weekly(values: LessonValues, weeks: int) -> Iterator[LessonValues]:
    for week in range(weeks):
        yield replace(values, date=values.date + timedelta(weeks=week))


def _judged(session: Session, school: School, calendar: SchoolCalendar, values: LessonValues) -> PlannedDate:
    holiday = calendar.holiday(values.date)
    if holiday is not None:
        return PlannedDate(values, DateState.SKIPPED, _("Holiday: %(name)s", name=holiday.name))
    findings = tuple(judge_alone(session, school, values))
    blocking = [finding for finding in findings if finding.severity is Severity.LAW]
    if blocking:
        return PlannedDate(values, DateState.CLASHES, " ".join(finding_text(one) for one in blocking), findings)
    return PlannedDate(values, DateState.MADE, "", findings)

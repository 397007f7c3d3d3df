"""The dates of a wish: one, or weekly for some weeks, each made, skipped or clashing, said before saving."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.school import School
from scheduler.planning.calendar_days import SchoolCalendar, load_calendar
from scheduler.planning.closures import ClosedHours, load_closed_hours
from scheduler.planning.judging import judge
from scheduler.planning.resources import wished_resource
from scheduler.planning.scene import Scene, load_scene
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
    """Judge each date of a weekly series by itself; a holiday is skipped, be it the first date; closed hours clash."""
    calendar = load_calendar(session, school.id)
    wished = [replace(values, date=values.date + timedelta(weeks=week)) for week in range(weeks)]
    scene = load_scene(session, school.id, [one.date for one in wished], wished=[values])
    resource = wished_resource(session, school, values)
    closed = load_closed_hours(session, values.teacher_ids)
    return [_skipped(calendar, one) or _closed(closed, one) or _judged(school, scene, one, resource) for one in wished]


def _skipped(calendar: SchoolCalendar, values: LessonValues) -> PlannedDate | None:
    holiday = calendar.holiday(values.date)
    if holiday is None:
        return None
    return PlannedDate(values, DateState.SKIPPED, _("Holiday: %(name)s", name=holiday.name))


def _closed(closed: ClosedHours, values: LessonValues) -> PlannedDate | None:
    words = closed.words(values)
    return PlannedDate(values, DateState.CLASHES, words) if words else None


def _judged(school: School, scene: Scene, values: LessonValues, resource: str | None) -> PlannedDate:
    of_week = scene.of_week(values.date)
    wished = scene.facts(values, None, join_resource=resource)
    findings = tuple(judge(school, of_week, [*of_week.lessons, wished]))
    blocking = [finding for finding in findings if finding.severity is Severity.LAW]
    if blocking:
        return PlannedDate(values, DateState.CLASHES, " ".join(finding_text(one) for one in blocking), findings)
    return PlannedDate(values, DateState.MADE, "", findings)

"""The calendar of a school year as read, before anything is stored. Both ends of every span are included."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from scheduler.imports.draft import DraftQuestion, Finding
from scheduler.models.school import HolidayKind


@dataclass(frozen=True, slots=True)
class DraftTerm:
    """A quarter, trimester or another span of study."""

    name: str
    start: date
    end: date
    where: str


@dataclass(frozen=True, slots=True)
class DraftHoliday:
    """Days without lessons, or a working Saturday that follows a weekday (1 Monday) where the source names it."""

    name: str
    start: date
    end: date
    where: str
    kind: HolidayKind = HolidayKind.HOLIDAY
    follows_weekday: int | None = None
    is_confirmed: bool = True


@dataclass(frozen=True)
class CalendarDraft:
    """All spans of a file; `year` is the first and last day of the school year where the source states them."""

    terms: tuple[DraftTerm, ...] = ()
    holidays: tuple[DraftHoliday, ...] = ()
    year: tuple[date, date] | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    kind: ClassVar[str] = "calendar"
    questions: ClassVar[tuple[DraftQuestion, ...]] = ()

    @property
    def figures(self) -> Mapping[str, int]:
        working = sum(row.kind is HolidayKind.WORKING_SATURDAY for row in self.holidays)
        return {
            "terms": len(self.terms),
            "holidays": len(self.holidays) - working,
            "working_days": working,
        }

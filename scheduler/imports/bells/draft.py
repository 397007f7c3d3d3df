"""Bell schedules as read, before anything is stored: their hours, and for whom and when each is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from scheduler.imports.draft import DraftPeriod, DraftQuestion, Finding
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.models.timetable import BellKind


@dataclass(frozen=True, slots=True)
class Scope:
    """Where bells are in force; what is empty narrows nothing. Weekdays count from 1 for Monday."""

    shift: int | None = None
    weekdays: frozenset[int] = frozenset()
    grades: frozenset[int] = frozenset()
    labels: tuple[ClassLabel, ...] = ()
    date_from: date | None = None
    date_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        return bool(self.shift or self.weekdays or self.grades or self.labels or self.date_from or self.date_to)


@dataclass(frozen=True, slots=True)
class DraftBells:
    """One schedule. `scopes` is empty where the source does not say where it is in force."""

    name: str
    kind: BellKind
    periods: tuple[DraftPeriod, ...]
    where: str
    scopes: tuple[Scope, ...] = ()


@dataclass(frozen=True)
class BellsDraft:
    """All schedules of a file; `rows_read` counts the rows with times, whatever became of them."""

    schedules: tuple[DraftBells, ...]
    rows_read: int
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    kind: ClassVar[str] = "bells"
    questions: ClassVar[tuple[DraftQuestion, ...]] = ()

    @property
    def figures(self) -> Mapping[str, int]:
        labels = {label.key for row in self.schedules for scope in row.scopes for label in scope.labels}
        return {
            "schedules": len(self.schedules),
            "periods": sum(len(row.periods) for row in self.schedules),
            "classes": len(labels),
            "rows_read": self.rows_read,
        }

"""Why an hour is closed for a wished lesson, as codes and values; the words are made elsewhere."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from scheduler.rules.facts import Finding, LessonFacts

_BOUNDS = ("DAY_START_MIN", "DAY_END_MAX", "REMOTE_DAY_END_MAX", "ZERO_LESSON_BAN")


class ClosedReason(StrEnum):
    """`TAKEN`, `OUTSIDE_HOURS` and `LIMIT_REACHED` carry the finding that says by whom, or which limit."""

    PAST = "past"
    HOLIDAY = "holiday"
    NO_SCHOOL_DAY = "no_school_day"
    TEACHER_CLOSED = "teacher_closed"
    TAKEN = "taken"
    OUTSIDE_HOURS = "outside_hours"
    LIMIT_REACHED = "limit_reached"


@dataclass(frozen=True, slots=True)
class Closed:
    """One reason against an hour."""

    reason: ClosedReason
    params: dict[str, object] = field(default_factory=dict)
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class TeacherClosureFacts:
    """Hours at which a teacher is not to be booked: None means every weekday, every date, the whole day."""

    teacher_id: int
    name: str = ""
    weekday: int | None = None
    start: time | None = None
    end: time | None = None
    date_from: date | None = None
    date_to: date | None = None

    def meets(self, lesson: LessonFacts) -> bool:
        """Whether a lesson falls into these hours; touching is no meeting."""
        return (
            self.teacher_id in lesson.teacher_ids
            and self.weekday in (None, lesson.date.isoweekday())
            and (self.date_from is None or self.date_from <= lesson.date)
            and (self.date_to is None or lesson.date <= self.date_to)
            and (self.start is None or self.start < lesson.end)
            and (self.end is None or lesson.start < self.end)
        )


def reason_of(finding: Finding) -> ClosedReason:
    """Under which reason a finding that blocks is told."""
    if finding.rule.startswith("CLASH_"):
        return ClosedReason.TAKEN
    return ClosedReason.OUTSIDE_HOURS if finding.rule in _BOUNDS else ClosedReason.LIMIT_REACHED

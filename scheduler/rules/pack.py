"""A rule pack: the sanitary norms of a period as typed, frozen values. No norm is judged and no file is read here.

Each figure carries the act that it was read in, or None where it was only remembered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Generic, TypeVar

from scheduler.rules.facts import ClassFacts, ClassProfile, Device, Finding, Severity
from scheduler.rules.settings import SchoolRules

UNKNOWN_GRADES = "5–9"
# Within the row 5–9 the widest of the figures that differ: nobody is accused of what the true grade may allow.
GRADE_WHERE_UNKNOWN = 8
HIGHEST_GRADE = 11

Limit = TypeVar("Limit")


@dataclass(frozen=True, slots=True)
class Norm(Generic[Limit]):
    """One figure of a pack: its rule's code, the limit, the act (None: the school's own setting), how hard it is."""

    rule: str
    limit: Limit
    source: str | None
    severity: Severity

    def breach(
        self,
        rules: SchoolRules,
        klass: ClassFacts,
        day: date,
        *,
        lesson_ids: Sequence[int | None] = (),
        severity: Severity | None = None,
        **params: object,
    ) -> Finding:
        """The finding of this norm broken; `excess` in the params says by how much, so that changes can be compared."""
        values = {"class": klass.label, "grade": grade_label(klass), "limit": self.limit, **params}
        return Finding(
            rule=self.rule,
            severity=rules.severity_of(self.rule, severity or self.severity, self.source),
            source=self.source,
            params=values,
            lesson_ids=tuple(one for one in lesson_ids if one is not None),
            class_id=klass.id,
            day=day,
        )


@dataclass(frozen=True, slots=True)
class LessonCount:
    """Lessons a day for a range of grades: as usual, and once a week when one of them is physical education."""

    usual: Norm[int]
    with_pe: int


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """Screen minutes of a range of grades: for one lesson, for a day by the school's and by the home column."""

    grades: str
    lesson: Norm[int]
    day_school: Norm[int]
    day_home: Norm[int]


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Lessons a week; `six_days` is None where a six-day week is not allowed."""

    five_days: Norm[int]
    six_days: Norm[int] | None


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """Grades that may learn in the first shift only."""

    norm: Norm[int]
    grades: frozenset[int]
    is_for_special_needs: bool


@dataclass(frozen=True, slots=True, eq=False)
class RulePack:
    """The norms from `valid_from` to `valid_to`; `expired` where it goes on being used for want of a newer one."""

    code: str
    title: str
    valid_from: date
    valid_to: date
    bounds: Mapping[str, Norm[time]]
    limits: Mapping[str, Norm[int]]
    bans: Mapping[str, Norm[int]]
    big_break_after: frozenset[int]
    light_weekdays: tuple[int, ...]
    shifts: tuple[ShiftRule, ...]
    lessons_per_day: Mapping[int, LessonCount]
    g1_stepped: Mapping[int, Norm[int]]
    week_load: Mapping[int, WeekLoad]
    screen: Mapping[Device, Mapping[int, ScreenRow]]
    online_lessons: Mapping[int, Norm[int]]
    expired: bool = False

    def screen_row(self, klass: ClassFacts) -> ScreenRow:
        """The screen minutes of a class by its grade and device."""
        return self.screen[klass.device][norm_grade(klass)]


def norm_grade(klass: ClassFacts) -> int:
    """The grade whose figures a class is held to: 0 as 1, above 11 as 11, unstated as the row of grades 5–9."""
    if klass.profile is ClassProfile.GRADE_ONE:
        return 1
    if klass.grade is None:
        return GRADE_WHERE_UNKNOWN
    return min(max(klass.grade, 1), HIGHEST_GRADE)


def grade_label(klass: ClassFacts) -> str:
    """The grade as a sentence names it."""
    unknown = klass.grade is None and klass.profile is not ClassProfile.GRADE_ONE
    return UNKNOWN_GRADES if unknown else str(norm_grade(klass))


def frozen(values: Iterable[tuple[int, Limit]]) -> Mapping[int, Limit]:
    """A mapping that nobody can change."""
    return MappingProxyType(dict(values))

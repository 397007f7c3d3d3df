"""What a person wishes: dates, whom, why, and what is not held; and which classes that reaches. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemoteDayState, RemoteReason
from scheduler.models.school import School
from scheduler.planning.errors import PlanningError
from scheduler.rules.facts import LessonKind, LessonMode, LessonState
from scheduler.rules.remote_use import RemoteUse

LONGEST_DAYS = 31
ANY_DAY = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a remote day reaches: the whole school unless grades, classes or a shift are named."""

    grades: frozenset[int] = frozenset()
    class_ids: frozenset[int] = frozenset()
    shift: int | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON, so that the decision can be read later as it was said."""
        return {"grades": sorted(self.grades), "class_ids": sorted(self.class_ids), "shift": self.shift}

    def reaches(self, row: SchoolClass) -> bool:
        """Whether a class is meant."""
        if self.shift is not None and row.shift != self.shift:
            return False
        if not self.grades and not self.class_ids:
            return True
        return row.grade in self.grades or row.id in self.class_ids


@dataclass(frozen=True, slots=True)
class OwnBells:
    """Bells said by a person: lessons of `minutes` with breaks of `pause` minutes from `start` on.

    The second shift follows `second_start`; without it that shift keeps the school's remote bells.
    """

    start: time
    minutes: int
    pause: int
    second_start: time | None = None

    def hour(self, number: int, shift: int) -> tuple[time, time] | None:
        """The hour of a lesson's number; None where nothing was said of that shift, or it would pass midnight."""
        first = self.start if shift == 1 else self.second_start
        if first is None or number < 1:
            return None
        begins = datetime.combine(ANY_DAY, first) + timedelta(minutes=(number - 1) * (self.minutes + self.pause))
        ends = begins + timedelta(minutes=self.minutes)
        return (begins.time(), ends.time()) if ends.date() == ANY_DAY else None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        second = self.second_start.isoformat() if self.second_start else None
        return {
            "start": self.start.isoformat(), "minutes": self.minutes, "pause": self.pause, "second_start": second,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RemoteWish:
    """One decision before it is made.

    `subjects` is said of all subjects that make no sense by video, `activities` of extracurricular hours; None leaves
    each to its own default.
    `lines` are the school's own sentences that were ticked, None stands for those that the reason brings. `modes` are
    lessons that a person moved between call and work on one's own. `uses_solver` asks for the best mix where the
    optional solver is installed. `returns` are classes that go back to school before the others, each from a date on.
    """

    first: date
    last: date
    scope: Scope = field(default_factory=Scope)
    reason: RemoteReason = RemoteReason.OTHER
    text: str = ""
    order_reference: str = ""
    subjects: RemoteUse | None = None
    activities: RemoteUse | None = None
    bells: OwnBells | None = None
    lines: Mapping[str, str] | None = None
    modes: Mapping[int, LessonMode] = field(default_factory=dict)
    uses_solver: bool = False
    returns: Mapping[int, date] = field(default_factory=dict)

    def covers(self, class_id: int, day: date) -> bool:
        """Whether a class of the scope is at home on a date of the decision."""
        return self.first <= day <= self.last and day < self.returns.get(class_id, date.max)

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates from the first to the last; raises PlanningError where they make no sense."""
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise PlanningError(_("The first date must come before the last one, and within one month."))
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def plain(self) -> dict[str, Any]:
        """As JSON, whole: the decision can be computed anew from it."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "scope": self.scope.plain(),
            "reason": self.reason,
            "text": self.text,
            "order_reference": self.order_reference,
            "subjects": self.subjects,
            "activities": self.activities,
            "bells": self.bells.plain() if self.bells else None,
            "lines": None if self.lines is None else dict(self.lines),
            "modes": {str(lesson_id): mode for lesson_id, mode in self.modes.items()},
            "uses_solver": self.uses_solver,
            "returns": {str(class_id): day.isoformat() for class_id, day in self.returns.items()},
        }


def wish_of(plain: Mapping[str, Any]) -> RemoteWish:
    """The wish that `plain` wrote."""
    scope, bells = plain["scope"], plain["bells"]
    return RemoteWish(
        first=date.fromisoformat(plain["first"]),
        last=date.fromisoformat(plain["last"]),
        scope=Scope(frozenset(scope["grades"]), frozenset(scope["class_ids"]), scope["shift"]),
        reason=RemoteReason(plain["reason"]),
        text=plain["text"],
        order_reference=plain["order_reference"],
        subjects=RemoteUse(plain["subjects"]) if plain["subjects"] else None,
        activities=RemoteUse(plain["activities"]) if plain["activities"] else None,
        bells=_bells_of(bells) if bells else None,
        lines=plain["lines"],
        modes={int(lesson_id): LessonMode(mode) for lesson_id, mode in plain["modes"].items()},
        uses_solver=plain.get("uses_solver", False),
        returns={int(one): date.fromisoformat(day) for one, day in plain.get("returns", {}).items()},
    )


def _bells_of(plain: Mapping[str, Any]) -> OwnBells:
    second = plain["second_start"]
    return OwnBells(
        time.fromisoformat(plain["start"]), plain["minutes"], plain["pause"],
        time.fromisoformat(second) if second else None,
    )  # fmt: skip


def classes_of_scope(session: Session, school_id: int, scope: Scope) -> Sequence[SchoolClass]:
    """The classes meant, in the order of grades."""
    query = sa.select(SchoolClass).where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
    rows = session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label_key))
    return [row for row in rows if scope.reaches(row)]


def open_days(session: Session, school: School) -> list[date]:
    """The next two dates that have lessons which have not begun: what a person most likely declares for."""
    query = (
        sa.select(Lesson.date)
        .where(
            Lesson.school_id == school.id,
            Lesson.starts_at > clock.now(),
            Lesson.kind == LessonKind.LESSON,
            Lesson.state == LessonState.PLANNED,
        )
        .distinct()
        .order_by(Lesson.date)
        .limit(2)
    )
    return list(session.scalars(query))


def remote_days_on(session: Session, school_id: int, dates: Sequence[date]) -> Sequence[RemoteDay]:
    """The decisions in force that meet these dates."""
    query = sa.select(RemoteDay).where(
        RemoteDay.school_id == school_id,
        RemoteDay.state == RemoteDayState.APPLIED,
        RemoteDay.date_from <= max(dates),
        RemoteDay.date_to >= min(dates),
    )
    return session.scalars(query.order_by(RemoteDay.id)).all()


def already_remote(days: Sequence[RemoteDay], day: date) -> frozenset[int]:
    """The classes that other decisions have on a date: theirs stand, a second decision leaves them alone."""
    return frozenset(class_id for one in days for class_id in one.class_ids_on(day))


def scope_words(rows: Sequence[SchoolClass], all_rows: Sequence[SchoolClass]) -> str:
    """«все классы», or the grades that are whole and single classes by name."""
    if len(rows) == len(all_rows):
        return "все классы"
    ids = {row.id for row in rows}
    grades = sorted({row.grade for row in rows if row.grade is not None})
    whole = [grade for grade in grades if all(row.id in ids for row in all_rows if row.grade == grade)]
    single = [shown_class(row.label) for row in rows if row.grade not in whole]
    return ", ".join([*(f"{grade}-е" for grade in whole), *single])

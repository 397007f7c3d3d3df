"""A changed remote day as its page tells it: what becomes remote, what is held otherwise, what goes back to school."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session, selectinload

from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.planning.remote.amending import PreparedAmendment
from scheduler.planning.remote.plan import PlanRow
from scheduler.web.formats import wall
from scheduler.web.remote_concerns import BAD, Concern, finding_concerns


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One lesson that changes: its name and the hours as they are and as they shall be."""

    title: str
    hours: str


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """One class's changed lessons of one date; `hours` are those of all of them together."""

    class_name: str
    day: date
    hours: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """What changes, class by class in the order of grades; the counts stand in the plan."""

    new: tuple[ChangedDay, ...] = ()
    altered: tuple[ChangedDay, ...] = ()
    back: tuple[ChangedDay, ...] = ()
    findings: tuple[Concern, ...] = ()
    is_blocked: bool = False


def amendment_page(session: Session, shown: PreparedAmendment) -> AmendmentPage:
    """The page of one change."""
    return AmendmentPage(
        _days(session, shown.new, shown),
        _days(session, shown.altered, shown),
        _days(session, shown.back, None),
        tuple(sorted(finding_concerns(shown.plan), key=lambda one: one.strength != BAD)),
        bool(shown.plan.blocking),
    )


def kept_words(count: int) -> str:
    """How many lessons were not brought back."""
    return str(
        ngettext(
            "%(num)d lesson was left as it is: it has begun, or somebody changed it since.",
            "%(num)d lessons were left as they are: they have begun, or somebody changed them since.",
            count,
        )
    )


def _days(session: Session, lesson_ids: Iterable[int], shown: PreparedAmendment | None) -> tuple[ChangedDay, ...]:
    query = (
        sa.select(Lesson)
        .where(Lesson.id.in_(list(lesson_ids)))
        .options(
            selectinload(Lesson.group).selectinload(StudyGroup.parts).selectinload(GroupPart.school_class),
            selectinload(Lesson.subject),
        )
        .order_by(Lesson.date, Lesson.start, Lesson.id)
    )
    found: dict[tuple[SchoolClass, date], list[Lesson]] = defaultdict(list)
    for lesson in session.scalars(query):
        for school_class in {part.school_class for part in lesson.group.parts}:
            found[school_class, lesson.date].append(lesson)
    planned = shown.plan.by_id if shown else {}
    ordered = sorted(found.items(), key=lambda one: (one[0][0].grade or 0, one[0][0].label_key, one[0][1]))
    return tuple(_day(one.label, day, lessons, planned) for (one, day), lessons in ordered)


def _day(label: str, day: date, lessons: Sequence[Lesson], planned: Mapping[int, PlanRow]) -> ChangedDay:
    later = [planned.get(one.id, one) for one in lessons]
    lines = tuple(
        ChangedLine(one.shown_title, _arrow(_hours(one.start, one.end), _hours(new.start, new.end)))
        for one, new in zip(lessons, later, strict=True)
    )
    spans = [_hours(min(one.start for one in some), max(one.end for one in some)) for some in (lessons, later)]
    return ChangedDay(shown_class(label), day, _arrow(*spans), lines)


def _arrow(now: str, later: str) -> str:
    return now if now == later else f"{now} → {later}"


def _hours(start: time, end: time) -> str:
    return f"{wall(start)}–{wall(end)}"

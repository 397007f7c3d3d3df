"""A changed remote day as its page tells it: what becomes remote, what is held otherwise, what goes back to school."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session, selectinload

from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.planning.remote.amending import PreparedAmendment
from scheduler.web.formats import wall
from scheduler.web.remote_concerns import BAD, Concern, finding_concerns

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One lesson that changes: «7 «А», Алгебра», its day, and the hours as they are and as they shall be."""

    title: str
    day: date
    hours: str


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """Lines of each kind, the first sixty of each; the counts stand in the plan."""

    new: tuple[ChangedLine, ...] = ()
    altered: tuple[ChangedLine, ...] = ()
    back: tuple[ChangedLine, ...] = ()
    findings: tuple[Concern, ...] = ()
    is_blocked: bool = False


def amendment_page(session: Session, shown: PreparedAmendment) -> AmendmentPage:
    """The page of one change."""
    return AmendmentPage(
        _lines(session, shown.new, shown),
        _lines(session, shown.altered, shown),
        _lines(session, shown.back, None),
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


def _lines(session: Session, lesson_ids: Iterable[int], shown: PreparedAmendment | None) -> tuple[ChangedLine, ...]:
    query = (
        sa.select(Lesson)
        .where(Lesson.id.in_(list(lesson_ids)))
        .options(selectinload(Lesson.group).selectinload(StudyGroup.parts), selectinload(Lesson.subject))
        .order_by(Lesson.date, Lesson.start, Lesson.id)
        .limit(MOST_LINES)
    )
    return tuple(_line(one, shown) for one in session.scalars(query))


def _line(lesson: Lesson, shown: PreparedAmendment | None) -> ChangedLine:
    planned = shown.plan.by_id.get(lesson.id) if shown else None
    now, later = _hours(lesson.start, lesson.end), _hours(planned.start, planned.end) if planned else ""
    hours = f"{now} → {later}" if later and later != now else now
    return ChangedLine(f"{shown_class(lesson.group.name)}, {lesson.shown_title}", lesson.date, hours)


def _hours(start: time, end: time) -> str:
    return f"{wall(start)}–{wall(end)}"

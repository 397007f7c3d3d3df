"""What publishing the base timetable again would do to the lessons that are published already. Changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.calendars import Calendar, CalendarKind, Feed, feed_calendar
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.models.school import School, Term
from scheduler.planning.base_timetable import WantedLesson, wanted_lessons
from scheduler.planning.matching import Matched, match_lessons
from scheduler.planning.publish import standing_lessons
from scheduler.rules.facts import LessonState


@dataclass(frozen=True, slots=True)
class Forecast:
    """Counts of lessons till `until`, the last date published; `remote` are planned remote lessons, each in words.

    `subscriptions` are feeds that would show something else; their addresses stay.
    """

    until: date
    new: int
    changed: int
    cancelled: int
    kept: int
    remote: tuple[str, ...]
    subscriptions: int

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.cancelled or self.remote)

    def facts(self) -> dict[str, Any]:
        """For `--json`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def forecast(session: Session, school: School) -> Forecast | None:
    """The outcome of publishing from today till the last date published; None where nothing is published ahead."""
    today = clock.today(school.timezone)
    until = session.scalar(sa.select(sa.func.max(Term.published_to)).where(Term.school_id == school.id))
    if until is None or until < today:
        return None
    dates = [today + timedelta(days=number) for number in range((until - today).days + 1)]
    wanted, _without_bells = wanted_lessons(session, school, dates)
    matched = match_lessons(wanted, standing_lessons(session, school.id, today, until), today)
    kept = [lesson for lesson in matched.kept if lesson.state is LessonState.PLANNED and lesson.date >= today]
    return Forecast(
        until=until,
        new=len(matched.new),
        changed=len(matched.changed),
        cancelled=len(matched.gone),
        kept=len(kept),
        remote=tuple(_remote_lines(matched, kept)),
        subscriptions=_subscriptions(session, school.id, matched),
    )


def _remote_lines(matched: Matched, kept: Iterable[Lesson]) -> Iterator[str]:
    for lesson, wish in matched.changed:
        if lesson.is_remote and lesson.state is LessonState.PLANNED:
            yield _moved(lesson, wish)
    for lesson in matched.gone:
        if lesson.is_remote:
            yield str(_("%(lesson)s: will be cancelled", lesson=_words(lesson)))
    for lesson in kept:
        if lesson.is_remote:
            yield str(_("%(lesson)s: stays as a person planned it, the file has it otherwise", lesson=_words(lesson)))


def _moved(lesson: Lesson, wish: WantedLesson) -> str:
    if (lesson.date, lesson.start) == (wish.date, wish.start):
        return str(_("%(lesson)s: another teacher, room or group", lesson=_words(lesson)))
    return str(_("%(lesson)s: will be on %(when)s", lesson=_words(lesson), when=_when(wish)))


def _words(lesson: Lesson) -> str:
    return f"{shown_class(lesson.group.name)}, {lesson.shown_title}, {_when(lesson)}"


def _when(lesson: Lesson | WantedLesson) -> str:
    return f"{format_date(lesson.date, 'EEEE, d MMMM')}, {lesson.start.hour}:{lesson.start:%M}"


def _subscriptions(session: Session, school_id: int, matched: Matched) -> int:
    lessons: Sequence[Lesson] = [*matched.gone, *(lesson for lesson, _wish in matched.changed)]
    wishes = [*matched.new, *(wish for _lesson, wish in matched.changed)]
    owners = {(CalendarKind.GROUP, lesson.group_id) for lesson in lessons}
    owners |= {(CalendarKind.TEACHER, row.person_id) for lesson in lessons for row in lesson.teaching}
    owners |= {(CalendarKind.GROUP, wish.group_id) for wish in wishes}
    owners |= {(CalendarKind.TEACHER, person_id) for wish in wishes for person_id in wish.teacher_ids}
    joined = session.execute(
        sa.select(Feed.id, Calendar.kind, Calendar.owner_id)
        .join(feed_calendar, feed_calendar.c.feed_id == Feed.id)
        .join(Calendar, Calendar.id == feed_calendar.c.calendar_id)
        .where(Feed.school_id == school_id, Feed.revoked_at.is_(None))
    )
    return len({row.id for row in joined if (row.kind, row.owner_id) in owners})

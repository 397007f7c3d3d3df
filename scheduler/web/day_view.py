"""Days of lessons as pupils and parents see them: what runs now, what can be joined, what is cancelled; no names of
children, no lessons that wait for consent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import gettext as _

from scheduler import clock
from scheduler.calendars.inputs import LessonInputs, load_inputs, shown_lessons
from scheduler.calendars.wording import audience_words
from scheduler.clock import to_utc
from scheduler.database import db
from scheduler.models.addresses import join_url
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, Holiday, HolidayKind, School, Term
from scheduler.models.school_day import week_of
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.formats import rooms_words

JOIN_BEFORE = timedelta(minutes=10)
SATURDAY, SUNDAY = 6, 7


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson as a page shows it. `opens_at` is the wall clock from which it can be joined, None where it cannot."""

    start: time
    end: time
    title: str
    audience: str
    mode: LessonMode
    teachers: str
    rooms: str
    is_joined_together: bool
    is_cancelled: bool
    cancel_reason: str
    is_now: bool
    can_join: bool
    is_in_chat: bool
    opens_at: time | None
    join_url: str
    task: str
    homework: str
    materials: str


@dataclass(frozen=True, slots=True)
class DayView:
    """One date with its lessons; `holiday` is the sentence that explains their absence."""

    date: date
    is_today: bool
    lessons: tuple[LessonView, ...]
    holiday: str = ""

    @property
    def is_all_remote(self) -> bool:
        """Whether nobody comes to school: every lesson that takes place is joined or done from home."""
        live = [lesson.mode for lesson in self.lessons if not lesson.is_cancelled]
        return bool(live) and all(mode in (LessonMode.CALL, LessonMode.SELF_STUDY) for mode in live)


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week around the date in view. `is_published` is False after the last date for which lessons were made."""

    chosen: date
    days: tuple[DayView, ...]
    is_published: bool

    @property
    def day(self) -> DayView:
        return next(day for day in self.days if day.date == self.chosen)

    @property
    def previous(self) -> date:
        return self.chosen - timedelta(days=7)

    @property
    def next(self) -> date:
        return self.chosen + timedelta(days=7)

    @property
    def tabs(self) -> list[DayView]:
        """Monday to Friday, and a weekend day that has lessons or is in view."""
        return [day for day in self.days if day.date.isoweekday() < SATURDAY or day.lessons or day.date == self.chosen]

    @property
    def is_empty(self) -> bool:
        return not any(day.lessons for day in self.days)

    @property
    def holiday(self) -> str:
        """The holiday that explains an empty week."""
        return next((day.holiday for day in self.days if day.holiday), "")


def chosen_date(school: School, wish: str | None) -> date:
    """The date asked for; else today, or on a free weekend the coming Monday."""
    try:
        return date.fromisoformat(wish or "")
    except ValueError:
        today = clock.today(school.timezone)
    is_free = today.isoweekday() == SUNDAY or (today.isoweekday() == SATURDAY and school.days_per_week < SATURDAY)
    return today + timedelta(days=8 - today.isoweekday()) if is_free else today


def week_for_groups(school: School, group_ids: Collection[int], chosen: date, *, with_classes: bool) -> WeekView:
    """The week of `chosen` with the lessons of these groups; `with_classes` names each lesson's class."""
    return _week(school, Lesson.group_id.in_(group_ids), chosen, with_classes=with_classes)


def week_for_lessons(school: School, lesson_ids: sa.Select[int], chosen: date) -> WeekView:
    """The same for lessons chosen by a query, as a teacher's."""
    return _week(school, Lesson.id.in_(lesson_ids), chosen, with_classes=True)


def _week(school: School, which: sa.ColumnElement[bool], chosen: date, *, with_classes: bool) -> WeekView:
    days = week_of(chosen)
    conditions = [*shown_lessons(school.id, days[0]), Lesson.date <= days[-1], which]
    lessons = load_inputs(db.session(), conditions)
    now = clock.now()
    today = clock.today(school.timezone)
    holidays = _holidays(school, days)
    views = tuple(
        DayView(
            day,
            day == today,
            tuple(_view(lesson, now, with_classes) for lesson in lessons if lesson.date == day),
            holidays.get(day, ""),
        )
        for day in days
    )
    return WeekView(chosen, views, _is_published(school, days[0]))


def _view(lesson: LessonInputs, now: datetime, with_classes: bool) -> LessonView:  # noqa: FBT001 - private, one caller
    starts, ends = (to_utc(lesson.date, at, lesson.zone) for at in (lesson.start, lesson.end))
    is_cancelled = lesson.state is LessonState.CANCELLED
    is_joined = lesson.mode.has_call and not is_cancelled
    opens = datetime.combine(lesson.date, lesson.start) - JOIN_BEFORE
    return LessonView(
        start=lesson.start,
        end=lesson.end,
        title=", ".join(filter(None, (lesson.title, lesson.part))),
        audience=audience_words(lesson) if with_classes else "",
        mode=lesson.mode,
        teachers=", ".join(lesson.teachers),
        rooms=rooms_words(lesson.rooms) if lesson.has_place else "",
        is_joined_together=lesson.is_joined_together,
        is_cancelled=is_cancelled,
        cancel_reason=lesson.cancel_reason if is_cancelled else "",
        is_now=not is_cancelled and starts <= now < ends,
        can_join=is_joined and starts - JOIN_BEFORE <= now < ends,
        is_in_chat=is_joined and lesson.way is CallWay.IN_CHAT,
        opens_at=opens.time() if is_joined and now < starts - JOIN_BEFORE else None,
        join_url=join_url(lesson.join_token) if is_joined else "",
        task="" if is_cancelled or not lesson.mode.is_remote else lesson.offline_task,
        homework=lesson.homework,
        materials=lesson.materials,
    )


def _holidays(school: School, days: Sequence[date]) -> dict[date, str]:
    rows = db.session.scalars(
        sa.select(Holiday).where(
            Holiday.school_id == school.id,
            Holiday.kind != HolidayKind.WORKING_SATURDAY,
            Holiday.start <= days[-1],
            Holiday.end >= days[0],
        )
    ).all()
    return {day: _holiday_words(row) for row in rows for day in days if row.start <= day <= row.end}


def _holiday_words(holiday: Holiday) -> str:
    if holiday.start == holiday.end:
        return f"{holiday.name}."
    last = format_date(holiday.end, "d MMMM")
    return str(_("%(name)s until %(date)s.", name=holiday.name, date=last))


def _is_published(school: School, monday: date) -> bool:
    last = db.session.scalar(sa.select(sa.func.max(Term.published_to)).where(Term.school_id == school.id))
    return last is not None and monday <= last

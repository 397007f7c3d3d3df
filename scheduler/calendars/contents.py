"""What stands in a feed: its lessons from two weeks back on, each once, in the subscriber's wording."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.feed import EventPart, feed_text
from scheduler.calendars.inputs import LessonInputs, load_inputs, shown_lessons
from scheduler.calendars.names import class_labels, feed_name
from scheduler.calendars.texts import Rendered, texts_for
from scheduler.calendars.wording import Wording
from scheduler.calendars.zone import zone_text
from scheduler.models.calendars import Calendar, CalendarKind, CancelledPolicy, Feed, FeedKind, feed_calendar
from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import School
from scheduler.rules.facts import LessonState

PAST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Contents:
    """A feed's whole text, and the lesson texts that had to be rendered for it."""

    text: str
    rendered: list[Rendered] = field(default_factory=list)


def contents_of(session: Session, feed: Feed) -> Contents:
    """The calendar as of this session's state of the lessons."""
    school = session.get_one(School, feed.school_id)
    today = clock.today(school.timezone)
    lessons = feed_lessons(session, feed, _monday(today) - timedelta(days=PAST_DAYS))
    texts, rendered = texts_for(session, lessons, _wording(session, feed), school_id=feed.school_id)
    parts = [EventPart(text, may_alarm=_may_alarm(lesson, today)) for lesson, text in zip(lessons, texts, strict=True)]
    rules = zone_text(school.timezone, today.year)
    name = feed_name(session, feed)
    return Contents(feed_text(name, school.timezone, rules, parts, alarm=feed.alarm_minutes), rendered)


def feed_lessons(session: Session, feed: Feed, since: date) -> list[LessonInputs]:
    """The lessons of the feed's calendars; a class's never hold a private group's, whatever the set says."""
    conditions = shown_lessons(feed.school_id, since)
    if feed.kind is FeedKind.CLASS:
        conditions.append(StudyGroup.is_private.is_(False))
    owners = (
        sa.select(Calendar.owner_id)
        .join(feed_calendar, feed_calendar.c.calendar_id == Calendar.id)
        .where(feed_calendar.c.feed_id == feed.id)
    )
    groups = owners.where(Calendar.kind == CalendarKind.GROUP)
    teachers = owners.where(Calendar.kind == CalendarKind.TEACHER)
    taught = sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id.in_(teachers))
    return load_inputs(session, [*conditions, sa.or_(Lesson.group_id.in_(groups), Lesson.id.in_(taught))])


def _wording(session: Session, feed: Feed) -> Wording:
    is_named = feed.kind is FeedKind.TEACHER or len(class_labels(session, feed)) > 1
    if feed.cancelled_policy is CancelledPolicy.SHOWN:
        return Wording.NAMED_SHOWN if is_named else Wording.PLAIN_SHOWN
    return Wording.NAMED if is_named else Wording.PLAIN


def _may_alarm(lesson: LessonInputs, today: date) -> bool:
    return lesson.state is not LessonState.CANCELLED and lesson.date >= today


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

"""Changes of lessons as planning makes them, and feeds as programs read them."""

import gzip
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from scheduler import clock
from scheduler.calendars.feeds import feed_answer
from scheduler.calendars.touch import touch
from scheduler.database import transaction
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson

EARLY_TUESDAY = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)


def set_clock(moment=EARLY_TUESDAY):
    clock.configure(None, (moment - datetime.now(UTC)).total_seconds())


def change(school, *lesson_ids, **values):
    """Set values of lessons, and draw what follows for their calendars."""
    with transaction() as session:
        changes = []
        for lesson_id in lesson_ids:
            lesson = session.get_one(Lesson, lesson_id)
            before = snapshot(lesson)
            for name, value in values.items():
                setattr(lesson, name, value)
            lesson.sequence += 1
            lesson.changed_at = clock.now()
            changes.append(LessonChange(before, lesson))
        touch(session, school.id, changes)


def announce(school, *lesson_ids):
    """Draw what follows from lessons that are new."""
    with transaction() as session:
        touch(session, school.id, [LessonChange(None, session.get_one(Lesson, row)) for row in lesson_ids])


def text_of(subscription):
    return gzip.decompress(feed_answer(subscription.token).gzipped).decode()


def events_of(subscription):
    """The feed's events as a reader sees them, by UID."""
    return {str(event["UID"]): event for event in Calendar.from_ical(text_of(subscription)).walk("VEVENT")}


def summaries(subscription):
    return sorted(str(event["SUMMARY"]) for event in events_of(subscription).values())


def later(**span):
    return EARLY_TUESDAY + timedelta(**span)

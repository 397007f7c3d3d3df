"""The tables, one module a family of nouns; importing this makes all of them known to migrations."""

from scheduler.models import (
    audit,
    calendars,
    calls,
    chats,
    classes,
    courses,
    lessons,
    people,
    remote_day,
    school,
    school_day,
    timetable,
)

__all__ = [
    "audit",
    "calendars",
    "calls",
    "chats",
    "classes",
    "courses",
    "lessons",
    "people",
    "remote_day",
    "school",
    "school_day",
    "timetable",
]

"""The tables, one module a family of nouns; importing this makes all of them known to migrations."""

from scheduler.models import (
    api_keys,
    audit,
    calendars,
    calls,
    chats,
    classes,
    courses,
    joins,
    lessons,
    people,
    post_texts,
    remote_day,
    remote_told,
    school,
    school_day,
    timetable,
)

__all__ = [
    "api_keys",
    "audit",
    "calendars",
    "calls",
    "chats",
    "classes",
    "courses",
    "joins",
    "lessons",
    "people",
    "post_texts",
    "remote_day",
    "remote_told",
    "school",
    "school_day",
    "timetable",
]

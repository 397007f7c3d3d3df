"""One lesson as the text of one VEVENT; knows iCalendar, but neither the database nor the school's words."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Event, vUri

SUMMARY_LIMIT = 200
TEXT_LIMIT = 4000
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# RFC 5545 §3.1: TEXT holds no control characters but tab; lone surrogates cannot be written as UTF-8
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class EventStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class LessonEvent:
    """A lesson in the words that a calendar shows. `date`, `start` and `end` are wall clock in `zone` (IANA name)."""

    uid: str
    sequence: int
    changed_at: datetime
    date: date
    start: time
    end: time
    zone: str
    summary: str
    description: str
    status: EventStatus = EventStatus.CONFIRMED
    is_busy: bool = True
    join_url: str = ""
    join_label: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()


def event_text(lesson: LessonEvent) -> str:
    """The VEVENT with CRLF line ends, folded at 75 octets (RFC 5545 §3.1).

    DTSTAMP is the stored time of the change (§3.8.7.2 with METHOD:PUBLISH), so that unchanged lessons stay the same
    bytes; a cancelled lesson keeps its UID (§3.8.1.11).
    """
    zone = ZoneInfo(lesson.zone)
    changed = lesson.changed_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("UID", clean(lesson.uid, SUMMARY_LIMIT))
    event.add("SEQUENCE", lesson.sequence)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("DTSTART", datetime.combine(lesson.date, lesson.start, zone))
    event.add("DTEND", datetime.combine(lesson.date, lesson.end, zone))
    event.add("SUMMARY", clean(lesson.summary, SUMMARY_LIMIT).replace("\n", " "))
    event.add("STATUS", lesson.status.value)
    event.add("TRANSP", "OPAQUE" if lesson.is_busy else "TRANSPARENT")
    for name, value in (("DESCRIPTION", lesson.description), ("LOCATION", lesson.location)):
        if value:
            event.add(name, clean(value, TEXT_LIMIT))
    if lesson.categories:
        event.add("CATEGORIES", [clean(name, SUMMARY_LIMIT) for name in lesson.categories])
    if lesson.join_url:
        _add_join_page(event, lesson)
    return str(event.to_ical(), "utf-8")


def _add_join_page(event: Event, lesson: LessonEvent) -> None:
    event.add("URL", vUri(lesson.join_url))
    parameters = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": clean(lesson.join_label, SUMMARY_LIMIT)}
    event.add("CONFERENCE", vUri(lesson.join_url), parameters=parameters)  # RFC 7986 §5.11


def clean(text: str, limit: int) -> str:
    """The text without what iCalendar cannot hold, every line break as one, and no longer than `limit` characters."""
    text = _UNWRITABLE.sub("", _BREAKS.sub("\n", text)).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"

"""A whole calendar: header, zone, events, joined from ready texts; knows neither lessons nor the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar, vText

from scheduler.calendars.event import SUMMARY_LIMIT, clean

REFRESH = timedelta(hours=1)
_END = "END:VCALENDAR\r\n"
_EVENT_END = "END:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class EventPart:
    """A stored VEVENT; `may_alarm` is False for lessons that are past or cancelled."""

    text: str
    may_alarm: bool = True


def feed_text(name: str, zone: str, zone_rules: str, events: Iterable[EventPart], *, alarm: int | None = None) -> str:
    """The calendar's text; `zone_rules` is the zone's VTIMEZONE, `alarm` the minutes before each lesson, if wanted."""
    reminder = alarm_text(alarm) if alarm is not None else ""
    texts = (with_alarm(event.text, reminder) if reminder and event.may_alarm else event.text for event in events)
    return "".join((header_text(name, zone), zone_rules, *texts, _END))


def header_text(name: str, zone: str) -> str:
    """What stands before the first component: how the calendar is called and how often to ask again.

    REFRESH-INTERVAL (RFC 7986 §5.7) is heeded by Apple and Nextcloud, X-PUBLISHED-TTL by Outlook; Google heeds none.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//Zvonok//Lessons//RU")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for key in ("NAME", "X-WR-CALNAME"):
        calendar.add(key, vText(clean(name, SUMMARY_LIMIT).replace("\n", " ")))
    calendar.add("X-WR-TIMEZONE", zone)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    calendar.add("COLOR", "royalblue")
    return str(calendar.to_ical(), "utf-8").removesuffix(_END)


def alarm_text(minutes: int) -> str:
    """A reminder so many minutes before the start; the lesson's own name stands in the event around it."""
    lines = ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Скоро урок", f"TRIGGER:-PT{minutes}M", "END:VALARM", "")
    return "\r\n".join(lines)


def with_alarm(event: str, reminder: str) -> str:
    """The event with a reminder as its last component."""
    return event.removesuffix(_EVENT_END) + reminder + _EVENT_END

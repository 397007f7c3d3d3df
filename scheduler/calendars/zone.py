"""The VTIMEZONE of a zone as text, kept in memory; made from the system's zone data, never from a lesson."""

from datetime import date
from functools import lru_cache

from icalendar import Timezone


@lru_cache(maxsize=64)
def zone_text(zone: str, year: int) -> str:
    """The zone's rules from the year before `year` to the end of the year after it.

    Clients that get a TZID without its VTIMEZONE take UTC or refuse the whole feed (RFC 5545 §3.6.5 asks for one).
    The bounds are whole years, so that the text changes once a year and not with each day.
    """
    zone_rules = Timezone.from_tzid(zone, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    return str(zone_rules.to_ical(), "utf-8")

"""The calendar of a school year as an iCalendar file: whole-day events whose names say what they are.

Reads what a calendar of days needs and nothing else; a calendar of lessons holds no terms and is refused in words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import line_place
from scheduler.imports.sheets.text_tables import decode_table
from scheduler.imports.source import LARGEST_SOURCE, refuse_size
from scheduler.imports.terms.collecting import CalendarCollector, Span
from scheduler.imports.terms.draft import CalendarDraft
from scheduler.imports.terms.meanings import meaning_of

MOST_EVENTS = 5_000
_FOLD = re.compile(rb"\r?\n[ \t]")
_LINE = re.compile(r"^([A-Za-z-]+)((?:;[^:]*?(?:\"[^\"]*\")?)*):(.*)$")
_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{6}))?")


@dataclass(slots=True)
class _Event:
    """The properties of one event that matter, by their names, and the line it begins at."""

    line: int
    values: dict[str, str] = field(default_factory=dict)


def read_ics(data: bytes) -> CalendarDraft:
    """Raises ImportRefusedError where no event is a term or days off."""
    refuse_size(min(len(data), LARGEST_SOURCE + 1))
    collector = CalendarCollector()
    events = list(_events(data))
    for event in events:
        _add(collector, event)
    if not collector.count:
        raise ImportRefusedError(
            _("This calendar (ICS) holds no terms, holidays or moved days. A calendar of lessons is not read; what can "
              "be read is whole-day events such as “Quarter 1” or “Autumn holidays”."),
        )  # fmt: skip
    return collector.draft()


def _events(data: bytes) -> Iterator[_Event]:
    text = decode_table(_FOLD.sub(b"", data))[0]
    event: _Event | None = None
    count = 0
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line.strip())
        if found is None:
            continue
        name, value = found[1].upper(), found[3]
        if name == "BEGIN" and value.upper() == "VEVENT":
            event, count = _Event(number), count + 1
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None:
            event.values.setdefault(name, value)
        if count > MOST_EVENTS:
            raise ImportRefusedError(_("The calendar holds more than %(limit)s events. Please check which file it is.",
                                       limit=MOST_EVENTS))  # fmt: skip


def _add(collector: CalendarCollector, event: _Event) -> None:
    name = _text(event.values.get("SUMMARY", ""))
    where = line_place(event.line)
    start, end = (_moment(event.values.get(key, "")) for key in ("DTSTART", "DTEND"))
    if not meaning_of(name).what or event.values.get("STATUS", "").upper() == "CANCELLED":
        return
    if start is None:
        collector.findings.error(where, _("“%(name)s” has no date; it was not taken.", name=name))
        return
    if "RRULE" in event.values:
        collector.findings.warn(where, _("“%(name)s” repeats; only its first dates were taken.", name=name))
    first, last = start[0], (end or start)[0]
    if end is not None and not end[1]:
        last = end[0] - timedelta(days=1)  # a whole-day event ends with the day before
    collector.add(Span(name, (first, max(first, last)), where))


def _moment(value: str) -> tuple[date, bool] | None:
    """The date of a property, and whether it has an hour."""
    found = _DAY.match(value.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])), found[4] is not None
    except ValueError:
        return None


def _text(value: str) -> str:
    """The text of a property without its escapes."""
    plain = re.sub(r"\\([nN,;\\])", lambda sign: " " if sign[1] in "nN" else sign[1], value)
    return " ".join(plain.split())

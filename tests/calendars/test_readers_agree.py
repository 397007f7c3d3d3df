"""The feed of a whole term as three independent readers see it: icalendar, recurring-ical-events, ical.js."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import recurring_ical_events
from icalendar import Calendar

from scheduler.calendars.feeds import feed_for_class
from scheduler.rules.facts import LessonMode, LessonState
from tests.calendars.changes import announce, text_of
from tests.conftest import missing
from tests.factories import make_lesson

READER = Path(__file__).parent / "read_events.cjs"
TERM = [date(2026, 11, 9) + timedelta(days=day) for day in range(50)]


@pytest.fixture
def text(school):
    modes = list(LessonMode)
    lessons = [
        make_lesson(
            school,
            (school.algebra_a, school.english_1, school.english_2)[number % 3],
            day=day,
            period=number % 7 + 1,
            mode=modes[number % 4],
            state=LessonState.CANCELLED if number % 11 == 0 else LessonState.PLANNED,
            topic="Дроби; «разность, частное» \\ 😀\nвторая строка" * (number % 5),
        )
        for number, day in enumerate(day for day in TERM if day.isoweekday() < 6)
    ]
    announce(school, *lessons)
    return text_of(feed_for_class(school.id, school.class_a))


def facts(event):
    """What a family sees of an event, the same for each reader."""
    return {
        "uid": str(event["UID"]),
        "start": event["DTSTART"].dt.astimezone(UTC).isoformat(),
        "end": event["DTEND"].dt.astimezone(UTC).isoformat(),
        "summary": str(event["SUMMARY"]),
        "description": str(event["DESCRIPTION"]),
        "status": str(event["STATUS"]),
        "url": str(event.get("URL", "")),
    }


def by_uid(events):
    return sorted(events, key=lambda event: event["uid"])


def test_two_readers_of_python_see_the_same(text):
    calendar = Calendar.from_ical(text)
    whole = [facts(event) for event in calendar.walk("VEVENT")]
    spread = recurring_ical_events.of(calendar).between(datetime(2026, 11, 1), datetime(2027, 1, 31))  # noqa: DTZ001 - wall clock
    assert len(whole) == 36
    assert by_uid(facts(event) for event in spread) == by_uid(whole)


def test_reader_of_thunderbird_sees_the_same(text, tmp_path):
    node = shutil.which("node")
    if node is None:
        missing("no node: install nodejs to read feeds with ical.js")
    path = tmp_path / "feed.ics"
    path.write_bytes(text.encode())
    read = subprocess.run([node, READER, path], capture_output=True, check=True, timeout=30)
    assert by_uid(json.loads(read.stdout)) == by_uid(facts(event) for event in Calendar.from_ical(text).walk("VEVENT"))

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Event

from scheduler.calendars.event import SUMMARY_LIMIT, EventStatus, LessonEvent, clean, event_text

LESSON = LessonEvent(
    uid="4f1d7c1e-0c5b-4c1d-9d7a-1f2e3d4c5b6a",
    sequence=3,
    changed_at=datetime(2026, 11, 23, 18, 5, 9, 250000, tzinfo=UTC),
    date=date(2026, 11, 24),
    start=time(9, 0),
    end=time(9, 30),
    zone="Europe/Moscow",
    summary="▶ Алгебра — видеоурок",
    description="Учитель: Иванова Е. П.\nhttps://school.example/j/k3V9",
    join_url="https://school.example/j/k3V9",
    join_label="Подключиться к видеоуроку",
    categories=("Урок", "видеоурок"),
)
GOLDEN = """\
BEGIN:VEVENT
SUMMARY:▶ Алгебра — видеоурок
DTSTART;TZID=Europe/Moscow:20261124T090000
DTEND;TZID=Europe/Moscow:20261124T093000
DTSTAMP:20261123T180509Z
UID:4f1d7c1e-0c5b-4c1d-9d7a-1f2e3d4c5b6a
SEQUENCE:3
CATEGORIES:Урок,видеоурок
CONFERENCE;FEATURE=VIDEO;LABEL=Подключиться к видеоуроку;VALUE=URI:https://school.example/j/k3V9
DESCRIPTION:Учитель: Иванова Е. П.\\nhttps://school.example/j/k3V9
LAST-MODIFIED:20261123T180509Z
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://school.example/j/k3V9
END:VEVENT
"""
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=400)
HOSTILE = [
    "a\rb",
    "a\r\nBEGIN:VALARM",
    "\x00\x07\x1b",
    "я" * 5000,
    "😀" * 90,
    "a\u2028b\x85c\x0bd",
    ";,:\\\"'",
    "\ud800x",
]


def unfolded(text):
    return text.replace("\r\n ", "").replace("\r\n", "\n")


def test_lesson_is_written_as_agreed():
    assert unfolded(event_text(LESSON)) == GOLDEN


def test_cancelled_lesson_keeps_its_uid():
    text = event_text(replace(LESSON, status=EventStatus.CANCELLED, is_busy=False, sequence=4))
    expected = GOLDEN.replace("CONFIRMED", "CANCELLED").replace("OPAQUE", "TRANSPARENT")
    assert unfolded(text) == expected.replace("SEQUENCE:3", "SEQUENCE:4")


def test_lesson_at_school_has_a_place_and_no_join_page():
    text = unfolded(event_text(replace(LESSON, join_url="", location="кабинет 27, актовый зал")))
    assert "LOCATION:кабинет 27\\, актовый зал\n" in text
    assert "URL" not in text
    assert "CONFERENCE" not in text


def ensure_valid(text):
    assert text.endswith("END:VEVENT\r\n")
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any(ord(sign) < 32 and sign not in "\r\n\t" for sign in text)
    assert text.count("\r") == text.count("\n") == text.count("\r\n")
    assert sum(line.startswith("BEGIN:") for line in lines) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    written = event_text(replace(LESSON, summary=text, description=text, location=text, categories=(text,)))
    ensure_valid(written)
    read = Event.from_ical(written)
    assert len(str(read["SUMMARY"])) <= SUMMARY_LIMIT


@settings(max_examples=50, deadline=None)
@given(summary=ANY_TEXT, description=ANY_TEXT, location=ANY_TEXT)
def test_any_text_is_read_back_as_cleaned(summary, description, location):
    written = event_text(replace(LESSON, summary=summary, description=description, location=location))
    ensure_valid(written)
    read = Event.from_ical(written)
    assert str(read.get("SUMMARY", "")) == clean(summary, SUMMARY_LIMIT).replace("\n", " ")
    assert str(read.get("DESCRIPTION", "")) == clean(description, 4000)
    assert str(read.get("LOCATION", "")) == clean(location, 4000)


@given(ANY_TEXT, st.integers(2, 50))
def test_clean_keeps_to_its_length_and_is_done_once(text, limit):
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert clean(cleaned, limit) == cleaned
    cleaned.encode()


@given(st.datetimes(datetime(2026, 9, 1), datetime(2027, 5, 31)).map(lambda moment: moment.replace(tzinfo=UTC)))  # noqa: DTZ001 - bounds are naive by the strategy's rule
def test_stamp_is_the_time_of_the_change_to_the_second(moment):
    read = Event.from_ical(event_text(replace(LESSON, changed_at=moment)))
    assert read["DTSTAMP"].dt == read["LAST-MODIFIED"].dt == moment.replace(microsecond=0)

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Timezone

from scheduler.calendars.feed import EventPart, feed_text
from scheduler.calendars.zone import zone_text
from tests.calendars.test_event import LESSON, event_text

SCHOOL_ZONES = ["Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Kamchatka"]
WITH_SUMMER_TIME = ["Europe/Kyiv", "America/New_York"]
HEADER = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Zvonok//Lessons//RU
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:7 «А» — уроки
X-WR-CALNAME:7 «А» — уроки
COLOR:royalblue
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/Moscow
BEGIN:VTIMEZONE
"""


def joined(*parts, name="7 «А» — уроки", **options):
    return feed_text(name, "Europe/Moscow", zone_text("Europe/Moscow", 2026), parts, **options)


def test_feed_begins_with_its_name_and_how_often_to_ask():
    assert joined().replace("\r\n", "\n").startswith(HEADER)


def test_feed_without_lessons_is_a_calendar_all_the_same():
    calendar = Calendar.from_ical(joined())
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


def test_hostile_name_stays_one_line():
    calendar = Calendar.from_ical(joined(name="7А; B\r\nX-EVIL:1" + "я" * 300))
    assert str(calendar["NAME"]).startswith("7А\\; B X-EVIL:1")  # the reader knows no NAME and leaves it escaped
    assert "X-EVIL" not in calendar
    assert max(len(line.encode()) for line in joined(name="я" * 300).split("\r\n")) <= 75


def test_reminder_stands_only_on_lessons_to_come():
    event = event_text(LESSON)
    calendar = Calendar.from_ical(joined(EventPart(event), EventPart(event, may_alarm=False), alarm=10))
    alarms = [event.walk("VALARM") for event in calendar.walk("VEVENT")]
    assert [len(found) for found in alarms] == [1, 0]
    assert alarms[0][0]["TRIGGER"].dt == timedelta(minutes=-10)


def test_no_reminder_unless_wished():
    assert "VALARM" not in joined(EventPart(event_text(LESSON)))


@pytest.mark.parametrize("zone", [*SCHOOL_ZONES, *WITH_SUMMER_TIME])
def test_zone_rules_agree_with_the_system(zone):
    rules = Timezone.from_ical(zone_text(zone, 2026)).to_tz()
    true = ZoneInfo(zone)
    for day in range(0, 600, 13):
        moment = datetime(2026, 1, 2, 12) + timedelta(days=day)  # noqa: DTZ001 - wall clock
        assert rules.utcoffset(moment) == true.utcoffset(moment)


def test_zone_text_is_the_same_object_all_year():
    assert zone_text("Asia/Omsk", 2026) is zone_text("Asia/Omsk", 2026)
    assert zone_text("Asia/Omsk", 2026).endswith("END:VTIMEZONE\r\n")

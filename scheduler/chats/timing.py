"""When a post is due and whether it sounds: pure decisions over instants; the school's hours are its settings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.chats.pace import Pace
from scheduler.models.chats import Chat, ChatKind
from scheduler.models.school import School

AFTER_QUIET = timedelta(hours=1)
URGENT = timedelta(minutes=30)
EARLIEST = time(6, 30)
LAST_LOUD_GRADE_OF_PARENTS = 4


@dataclass(frozen=True, slots=True)
class Hours:
    """The school's zone and hours; `evening` is the chat's own where it chose one."""

    zone: str
    quiet_from: time
    quiet_to: time
    evening: time


def hours_of(school: School, chat: Chat) -> Hours:
    """The school's hours with the evening hour of the chat where it has one."""
    return Hours(school.timezone, school.quiet_from, school.quiet_to, chat.evening_hour or school.evening_hour)


def bulletin_due(now: datetime, day: date, *, hours: Hours, first_start: datetime | None) -> datetime:
    """At once when the day is today or tomorrow, else in the evening of the eve; never within the quiet hours,
    unless the first lesson starts within an hour of their end.
    """
    zone = ZoneInfo(hours.zone)
    due = now
    if day > now.astimezone(zone).date() + timedelta(days=1):
        due = max(now, datetime.combine(day - timedelta(days=1), hours.evening, zone).astimezone(now.tzinfo))
    return after_quiet(due, hours, first_start=first_start)


def later_due(now: datetime, day: date, *, hours: Hours, first_start: datetime | None) -> datetime:
    """A later day of a decision that has told the chat its first day at once: in the evening of the eve.

    Where that hour has passed, at the end of the night: one decision is one new message at once.
    """
    zone = ZoneInfo(hours.zone)
    evening = datetime.combine(day - timedelta(days=1), hours.evening, zone).astimezone(now.tzinfo)
    if now <= evening:
        return after_quiet(evening, hours, first_start=first_start)
    morning = datetime.combine(day, max(hours.quiet_to, EARLIEST), zone).astimezone(now.tzinfo)
    is_too_late = first_start is not None and morning > first_start - URGENT
    return now if is_too_late else max(now, morning)


def after_quiet(moment: datetime, hours: Hours, *, first_start: datetime | None) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    local = moment.astimezone(ZoneInfo(hours.zone))
    wall = local.time()
    if not _is_quiet(wall, hours):
        return moment
    ends_today = wall < hours.quiet_to
    day = local.date() if ends_today else local.date() + timedelta(days=1)
    end = datetime.combine(day, hours.quiet_to, local.tzinfo).astimezone(moment.tzinfo)
    if first_start is not None and first_start <= end + AFTER_QUIET:
        return moment
    return end


def _is_quiet(wall: time, hours: Hours) -> bool:
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= wall < hours.quiet_to
    return wall >= hours.quiet_from or wall < hours.quiet_to


def notice_due(
    now: datetime, opened_at: datetime, *, hours: Hours, first_start: datetime | None, pace: Pace
) -> datetime:
    """After two minutes of quiet, five at most; at once when a changed lesson starts within half an hour."""
    if first_start is not None and now <= first_start <= now + URGENT:
        return now
    joined = min(now + timedelta(seconds=pace.join_quiet), opened_at + timedelta(seconds=pace.join_most))
    return after_quiet(max(now, joined), hours, first_start=first_start)


def is_loud(kind: ChatKind | None, grade: int | None, *, sounds: bool | None, is_remote_day: bool) -> bool:
    """A phone rings only for what its owner must know now; `sounds` is the chat's own wish where it has one."""
    if sounds is not None:
        return sounds
    if is_remote_day or kind is ChatKind.STUDENTS:
        return True
    return kind is ChatKind.PARENTS and grade is not None and grade <= LAST_LOUD_GRADE_OF_PARENTS

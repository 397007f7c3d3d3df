from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.chats.pace import Pace
from scheduler.chats.timing import Hours, after_quiet, bulletin_due, is_loud, notice_due
from scheduler.models.chats import ChatKind

HOURS = Hours("Europe/Moscow", time(21), time(7), time(18))


def moscow(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


@pytest.mark.parametrize(
    ("now", "day", "start", "due"),
    [
        (moscow(24, 7, 30), 24, moscow(24, 9), moscow(24, 7, 30)),
        (moscow(24, 12), 25, moscow(25, 9), moscow(24, 12)),
        (moscow(24, 12), 27, moscow(27, 9), moscow(26, 18)),
        (moscow(24, 22), 25, moscow(25, 9), moscow(25, 7)),
        (moscow(25, 3), 25, moscow(25, 9), moscow(25, 7)),
        (moscow(25, 3), 25, moscow(25, 7, 45), moscow(25, 3)),
        (moscow(24, 22), 25, moscow(25, 8), moscow(24, 22)),
        (moscow(24, 22), 25, None, moscow(25, 7)),
    ],
)
def test_bulletin_is_due_by_day_and_quiet_hours(now, day, start, due):
    assert bulletin_due(now, date(2026, 11, day), hours=HOURS, first_start=start) == due


def test_quiet_hours_may_lie_within_a_day():
    siesta = Hours("Europe/Moscow", time(13), time(15), time(18))
    assert after_quiet(moscow(24, 14), siesta, first_start=None) == moscow(24, 15)
    assert after_quiet(moscow(24, 12), siesta, first_start=None) == moscow(24, 12)


@pytest.mark.parametrize(
    ("opened", "now", "start", "due"),
    [
        (moscow(24, 10), moscow(24, 10), moscow(24, 14), moscow(24, 10, 2)),
        (moscow(24, 10), moscow(24, 10, 4), moscow(24, 14), moscow(24, 10, 5)),
        (moscow(24, 10), moscow(24, 10, 9), moscow(24, 14), moscow(24, 10, 9)),
        (moscow(24, 10), moscow(24, 10), moscow(24, 10, 30), moscow(24, 10)),
        (moscow(24, 22), moscow(24, 22), moscow(25, 10), moscow(25, 7)),
        (moscow(24, 10), moscow(24, 10), None, moscow(24, 10, 2)),
    ],
)
def test_notice_waits_for_quiet_and_not_longer(opened, now, start, due):
    assert notice_due(now, opened, hours=HOURS, first_start=start, pace=Pace()) == due


@pytest.mark.parametrize(
    ("kind", "grade", "sounds", "remote", "loud"),
    [
        (ChatKind.STUDENTS, 7, None, False, True),
        (ChatKind.STUDENTS, 7, False, True, False),
        (ChatKind.PARENTS, 7, None, False, False),
        (ChatKind.PARENTS, 3, None, False, True),
        (ChatKind.PARENTS, None, None, False, False),
        (ChatKind.PARENTS, 7, True, False, True),
        (ChatKind.TEACHERS, None, None, False, False),
        (ChatKind.TEACHERS, None, None, True, True),
    ],
)
def test_phone_rings_only_for_what_its_owner_must_know(kind, grade, sounds, remote, loud):
    assert is_loud(kind, grade, sounds=sounds, is_remote_day=remote) is loud

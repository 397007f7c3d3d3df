"""The small school on the morning of a remote day, for tests of what comes after the decision."""

from datetime import UTC, datetime, time

from scheduler.database import transaction
from scheduler.models.timetable import BellAssignment, BellKind
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.rules.facts import LessonMode
from tests.factories import TUESDAY, add, make_bells, make_lesson, make_school

MORNING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
REMOTE = {number: (time(8 + number, 0), time(8 + number, 30)) for number in range(1, 8)}
WISH = RemoteWish(TUESDAY, TUESDAY, text="мороз −34 °C")


def make_morning():
    """Four lessons of two classes in person, and remote bells."""
    made = make_school(weekly_slots=False)
    with transaction() as session:
        bells = make_bells(session, made.id, REMOTE, kind=BellKind.REMOTE)
        add(session, BellAssignment(school_id=made.id, bell_schedule_id=bells.id, shift=1))
    for period, course in enumerate((made.algebra_a, made.english_1, made.physics_a), start=1):
        make_lesson(made, course, period=period, mode=LessonMode.IN_PERSON, base={"nth": 1})
    make_lesson(made, made.algebra_b, period=4, mode=LessonMode.IN_PERSON, base={"nth": 1})
    return made


def declare(school):
    """The whole school stays at home."""
    return declare_remote_day(school.id, WISH, actor_id=school.director).remote_day_id

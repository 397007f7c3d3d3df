"""Schools for `mix.py`: imported files and the demo school, with remote bells that overlap in time."""

from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from scheduler import clock
from scheduler.database import transaction
from scheduler.demo.school import make_school
from scheduler.demo.store import store_school
from scheduler.demo.store_people import store_classes, store_groups, store_people
from scheduler.demo.store_plan import store_bells, store_courses, store_slots
from scheduler.imports.apply import import_file
from scheduler.models.classes import SchoolClass
from scheduler.models.school import CallWay, School
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period
from scheduler.planning.publish import publish_timetable
from scheduler.planning.schools import add_school

HOURS = 14
MINUTES = 25


def next_thursday():
    """The Thursday of the next week."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=11 - today.isoweekday())


def imported_school(path):
    """A real timetable, published for the week."""
    school_id = add_school("Школа", "Europe/Moscow")
    import_file(school_id, path.read_bytes(), path.name, actor_id=None)
    return prepared(school_id)


def demo_school(classes):
    """The demo school of so many classes, without chats: its own shifts and remote bells stay as they are."""
    today = next_thursday() - timedelta(days=7)
    plan = make_school(classes=classes, today=today)
    with transaction() as session:
        ids = store_school(session, plan)
        store_people(session, ids, plan)
        store_classes(session, ids, plan)
        store_groups(session, ids, plan)
        store_bells(session, ids, plan)
        store_courses(session, ids, plan)
        store_slots(session, ids, plan)
    monday = next_thursday() - timedelta(days=3)
    publish_timetable(ids.school, monday, monday + timedelta(days=4))
    return ids.school


def prepared(school_id):
    """Published for the week of `next_thursday`, links made by VK, younger and older classes by two bell schedules."""
    monday = next_thursday() - timedelta(days=3)
    clock.now = lambda: datetime.combine(monday - timedelta(days=3), time(9), tzinfo=UTC)
    publish_timetable(school_id, monday, monday + timedelta(days=4))
    with transaction() as session:
        session.get_one(School, school_id).call_way = CallWay.VK
        classes = session.scalars(sa.select(SchoolClass).where(SchoolClass.school_id == school_id)).all()
        middle = sorted(row.grade or 0 for row in classes)[len(classes) // 2]
        young, old = bells(session, school_id, 540, 35), bells(session, school_id, 560, 40)
        for row in classes:
            chosen = young if (row.grade or 0) < middle else old
            session.add(BellAssignment(school_id=school_id, bell_schedule_id=chosen, class_id=row.id))
    return school_id


def bells(session, school_id, start, step):
    """Hours of 25 minutes from `start` on, so many minutes apart."""
    row = BellSchedule(school_id=school_id, name=f"remote {start}", kind=BellKind.REMOTE)
    begins = [start + number * step for number in range(HOURS)]
    row.periods = [
        Period(school_id=school_id, number=number, start=wall(at), end=wall(at + MINUTES))
        for number, at in enumerate(begins, start=1)
    ]
    session.add(row)
    session.flush()
    return row.id


def wall(minutes):
    """Minutes since midnight as a time."""
    return time(minutes // 60, minutes % 60)

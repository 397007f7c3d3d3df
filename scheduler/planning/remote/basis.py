"""The fingerprint of everything that a plan is computed from: while it holds, the plan is what it was.

Cheap to take: few queries of plain columns, so that confirming under the lock need not compute the mix anew.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.loading import load_ground
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.remote.bells import load_remote_bells
from scheduler.planning.remote.wish import RemoteWish, remote_days_on


def basis_of(session: Session, school: School, wish: RemoteWish) -> str:
    """The fingerprint for this wish as things stand now.

    The lessons are those of whole weeks, since the weekly load is judged; which of them have begun counts too.
    """
    found = hashlib.sha256()
    for row in _rows(session, school, wish):
        found.update(repr(row).encode())
    return found.hexdigest()[:32]


def _rows(session: Session, school: School, wish: RemoteWish) -> Iterator[Any]:
    yield school.call_way, school.rule_settings, school.remote_settings, school.remote_gap_minutes
    weeks = sorted({day for touched in wish.dates for day in week_of(touched)})
    lessons = sa.select(Lesson.id, Lesson.sequence, Lesson.mode, Lesson.state).where(
        Lesson.school_id == school.id, Lesson.date.in_(weeks)
    )
    yield from map(tuple, session.execute(lessons.order_by(Lesson.id)))
    begun = sa.select(Lesson.id).where(
        Lesson.school_id == school.id, Lesson.date.in_(wish.dates), Lesson.starts_at <= clock.now()
    )
    yield session.scalars(begun.order_by(Lesson.id)).all()
    yield [row.id for row in remote_days_on(session, school.id, wish.dates)]
    classes = sa.select(
        SchoolClass.id, SchoolClass.grade, SchoolClass.shift, SchoolClass.device, SchoolClass.profile,
        SchoolClass.is_archived,
    )  # fmt: skip
    yield from map(tuple, session.execute(classes.where(SchoolClass.school_id == school.id).order_by(SchoolClass.id)))
    subjects = sa.select(Subject.id, Subject.name, Subject.remote_use, Subject.is_physical_education)
    yield from map(tuple, session.execute(subjects.where(Subject.school_id == school.id).order_by(Subject.id)))
    bells = load_remote_bells(session, school.id)
    yield bells.assignments, sorted(bells.hours.items())
    ground = load_ground(session, school.id)
    yield ground.school_way, sorted(ground.course_ways.items()), sorted(ground.chats.items()), ground.has_token
    yield sorted((owner, room.id, room.url) for owner, room in ground.rooms.items())

"""Raises the revisions of the calendars that changed lessons stand in; renders nothing itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.inputs import chunks
from scheduler.calendars.sets import ensure_calendars, link_new_groups
from scheduler.database import wake_after_commit
from scheduler.models.calendars import Calendar, CalendarKind, feed_calendar
from scheduler.models.changes import LessonChange
from scheduler.models.lessons import LessonTeacher, lesson_room
from scheduler.rules.facts import LessonState

Owners = dict[CalendarKind, set[int]]


def touch(session: Session, school_id: int, changes: Sequence[LessonChange]) -> None:
    """Note that the calendars of these lessons, as they were and as they are, have changed (design: invariant 5).

    A remote day passes hundreds of lessons: the number of queries does not grow with them.
    """
    if not changes:
        return
    session.flush()
    _remember_refused(changes)
    touch_owners(session, school_id, _owners(session, changes))


def touch_owners(session: Session, school_id: int, owners: Owners) -> None:
    """Note that the calendars of these groups, teachers and rooms have changed, creating those that are missing."""
    wanted = [(kind, owner_id) for kind, ids in owners.items() for owner_id in ids]
    created = ensure_calendars(session, school_id, wanted)
    _raise_revisions(session, school_id, owners)
    link_new_groups(session, school_id, [owner for kind, owner in created if kind is CalendarKind.GROUP])
    _wake(session, school_id, owners)


def touch_school(session: Session, school_id: int) -> None:
    """Note that every calendar of the school has changed: it was renamed, or a subject or a teacher was."""
    ids = list(session.scalars(sa.select(Calendar.id).where(Calendar.school_id == school_id)))
    _raise(session, ids)
    for calendar_id in ids:
        wake_after_commit(session, "feed", calendar_id)


def _remember_refused(changes: Sequence[LessonChange]) -> None:
    # a wish that was refused stood in no calendar, so none may show it as cancelled now
    for change in changes:
        if change.before and change.before.state is LessonState.WAITING:
            change.lesson.is_refused = change.lesson.state is LessonState.CANCELLED


def _owners(session: Session, changes: Sequence[LessonChange]) -> Owners:
    owners: Owners = defaultdict(set)
    for before in filter(None, (change.before for change in changes)):
        owners[CalendarKind.GROUP].add(before.group_id)
        owners[CalendarKind.TEACHER] |= before.teacher_ids
        owners[CalendarKind.ROOM] |= before.room_ids
    owners[CalendarKind.GROUP] |= {change.lesson.group_id for change in changes}
    teachers, rooms = LessonTeacher.__table__.c, lesson_room.c
    for chunk in chunks(change.lesson.id for change in changes):
        for kind, owner, lesson in (
            (CalendarKind.TEACHER, teachers.person_id, teachers.lesson_id),
            (CalendarKind.ROOM, rooms.room_id, rooms.lesson_id),
        ):
            owners[kind] |= set(session.scalars(sa.select(owner).where(lesson.in_(chunk)).distinct()))
    return owners


def _raise_revisions(session: Session, school_id: int, owners: Owners) -> None:
    ids: list[int] = []
    for kind, owner_ids in owners.items():
        for chunk in chunks(sorted(owner_ids)):
            ids += session.scalars(_of(school_id, kind, chunk))
    _raise(session, ids)


def _raise(session: Session, ids: Iterable[int]) -> None:
    # locked in one order, so that two changes of different days cannot wait for each other
    for chunk in chunks(sorted(ids)):
        session.execute(
            sa.select(Calendar.id).where(Calendar.id.in_(chunk)).order_by(Calendar.id).with_for_update(key_share=True)
        )
        session.execute(
            sa.update(Calendar)
            .where(Calendar.id.in_(chunk))
            .values(revision=Calendar.revision + 1, changed_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def _of(school_id: int, kind: CalendarKind, owner_ids: Sequence[int]) -> sa.Select[int]:
    return sa.select(Calendar.id).where(
        Calendar.school_id == school_id, Calendar.kind == kind, Calendar.owner_id.in_(owner_ids)
    )


def _wake(session: Session, school_id: int, owners: Owners) -> None:
    """Only calendars that somebody subscribed to are rendered ahead."""
    for kind, owner_ids in owners.items():
        for chunk in chunks(sorted(owner_ids)):
            query = _of(school_id, kind, chunk).join(feed_calendar, feed_calendar.c.calendar_id == Calendar.id)
            for calendar_id in session.scalars(query.distinct()):
                wake_after_commit(session, "feed", calendar_id)

"""Undoing a remote day: only what still holds its value goes back, and only for lessons that have not begun."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.remote_days import announce_return, unmark_remote
from scheduler.database import transaction
from scheduler.models.changes import LessonChange
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemoteDayState
from scheduler.models.school import School
from scheduler.planning import audit, consequences
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.locking import Locked, lock
from scheduler.planning.remote.right import ensure_may_declare
from scheduler.planning.remote.wish import Scope, classes_of_scope, remote_days_on
from scheduler.planning.remote.writing import plain, read, write_lessons
from scheduler.rules.facts import LessonMode, LessonState

# Start and end are one statement of a person, and so are a lesson's mode and its minutes of call.
TOGETHER = (("mode", "online_minutes"), ("start", "end"), ("state", "cancel_reason"), ("is_joined_together",))


@dataclass(frozen=True, slots=True)
class Undone:
    """How many lessons went back, and which were left alone, begun or changed by somebody since."""

    remote_day_ids: tuple[int, ...]
    changed: int
    kept: tuple[int, ...]


def undo_remote_day(school_id: int, remote_day_id: int, *, actor_id: int | None = None, reason: str = "") -> Undone:
    """Take one decision back as a whole; undone before, it changes nothing. Raises NotThereError, NotAllowedError."""
    with transaction() as session:
        ensure_may_declare(session, school_id, actor_id)
        row = session.get(RemoteDay, remote_day_id)
        if row is None or row.school_id != school_id:
            raise NotThereError(_("There is no such remote day."))
        return _undo(session, row, actor_id=actor_id, reason=reason)


def undo_remote_days(
    school_id: int,
    first: date,
    last: date,
    *,
    scope: Scope | None = None,
    actor_id: int | None = None,
    reason: str = "",
) -> Undone:
    """Take back every decision that meets these dates and classes of the scope.

    Raises PlanningError where such a decision has other classes or dates too: it is undone as a whole only.
    """
    with transaction() as session:
        ensure_may_declare(session, school_id, actor_id)
        rows = _wholly_meant(session, school_id, (first, last), scope or Scope())
        undone = [_undo(session, row, actor_id=actor_id, reason=reason) for row in rows]
    kept = tuple(lesson_id for one in undone for lesson_id in one.kept)
    return Undone(tuple(row.id for row in rows), sum(one.changed for one in undone), kept)


def _wholly_meant(session: Session, school_id: int, dates: tuple[date, date], scope: Scope) -> list[RemoteDay]:
    wanted = frozenset(row.id for row in classes_of_scope(session, school_id, scope))
    is_everybody = scope == Scope()
    met = [row for row in remote_days_on(session, school_id, dates) if is_everybody or wanted & set(row.class_ids)]
    wider = [row for row in met if not is_everybody and not wanted.issuperset(row.class_ids)]
    longer = [row for row in met if row.date_from < dates[0] or row.date_to > dates[1]]
    if wider:
        raise PlanningError(
            _("This decision has other classes too. It can be undone as a whole: name all its classes.")
        )
    if longer:
        raise PlanningError(_("This decision has other dates too. It can be undone as a whole: name all its dates."))
    return met


def _undo(session: Session, row: RemoteDay, *, actor_id: int | None, reason: str) -> Undone:
    school = session.get_one(School, row.school_id)
    set_by_it = {
        one.lesson_id: one
        for one in session.scalars(sa.select(RemoteDayLesson).where(RemoteDayLesson.remote_day_id == row.id))
    }
    locked = lock(session, school.id, lesson_ids=set_by_it, dates=[row.date_from, row.date_to])
    session.refresh(row)
    if row.state is RemoteDayState.UNDONE:
        return Undone((row.id,), 0, ())
    row.state, row.undone_by_id, row.undone_at = RemoteDayState.UNDONE, actor_id, clock.now()
    restored, kept = restored_values(locked, set_by_it)
    row.kept = sorted(kept)
    session.flush()
    bulletins = unmark_remote(session, school.id, _class_days(row, locked), still=_still(session, row))
    changes = _carry_back(session, school, locked, restored, row=row, reason=reason)
    announce_return(session, school, bulletins, first_starts(session, school.id, {one.date for one in bulletins}))
    return Undone((row.id,), len(changes), tuple(row.kept))


def restored_values(
    locked: Locked, set_by_it: dict[int, RemoteDayLesson]
) -> tuple[dict[int, dict[str, Any]], set[int]]:
    """The values to go back, by lesson; and the lessons that are left alone, wholly or in part."""
    restored: dict[int, dict[str, Any]] = {}
    kept: set[int] = set()
    for lesson_id, one in set_by_it.items():
        lesson = locked.lesson(lesson_id)
        if lesson.starts_at <= clock.now() or lesson.state is LessonState.HELD:
            kept.add(lesson_id)
            continue
        values, is_whole = _values_back(lesson, one)
        if not is_whole:
            kept.add(lesson_id)
        if values:
            restored[lesson_id] = values
    return restored, kept


def _values_back(lesson: Lesson, one: RemoteDayLesson) -> tuple[dict[str, Any], bool]:
    now = plain(lesson)
    values: dict[str, Any] = {}
    is_whole = True
    for names in TOGETHER:
        changed = [name for name in names if one.before.get(name) != one.after.get(name)]
        if not changed:
            continue
        if all(now[name] == one.after[name] for name in names):
            values |= {name: read(name, one.before[name]) for name in names}
        else:
            is_whole = False
    if _works_alone_at_school(lesson, one):
        values["is_joined_together"] = True
    if is_whole and lesson.sequence == one.sequence:
        values["is_changed_by_person"] = one.before["is_changed_by_person"]
    return values, is_whole


def _works_alone_at_school(lesson: Lesson, one: RemoteDayLesson) -> bool:
    """Whether a person made it work on one's own since: back at school the class does it in the lesson's room."""
    is_by_person = lesson.mode is LessonMode.SELF_STUDY and LessonMode(one.after["mode"]) is not LessonMode.SELF_STUDY
    return is_by_person and LessonMode(one.before["mode"]).has_place and bool(lesson.rooms)


def _class_days(row: RemoteDay, locked: Locked) -> dict[date, set[int]]:
    """The classes by date whose bulletins told this decision."""
    found: dict[date, set[int]] = defaultdict(set)
    ids = set(row.class_ids)
    for lesson in locked.lessons.values():
        found[lesson.date] |= {part.class_id for part in lesson.group.parts} & ids
    return found


def _still(session: Session, row: RemoteDay) -> frozenset[date]:
    """The dates on which another decision keeps other classes at home: the teachers' chat goes on telling it."""
    others = [one for one in remote_days_on(session, row.school_id, (row.date_from, row.date_to)) if one.id != row.id]
    ordinals = range(row.date_from.toordinal(), row.date_to.toordinal() + 1)
    days = [date.fromordinal(number) for number in ordinals]
    return frozenset(day for day in days if any(one.date_from <= day <= one.date_to for one in others))


def _carry_back(
    session: Session,
    school: School,
    locked: Locked,
    restored: dict[int, dict[str, Any]],
    *,
    row: RemoteDay,
    reason: str,
) -> Sequence[LessonChange]:
    lessons = [locked.lesson(lesson_id) for lesson_id in restored]
    for day in {lesson.date for lesson in lessons}:
        locked.days[day].revision += 1
    changes = write_lessons(session, school, lessons, restored)
    for change in changes:
        audit.record_lesson(session, change, action="undo_remote_day", actor_id=row.undone_by_id, reason=reason)
    consequences.draw(session, school.id, changes)
    return changes


def first_starts(session: Session, school_id: int, dates: Iterable[date]) -> dict[tuple[int | None, date], time]:
    """When the first lesson at school that is still to come begins, by class and date; None is the whole school."""
    query = (
        sa.select(GroupPart.class_id, Lesson.date, sa.func.min(Lesson.start))
        .join(Lesson, Lesson.group_id == GroupPart.group_id)
        .join(StudyGroup, StudyGroup.id == GroupPart.group_id)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.in_(set(dates)),
            Lesson.mode == LessonMode.IN_PERSON,
            Lesson.state == LessonState.PLANNED,
            Lesson.starts_at > clock.now(),
            StudyGroup.is_private.is_(False),
        )
        .group_by(GroupPart.class_id, Lesson.date)
    )
    found: dict[tuple[int | None, date], time] = {}
    for class_id, day, start in session.execute(query):
        found[class_id, day] = start
        found[None, day] = min(start, found.get((None, day), start))
    return found

"""Tasks of remote lessons: what is still empty, and many of them written at once. A missing task delays nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.chats.remote_days import retell_tasks
from scheduler.database import transaction
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemoteDayState
from scheduler.models.school import School
from scheduler.permissions import Action, Grant, may
from scheduler.planning.carry_out import Decision, carry_out
from scheduler.planning.errors import PlanningError
from scheduler.planning.locking import lock
from scheduler.planning.permission import NotAllowedError, person_of
from scheduler.planning.values import Wished, values_of
from scheduler.rules.facts import LessonMode, LessonState

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class TaskEdit:
    """What stood in the field when it was shown, and what was typed."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TaskConflict:
    """A lesson whose task somebody else changed meanwhile: both texts."""

    lesson_id: int
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Written:
    """How many tasks were written; `gone` are lessons that are over or cancelled now, nothing was written for them."""

    changed: int
    conflicts: tuple[TaskConflict, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TeacherMissing:
    """A teacher with the number of lessons that still have no task, and when the first of them begins."""

    person: Person
    count: int
    first: datetime


def without_task() -> sa.ColumnElement[bool]:
    """Lessons for which the posts say the school's own line; work on one's own may rest on the homework."""
    is_bare = sa.or_(Lesson.mode != LessonMode.SELF_STUDY, Lesson.homework == "")
    return sa.and_(Lesson.offline_task == "", is_bare)


def is_without_task(lesson: Lesson) -> bool:
    """The same of a lesson in hand."""
    return not lesson.offline_task.strip() and not (lesson.mode is LessonMode.SELF_STUDY and lesson.homework.strip())


def _coming(school_id: int, first: date, last: date) -> list[sa.ColumnElement[bool]]:
    return [
        Lesson.school_id == school_id,
        Lesson.date.between(first, last),
        Lesson.mode != LessonMode.IN_PERSON,
        Lesson.state == LessonState.PLANNED,
        Lesson.ends_at > clock.now(),
    ]


def lessons_to_task(
    session: Session, school_id: int, dates: tuple[date, date], *, teacher_id: int = 0, class_id: int = 0
) -> list[Lesson]:
    """The remote lessons of a teacher, or of a class (private groups apart), that are to come."""
    query = (
        sa.select(Lesson)
        .where(*_coming(school_id, *dates))
        .order_by(Lesson.starts_at, Lesson.id)
        .options(
            joinedload(Lesson.subject),
            joinedload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
            selectinload(Lesson.teaching).joinedload(LessonTeacher.person),
        )
    )
    if class_id:
        groups = (
            sa.select(GroupPart.group_id)
            .join(StudyGroup, StudyGroup.id == GroupPart.group_id)
            .where(GroupPart.class_id == class_id, StudyGroup.is_private.is_(False))
        )
        query = query.where(Lesson.group_id.in_(groups))
    else:
        taught = sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id == teacher_id)
        query = query.where(Lesson.id.in_(taught))
    return list(session.scalars(query).unique())


def missing_by_teacher(session: Session, school_id: int, dates: tuple[date, date]) -> list[TeacherMissing]:
    """The teachers who still owe tasks, the most pressing first."""
    rows = session.execute(
        sa.select(Person, sa.func.count(Lesson.id), sa.func.min(Lesson.starts_at))
        .join(LessonTeacher, LessonTeacher.person_id == Person.id)
        .join(Lesson, Lesson.id == LessonTeacher.lesson_id)
        .where(*_coming(school_id, *dates), without_task())
        .group_by(Person.id)
        .order_by(sa.func.min(Lesson.starts_at), Person.last_name, Person.id)
    )
    return [TeacherMissing(*row) for row in rows]


def parallels(lessons: Sequence[Lesson]) -> dict[int, tuple[int, ...]]:
    """For each lesson those of parallel classes: the same subject, grade and order among the lessons of its course."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    orders: dict[int, int] = defaultdict(int)
    keys: dict[int, tuple[object, ...]] = {}
    for lesson in lessons:
        course = lesson.course_id or -lesson.id
        orders[course] += 1
        grades = frozenset(part.school_class.grade for part in lesson.group.parts)
        keys[lesson.id] = (lesson.subject_id, grades, orders[course])
        alike[keys[lesson.id]].append(lesson.id)
    return {one: tuple(other for other in alike[keys[one]] if other != one) for one in keys}


def write_tasks(school_id: int, edits: Mapping[int, TaskEdit], *, actor_id: int | None) -> Written:
    """Write the tasks that were typed, all in one transaction; posts and calendars change without a sound.

    What somebody else changed meanwhile is not overwritten but told with both texts; the other tasks are written.
    Raises NotAllowedError for lessons that are not the actor's, NotThereError, PlanningError for a text too long.
    """
    if any(len(edit.after) > LONGEST for edit in edits.values()):
        raise PlanningError(_("A task may have %(most)d characters at most.", most=LONGEST))
    typed = {lesson_id: edit for lesson_id, edit in edits.items() if edit.after != edit.before}
    if not typed:
        return Written(0)
    with transaction() as session:
        locked = lock(session, school_id, lesson_ids=typed)
        _ensure_may_write(session, school_id, actor_id, locked.lessons.values())
        gone = tuple(sorted(one for one in typed if not _is_open(locked.lesson(one))))
        open_edits = {one: edit for one, edit in typed.items() if one not in gone}
        conflicts = tuple(
            TaskConflict(one, locked.lesson(one).offline_task, edit.after)
            for one, edit in open_edits.items()
            if locked.lesson(one).offline_task not in (edit.before, edit.after)
        )
        refused = {one.lesson_id for one in conflicts}
        wanted = {one: edit.after for one, edit in open_edits.items() if one not in refused}
        changed = _write(session, school_id, {one: locked.lesson(one) for one in wanted}, wanted, actor_id=actor_id)
        return Written(changed, conflicts, gone)


def _write(
    session: Session, school_id: int, lessons: Mapping[int, Lesson], wanted: Mapping[int, str], *, actor_id: int | None
) -> int:
    if not wanted:
        return 0
    school = session.get_one(School, school_id)
    wished = [Wished(replace(values_of(lessons[one]), offline_task=text), one) for one, text in wanted.items()]
    marks = {one: lesson.is_changed_by_person for one, lesson in lessons.items()}
    retell_tasks(session, school_id, _missing_of_remote_days(session, lessons.values(), wanted))
    locked = lock(session, school_id, lesson_ids=wanted)
    outcome = carry_out(session, school, wished, Decision("tasks", actor_id), locked=locked)
    for one, is_changed in marks.items():
        lessons[one].is_changed_by_person = is_changed  # a task is no change of the plan: publishing may go on
    return len(outcome.changes)


def _missing_of_remote_days(session: Session, lessons: Iterable[Lesson], wanted: Mapping[int, str]) -> dict[date, int]:
    """How many lessons of the remote days on these dates will have no task; what the teachers' post says."""
    of_school = {(lesson.school_id, lesson.date) for lesson in lessons}
    dates = {day for _school_id, day in of_school}
    rows = session.execute(
        sa.select(Lesson.id, Lesson.date, Lesson.offline_task, Lesson.homework, Lesson.mode)
        .join(RemoteDayLesson, RemoteDayLesson.lesson_id == Lesson.id)
        .join(RemoteDay, RemoteDay.id == RemoteDayLesson.remote_day_id)
        .where(
            Lesson.date.in_(dates),
            Lesson.school_id.in_({school_id for school_id, _day in of_school}),
            Lesson.state == LessonState.PLANNED,
            Lesson.mode != LessonMode.IN_PERSON,
            RemoteDay.state == RemoteDayState.APPLIED,
        )
        .distinct()
    )
    found = dict.fromkeys(dates, 0)
    for row in rows:
        rests_on_homework = row.mode is LessonMode.SELF_STUDY and row.homework
        found[row.date] += not wanted.get(row.id, row.offline_task) and not rests_on_homework
    return found


def _is_open(lesson: Lesson) -> bool:
    return lesson.state in (LessonState.PLANNED, LessonState.WAITING) and lesson.ends_at > clock.now()


def _ensure_may_write(session: Session, school_id: int, actor_id: int | None, lessons: Iterable[Lesson]) -> None:
    if actor_id is None:
        return
    grants = person_of(session, school_id, actor_id).grants
    if not all(_may_write(grants, actor_id, lesson) for lesson in lessons):
        raise NotAllowedError(_("You may write the tasks of your own lessons and of your class."))


def _may_write(grants: Sequence[Grant], actor_id: int, lesson: Lesson) -> bool:
    class_ids = {part.class_id for part in lesson.group.parts}
    return (
        may(grants, Action.BOOK_ANY_LESSON)
        or (any(row.person_id == actor_id for row in lesson.teaching) and may(grants, Action.BOOK_OWN_LESSON))
        or (bool(class_ids) and may(grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids))
    )

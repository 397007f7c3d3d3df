"""The lessons of today that are running and coming, within what the visitor's scopes reach; reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.database import db
from scheduler.models.chats import ChatKind
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.teaching import teachers_named
from scheduler.permissions import Action, may
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.chat_rows import ChatRow, kind_words
from scheduler.web.lesson_choices import group_name

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class SoonLesson:
    """A lesson with the line below its name: who, where, what the chats show."""

    lesson: Lesson
    title: str
    who: str
    is_now: bool


def lessons_between(school_id: int, first: date, last: date) -> list[Lesson]:
    """Planned remote lessons of these dates that are not over, in order of time, with what pages show."""
    query = (
        sa.select(Lesson)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.between(first, last),
            Lesson.state == LessonState.PLANNED,
            Lesson.mode != LessonMode.IN_PERSON,
            Lesson.ends_at > clock.now(),
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return list(db.session.scalars(with_people(query)).unique())


def own_lessons_of(person: Person, day: date) -> list[Lesson]:
    """What the person still teaches on a date, remote or not."""
    query = (
        sa.select(Lesson)
        .join(LessonTeacher, LessonTeacher.lesson_id == Lesson.id)
        .where(
            Lesson.school_id == person.school_id,
            Lesson.date == day,
            Lesson.state == LessonState.PLANNED,
            Lesson.ends_at > clock.now(),
            LessonTeacher.person_id == person.id,
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return list(db.session.scalars(with_people(query)).unique())


def with_people(query: sa.Select[Lesson]) -> sa.Select[Lesson]:
    """The query with teachers, rooms, subject and classes read at once."""
    return query.options(
        selectinload(Lesson.teaching).options(
            joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)
        ),
        selectinload(Lesson.rooms),
        joinedload(Lesson.subject),
        joinedload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
    )


def concerns(lesson: Lesson, person: Person) -> bool:
    """Whether the person plans this lesson: the whole school's, the own, or the entrusted class's."""
    class_ids = {part.class_id for part in lesson.group.parts}
    grants = person.grants
    return (
        may(grants, Action.BOOK_ANY_LESSON)
        or any(row.person_id == person.id for row in lesson.teaching)
        or (bool(class_ids) and may(grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids))
    )


def shown(lessons: Sequence[Lesson], chats: Iterable[ChatRow]) -> list[SoonLesson]:
    """The first of the lessons with the state of their chats."""
    by_class: dict[int, list[ChatRow]] = {}
    for row in chats:
        if row.view.class_id is not None:
            by_class.setdefault(row.view.class_id, []).append(row)
    return [_shown(lesson, by_class) for lesson in lessons[:AT_ONCE]]


def _shown(lesson: Lesson, by_class: dict[int, list[ChatRow]]) -> SoonLesson:
    rooms = lesson.rooms if lesson.mode in (LessonMode.BROADCAST, LessonMode.IN_PERSON) else []
    parts = [
        ", ".join(teachers_named(lesson)),
        ", ".join(_room(room.name) for room in rooms),
        lesson.offline_task if lesson.mode is LessonMode.SELF_STUDY else "",
        _chats(lesson, by_class) if lesson.is_remote and not lesson.group.is_private else "",
    ]
    title = f"{lesson.shown_title}, {group_name(lesson.group)}"
    is_now = lesson.starts_at <= clock.now() < lesson.ends_at
    return SoonLesson(lesson, title, " · ".join(filter(None, parts)), is_now)


def _room(name: str) -> str:
    return _("room %(name)s", name=name) if name[:1].isdigit() else name


def _chats(lesson: Lesson, by_class: dict[int, list[ChatRow]]) -> str:
    rows = [
        row for class_id in sorted({part.class_id for part in lesson.group.parts}) for row in by_class.get(class_id, ())
    ]
    if not rows:
        return ""
    marks = [
        f"{kind_words(kind)} {'✓' if all(row.is_right for row in rows if row.view.kind is kind) else '✗'}"
        for kind in (ChatKind.STUDENTS, ChatKind.PARENTS)
        if any(row.view.kind is kind for row in rows)
    ]
    return str(_("chats: %(marks)s", marks=", ".join(marks)))


def day_after(day: date) -> date:
    """Tomorrow."""
    return day + timedelta(days=1)

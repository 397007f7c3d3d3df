"""Reads the ground and the audiences for the choice in a few queries, however many lessons there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.ground import Audience, Ground, Room
from scheduler.models.calls import CallToken, StandingRoom
from scheduler.models.chats import Chat, ChatKind, ChatState, Platform
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import School

AT_ONCE = 900
"""Ids in one condition: below the oldest SQLite's limit of variables."""


def load_ground(session: Session, school_id: int) -> Ground:
    """The school's choice, its courses' choices, its rooms, its pupils' chats, and whether a VK token can be used."""
    ways = sa.select(Course.id, Course.call_way).where(Course.school_id == school_id, Course.call_way.is_not(None))
    rooms = sa.select(StandingRoom).where(StandingRoom.school_id == school_id)
    return Ground(
        session.get_one(School, school_id).call_way,
        {course_id: way for course_id, way in session.execute(ways) if way is not None},
        {(room.owner_kind, room.owner_id): Room(room.id, room.url) for room in session.scalars(rooms)},
        _chats(session, school_id),
        has_token=_has_token(session, school_id),
    )


def _chats(session: Session, school_id: int) -> dict[int, int]:
    usable = sa.or_(Chat.state == ChatState.CONNECTED, Chat.platform == Platform.BY_HAND)
    query = sa.select(Chat.class_id, Chat.id).where(
        Chat.school_id == school_id,
        Chat.kind == ChatKind.STUDENTS,
        Chat.class_id.is_not(None),
        Chat.state != ChatState.REMOVED,
        usable,
    )
    return {class_id: chat_id for class_id, chat_id in session.execute(query.order_by(Chat.id.desc())) if class_id}


def _has_token(session: Session, school_id: int) -> bool:
    query = sa.select(CallToken.expires_at).where(CallToken.school_id == school_id, ~CallToken.is_refused)
    return any(expires_at is None or expires_at > clock.now() for expires_at in session.scalars(query))


def load_audiences(session: Session, lessons: Sequence[Lesson]) -> dict[int, Audience]:
    """The audience of each lesson by its id; teachers are those of the lesson itself, stand-ins too."""
    groups = load_group_audiences(session, {lesson.group_id for lesson in lessons})
    teachers: dict[int, list[int]] = defaultdict(list)
    for ids in in_portions([lesson.id for lesson in lessons]):
        query = sa.select(LessonTeacher.lesson_id, LessonTeacher.person_id).where(LessonTeacher.lesson_id.in_(ids))
        for lesson_id, person_id in session.execute(query.order_by(LessonTeacher.person_id)):
            teachers[lesson_id].append(person_id)
    return {
        lesson.id: audience(groups[lesson.group_id], lesson.course_id, teachers[lesson.id])
        for lesson in lessons
        if lesson.group_id in groups
    }


def audience(group: Audience, course_id: int | None, teacher_ids: Iterable[int]) -> Audience:
    """A group's audience with the course and the teachers of one lesson."""
    return Audience(course_id, group.class_ids, group.whole_class_id, tuple(sorted(teacher_ids)), group.is_private)


def load_group_audiences(session: Session, group_ids: Iterable[int]) -> dict[int, Audience]:
    """The classes behind each group. A club is no whole class even where it draws on one class only."""
    parts: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    kinds: dict[int, tuple[bool, bool]] = {}
    for ids in in_portions(sorted(group_ids)):
        groups = sa.select(StudyGroup.id, StudyGroup.is_private, StudyGroup.is_club).where(StudyGroup.id.in_(ids))
        kinds.update({row.id: (row.is_private, row.is_club) for row in session.execute(groups)})
        query = sa.select(GroupPart.group_id, GroupPart.class_id, GroupPart.division_id).where(
            GroupPart.group_id.in_(ids)
        )
        for row in session.execute(query.order_by(GroupPart.class_id)):
            parts[row.group_id].append((row.class_id, row.division_id is None))
    return {group_id: _group(parts[group_id], is_private=kind[0], is_club=kind[1]) for group_id, kind in kinds.items()}


def _group(parts: list[tuple[int, bool]], *, is_private: bool, is_club: bool) -> Audience:
    class_ids = tuple(dict.fromkeys(class_id for class_id, _ in parts))
    is_whole = len(parts) == 1 and parts[0][1] and not is_private and not is_club
    return Audience(class_ids=class_ids, whole_class_id=class_ids[0] if is_whole else None, is_private=is_private)


def in_portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in portions that fit one condition."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]

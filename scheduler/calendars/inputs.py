"""Everything that the text of a lesson is made of, read in a few queries for any number of lessons."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from scheduler.models.calls import SHOWN_WAY, Call
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson, LessonTeacher, lesson_room
from scheduler.models.names import shown_class
from scheduler.models.people import Person
from scheduler.models.school import CallWay, School
from scheduler.models.teaching import teacher_words
from scheduler.models.timetable import Room
from scheduler.rules.facts import LessonKind, LessonMode, LessonState

CHUNK = 5000  # well below the parameters that either database takes in one statement
_WORDS_VERSION = "1"  # goes up when the wording or the shape of an event changes


@dataclass(frozen=True, slots=True)
class LessonInputs:
    """A lesson with the names of everything it refers to; `way` is None where no call was asked for yet."""

    lesson_id: int
    uid: str
    join_token: str
    sequence: int
    changed_at: datetime
    date: date
    start: time
    end: time
    kind: LessonKind
    mode: LessonMode
    state: LessonState
    title: str
    topic: str
    homework: str
    materials: str
    offline_task: str
    online_minutes: int | None
    is_joined_together: bool
    cancel_reason: str
    zone: str
    is_private: bool
    way: CallWay | None
    classes: tuple[str, ...]
    part: str
    teachers: tuple[str, ...]
    rooms: tuple[str, ...]

    @property
    def has_place(self) -> bool:
        """Whether its pupils come to a room."""
        return self.mode.has_place or self.is_joined_together

    def version(self, wording: str, public_url: str) -> str:
        """A hash of all that is rendered: it changes with the lesson, and with any name that its text carries."""
        return hashlib.sha256(repr((_WORDS_VERSION, wording, public_url, self)).encode()).hexdigest()[:32]


def shown_lessons(school_id: int, since: date) -> list[sa.ColumnElement[bool]]:
    """The conditions of every feed and class page: nothing that waits for consent or was refused it."""
    return [
        Lesson.school_id == school_id,
        Lesson.date >= since,
        Lesson.state != LessonState.WAITING,
        sa.not_(sa.and_(Lesson.state == LessonState.CANCELLED, Lesson.is_refused)),
    ]


def load_inputs(session: Session, conditions: Sequence[sa.ColumnElement[bool]]) -> list[LessonInputs]:
    """The lessons that meet the conditions, each once, by time."""
    rows = session.execute(_LESSONS.where(*conditions)).all()
    lesson_ids = [row.lesson_id for row in rows]
    teachers = _teachers(session, lesson_ids)
    rooms = _names(session, _ROOMS, lesson_room.c.lesson_id, lesson_ids)
    audiences = load_audiences(session, {row.group_id for row in rows})
    found = []
    for row in rows:
        values: dict[str, Any] = row._asdict()
        values["classes"], values["part"] = audiences.get(values.pop("group_id"), ((), ""))
        values["teachers"], values["rooms"] = teachers[row.lesson_id], rooms[row.lesson_id]
        school_line = values.pop("offline_line")
        values["offline_task"] = values["offline_task"] or school_line
        found.append(LessonInputs(**values))
    return found


_LESSONS = (
    sa.select(
        Lesson.id.label("lesson_id"),
        Lesson.uid,
        Lesson.join_token,
        Lesson.sequence,
        Lesson.changed_at,
        Lesson.date,
        Lesson.start,
        Lesson.end,
        Lesson.kind,
        Lesson.mode,
        Lesson.state,
        sa.case((Lesson.title != "", Lesson.title), else_=Subject.name).label("title"),
        Lesson.topic,
        Lesson.homework,
        Lesson.materials,
        Lesson.offline_task,
        Lesson.online_minutes,
        Lesson.is_joined_together,
        Lesson.cancel_reason,
        Lesson.group_id,
        School.timezone.label("zone"),
        School.offline_line,
        StudyGroup.is_private,
        SHOWN_WAY.label("way"),
    )
    .join(Subject, Subject.id == Lesson.subject_id)
    .join(School, School.id == Lesson.school_id)
    .join(StudyGroup, StudyGroup.id == Lesson.group_id)
    .join(Call, Call.lesson_id == Lesson.id, isouter=True)
    .order_by(Lesson.date, Lesson.start, Lesson.id)
)
_ABSENT = aliased(Person)
_TEACHERS = (
    sa.select(
        LessonTeacher.lesson_id, Person.last_name, Person.first_name, Person.middle_name,
        _ABSENT.last_name, _ABSENT.first_name, _ABSENT.middle_name,
    )
    .join(Person, Person.id == LessonTeacher.person_id)
    .join(_ABSENT, _ABSENT.id == LessonTeacher.stands_in_for_id, isouter=True)
    .order_by(Person.last_name, Person.id)
)  # fmt: skip
_ROOMS = (
    sa.select(lesson_room.c.lesson_id, Room.name).join(Room, Room.id == lesson_room.c.room_id).order_by(Room.name_key)
)


def _teachers(session: Session, lesson_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for chunk in chunks(lesson_ids):
        for lesson_id, *names in session.execute(_TEACHERS.where(LessonTeacher.lesson_id.in_(chunk))):
            last, first, middle, *absent = names
            away = (absent[0], absent[1], absent[2]) if absent[0] is not None else None
            found[lesson_id] += (teacher_words((last, first, middle), away),)
    return found


def _names(
    session: Session, query: sa.Select[*tuple[Any, ...]], column: Any, lesson_ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for chunk in chunks(lesson_ids):
        for lesson_id, name in session.execute(query.where(column.in_(chunk))):
            found[lesson_id] += (name,)
    return found


def load_audiences(session: Session, group_ids: Collection[int]) -> dict[int, tuple[tuple[str, ...], str]]:
    """For each group the labels of its classes, and its part in words where it is not whole classes."""
    classes: dict[int, dict[str, None]] = defaultdict(dict)
    parts: dict[int, dict[str, None]] = defaultdict(dict)
    query = (
        sa.select(GroupPart.group_id, SchoolClass.label, GroupPart.part)
        .join(SchoolClass, SchoolClass.id == GroupPart.class_id)
        .order_by(SchoolClass.grade, SchoolClass.label_key, GroupPart.id)
    )
    for chunk in chunks(list(group_ids)):
        for group_id, label, part in session.execute(query.where(GroupPart.group_id.in_(chunk))):
            classes[group_id][shown_class(label)] = None
            if part:
                parts[group_id][f"группа {part}" if part.isdigit() else part] = None
    return {key: (tuple(labels), ", ".join(parts[key])) for key, labels in classes.items()}


def chunks(values: Iterable[int]) -> Iterator[list[int]]:
    """The values in lists short enough for one statement."""
    rest = list(values)
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]

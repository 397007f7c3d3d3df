"""What became of a decision, to be kept: each chat's deliveries, each class's lessons with their join pages, what
failed. Read from the rows, so that it can be read as well long after, also when the day was taken back. Writes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.models.addresses import join_url
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Bulletin, Chat, ChatKind, Delivery, Notice
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import CallWay
from scheduler.reports.progress import ChatStand, Progress, progress_of
from scheduler.reports.told import ClassSaid, classes_said
from scheduler.rules.facts import LessonMode, LessonState

STOOD = ("sent", "edited", "found")
_MARK = re.compile(r"(b\d+|n\d+)-")
LATEST = timedelta(days=2)
"""How long after the last date an edit still belongs to the decision."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that stood in a chat from then on: `verb` is sent, edited, found or placed; `by` who placed it."""

    at: datetime
    verb: str
    date: date
    is_notice: bool
    number: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class ChatProof:
    """One chat: how it stands now, and everything that was delivered there; `refused` counts failed attempts."""

    chat: ChatStand
    events: Sequence[Event]
    refused: int


@dataclass(frozen=True, slots=True)
class LessonProof:
    """One lesson as the decision set it (`mode`), and how it stands now."""

    lesson_id: int
    date: date
    start: time
    end: time
    title: str
    group: str
    teachers: str
    mode: LessonMode
    now: LessonMode
    state: LessonState
    join_url: str
    has_way: bool
    problem: str


@dataclass(frozen=True, slots=True)
class ClassProof:
    """One class: its lessons, its teachers' word, and the kinds of chat that it should have and has not."""

    said: ClassSaid
    lessons: Sequence[LessonProof]
    missing_chats: Sequence[ChatKind]


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole of it, in the order of classes."""

    progress: Progress
    chats: Sequence[ChatProof]
    classes: Sequence[ClassProof]


def proof_of(session: Session, day: RemoteDay) -> Proof:
    """Everything about a decision, in a number of queries that does not grow with it."""
    progress = progress_of(session, day)
    said = classes_said(session, day)
    lessons = _lessons(session, day)
    missing = _missing_chats(session, day)
    classes = [ClassProof(one, lessons.get(one.class_id, ()), missing.get(one.class_id, ())) for one in said]
    return Proof(progress, _chats(session, day, progress), classes)


def _chats(session: Session, day: RemoteDay, progress: Progress) -> list[ChatProof]:
    posts = _posts(session, day)
    events: dict[int, list[Event]] = defaultdict(list)
    refused: dict[int, int] = defaultdict(int)
    for chat_id, at, target, outcome in session.execute(_deliveries(day)):
        found = _event(posts, target, at, outcome)
        if found is None:
            continue
        if outcome in STOOD:
            events[chat_id].append(found)
        elif outcome:
            refused[chat_id] += 1
    for event, person in session.execute(_placings(day)):
        mark, by = (event.after or {}).get("post", ""), person.short_name if person else ""
        found = _event(posts, mark, event.at, "placed", by=by)
        if found is not None and event.subject_id is not None:
            events[event.subject_id].append(found)
    return [
        ChatProof(chat, sorted(events[chat.id], key=lambda one: (one.at, one.number)), refused[chat.id])
        for chat in progress.chats
    ]


def _posts(session: Session, day: RemoteDay) -> dict[str, tuple[date, bool]]:
    """The beginnings of the marks of the decision's posts, with date and whether it is a notice."""
    within = (day.date_from, day.date_to)
    bulletins = sa.select(Bulletin.id, Bulletin.date).where(
        Bulletin.school_id == day.school_id, Bulletin.date.between(*within)
    )
    notices = sa.select(Notice.id, Notice.date).where(Notice.school_id == day.school_id, Notice.date.between(*within))
    found = {f"b{row.id}": (row.date, False) for row in session.execute(bulletins)}
    return found | {f"n{row.id}": (row.date, True) for row in session.execute(notices)}


def _event(posts: Mapping[str, tuple[date, bool]], mark: str, at: datetime, verb: str, *, by: str = "") -> Event | None:
    match = _MARK.match(mark)
    if match is None or match[1] not in posts:
        return None
    day, is_notice = posts[match[1]]
    number = 0 if is_notice else int(mark.split("-")[1])
    return Event(at, verb, day, is_notice, number, by)


def _span(day: RemoteDay) -> tuple[datetime, datetime]:
    last = datetime.combine(day.date_to, time(), day.declared_at.tzinfo) + LATEST
    return day.declared_at, max(last, (day.undone_at or day.declared_at) + LATEST)


def _deliveries(day: RemoteDay) -> sa.Select[int, datetime, str, str]:
    query = sa.select(Delivery.chat_id, Delivery.at, Delivery.target, Delivery.outcome)
    return query.where(
        Delivery.school_id == day.school_id, Delivery.at.between(*_span(day)), Delivery.chat_id.in_(_chat_ids(day))
    ).order_by(Delivery.id)


def _placings(day: RemoteDay) -> sa.Select[AuditEvent, Person]:
    query = sa.select(AuditEvent, Person).outerjoin(Person, Person.id == AuditEvent.person_id)
    return query.where(
        AuditEvent.school_id == day.school_id,
        AuditEvent.subject_kind == "chat",
        AuditEvent.action == "post_placed",
        AuditEvent.at.between(*_span(day)),
        AuditEvent.subject_id.in_(_chat_ids(day)),
    ).order_by(AuditEvent.id)


def _chat_ids(day: RemoteDay) -> sa.Select[int]:
    concerned = sa.or_(Chat.class_id.in_(day.class_ids), Chat.kind == ChatKind.TEACHERS)
    return sa.select(Chat.id).where(Chat.school_id == day.school_id, Chat.kind.is_not(None), concerned)


def _lessons(session: Session, day: RemoteDay) -> dict[int, list[LessonProof]]:
    """The lessons of each class; a stream stands with each of its classes, a private group's nowhere."""
    query = (
        sa.select(Lesson, RemoteDayLesson.after, Call)
        .join(RemoteDayLesson, RemoteDayLesson.lesson_id == Lesson.id)
        .join(Lesson.group)
        .outerjoin(Call, Call.lesson_id == Lesson.id)
        .where(RemoteDayLesson.remote_day_id == day.id, StudyGroup.is_private.is_(False))
        .options(
            joinedload(Lesson.subject),
            selectinload(Lesson.teaching).joinedload(LessonTeacher.person),
            selectinload(Lesson.group).selectinload(StudyGroup.parts),
        )
        .order_by(Lesson.date, Lesson.start, Lesson.id)
    )
    found: dict[int, list[LessonProof]] = defaultdict(list)
    for lesson, after, call in session.execute(query):
        told = _lesson(lesson, after, call)
        for class_id in sorted({part.class_id for part in lesson.group.parts}):
            found[class_id].append(told)
    return found


def _lesson(lesson: Lesson, after: Mapping[str, Any], call: Call | None) -> LessonProof:
    has_way = call is not None and (call.has_way or call.state is CallState.READY or call.way is CallWay.IN_CHAT)
    return LessonProof(
        lesson_id=lesson.id,
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        title=lesson.shown_title,
        group=lesson.group.name,
        teachers=", ".join(person.short_name for person in lesson.teachers),
        mode=LessonMode(after["mode"]),
        now=lesson.mode,
        state=lesson.state,
        join_url=join_url(lesson.join_token),
        has_way=has_way,
        problem=call.problem if call is not None and not has_way else "",
    )


def _missing_chats(session: Session, day: RemoteDay) -> dict[int, list[ChatKind]]:
    """The kinds of chat that a class should have and has not: nobody could be told there."""
    wanted = {ChatKind.STUDENTS: SchoolClass.has_students_chat, ChatKind.PARENTS: SchoolClass.has_parents_chat}
    found: dict[int, list[ChatKind]] = defaultdict(list)
    for kind, is_wanted in wanted.items():
        has_one = sa.exists().where(Chat.class_id == SchoolClass.id, Chat.kind == kind)
        query = sa.select(SchoolClass.id).where(
            SchoolClass.school_id == day.school_id, SchoolClass.id.in_(day.class_ids), is_wanted, ~has_one
        )
        for class_id in session.scalars(query):
            found[class_id].append(kind)
    return found

"""How far a remote day has come: its chats and links, counted from the rows in two queries; writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import (
    Bulletin,
    BulletinPart,
    Chat,
    ChatKind,
    ChatState,
    Connection,
    Notice,
    Platform,
    PostState,
)
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import CallWay
from scheduler.rules.facts import LessonMode, LessonState

MANY_ATTEMPTS = 3
SOON = timedelta(minutes=10)
"""What is due within this time, as a notice that still joins changes, counts as being on its way."""


class Stand(StrEnum):
    """How a chat stands, the worst first; `LATER` shows nothing yet and has only what is due at a later hour."""

    PARKED = "parked"
    UNCONNECTED = "unconnected"
    BY_HAND = "by_hand"
    ON_ITS_WAY = "on_its_way"
    SHOWN = "shown"
    LATER = "later"

    @property
    def is_settled(self) -> bool:
        """Whether nothing has to be done about it now."""
        return self in (Stand.LATER, Stand.SHOWN)


ORDER = {stand: place for place, stand in enumerate(Stand)}


@dataclass(frozen=True, slots=True)
class ChatStand:
    """A chat of the decision: `problem` is the name of what is wrong, `since` when what it shows came there."""

    id: int
    title: str
    kind: ChatKind
    platform: Platform
    class_id: int | None
    class_label: str
    grade: int
    stand: Stand
    problem: str
    since: datetime | None
    posts: int
    is_loud: bool
    later_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """The video lessons of a decision: with a way to join, without one, and those whose link is due only later."""

    total: int = 0
    made: int = 0
    failed: int = 0
    later: int = 0
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page of a decision counts."""

    chats: Sequence[ChatStand]
    links: Links

    @property
    def shown(self) -> int:
        return sum(chat.stand.is_settled for chat in self.chats)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is on its way: what is left waits for people or for its hour."""
        on_the_way = any(chat.stand is Stand.ON_ITS_WAY for chat in self.chats)
        links = self.links
        return not on_the_way and links.made + links.failed + links.later >= links.total


def progress_of(session: Session, day: RemoteDay) -> Progress:
    """Chats in order of class, the worst stand of each chat's posts counting for it."""
    concerned = sa.or_(Chat.class_id.in_(day.class_ids), Chat.kind == ChatKind.TEACHERS)
    chats = chats_on(session, day.school_id, (day.date_from, day.date_to), concerned)
    return Progress(chats, _links(session, day))


def chats_on(
    session: Session, school_id: int, dates: tuple[date, date], concerned: sa.ColumnElement[bool] | None = None
) -> list[ChatStand]:
    """How each chat stands that shows, or should, something about the dates from the first to the last."""
    rows: dict[int, list[Any]] = defaultdict(list)
    of_which = Chat.kind.is_not(None) if concerned is None else concerned
    for row in session.execute(_posts(school_id, dates).where(of_which)):
        rows[row.chat_id].append(row)
    return sorted((_chat(some) for some in rows.values()), key=_place)


KINDS = (ChatKind.TEACHERS, ChatKind.STUDENTS, ChatKind.PARENTS)


def _place(chat: ChatStand) -> tuple[int, str, int]:
    return chat.grade, chat.class_label, KINDS.index(chat.kind)


def _posts(school_id: int, dates: tuple[date, date]) -> sa.Select[Any]:
    """Every post of these dates, parts and notices alike, without their texts."""
    parts = sa.select(*_columns(BulletinPart), Bulletin.chat_id.label("chat")).join(Bulletin)
    parts = parts.where(Bulletin.school_id == school_id, Bulletin.date.between(*dates))
    notices = sa.select(*_columns(Notice), Notice.chat_id.label("chat"))
    notices = notices.where(Notice.school_id == school_id, Notice.date.between(*dates))
    post = sa.union_all(parts, notices).subquery()
    return (
        sa.select(
            Chat.id.label("chat_id"), Chat.title, Chat.kind, Chat.platform, Chat.state.label("chat_state"),
            Chat.class_id, SchoolClass.label, SchoolClass.grade, Connection.is_refused,
            post.c.state, post.c.problem, post.c.attempts, post.c.due_at, post.c.posted_at, post.c.edited_at,
            post.c.is_loud,
        )
        .join(post, post.c.chat == Chat.id)
        .outerjoin(SchoolClass, SchoolClass.id == Chat.class_id)
        .outerjoin(Connection, Connection.id == Chat.connection_id)
        .where(Chat.school_id == school_id, post.c.state != PostState.WITHDRAWN)
    )  # fmt: skip


def _columns(model: type[BulletinPart] | type[Notice]) -> tuple[Any, ...]:
    names = ("state", "problem", "attempts", "due_at", "posted_at", "edited_at", "is_loud")
    return tuple(getattr(model, name) for name in names)


def _chat(rows: Sequence[Any]) -> ChatStand:
    first = rows[0]
    worst = min(rows, key=lambda row: ORDER[_stand(row)])
    stand = _stand(worst)
    return ChatStand(
        id=first.chat_id,
        title=first.title,
        kind=first.kind,
        platform=first.platform,
        class_id=first.class_id,
        class_label=first.label or "",
        grade=first.grade or 0,
        stand=stand,
        problem=_problem(worst, stand),
        since=_latest(row.edited_at or row.posted_at for row in rows),
        posts=sum(row.state is PostState.POSTED for row in rows),
        is_loud=any(row.is_loud for row in rows),
        later_at=min((row.due_at for row in rows if _stand(row) is Stand.LATER), default=None),
    )


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def _stand(row: Any) -> Stand:
    """A post of a refused bot or of a closed chat is as good as parked."""
    if row.state is PostState.POSTED:
        return Stand.SHOWN
    if row.state is PostState.PARKED:
        return Stand.PARKED
    if row.platform is Platform.BY_HAND or row.state is PostState.BY_HAND:
        return Stand.BY_HAND
    if row.is_refused or row.chat_state is ChatState.REMOVED:
        return Stand.PARKED
    if row.state is PostState.UNCONNECTED:
        return Stand.UNCONNECTED
    is_for_later = row.state is PostState.WANTED and not row.attempts and row.due_at > clock.now() + SOON
    return Stand.LATER if is_for_later else Stand.ON_ITS_WAY


def _problem(row: Any, stand: Stand) -> str:
    if row.problem:
        return str(row.problem)
    if stand is Stand.PARKED:
        return "auth" if row.is_refused else "gone"
    return "unreachable" if stand is Stand.ON_ITS_WAY and row.attempts >= MANY_ATTEMPTS else ""


def _links(session: Session, day: RemoteDay) -> Links:
    now = clock.now()
    has_way = sa.or_(Call.state == CallState.READY, Call.url.is_not(None), Call.chat_id.is_not(None))
    has_way = sa.or_(has_way, Call.way == CallWay.IN_CHAT)
    is_later = sa.and_(~has_way, Call.state == CallState.WANTED, Call.due_at > now)
    is_failed = sa.and_(~has_way, Call.state == CallState.FAILED)
    row = session.execute(
        sa.select(
            sa.func.count(),
            *(sa.func.count(sa.case((one, 1))) for one in (has_way, is_failed, is_later)),
            sa.func.min(sa.case((is_later, Call.due_at))),
        )
        .select_from(RemoteDayLesson)
        .join(Lesson, Lesson.id == RemoteDayLesson.lesson_id)
        .outerjoin(Call, Call.lesson_id == Lesson.id)
        .where(
            RemoteDayLesson.remote_day_id == day.id,
            Lesson.mode.in_((LessonMode.CALL, LessonMode.BROADCAST)),
            Lesson.state.in_((LessonState.PLANNED, LessonState.HELD)),
        )
    ).one()
    total, made, failed, later, next_due = tuple(row)
    return Links(total, made, failed, later, next_due)

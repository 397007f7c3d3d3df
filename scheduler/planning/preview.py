"""What a wish would do, before anything is saved: findings, dates, the very texts of the chats, how many sound."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.database import rehearsal
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, Notice, PostState
from scheduler.models.school import School
from scheduler.planning.booking import LessonWish, book_in, values_of_wish
from scheduler.planning.changing import LessonEdit, change_in, edited_values
from scheduler.planning.closures import load_closed_hours
from scheduler.planning.errors import PlanningError
from scheduler.planning.locking import lock
from scheduler.planning.series import PlannedDate, plan_dates
from scheduler.planning.values import LessonValues
from scheduler.rules.facts import Finding, Severity

REHEARSED = "—"


@dataclass(frozen=True, slots=True)
class ChatText:
    """What one chat would show."""

    title: str
    kind: ChatKind | None
    text: str
    is_loud: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A change as it would be; `refusal` says why it cannot be at all."""

    values: LessonValues | None = None
    findings: tuple[Finding, ...] = ()
    dates: tuple[PlannedDate, ...] = ()
    texts: tuple[ChatText, ...] = ()
    refusal: str = ""
    closed: str = ""
    """Whose closed hour it is, in words."""

    @property
    def is_blocked(self) -> bool:
        """Whether it needs a reason."""
        return bool(self.closed) or any(finding.severity is Severity.LAW for finding in self.findings)

    @property
    def sounding(self) -> int:
        """How many chats would sound now."""
        return len({text.title for text in self.texts if text.is_loud})


def preview_booking(school_id: int, wish: LessonWish, *, actor_id: int | None) -> Preview:
    """Rehearse a booking; nothing is saved, nobody is told."""

    def rehearse(session: Session) -> Preview:
        school = session.get_one(School, school_id)
        values = values_of_wish(session, school, wish)
        dates = tuple(plan_dates(session, school, values, weeks=wish.weeks)) if wish.weeks > 1 else ()
        known = known_posts(session, school_id, {values.date})
        booked = book_in(session, school_id, wish, actor_id=actor_id, reason=REHEARSED)
        texts = chat_texts(session, school_id, {values.date}, known)
        return Preview(values, booked.findings, dates, texts, closed=_closed(session, values))

    return _rehearsed(rehearse)


def preview_change(school_id: int, lesson_id: int, edit: LessonEdit, *, actor_id: int | None) -> Preview:
    """Rehearse a move or an edit; nothing is saved, nobody is told."""

    def rehearse(session: Session) -> Preview:
        lesson = lock(session, school_id, lesson_ids=[lesson_id], dates=[edit.day]).lesson(lesson_id)
        school = session.get_one(School, school_id)
        values = edited_values(session, school, lesson, edit)
        days = {lesson.date, values.date}
        known = known_posts(session, school_id, days)
        is_moved = (values.date, values.start) != (lesson.date, lesson.start)
        changed = change_in(session, school_id, lesson_id, edit, actor_id=actor_id, reason=REHEARSED)
        texts = chat_texts(session, school_id, days, known)
        return Preview(values, changed.findings, (), texts, closed=_closed(session, values) if is_moved else "")

    return _rehearsed(rehearse)


def _rehearsed(rehearse: Callable[[Session], Preview]) -> Preview:
    try:
        with rehearsal() as session:
            return rehearse(session)
    except PlanningError as error:
        return Preview(refusal=error.text, findings=error.findings)


def _closed(session: Session, values: LessonValues) -> str:
    return load_closed_hours(session, values.teacher_ids).words(values)


@dataclass(frozen=True, slots=True)
class KnownPosts:
    """What chats should show before a rehearsal: what is there afterwards and not here is the change's own."""

    notice_id: int
    hashes: Mapping[int, str]


def known_posts(session: Session, school_id: int, days: Collection[date]) -> KnownPosts:
    """The posts of these days as they are wanted now."""
    parts = session.execute(
        sa.select(BulletinPart.id, BulletinPart.wanted_hash)
        .join(Bulletin, Bulletin.id == BulletinPart.bulletin_id)
        .where(Bulletin.school_id == school_id, Bulletin.date.in_(days))
    )
    newest = session.scalar(sa.select(sa.func.max(Notice.id))) or 0
    return KnownPosts(newest, {row.id: row.wanted_hash for row in parts})


def chat_texts(session: Session, school_id: int, days: Collection[date], known: KnownPosts) -> tuple[ChatText, ...]:
    """What the chats would show of these days, and the notices, that were not known before."""
    session.flush()
    parts = session.execute(
        sa.select(Chat, BulletinPart)
        .join(Bulletin, Bulletin.chat_id == Chat.id)
        .join(BulletinPart, BulletinPart.bulletin_id == Bulletin.id)
        .where(Bulletin.school_id == school_id, Bulletin.date.in_(days), BulletinPart.state != PostState.POSTED)
        .where(sa.or_(BulletinPart.posted_hash.is_(None), BulletinPart.posted_hash != BulletinPart.wanted_hash))
        .order_by(Chat.kind, Chat.id, BulletinPart.number)
    ).all()
    changed = [(chat, part) for chat, part in parts if known.hashes.get(part.id) != part.wanted_hash]
    notices = session.execute(
        sa.select(Chat, Notice)
        .join(Notice, Notice.chat_id == Chat.id)
        .where(Notice.school_id == school_id, Notice.id > known.notice_id)
        .order_by(Chat.kind, Chat.id)
    ).all()
    return tuple(
        ChatText(chat.title, chat.kind, post.text, post.is_loud and (post.posted_hash is None))
        for chat, post in [*changed, *notices]
    )

"""Makes due what a chat should show once it can be reached (again). It sends nothing."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.lines import from_kept
from scheduler.chats.posts import Post, settle, wake_due
from scheduler.chats.stale import refresh_days
from scheduler.chats.timing import bulletin_due, hours_of
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Notice, PostState
from scheduler.models.classes import GroupPart
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.rules.facts import LessonMode

CLOSED = ("gone", "rights")


def reopen_chat(session: Session, chat: Chat) -> None:
    """Compute anew what the chat should show from today on, and let go what waited for the chat."""
    if chat.state is not ChatState.CONNECTED:
        return
    school = session.get_one(School, chat.school_id)
    today = clock.today(school.timezone)
    days = _remote_dates(session, chat, today)
    class_ids = {chat.class_id} if chat.class_id is not None else set()
    refresh_days(session, school.id, dict.fromkeys(days, class_ids))
    for post in _closed_posts(session, chat, today):
        if post.is_uncertain:
            post.state, post.problem, post.due_at = PostState.SENDING, "", clock.now()
        else:
            settle(post, chat, due_at=_due(school, chat, post))
        wake_due(session, post)


def _remote_dates(session: Session, chat: Chat, today: date) -> list[date]:
    query = sa.select(Lesson.date).where(
        Lesson.school_id == chat.school_id, Lesson.date >= today, Lesson.mode != LessonMode.IN_PERSON
    )
    if chat.class_id is not None:
        query = query.join(GroupPart, GroupPart.group_id == Lesson.group_id).where(GroupPart.class_id == chat.class_id)
    return list(session.scalars(query.distinct().order_by(Lesson.date)))


def _closed_posts(session: Session, chat: Chat, today: date) -> list[Post]:
    parts = (
        sa.select(BulletinPart)
        .join(Bulletin)
        .where(Bulletin.chat_id == chat.id, Bulletin.date >= today, _is_closed(BulletinPart))
        .order_by(BulletinPart.id)
        .with_for_update(of=BulletinPart)
    )
    notices = (
        sa.select(Notice)
        .where(Notice.chat_id == chat.id, Notice.date >= today, _is_closed(Notice))
        .order_by(Notice.id)
        .with_for_update(of=Notice)
    )
    return [*session.scalars(parts), *session.scalars(notices)]


def _is_closed(model: type[BulletinPart] | type[Notice]) -> sa.ColumnElement[bool]:
    is_parked = sa.and_(model.state == PostState.PARKED, model.problem.in_(CLOSED))
    return sa.or_(model.state == PostState.UNCONNECTED, is_parked)


def _due(school: School, chat: Chat, post: Post) -> datetime:
    now = clock.now()
    if isinstance(post, Notice) or post.bulletin.is_remote_day:
        return now
    day = post.bulletin.date
    lines = [from_kept(plain) for plain in post.bulletin.shown.values()]
    starts = [clock.to_utc(day, line.start, school.timezone) for line in lines if line.is_planned]
    return bulletin_due(now, day, hours=hours_of(school, chat), first_start=min(starts, default=None))

"""Makes due what a chat should show once it can be reached (again). It sends nothing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.due import IS_LATER, moment_of
from scheduler.chats.lines import from_kept
from scheduler.chats.posts import MODELS, Post, PostModel, day_of, into_chats, settle, wake_due
from scheduler.chats.stale import refresh_days
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Notice, PostState, Reminder
from scheduler.models.classes import GroupPart
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.rules.facts import LessonMode

CLOSED = ("gone", "rights", "unreadable")


def reopen_chat(session: Session, chat: Chat) -> None:
    """Compute anew what the chat should show from today on, and let go what waited for the chat."""
    if chat.state is not ChatState.CONNECTED:
        return
    school = session.get_one(School, chat.school_id)
    refresh_chat(session, school, chat)
    for post in _closed_posts(session, chat, clock.today(school.timezone)):
        _let_go(session, school, chat, post)


def resume_posts(session: Session, chat: Chat, problems: Collection[str]) -> None:
    """Let go what was parked for want of rights that the bot has now; what may have arrived is looked for first."""
    school = session.get_one(School, chat.school_id)
    for post in _closed_posts(session, chat, clock.today(school.timezone)):
        if post.problem in problems:
            _let_go(session, school, chat, post)


def refresh_chat(session: Session, school: School, chat: Chat) -> None:
    """Compute anew what the chat should show on every remote day from today on."""
    days = _remote_dates(session, chat, clock.today(school.timezone))
    refresh_days(session, school.id, dict.fromkeys(days, {chat.class_id} if chat.class_id is not None else set()))


def _let_go(session: Session, school: School, chat: Chat, post: Post) -> None:
    if post.is_uncertain:
        post.state, post.problem, post.due_at, post.looks = PostState.SENDING, "", clock.now(), 0
    else:
        settle(post, chat, due_at=_due(school, chat, post))
    wake_due(session, post)


def retime(session: Session, school: School, chats: Sequence[Chat]) -> None:
    """Say anew when bulletins that wait for their evening are due, after the hours of the school or a chat changed."""
    by_id = {chat.id: chat for chat in chats}
    query = (
        sa.select(BulletinPart)
        .join(Bulletin)
        .where(
            Bulletin.chat_id.in_(by_id),
            BulletinPart.state == PostState.WANTED,
            BulletinPart.message_id.is_(None),
            BulletinPart.due_at > clock.now(),
        )
        .order_by(BulletinPart.id)
        .with_for_update(of=BulletinPart)
    )
    for part in session.scalars(query):
        part.due_at = _due(school, by_id[part.bulletin.chat_id], part)
        wake_due(session, part)


def _remote_dates(session: Session, chat: Chat, today: date) -> list[date]:
    query = sa.select(Lesson.date).where(
        Lesson.school_id == chat.school_id, Lesson.date >= today, Lesson.mode != LessonMode.IN_PERSON
    )
    if chat.class_id is not None:
        query = query.join(GroupPart, GroupPart.group_id == Lesson.group_id).where(GroupPart.class_id == chat.class_id)
    return list(session.scalars(query.distinct().order_by(Lesson.date)))


def _closed_posts(session: Session, chat: Chat, today: date) -> list[Post]:
    found: list[Post] = []
    for model in MODELS.values():
        own = into_chats(model, sa.select(sa.literal(chat.id)))
        query = sa.select(model).where(own, _is_closed(model)).order_by(model.id).with_for_update(of=model)
        posts = cast("Sequence[Post]", session.scalars(query).all())
        found += [post for post in posts if day_of(post) >= today]
    return found


def _is_closed(model: PostModel) -> sa.ColumnElement[bool]:
    is_parked = sa.and_(model.state == PostState.PARKED, model.problem.in_(CLOSED))
    return sa.or_(model.state == PostState.UNCONNECTED, is_parked)


def _due(school: School, chat: Chat, post: Post) -> datetime:
    if isinstance(post, Reminder):
        return post.due_at
    if isinstance(post, Notice):
        return clock.now()
    bulletin = post.bulletin
    lines = [from_kept(plain) for plain in bulletin.shown.values()]
    return moment_of(school, chat, bulletin, lines, is_later=bool(bulletin.remote_words.get(IS_LATER)))

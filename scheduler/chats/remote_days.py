"""Marks the bulletins of a remote day before its lessons change, and tells the chats when it is taken back.

`stale` writes the texts; nothing is sent here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.chats.bulletins import DayPlan, buttons_of
from scheduler.chats.loading import load_days
from scheduler.chats.notices import opened
from scheduler.chats.posts import may_be_seen, set_text, settle, wake_due
from scheduler.chats.stale import TOLD_APART, plan_of
from scheduler.models.chats import Bulletin, Chat, ChatKind, Platform
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.rules.facts import LessonState

UNDONE = "is_undone"


@dataclass(frozen=True, slots=True)
class RemoteWords:
    """The school's own sentences: for all chats, for one class's, for the teachers'."""

    general: Mapping[str, Any]
    of_class: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    teachers: Mapping[str, Any] = field(default_factory=dict)

    def of(self, chat: Chat) -> dict[str, Any]:
        own = self.teachers if chat.class_id is None else self.of_class.get(chat.class_id, {})
        return {**self.general, **own}


def mark_remote(
    session: Session, school_id: int, class_ids: Mapping[date, Collection[int]], words: RemoteWords
) -> list[Bulletin]:
    """Note that the days of these classes, and the teachers', are remote ones.

    One decision over several dates is one message now; each later day is told at its usual hour. Answers, one for a
    chat, the days that it had been shown otherwise: their message is edited, which makes no sound, so
    `announce_declared` tells the decision.
    """
    telling = []
    dates = sorted(day for day, ids in class_ids.items() if ids)
    chats = _chats(session, school_id, {one for ids in class_ids.values() for one in ids})
    known = _bulletins(session, chats, dates)
    for chat in chats:
        own = [day for day in dates if chat.class_id is None or chat.class_id in class_ids[day]]
        bulletins = [known.get((chat.id, day)) or _new(session, chat, day) for day in own]
        seen = [one for one in bulletins if not one.is_remote_day and any(may_be_seen(part) for part in one.parts)]
        is_told_by_first = bool(bulletins) and not bulletins[0].is_remote_day and bulletins[0] not in seen
        for bulletin in bulletins:
            bulletin.is_remote_day = True
            is_later = bulletin is not bulletins[0]
            bulletin.remote_words = {**words.of(chat), "is_later": is_later, TOLD_APART: bulletin in seen}
        if seen and not is_told_by_first and chat.platform is not Platform.BY_HAND:
            telling.append(seen[0])
    session.flush()
    return telling


def announce_declared(session: Session, school: School, bulletins: Sequence[Bulletin]) -> None:
    """One notice to each of these chats, at once and with sound: the day that it was shown is a remote one now."""
    touched = {one.date: {b.chat.class_id or 0 for b in bulletins if b.date == one.date} for one in bulletins}
    loaded = load_days(session, school, touched)
    for bulletin in bulletins:
        plan, chat = plan_of(loaded, bulletin, []), bulletin.chat
        bulletin.remote_words = {**bulletin.remote_words, TOLD_APART: False}
        words = {name: plan.remote_words.get(name, "") for name in ("reason_line", "dates_line")}
        known = {"class_name": plan.class_name, "date": plan.date, "class_url": plan.url}
        notice = opened(session, plan, chat)
        notice.changes = []
        text = plan.own.render("remote_declared", is_parents=plan.is_parents, **known, **words)
        set_text(notice, text, buttons_of(plan))
        settle(notice, chat, due_at=clock.now())
        session.flush()
        wake_due(session, notice)


def retell_tasks(session: Session, school_id: int, missing: Mapping[date, int]) -> None:
    """Say in the teachers' posts of these remote days how many tasks are still missing; `stale` writes the texts."""
    query = (
        sa.select(Bulletin)
        .join(Chat, Chat.id == Bulletin.chat_id)
        .where(
            Bulletin.school_id == school_id,
            Bulletin.date.in_(missing),
            Bulletin.is_remote_day,
            Chat.kind == ChatKind.TEACHERS,
        )
    )
    for bulletin in session.scalars(query):
        count = missing[bulletin.date]
        told = {"tasks_missing": str(count) if count else ""} | ({} if count else {"tasks_deadline": ""})
        bulletin.remote_words = {**bulletin.remote_words, **told}


def _chats(session: Session, school_id: int, class_ids: Collection[int]) -> Sequence[Chat]:
    concerned = sa.or_(Chat.class_id.in_(class_ids), Chat.kind == ChatKind.TEACHERS)
    query = sa.select(Chat).where(Chat.school_id == school_id, Chat.kind.is_not(None), concerned)
    return session.scalars(query.options(joinedload(Chat.school_class)).order_by(Chat.id)).all()


def _bulletins(session: Session, chats: Sequence[Chat], dates: Sequence[date]) -> dict[tuple[int, date], Bulletin]:
    query = (
        sa.select(Bulletin)
        .where(Bulletin.chat_id.in_([chat.id for chat in chats]), Bulletin.date.in_(dates))
        .options(selectinload(Bulletin.parts))
    )
    return {(bulletin.chat_id, bulletin.date): bulletin for bulletin in session.scalars(query)}


def _new(session: Session, chat: Chat, day: date) -> Bulletin:
    bulletin = Bulletin(school_id=chat.school_id, chat=chat, date=day, shown={}, remote_words={}, parts=[])
    session.add(bulletin)
    return bulletin


def unmark_remote(
    session: Session, school_id: int, class_ids: Mapping[date, Collection[int]], *, still: Collection[date] = ()
) -> list[Bulletin]:
    """Take the marks back before the lessons change; `still` are dates on which other classes stay at home.

    Answers the bulletins that were marked, for `announce_return` after the texts were written.
    """
    dates = sorted(day for day, ids in class_ids.items() if ids)
    chats = {chat.id: chat for chat in _chats(session, school_id, {one for ids in class_ids.values() for one in ids})}
    unmarked = []
    for bulletin in _bulletins(session, list(chats.values()), dates).values():
        class_id = chats[bulletin.chat_id].class_id
        is_meant = bulletin.date not in still if class_id is None else class_id in class_ids[bulletin.date]
        if bulletin.is_remote_day and is_meant:
            bulletin.is_remote_day = False
            bulletin.remote_words = {UNDONE: True}
            unmarked.append(bulletin)
    session.flush()
    return unmarked


def announce_return(
    session: Session,
    school: School,
    bulletins: Sequence[Bulletin],
    first_starts: Mapping[tuple[int | None, date], time],
) -> None:
    """One notice a chat for all the days that it was shown: «приходим в школу». It goes at once and sounds.

    A bulletin that such a chat gets for the first time now, of lessons that were remote before, comes silently.
    """
    touched = {one.date: {b.chat.class_id or 0 for b in bulletins if b.date == one.date} for one in bulletins}
    loaded = load_days(session, school, touched)
    told: dict[int, list[Bulletin]] = defaultdict(list)
    for bulletin in bulletins:
        bulletin.remote_words = {}
        has_start = (bulletin.chat.class_id, bulletin.date) in first_starts
        if has_start and any(may_be_seen(part) for part in bulletin.parts):
            told[bulletin.chat_id].append(bulletin)
    for bulletin in bulletins:
        if bulletin.chat_id in told and bulletin not in told[bulletin.chat_id]:
            for part in bulletin.parts:
                part.is_loud = part.is_loud and part.due_at > clock.now()
    for own in told.values():
        own.sort(key=lambda bulletin: bulletin.date)
        plan = plan_of(loaded, own[0], [])
        calls = [
            one for bulletin in own for one in loaded.lessons(bulletin.date, bulletin.chat.class_id) if _is_call(one)
        ]
        _announce(session, plan, own, first_starts, has_calls=bool(calls))


def _is_call(lesson: Lesson) -> bool:
    return lesson.mode.has_call and lesson.state is LessonState.PLANNED


def announce_longer(session: Session, school: School, last_days: Mapping[int, date]) -> None:
    """One notice to each chat of these classes: they stay at home until a later date than was told."""
    query = sa.select(Chat).where(Chat.school_id == school.id, Chat.class_id.in_(last_days), Chat.kind.is_not(None))
    chats = session.scalars(query.options(joinedload(Chat.school_class)).order_by(Chat.id)).all()
    known = _bulletins(session, chats, sorted(set(last_days.values())))
    loaded = load_days(session, school, {day: set(last_days) for day in set(last_days.values())})
    for chat in chats:
        last = last_days[chat.class_id or 0]
        bulletin = known.get((chat.id, last))
        if bulletin is None:
            continue
        plan = plan_of(loaded, bulletin, [])
        notice = opened(session, plan, chat)
        notice.changes = []
        text = plan.own.render("remote_longer", class_name=plan.class_name, date=last, class_url=plan.url)
        set_text(notice, text, buttons_of(plan))
        settle(notice, chat, due_at=clock.now())
        session.flush()
        wake_due(session, notice)


def _announce(
    session: Session,
    plan: DayPlan,
    own: Sequence[Bulletin],
    first_starts: Mapping[tuple[int | None, date], time],
    *,
    has_calls: bool,
) -> None:
    chat = own[0].chat
    notice = opened(session, plan, chat)
    notice.is_loud = chat.sounds is not False
    notice.changes = []
    days = [(bulletin.date, first_starts[chat.class_id, bulletin.date]) for bulletin in own]
    (first_day, first_start), is_one = days[0], len(days) == 1
    known = {"date": first_day, "first_start": first_start} if is_one else {"days": days}
    name = "remote_undone" if is_one else "remote_undone_days"
    text = plan.own.render(name, class_name=plan.class_name, has_calls=has_calls, **known)
    set_text(notice, text, buttons_of(plan))
    settle(notice, chat, due_at=clock.now())
    session.flush()
    wake_due(session, notice)


def reword_teachers(session: Session, school_id: int, span: tuple[date, date], words: Mapping[str, str]) -> list[date]:
    """Put other words into the teachers' remote bulletins of these dates; answers the dates that have one."""
    query = (
        sa.select(Bulletin)
        .join(Chat, Chat.id == Bulletin.chat_id)
        .where(Bulletin.school_id == school_id, Chat.kind == ChatKind.TEACHERS, Bulletin.is_remote_day)
        .where(Bulletin.date.between(*span))
    )
    found = session.scalars(query.order_by(Bulletin.date)).all()
    for bulletin in found:
        bulletin.remote_words = {**bulletin.remote_words, **words}
    session.flush()
    return [bulletin.date for bulletin in found]

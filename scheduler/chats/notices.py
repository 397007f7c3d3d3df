"""One short post of a chat about changes of a day that it had already shown, joined until some quiet; sends nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.bulletins import LONGEST, DayPlan, buttons_of
from scheduler.chats.lines import LessonLine, from_kept
from scheduler.chats.pace import pace
from scheduler.chats.posts import set_text, settle, wake_due
from scheduler.chats.timing import after_quiet, hours_of, is_loud, notice_due
from scheduler.models.chats import Chat, Notice, PostState
from scheduler.models.school import School

Pair = tuple[LessonLine | None, LessonLine]
OPEN = (PostState.WANTED, PostState.UNCONNECTED)


def note_changes(session: Session, school: School, plan: DayPlan, chat: Chat, pairs: Sequence[Pair]) -> None:
    """Open a notice about these changes, or join them to the one that still waits."""
    if not pairs:
        return
    notice = _waiting(session, chat, plan)
    joined = _joined(notice.changes if notice else [], pairs)
    if not joined:
        if notice:
            notice.state = PostState.WITHDRAWN
            notice.changes = []
        return
    if notice is None:
        notice = opened(session, plan, chat)
    notice.changes = [{"before": old.kept() if old else None, "after": new.kept()} for old, new in joined]
    set_text(notice, notice_text(plan, joined), buttons_of(plan))
    settle(notice, chat, due_at=_due(school, chat, notice, joined))
    session.flush()
    wake_due(session, notice)


def _waiting(session: Session, chat: Chat, plan: DayPlan) -> Notice | None:
    query = sa.select(Notice).where(
        Notice.chat_id == chat.id,
        Notice.date == plan.date,
        Notice.state.in_(OPEN),
        Notice.posted_hash.is_(None),
        Notice.attempts == 0,
    )
    return session.scalars(query.order_by(Notice.id.desc()).limit(1).with_for_update()).first()


def opened(session: Session, plan: DayPlan, chat: Chat) -> Notice:
    """A notice that has no text yet."""
    now = clock.now()
    notice = Notice(
        school_id=chat.school_id, chat=chat, date=plan.date, opened_at=now, due_at=now, text="", wanted_hash="",
        generation=1, state=PostState.WANTED, is_uncertain=False,
    )  # fmt: skip
    grade = chat.school_class.grade if chat.school_class else None
    notice.is_loud = is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=plan.is_remote_day)
    session.add(notice)
    return notice


def _joined(earlier: Sequence[dict[str, Any]], pairs: Sequence[Pair]) -> list[Pair]:
    first = {pair["after"]["lesson_id"]: _pair(pair) for pair in earlier}
    for old, new in pairs:
        known = first.get(new.lesson_id)
        first[new.lesson_id] = (known[0] if known else old, new)
    told = [(old, new) for old, new in first.values() if (new.is_planned if old is None else old.told != new.told)]
    return sorted(told, key=lambda pair: pair[1].order)


def _pair(plain: dict[str, Any]) -> Pair:
    return (from_kept(plain["before"]) if plain["before"] else None, from_kept(plain["after"]))


def notice_text(plan: DayPlan, pairs: Sequence[Pair]) -> str:
    """The notice in words; all cancelled is an «Отмена», anything else an «Изменение».

    Where not all changes fit into one message it counts the last ones: the bulletin and the class page tell them all.
    """
    for told in range(len(pairs), 0, -1):
        text = _text(plan, pairs[:told], more=len(pairs) - told)
        if len(text) <= LONGEST:
            return text
    return _text(plan, [], more=len(pairs))


def _text(plan: DayPlan, pairs: Sequence[Pair], *, more: int) -> str:
    is_cancellation = not more and all(new.state == "cancelled" for _, new in pairs)
    return plan.own.render(
        "notice",
        class_name=plan.class_name,
        date=plan.date,
        class_url=plan.url,
        pairs=pairs,
        more=more,
        is_cancellation=is_cancellation,
        is_parents=plan.is_parents,
    )


def _first_start(school: School, notice: Notice, pairs: Sequence[Pair]) -> datetime | None:
    """The earliest start, old or new, that has not passed."""
    lines = [line for pair in pairs for line in pair if line is not None]
    starts = [clock.to_utc(notice.date, line.start, school.timezone) for line in lines]
    return min((start for start in starts if start >= clock.now()), default=None)


def _due(school: School, chat: Chat, notice: Notice, pairs: Sequence[Pair]) -> datetime:
    start = _first_start(school, notice, pairs)
    return notice_due(clock.now(), notice.opened_at, hours=hours_of(school, chat), first_start=start, pace=pace())


def end_quiet(session: Session) -> None:
    """Let every notice that still joins changes go now, unless it waits for the end of the quiet hours."""
    now = clock.now()
    query = sa.select(Notice).where(Notice.state == PostState.WANTED, Notice.attempts == 0, Notice.due_at > now)
    for notice in session.scalars(query.with_for_update()):
        school = session.get_one(School, notice.school_id)
        start = _first_start(school, notice, [_pair(plain) for plain in notice.changes])
        notice.due_at = after_quiet(now, hours_of(school, notice.chat), first_start=start)

"""One notice a chat where a remote day that was told gets other bells, instead of a list of all its lessons."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.chats.bulletins import buttons_of
from scheduler.chats.loading import Loaded, load_days
from scheduler.chats.notices import opened
from scheduler.chats.posts import may_be_seen, set_text, settle, wake_due
from scheduler.chats.stale import TOLD_APART, plan_of
from scheduler.models.chats import Bulletin, Chat, Platform
from scheduler.models.school import School
from scheduler.rules.facts import LessonState


def hold_back_changes(
    session: Session, school_id: int, class_ids: Mapping[date, Collection[int]]
) -> dict[int, list[Bulletin]]:
    """Keep the lessons' own notices of these classes' remote days back; answers what `announce_bells` tells, by chat.

    Call before the lessons change. Chats by hand get the new text itself and need no notice.
    """
    query = (
        sa.select(Bulletin)
        .join(Chat, Chat.id == Bulletin.chat_id)
        .where(
            Bulletin.school_id == school_id,
            Bulletin.date.in_(class_ids),
            Bulletin.is_remote_day,
            Chat.class_id.is_not(None),
            Chat.platform != Platform.BY_HAND,
        )
        .options(selectinload(Bulletin.parts), selectinload(Bulletin.chat))
        .order_by(Bulletin.chat_id, Bulletin.date)
    )
    found: dict[int, list[Bulletin]] = defaultdict(list)
    for bulletin in session.scalars(query):
        is_meant = bulletin.chat.class_id in class_ids[bulletin.date]
        if is_meant and any(may_be_seen(part) for part in bulletin.parts):
            bulletin.remote_words = {**bulletin.remote_words, TOLD_APART: True}
            found[bulletin.chat_id].append(bulletin)
    return dict(found)


def announce_bells(session: Session, school: School, told: Mapping[int, Sequence[Bulletin]]) -> None:
    """Tell each chat at once when its lessons begin and end now; call after the texts were written."""
    touched: dict[date, set[int]] = defaultdict(set)
    for own in told.values():
        for bulletin in own:
            touched[bulletin.date].add(bulletin.chat.class_id or 0)
            bulletin.remote_words = {**bulletin.remote_words, TOLD_APART: False}
    loaded = load_days(session, school, touched)
    for own in told.values():
        plan, chat = plan_of(loaded, own[0], []), own[0].chat
        days = [hours for bulletin in own if (hours := _hours(loaded, bulletin))]
        if not days:
            continue
        notice = opened(session, plan, chat)
        notice.changes = []
        text = plan.own.render("remote_bells", class_name=plan.class_name, class_url=plan.url, days=days)
        set_text(notice, text, buttons_of(plan))
        settle(notice, chat, due_at=clock.now())
        session.flush()
        wake_due(session, notice)


def _hours(loaded: Loaded, bulletin: Bulletin) -> tuple[date, time, time] | None:
    """The date with the first start and the last end of what is still held."""
    class_id = bulletin.chat.class_id or 0
    lessons = [one for one in loaded.lessons(bulletin.date, class_id) if one.state is not LessonState.CANCELLED]
    if not lessons:
        return None
    return bulletin.date, min(one.start for one in lessons), max(one.end for one in lessons)

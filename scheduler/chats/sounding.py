"""How many phones a change would make sound: what a confirm button says. It writes nothing and locks nothing."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from scheduler import clock
from scheduler.chats.timing import bulletin_due, hours_of, is_loud
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.chats import Chat, ChatState, Platform
from scheduler.models.school import School


def sounding_chats(session: Session, school_id: int, changes: Sequence[LessonChange]) -> int:
    """How many connected chats of the classes concerned will sound at once because of these remote lessons."""
    school = session.get_one(School, school_id)
    starts = {
        (class_id, change.lesson.date): clock.to_utc(change.lesson.date, change.lesson.start, school.timezone)
        for change in changes
        if change.lesson.is_remote and not change.lesson.group.is_private
        for class_id in snapshot(change.lesson).class_ids
    }
    query = sa.select(Chat).where(
        Chat.school_id == school_id,
        Chat.class_id.in_({class_id for class_id, _ in starts}),
        Chat.state == ChatState.CONNECTED,
        Chat.platform != Platform.BY_HAND,
    )
    now = clock.now()
    sounding = {
        chat.id
        for chat in session.scalars(query.options(joinedload(Chat.school_class)))
        for (class_id, day), start in starts.items()
        if chat.class_id == class_id
        and _sounds(chat)
        and bulletin_due(now, day, hours=hours_of(school, chat), first_start=start) <= now
    }
    return len(sounding)


def _sounds(chat: Chat) -> bool:
    grade = chat.school_class.grade if chat.school_class else None
    return is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=False)

"""What a person should know before confirming a remote day, beside what the rules say; it reads and changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from scheduler.chats.timing import is_loud
from scheduler.models.chats import Chat, ChatKind, ChatState, Platform
from scheduler.models.classes import SchoolClass
from scheduler.models.remote_day import RemoteDay
from scheduler.planning.remote.plan import Plan
from scheduler.planning.remote.telling import tasks_missing
from scheduler.planning.remote.wish import RemoteWish, classes_of_scope, remote_days_on

READY = (ChatState.CONNECTED,)


@dataclass(frozen=True, slots=True)
class ChatsOfPlan:
    """The chats that a plan tells: which will sound at once, which a person fills by hand, which are not connected.

    `without_chat` are classes that should have a chat of pupils or parents and have none.
    """

    sounding: Sequence[Chat]
    by_hand: Sequence[Chat]
    unconnected: Sequence[Chat]
    without_chat: Sequence[SchoolClass]


@dataclass(frozen=True, slots=True)
class Around:
    """Beside the plan: its chats, tasks still missing, the decisions that stand on these dates and classes."""

    chats: ChatsOfPlan
    tasks_missing: int
    standing: Sequence[RemoteDay]


def around(session: Session, school_id: int, wish: RemoteWish, plan: Plan) -> Around:
    """Everything that the second and third step tell beside the plan itself."""
    class_ids = {class_id for ids in plan.class_ids.values() for class_id in ids}
    return Around(
        chats_of_plan(session, school_id, class_ids),
        tasks_missing(session, plan),
        standing_decisions(session, school_id, wish),
    )


def standing_decisions(session: Session, school_id: int, wish: RemoteWish) -> list[RemoteDay]:
    """The decisions in force that have classes of this wish on its dates."""
    wanted = {row.id for row in classes_of_scope(session, school_id, wish.scope)}
    return [one for one in remote_days_on(session, school_id, wish.dates) if wanted & set(one.class_ids)]


def chats_of_plan(session: Session, school_id: int, class_ids: Collection[int]) -> ChatsOfPlan:
    """The chats of these classes and the teachers' one, sorted by what becomes of their post."""
    concerned = sa.or_(Chat.class_id.in_(class_ids), Chat.kind == ChatKind.TEACHERS)
    query = sa.select(Chat).where(Chat.school_id == school_id, Chat.kind.is_not(None), concerned)
    chats = session.scalars(query.options(joinedload(Chat.school_class)).order_by(Chat.kind, Chat.id)).all()
    automatic = [chat for chat in chats if chat.platform is not Platform.BY_HAND]
    connected = [chat for chat in automatic if chat.state in READY]
    return ChatsOfPlan(
        [chat for chat in connected if _sounds(chat)],
        [chat for chat in chats if chat.platform is Platform.BY_HAND],
        [chat for chat in automatic if chat.state not in READY],
        _without_chat(session, class_ids, chats),
    )


def _sounds(chat: Chat) -> bool:
    grade = chat.school_class.grade if chat.school_class else None
    return is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=True)


def _without_chat(session: Session, class_ids: Collection[int], chats: Sequence[Chat]) -> list[SchoolClass]:
    there = {(chat.class_id, chat.kind) for chat in chats}
    rows = session.scalars(sa.select(SchoolClass).where(SchoolClass.id.in_(class_ids)).order_by(SchoolClass.label_key))
    return [
        row
        for row in rows
        if (row.has_students_chat and (row.id, ChatKind.STUDENTS) not in there)
        or (row.has_parents_chat and (row.id, ChatKind.PARENTS) not in there)
    ]

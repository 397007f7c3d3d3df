"""What each chat should show and shows, since when and with which answer; for pages and commands, reads only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.chats.posts import Post, kind_of, outgoing_text
from scheduler.chats.problems import Problem, problem
from scheduler.database import db
from scheduler.models.chats import (
    Bulletin,
    BulletinPart,
    Chat,
    ChatKind,
    ChatState,
    Delivery,
    Notice,
    Platform,
    PostState,
    Reminder,
)
from scheduler.models.names import shown_class
from scheduler.models.school import School

MANY_ATTEMPTS = 3
# The worst first: what a chat's line says when its posts stand differently.
WORST_FIRST = (
    PostState.PARKED,
    PostState.SENDING,
    PostState.WANTED,
    PostState.BY_HAND,
    PostState.UNCONNECTED,
    PostState.POSTED,
)


@dataclass(frozen=True, slots=True)
class PostView:
    """One part or notice. `since` is when what the chat shows came there; `answer` the messenger's last word."""

    kind: str
    id: int
    date: date
    number: int
    should_show: str
    shows: str
    since: datetime | None
    due_at: datetime
    state: PostState
    is_loud: bool
    answer: str
    problem: Problem | None
    wanted_hash: str = ""

    @property
    def is_right(self) -> bool:
        return self.state is PostState.POSTED


@dataclass(frozen=True, slots=True)
class ChatView:
    """A chat with its posts from today on, by day; `state` is the worst of theirs, None where there are none."""

    id: int
    title: str
    kind: ChatKind | None
    class_id: int | None
    class_name: str
    platform: Platform
    chat_state: ChatState
    can_read: bool
    order_reference: str
    state: PostState | None
    problem: Problem | None
    posts: Sequence[PostView] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class ChatOutcome:
    """A chat as `scheduler deliver` prints it; `is_parked_now` where something was parked since the command began."""

    chat: str
    state: str
    problem: str
    is_parked_now: bool = False


def chat_views(school_id: int, *, chat_ids: Collection[int] | None = None, since: date | None = None) -> list[ChatView]:
    """The school's chats, or only some of them, with their posts of today and later (or since a date)."""
    with Session(db.engine) as session:
        school = session.get_one(School, school_id)
        first = since or clock.now().astimezone(ZoneInfo(school.timezone)).date()
        chats = sa.select(Chat).where(Chat.school_id == school_id).order_by(Chat.title, Chat.id)
        if chat_ids is not None:
            chats = chats.where(Chat.id.in_(chat_ids))
        found = session.scalars(chats.options(joinedload(Chat.school_class), joinedload(Chat.connection))).all()
        posts = _posts(session, [chat.id for chat in found], first)
        answers = _answers(session, posts)
        return [_chat_view(chat, [post for post in posts if _chat_id(post) == chat.id], answers) for chat in found]


def _posts(session: Session, chat_ids: Sequence[int], first: date) -> list[Post]:
    parts = (
        sa.select(BulletinPart)
        .join(Bulletin)
        .where(Bulletin.chat_id.in_(chat_ids), Bulletin.date >= first, BulletinPart.state != PostState.WITHDRAWN)
        .options(selectinload(BulletinPart.bulletin))
        .order_by(Bulletin.date, BulletinPart.number)
    )
    notices = (
        sa.select(Notice)
        .where(Notice.chat_id.in_(chat_ids), Notice.date >= first, Notice.state != PostState.WITHDRAWN)
        .order_by(Notice.date, Notice.id)
    )
    reminders = (
        sa.select(Reminder)
        .where(Reminder.chat_id.in_(chat_ids), Reminder.date >= first, Reminder.state != PostState.WITHDRAWN)
        .order_by(Reminder.date, Reminder.start)
    )
    return [*session.scalars(parts), *session.scalars(notices), *session.scalars(reminders)]


def _chat_id(post: Post) -> int:
    return post.bulletin.chat_id if isinstance(post, BulletinPart) else post.chat_id


def _answers(session: Session, posts: Iterable[Post]) -> dict[str, Delivery]:
    """The last attempt of each post by its mark."""
    marks = [post.mark for post in posts]
    attempts = session.scalars(sa.select(Delivery).where(Delivery.target.in_(marks)).order_by(Delivery.id))
    return {attempt.target: attempt for attempt in attempts}


def _chat_view(chat: Chat, posts: Sequence[Post], answers: dict[str, Delivery]) -> ChatView:
    views = [_post_view(post, chat, answers.get(post.mark)) for post in posts]
    state, name = _worst(chat, posts)
    return ChatView(
        id=chat.id,
        title=chat.title,
        kind=chat.kind,
        class_id=chat.class_id,
        class_name=shown_class(chat.school_class.label) if chat.school_class else "",
        platform=chat.platform,
        chat_state=chat.state,
        can_read=chat.can_read,
        order_reference=chat.order_reference,
        state=state,
        problem=problem(name),
        posts=views,
    )


def _post_view(post: Post, chat: Chat, attempt: Delivery | None) -> PostView:
    is_part = isinstance(post, BulletinPart)
    return PostView(
        kind=kind_of(post),
        id=post.id,
        date=post.bulletin.date if isinstance(post, BulletinPart) else post.date,
        number=post.number if isinstance(post, BulletinPart) else 0,
        should_show=outgoing_text(post) if is_part or post.text else "",
        shows=post.posted_text or "",
        since=post.edited_at or post.posted_at,
        due_at=post.due_at,
        state=post.state,
        is_loud=post.is_loud,
        answer=_answer(attempt),
        problem=problem(_problem_name(post, chat)),
        wanted_hash=post.wanted_hash,
    )


def _answer(attempt: Delivery | None) -> str:
    if attempt is None:
        return ""
    return f"{attempt.verb}: {attempt.outcome} {attempt.answer}".strip()


def _problem_name(post: Post, chat: Chat) -> str:
    if post.problem:
        return post.problem
    if post.state not in (PostState.WANTED, PostState.SENDING):
        return ""
    if chat.connection is not None and chat.connection.is_refused:
        return "auth"
    if chat.state is ChatState.REMOVED:
        return "gone"
    return "unreachable" if post.attempts >= MANY_ATTEMPTS else ""


def _worst(chat: Chat, posts: Sequence[Post]) -> tuple[PostState | None, str]:
    told = [(_told_state(post, chat), _problem_name(post, chat)) for post in posts]
    for state in WORST_FIRST:
        names = [name for told_state, name in told if told_state is state]
        if names:
            return state, next(filter(None, names), "")
    return None, ""


def _told_state(post: Post, chat: Chat) -> PostState:
    """A post of a refused bot or a closed chat is as good as parked; one that is not due yet does not count as open."""
    if _problem_name(post, chat) in ("auth", "gone"):
        return PostState.PARKED
    is_for_later = post.state is PostState.WANTED and not post.attempts and post.due_at > clock.now()
    return PostState.POSTED if is_for_later else post.state


def chat_outcomes(school_id: int | None = None, *, parked_before: Collection[int] = ()) -> list[ChatOutcome]:
    """The state of every chat, as `scheduler deliver` prints it; one without any post shows what it should: nothing."""
    with Session(db.engine) as session:
        schools = [school_id] if school_id is not None else list(session.scalars(sa.select(School.id)))
    return [_chat_outcome(view, parked_before) for school in schools for view in chat_views(school)]


def _chat_outcome(view: ChatView, parked_before: Collection[int]) -> ChatOutcome:
    idle = PostState.BY_HAND if view.platform is Platform.BY_HAND else PostState.POSTED
    if view.chat_state is not ChatState.CONNECTED and idle is PostState.POSTED:
        idle = PostState.UNCONNECTED
    state = view.state or idle
    is_parked_now = state is PostState.PARKED and view.id not in parked_before
    words = f"{view.problem.text} {view.problem.advice}" if view.problem else ""
    return ChatOutcome(view.title, state.value, words, is_parked_now)


def parked_chats() -> frozenset[int]:
    """Ids of the chats in which something waits for a person now."""
    with Session(db.engine) as session:
        schools = list(session.scalars(sa.select(School.id)))
    views = [view for school in schools for view in chat_views(school)]
    return frozenset(view.id for view in views if view.state is PostState.PARKED)

"""A chat in one line: does it show what it should, and if not, what is wrong and how bad that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import clock
from scheduler.chats.overview import ChatView, chat_views
from scheduler.models.chats import ChatKind, ChatState, Platform, PostState
from scheduler.permissions import Action
from scheduler.web.access import visitor_may

GOOD, SOFT, BAD = "good", "soft", "bad"
LONG_LIST = 12  # a screen and a half of a phone
WEIGHTS = {BAD: 0, SOFT: 1, GOOD: 2}


@dataclass(frozen=True, slots=True)
class ChatRow:
    """`strength` is bad, soft or good; `words` the sentence; `advice` what to do; `since` when it came there."""

    view: ChatView
    strength: str
    words: str
    advice: str = ""
    since: datetime | None = None

    @property
    def name(self) -> str:
        """«7 «А», родители»."""
        return chat_name(self.view)

    @property
    def is_right(self) -> bool:
        return self.strength == GOOD


def kind_words(kind: ChatKind | None) -> str:
    """Whose chat it is."""
    words: dict[ChatKind, str] = {
        ChatKind.TEACHERS: _("teachers"),
        ChatKind.STUDENTS: _("pupils"),
        ChatKind.PARENTS: _("parents"),
    }
    return words[kind] if kind else str(_("not stated whose"))


def chat_name(view: ChatView) -> str:
    """The class and the kind, else the title that the chat has in the messenger."""
    if view.class_name:
        return f"{view.class_name}, {kind_words(view.kind)}"
    return view.title or _("a chat without a title")


def chat_rows(school_id: int) -> list[ChatRow]:
    """The official chats that the visitor's scopes reach, the worst first, then by class."""
    rows = [row_of(view) for view in chat_views(school_id) if view.kind is not None and may_see(view)]
    return sorted(rows, key=lambda row: (WEIGHTS[row.strength], _place(row.view)))


def _place(view: ChatView) -> tuple[int, str, str]:
    digits = "".join(letter for letter in view.class_name if letter.isdigit())
    return int(digits or 0), view.class_name, view.kind or ""


def folded_rows(rows: Sequence[ChatRow]) -> tuple[list[ChatRow], list[tuple[int, list[ChatRow]]]]:
    """What stays in sight, and the chats in order of each grade (0: of no class) folded where the list is long."""
    if len(rows) <= LONG_LIST:
        return list(rows), []
    wrong, right = [row for row in rows if not row.is_right], [row for row in rows if row.is_right]
    return wrong, [(grade, list(some)) for grade, some in groupby(right, key=lambda row: _place(row.view)[0])]


def may_see(view: ChatView) -> bool:
    """Whether one of the visitor's scopes reaches this chat."""
    return reaches(Action.VIEW_CHATS, view.class_id, view.id)


def may_manage(view: ChatView) -> bool:
    """Whether the visitor may post again, say «placed» and set the sound."""
    return reaches(Action.MANAGE_CHAT, view.class_id, view.id)


def reaches(action: Action, class_id: int | None, chat_id: int) -> bool:
    """A scope of the class or of the chat itself will do; the teachers' chat needs the school or the chat."""
    return visitor_may(action, chat_id=chat_id) or (class_id is not None and visitor_may(action, class_ids=[class_id]))


def row_of(view: ChatView) -> ChatRow:
    """The line of one chat."""
    if view.platform is not Platform.BY_HAND and view.chat_state is not ChatState.CONNECTED:
        return _closed(view)
    if view.state is PostState.PARKED:
        words = view.problem.text if view.problem else _("The message is not posted.")
        return ChatRow(view, BAD, words, view.problem.advice if view.problem else "")
    if view.state is PostState.BY_HAND:
        count = sum(post.state is PostState.BY_HAND for post in view.posts)
        words = ngettext("%(num)d text is to be placed by hand", "%(num)d texts are to be placed by hand", count)
        return ChatRow(view, SOFT, words)
    if view.state in (PostState.WANTED, PostState.SENDING):
        return ChatRow(view, SOFT, _("is being posted now"), view.problem.text if view.problem else "")
    return _right(view)


def _closed(view: ChatView) -> ChatRow:
    wanted = bool(view.posts)
    if view.chat_state is ChatState.REMOVED:
        words = _("the bot is removed, the message is not posted") if wanted else _("the bot is removed from the chat")
        advice = _("Add the bot to the chat again and make it administrator.")
        return ChatRow(view, BAD if wanted else SOFT, words, advice)
    words = _("is not connected, the message is not posted") if wanted else _("is not connected yet")
    advice = _("Add the bot to the chat, then say here whose chat it is; or keep the chat by hand.")
    return ChatRow(view, BAD if wanted else SOFT, words, advice)


def _right(view: ChatView) -> ChatRow:
    since = max((post.since for post in view.posts if post.since), default=None)
    if any(post.state is PostState.POSTED for post in view.posts):
        return ChatRow(view, GOOD, _("shows what it should"), since=since)
    later = [post.due_at for post in view.posts if post.due_at > clock.now()]
    return ChatRow(view, GOOD, _("has its message for later") if later else _("nothing is to be shown"))


def shown_of(rows: Iterable[ChatRow]) -> tuple[int, int]:
    """How many chats show what they should, and of how many."""
    listed = list(rows)
    return sum(row.is_right for row in listed), len(listed)

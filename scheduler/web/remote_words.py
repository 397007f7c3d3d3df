"""A remote day's figures and chats in words, for its pages, print and table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.chats.problems import problem
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemoteReason
from scheduler.reports.progress import ChatStand, Links, Progress, Stand
from scheduler.web.chat_rows import kind_words
from scheduler.web.formats import date_range, day_title, local, stamp, wall


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One chat: `words` say how it stands, `strength` is bad, soft or done."""

    chat: ChatStand
    name: str
    words: str
    advice: str
    strength: str


@dataclass(frozen=True, slots=True)
class StateView:
    """What changes on a decision's page: counts, what is open (worst first), what stands in the chats."""

    shown: int
    chats: int
    links: Links
    links_words: str
    open: Sequence[ChatLine]
    done: Sequence[ChatLine]
    is_settled: bool


def state_view(progress: Progress, zone: str) -> StateView:
    """The progress in the words of the page."""
    lines = [_line(chat, zone) for chat in progress.chats]
    ordered = sorted(lines, key=lambda line: list(Stand).index(line.chat.stand))
    return StateView(
        shown=progress.shown,
        chats=len(lines),
        links=progress.links,
        links_words=_links_words(progress.links, zone),
        open=[line for line in ordered if not line.chat.stand.is_settled],
        done=[line for line in lines if line.chat.stand.is_settled],
        is_settled=progress.is_settled,
    )


def _links_words(links: Links, zone: str) -> str:
    words = []
    if links.failed:
        words.append(
            ngettext("%(num)d lesson has no way to join.", "%(num)d lessons have no way to join.", links.failed)
        )
    if links.later and links.next_due is not None:
        words.append(
            ngettext(
                "%(num)d link is made two hours before its lesson, at %(time)s.",
                "%(num)d links are made two hours before their lessons, the first at %(time)s.",
                links.later,
                time=_time(links.next_due, zone),
            )
        )
    return " ".join(words)


def _time(at: datetime, zone: str) -> str:
    return stamp(local(at, zone))


def chat_line_name(chat: ChatStand) -> str:
    """«7 «А», родители», else the chat's title."""
    return f"{shown_class(chat.class_label)}, {kind_words(chat.kind)}" if chat.class_label else chat.title


def _line(chat: ChatStand, zone: str) -> ChatLine:
    words, advice = _words(chat, zone)
    strength = "done" if chat.stand.is_settled else "bad" if chat.stand is Stand.PARKED else "soft"
    return ChatLine(chat, chat_line_name(chat), words, advice, strength)


def _words(chat: ChatStand, zone: str) -> tuple[str, str]:
    found = problem(chat.problem)
    if chat.stand is Stand.SHOWN and chat.since is not None:
        return _shown_words(chat, zone), ""
    words: dict[Stand, str] = {
        Stand.PARKED: _("The message is not posted."),
        Stand.UNCONNECTED: _("the chat is not connected"),
        Stand.BY_HAND: _("by hand: not placed yet"),
        Stand.ON_ITS_WAY: _("is being posted now"),
        Stand.LATER: _("goes out later, at the chat's usual hour"),
        Stand.SHOWN: _("delivered to the chat"),
    }
    if found is not None:
        return found.text, found.advice
    return words[chat.stand], ""


def _shown_words(chat: ChatStand, zone: str) -> str:
    count = ngettext("%(num)d message", "%(num)d messages", chat.posts)
    sound = _("with sound") if chat.is_loud else _("silently")
    since = local(chat.since, zone) if chat.since else None
    at = f"{wall(since)}:{since.second:02d}" if since else ""
    return str(_("delivered to the chat at %(time)s: %(count)s, %(sound)s", time=at, count=count, sound=sound))


def dates_words(day: RemoteDay) -> str:
    """«Вторник, 24 ноября» or «24–26 ноября»."""
    return day_title(day.date_from) if day.date_from == day.date_to else date_range(day.date_from, day.date_to)


def reason_words(day: RemoteDay) -> str:
    """What the families read, else the kind of the reason."""
    words: dict[RemoteReason, str] = {
        RemoteReason.FROST: _("frost"),
        RemoteReason.QUARANTINE_CLASS: _("quarantine of a class"),
        RemoteReason.QUARANTINE_SCHOOL: _("quarantine of the school"),
        RemoteReason.EPIDEMIC_ORDER: _("epidemic"),
        RemoteReason.EMERGENCY: _("emergency"),
        RemoteReason.PLANNED: _("planned remote day"),
        RemoteReason.EXAM_CENTRE: _("examination centre"),
        RemoteReason.POLLING_STATION: _("polling station"),
        RemoteReason.OTHER: "",
    }
    return day.text or words[day.reason]

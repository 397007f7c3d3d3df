"""A remote day in words, for its pages, print and table: dates, reason, chats, how each of them stands."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.chats.problems import problem
from scheduler.models.chats import Platform
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemoteReason
from scheduler.reports.progress import ChatStand, Links, Stand
from scheduler.web.chat_rows import kind_words
from scheduler.web.formats import date_range, day_title, local, stamp, wall


def dates_words(day: RemoteDay) -> str:
    """«Вторник, 24 ноября» or «24–26 ноября»."""
    return day_title(day.date_from) if day.date_from == day.date_to else date_range(day.date_from, day.date_to)


def within(words: str) -> str:
    """The words as they stand within a sentence: «вторник, 24 ноября»."""
    return words[:1].lower() + words[1:]


def dates_of(day: RemoteDay) -> list[date]:
    """Every date of the decision."""
    return [date.fromordinal(n) for n in range(day.date_from.toordinal(), day.date_to.toordinal() + 1)]


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


def chats_name(chats: Sequence[ChatStand]) -> str:
    """«7 «А», ученики и родители», else the chat's title."""
    if not chats[0].class_label:
        return chats[0].title
    kinds = _(" and ").join(kind_words(chat.kind) for chat in chats)
    return f"{shown_class(chats[0].class_label)}, {kinds}"


def stand_words(chat: ChatStand, zone: str, *, keepers: str = "") -> tuple[str, str]:
    """How a chat stands, and what to do about it; `keepers` are the names of those who place its texts."""
    found = problem(chat.problem)
    if found is not None:
        return found.text, found.advice
    if chat.stand is Stand.SHOWN and chat.since is not None:
        return _shown_words(chat, chat.since, zone), ""
    if chat.stand is Stand.LATER and chat.later_at is not None:
        return str(_("goes out at its hour: %(at)s", at=stamp(local(chat.later_at, zone)))), ""
    words: dict[Stand, str] = {
        Stand.PARKED: _("The message is not posted."),
        Stand.UNCONNECTED: _("the chat is not connected"),
        Stand.BY_HAND: _("by hand: not placed yet"),
        Stand.ON_ITS_WAY: _("is being posted now"),
        Stand.LATER: _("goes out later"),
        Stand.SHOWN: _("delivered to the chat"),
    }
    return words[chat.stand], _("Places it: %(names)s", names=keepers) if keepers else ""


def _shown_words(chat: ChatStand, at: datetime, zone: str) -> str:
    since = local(at, zone)
    time = f"{wall(since)}:{since.second:02d}"
    count = ngettext("%(num)d message", "%(num)d messages", chat.posts)
    if chat.later_at is not None:
        count = _("%(count)s, one more at %(at)s", count=count, at=stamp(local(chat.later_at, zone)))
    if chat.platform is Platform.BY_HAND:
        return str(_("placed by hand at %(time)s: %(count)s", time=time, count=count))
    sound = _("with sound") if chat.is_loud else _("silently")
    return str(_("delivered to the chat at %(time)s: %(count)s, %(sound)s", time=time, count=count, sound=sound))


def links_words(links: Links, zone: str) -> str:
    """What is said below the bar of the links."""
    words = []
    if links.failed:
        count = links.failed
        words.append(ngettext("%(num)d lesson has no way to join.", "%(num)d lessons have no way to join.", count))
    if links.later and links.next_due is not None:
        words.append(
            ngettext(
                "%(num)d link is made two hours before its lesson, at %(time)s.",
                "%(num)d links are made two hours before their lessons, the first at %(time)s.",
                links.later,
                time=stamp(local(links.next_due, zone)),
            )
        )
    return " ".join(words)

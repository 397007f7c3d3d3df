"""The way «room»: standing links, pasted once. Their shape and host are checked; nothing is ever fetched from them.

Shapes after the messengers reference §6: MAX, VK and old Sferum links; other services only where the school lists
their host. Foreign services may not carry a school's messages (149-ФЗ art. 10, 41-ФЗ of 01.04.2025).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from flask_babel import gettext as _

from scheduler.calls.ground import Audience, Choice, Ground
from scheduler.models.calls import RoomOwner
from scheduler.models.refusals import RefusalError
from scheduler.models.school import CallWay

LONGEST = 2000
_CODE = r"[A-Za-z0-9_-]"
_MAX_PATH = re.compile(rf"/joincall/{_CODE}{{8,128}}/?")
_VK_PATH = re.compile(rf"/call/join/{_CODE}{{16,128}}/?")
_SFERUM_TOKEN = re.compile(rf"{_CODE}{{16,128}}")
_VK_HOSTS = frozenset({"vk.com", "m.vk.com", "vk.ru", "m.vk.ru"})
_FOREIGN = frozenset(
    {
        *("zoom.us", "zoom.com", "meet.google.com", "teams.microsoft.com", "teams.live.com", "skype.com", "t.me"),
        *("telegram.me", "telegram.org", "whatsapp.com", "wa.me", "viber.com", "discord.com", "discord.gg"),
        "webex.com",
    }
)
_TRACKERS = re.compile(r"utm_.*|.*clid|_openstat|from|ref|mt_.*|roistat.*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_IN_TEXT = re.compile(r"https?://\S+", re.IGNORECASE)


class LinkRefusedError(RefusalError):
    """An address that cannot be a lesson's; `text` says why in the user's words, `code` names the reason."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    parts: SplitResult
    query: tuple[tuple[str, str], ...]


def checked_room_url(text: str, extra_hosts: Iterable[str] = ()) -> str:
    """The address of a call out of what was pasted (an invitation's text may stand around it).

    Raises LinkRefusedError: `NO_LINK`, `NOT_HTTPS`, `FOREIGN_SERVICE`, `UNKNOWN_HOST`, `NOT_A_CALL`.
    """
    address = _read(_found(text))
    if _is_foreign(address.host):
        raise LinkRefusedError(
            "FOREIGN_SERVICE",
            _("A school may not hold lessons in %(host)s. Paste a link of MAX or VK calls.", host=address.host),
        )
    if address.host == "max.ru":
        return _plain(address, fits=_MAX_PATH.fullmatch(address.parts.path) is not None)
    if address.host in _VK_HOSTS:
        return _plain(address, fits=_VK_PATH.fullmatch(address.parts.path) is not None)
    if address.host == "sferum.ru":
        return _plain(address, fits=_has_call_link(address))
    if address.host in {host.strip().lower() for host in extra_hosts}:
        return _plain(address, fits=address.parts.path.strip("/") != "", fragment=address.parts.fragment)
    raise LinkRefusedError(
        "UNKNOWN_HOST",
        _("%(host)s is not on the school's list of call services. The administrator can add it.", host=address.host),
    )


def checked_host(text: str) -> str:
    """The name of one more allowed service; raises LinkRefusedError where it is none or a foreign service."""
    host = (urlsplit(text.strip()).hostname or "") if "//" in text else text.strip().lower().strip("/")
    if not _HOST.fullmatch(host):
        raise LinkRefusedError("NO_LINK", _("Write the name of the service, for example telemost.yandex.ru."))
    if _is_foreign(host):
        raise LinkRefusedError("FOREIGN_SERVICE", _("A school may not hold lessons in %(host)s.", host=host))
    return host


def _found(text: str) -> str:
    stripped = text.strip()
    if len(stripped) > LONGEST:
        raise LinkRefusedError("NO_LINK", _("This is too long for a link. Paste only the link."))
    in_text = _IN_TEXT.findall(stripped)
    if len(set(in_text)) == 1:
        return str(in_text[0]).rstrip(".,;)»>\"'")
    if in_text or not stripped or any(mark.isspace() for mark in stripped):
        raise LinkRefusedError("NO_LINK", _("Paste one link to the call."))
    return stripped if "://" in stripped else f"https://{stripped}"


def _read(text: str) -> _Address:
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        raise LinkRefusedError("NO_LINK", _("This is no link. Paste it as it was copied.")) from None
    if not _HOST.fullmatch(host) or not text.isprintable():
        raise LinkRefusedError("NO_LINK", _("This is no link. Paste it as it was copied."))
    if parts.scheme != "https":
        raise LinkRefusedError("NOT_HTTPS", _("The link must begin with https://."))
    if port not in (None, 443) or parts.username is not None or parts.password is not None:
        raise LinkRefusedError("NO_LINK", _("This link has parts that no call has. Paste it as it was copied."))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return _Address(host, parts, tuple(pair for pair in pairs if not _TRACKERS.fullmatch(pair[0])))


def _is_foreign(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _FOREIGN)


def _has_call_link(address: _Address) -> bool:
    tokens = [value for name, value in address.query if name == "call_link"]
    return len(tokens) == 1 and _SFERUM_TOKEN.fullmatch(tokens[0]) is not None


def _plain(address: _Address, *, fits: bool, fragment: str = "") -> str:
    if not fits:
        raise LinkRefusedError(
            "NOT_A_CALL", _("This is a link to %(host)s, but not to a call. Copy the call's link.", host=address.host)
        )
    return urlunsplit(("https", address.host, address.parts.path, urlencode(address.query), fragment))


def find_room(audience: Audience, ground: Ground) -> Choice | None:
    """The nearest room: the course's, a teacher's, a class's.

    A class's room is known to the whole class, so a private lesson never takes it.
    """
    for owner in _owners(audience):
        if owner in ground.rooms:
            room = ground.rooms[owner]
            return Choice(CallWay.ROOM, room_id=room.id, url=room.url)
    return None


def _owners(audience: Audience) -> Iterator[tuple[RoomOwner, int]]:
    if audience.course_id is not None:
        yield RoomOwner.COURSE, audience.course_id
    for person_id in audience.teacher_ids:
        yield RoomOwner.TEACHER, person_id
    if not audience.is_private:
        for class_id in audience.class_ids:
            yield RoomOwner.CLASS, class_id

"""The dialog that offers a calendar: addresses for the usual programs, the QR code, the choices as links."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import segno
from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from scheduler.calendars.feeds import FeedOptions, Subscription
from scheduler.models.calendars import CancelledPolicy

ALARMS = (None, 5, 10, 15)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to have the calendar, as a link that opens the dialog with it chosen."""

    words: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SubscribeDialog:
    """Everything that the dialog shows. The address to copy is always in sight: a calendar link may open nothing."""

    subscription: Subscription
    google: str
    outlook: str
    office: str
    download: str
    code: Markup
    cancelled: tuple[Choice, ...]
    alarms: tuple[Choice, ...]
    is_open: bool


def options_from_request() -> FeedOptions:
    """The reader's choice out of the address; anything unknown is the usual."""
    minutes = request.args.get("alarm", type=int)
    is_shown = request.args.get("cancelled") == CancelledPolicy.SHOWN
    return FeedOptions(
        cancelled=CancelledPolicy.SHOWN if is_shown else CancelledPolicy.CANCELLED,
        alarm_minutes=minutes if minutes in ALARMS else None,
    )


def dialog_for(subscription: Subscription, options: FeedOptions, page: Callable[..., str]) -> SubscribeDialog:
    """The dialog of a feed; `page` makes the address of the page that it stands on, with more arguments."""
    name, address = quote(subscription.name, safe=""), quote(subscription.webcal_url, safe="")
    plain = quote(subscription.url, safe="")
    return SubscribeDialog(
        subscription=subscription,
        google=f"https://calendar.google.com/calendar/r?cid={address}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?url={plain}&name={name}",
        office=f"https://outlook.office.com/calendar/0/addfromweb?url={plain}&name={name}",
        download=url_for("feeds.feed", token=subscription.token, download=1),
        code=_code(subscription.webcal_url),
        cancelled=tuple(_cancelled(options, page)),
        alarms=tuple(_alarms(options, page)),
        is_open="subscribe" in request.args,
    )


def _code(address: str) -> Markup:
    drawing = segno.make(address, error="l", micro=False).svg_inline(scale=4, svgclass="qr", lineclass=None, border=2)
    return Markup(drawing)  # noqa: S704 - drawn by the library from an address of ours


def _cancelled(options: FeedOptions, page: Callable[..., str]) -> list[Choice]:
    words = {
        CancelledPolicy.CANCELLED: _("disappear or are struck through"),
        CancelledPolicy.SHOWN: _("stay in sight as “Cancelled”"),
    }
    return [
        Choice(text, _link(page, FeedOptions(policy, options.alarm_minutes)), policy is options.cancelled)
        for policy, text in words.items()
    ]


def _alarms(options: FeedOptions, page: Callable[..., str]) -> list[Choice]:
    return [
        Choice(
            _("none") if minutes is None else ngettext("%(num)s minute before", "%(num)s minutes before", minutes),
            _link(page, FeedOptions(options.cancelled, minutes)),
            minutes == options.alarm_minutes,
        )
        for minutes in ALARMS
    ]


def _link(page: Callable[..., str], options: FeedOptions) -> str:
    chosen: dict[str, object] = {"subscribe": 1}
    if options.cancelled is CancelledPolicy.SHOWN:
        chosen["cancelled"] = options.cancelled.value
    if options.alarm_minutes is not None:
        chosen["alarm"] = options.alarm_minutes
    return page(**chosen)

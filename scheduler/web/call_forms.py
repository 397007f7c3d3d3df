"""Forms of the calls' settings; they check shape, the use cases judge addresses."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, PasswordField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.models.school import CallWay
from scheduler.web.options import options

WAYS = {
    CallWay.IN_CHAT.value: _l("Video call in the class chat"),
    CallWay.ROOM.value: _l("Standing link"),
    CallWay.VK.value: _l("A link of VK for every lesson"),
}


class WaysForm(FlaskForm):
    way = RadioField(_l("How lessons are joined"), [InputRequired(_l("Choose one."))], choices=options(WAYS))
    hosts = TextAreaField(_l("Further call services, one in a line"), [Length(max=2000)])

    def wished_hosts(self) -> list[str]:
        """The lines that hold something."""
        return [line for line in (self.hosts.data or "").split() if line]


class TokenForm(FlaskForm):
    token = PasswordField(_l("VK token"), [InputRequired(_l("Paste the VK token.")), Length(max=2000)])
    expires_on = DateField(_l("Last day it serves"), [Optional()])

    def expires_at(self, zone: str) -> datetime | None:
        """The end of the last day in the school's zone; None for a token without end."""
        if self.expires_on.data is None:
            return None
        return datetime.combine(self.expires_on.data, time.max, ZoneInfo(zone)).astimezone(UTC)

"""The forms of a lesson: booking, editing, moving, cancelling, deciding."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from scheduler.planning.booking import MOST_WEEKS, LessonWish
from scheduler.planning.changing import LessonEdit
from scheduler.rules.facts import LessonKind, LessonMode
from scheduler.web.options import options

LONGEST_TEXT = 1000
REMOTE_MODES = (LessonMode.CALL, LessonMode.SELF_STUDY, LessonMode.BROADCAST)


def _number(text: str | int | None) -> int | None:
    """The number of an hour; None for a lesson with a time of its own, and for what is no number."""
    digits = str(text) if text is not None else ""
    return int(digits) if digits.isdigit() else None


class _LessonFields(FlaskForm):
    """What booking and editing share."""

    mode = RadioField(_l("How it is held"), choices=[], default=LessonMode.CALL.value)
    online_minutes = IntegerField(
        _l("Video, minutes (the rest is on one's own)"), [Optional(), NumberRange(min=1, max=90)]
    )
    topic = StringField(_l("Topic"), [Optional(), Length(max=300)])
    offline_task = TextAreaField(_l("If there is no internet"), [Optional(), Length(max=LONGEST_TEXT)])
    homework = StringField(_l("Homework"), [Optional(), Length(max=LONGEST_TEXT)])
    materials = StringField(_l("To prepare"), [Optional(), Length(max=LONGEST_TEXT)])
    room_ids = SelectMultipleField(
        _l("Rooms (for a broadcast, or to join together)"), [Optional()], coerce=int, choices=[]
    )
    is_joined_together = BooleanField(_l("The pupils join together, in the room"))
    reason = StringField(_l("Reason, if a norm is broken"), [Optional(), Length(max=LONGEST_TEXT)])

    def offer_modes(self, modes: Sequence[LessonMode]) -> None:
        """The modes to choose from, in the user's words."""
        words = {
            LessonMode.CALL: _("video lesson"),
            LessonMode.SELF_STUDY: _("on one's own"),
            LessonMode.BROADCAST: _("broadcast"),
            LessonMode.IN_PERSON: _("at school"),
        }
        self.mode.choices = options({mode.value: words[mode] for mode in modes})


class BookingForm(_LessonFields):
    """A new lesson; `form_key` makes sure that sending it twice books once."""

    course_id = SelectField(_l("Subject and group"), [InputRequired()], coerce=int, choices=[])
    kind = RadioField(_l("What it is"), choices=[], default=LessonKind.LESSON.value)
    date = DateField(_l("Date"), [InputRequired(_l("Choose the date."))])
    period = SelectField(_l("Which lesson"), coerce=_number, choices=[], validate_choice=False)
    start = TimeField(_l("Or its own start"), [Optional()])
    end = TimeField(_l("and end"), [Optional()])
    weeks = IntegerField(_l("Weekly, for weeks"), [Optional(), NumberRange(min=1, max=MOST_WEEKS)], default=1)
    form_key = HiddenField()

    def offer_kinds(self) -> None:
        """A lesson of the plan, or a consultation beside it."""
        words = {"plan": _("by the plan"), LessonKind.CONSULTATION.value: _("consultation")}
        self.kind.choices = options(words)
        if self.kind.data not in words:
            self.kind.data = "plan"

    def ensure_key(self) -> None:
        """Give the form its own key, once."""
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(12)

    def wish(self) -> LessonWish:
        """What was filled in."""
        is_consultation = self.kind.data == LessonKind.CONSULTATION.value
        return LessonWish(
            course_id=self.course_id.data,
            date=self.date.data,
            period=self.period.data,
            start=self.start.data,
            end=self.end.data,
            mode=LessonMode(self.mode.data),
            kind=LessonKind.CONSULTATION if is_consultation else None,
            online_minutes=self.online_minutes.data,
            room_ids=frozenset(self.room_ids.data or ()),
            is_joined_together=self.is_joined_together.data,
            weeks=self.weeks.data or 1,
            title=_("Consultation") if is_consultation else "",
            **self.texts(),
        )

    def texts(self) -> dict[str, Any]:
        """The free texts, blanks trimmed."""
        names = ("topic", "homework", "materials", "offline_task")
        return {name: (self[name].data or "").strip() for name in names}


class EditForm(_LessonFields):
    """The texts and the mode of a lesson that stands; `day` and `period` where an offered hour was taken with them."""

    day = DateField(_l("Date"), [Optional()], widget=HiddenInput())
    period = IntegerField(_l("Which lesson"), [Optional()], widget=HiddenInput())

    def edit(self) -> LessonEdit:
        """What was filled in."""
        return LessonEdit(
            day=self.day.data,
            period=self.period.data if self.day.data else None,
            mode=LessonMode(self.mode.data),
            online_minutes=self.online_minutes.data,
            room_ids=frozenset(self.room_ids.data or ()),
            is_joined_together=self.is_joined_together.data,
            topic=(self.topic.data or "").strip(),
            homework=(self.homework.data or "").strip(),
            materials=(self.materials.data or "").strip(),
            offline_task=(self.offline_task.data or "").strip(),
        )


class MoveForm(FlaskForm):
    """Another date and hour."""

    date = DateField(_l("Date"), [InputRequired(_l("Choose the date."))])
    period = SelectField(_l("Which lesson"), coerce=_number, choices=[], validate_choice=False)
    start = TimeField(_l("Or its own start"), [Optional()])
    end = TimeField(_l("and end"), [Optional()])
    reason = StringField(_l("Reason, if a norm is broken"), [Optional(), Length(max=LONGEST_TEXT)])

    def edit(self) -> LessonEdit:
        """What was filled in."""
        return LessonEdit(day=self.date.data, period=self.period.data, start=self.start.data, end=self.end.data)


class CancelForm(FlaskForm):
    reason = StringField(_l("Why (the chats do not show it)"), [Optional(), Length(max=LONGEST_TEXT)])


class LinkForm(FlaskForm):
    url = StringField(_l("Another link"), [Optional(), Length(max=2000)])


class DecisionForm(FlaskForm):
    decision = HiddenField()
    reason = StringField(_l("Why"), [Optional(), Length(max=LONGEST_TEXT)])


def default_date(text: str, today: date) -> date:
    """The date of the address, else today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def taken(sent: MultiDict[str, str], *, day_field: str = "date") -> MultiDict[str, str]:
    """What was sent with the offer that was pressed laid over it: an hour, a room to join in, minutes, another mode."""
    kind, _colon, value = sent.get("take", "").partition(":")
    form = MultiDict(sent)
    if kind == "hour" and " " in value:
        form[day_field], form["period"] = value.split(" ", 1)
        form["start"] = form["end"] = ""
    elif kind == "room":
        form["is_joined_together"] = "y"
        form.setlist("room_ids", [value])
    elif kind in ("online_minutes", "mode"):
        form[kind] = value
    return form

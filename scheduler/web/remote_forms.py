"""The forms of a remote day: when, whom and why; the words and the reason at the end; the order's number later."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.models.classes import SchoolClass
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteReason
from scheduler.planning.remote.frosting import Weather
from scheduler.planning.remote.school_lines import Line, RemoteSettings
from scheduler.planning.remote.wish import OwnBells, RemoteWish, Scope
from scheduler.rules.remote_use import OF_ACTIVITIES, OF_LESSONS, RemoteUse
from scheduler.web.formats import day
from scheduler.web.options import options

OTHER_DATES = "other"
BY_SCHOOL, OWN = "school", "own"
LONGEST_TEXT = 200
LONGEST_WIND, COLDEST = 60, 80

REASONS = {
    RemoteReason.FROST: _l("frost"),
    RemoteReason.QUARANTINE_CLASS: _l("quarantine of a class"),
    RemoteReason.QUARANTINE_SCHOOL: _l("quarantine of the school"),
    RemoteReason.EPIDEMIC_ORDER: _l("epidemic"),
    RemoteReason.EMERGENCY: _l("emergency"),
    RemoteReason.PLANNED: _l("planned remote day"),
    RemoteReason.EXAM_CENTRE: _l("examination centre"),
    RemoteReason.POLLING_STATION: _l("polling station"),
    RemoteReason.OTHER: _l("other reason"),
}
USES = {
    RemoteUse.AS_OTHERS: _l("like other lessons"),
    RemoteUse.SELF_STUDY: _l("on one's own, with a task"),
    RemoteUse.SHORT_CALL: _l("a short call"),
    RemoteUse.DROPPED: _l("not held"),
}
LINES = {
    Line.RECEPTION: _l("who comes is received"),
    Line.TRANSPORT: _l("bus"),
    Line.MEALS: _l("meals"),
    Line.SECOND_SHIFT: _l("second shift"),
    Line.PHONE: _l("the school's telephone"),
}


class CheckChips(SelectMultipleField):
    """Several of a few, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WishForm(FlaskForm):
    """The first step. A ready-made answer needs only the day."""

    when = RadioField(_l("When"), choices=[])
    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("till"), [Optional()])
    whom = RadioField(_l("Whom"), choices=[], default="all")
    grades = CheckChips(_l("Grades"), coerce=int, choices=[])
    class_ids = CheckChips(_l("Classes"), coerce=int, choices=[])
    shift = RadioField(_l("Shift"), choices=[], default="0")
    reason = RadioField(_l("Why"), choices=options(REASONS), default=RemoteReason.FROST.value)
    text = StringField(_l("What the families read"), [Length(max=LONGEST_TEXT)])
    temperature = IntegerField(_l("Frost, °C"), [Optional(), NumberRange(min=-COLDEST, max=COLDEST)])
    wind = IntegerField(_l("Wind, m/s"), [Optional(), NumberRange(min=0, max=LONGEST_WIND)])
    bells = RadioField(_l("Bells"), choices=[], default=BY_SCHOOL)
    start = TimeField(_l("First lesson at"), [Optional()])
    second_start = TimeField(_l("Second shift at"), [Optional()])
    minutes = IntegerField(_l("Lesson, minutes"), [Optional(), NumberRange(min=10, max=45)], default=30)
    pause = IntegerField(_l("Break, minutes"), [Optional(), NumberRange(min=5, max=60)], default=15)
    subjects = RadioField(_l("Physical education, technology"), choices=[], default=BY_SCHOOL)
    activities = RadioField(_l("Extracurricular hours"), choices=[], default=BY_SCHOOL)

    def offer(self, days: Mapping[date, str], usual: date | None, classes: Sequence[SchoolClass]) -> None:
        """The days (`usual` is taken where none is chosen), grades and classes to choose from, in the user's words."""
        self.when.choices = options({one.isoformat(): words for one, words in days.items()})
        self.when.choices += options({OTHER_DATES: _("other dates")})
        if self.when.data is None:
            self.when.data = usual.isoformat() if usual else OTHER_DATES
        whom = {"all": _("the whole school"), "grades": _("grades"), "classes": _("classes")}
        self.whom.choices = options(whom)
        grades = sorted({row.grade for row in classes if row.grade is not None})
        self.grades.choices = options({grade: str(grade) for grade in grades})
        self.class_ids.choices = options({row.id: shown_class(row.label) for row in classes})
        shifts = sorted({row.shift for row in classes})
        words = {shift: _("shift %(shift)s", shift=shift) for shift in shifts}
        self.shift.choices = options({0: _("all shifts")} | (words if len(shifts) > 1 else {}))
        self.bells.choices = options({BY_SCHOOL: _("the school's remote bells"), OWN: _("other ones")})
        self.subjects.choices = _uses(OF_LESSONS)
        self.activities.choices = _uses(OF_ACTIVITIES)

    def validate_when(self, field: Field) -> None:
        """Other dates need the first one."""
        if field.data == OTHER_DATES and self.first.data is None:
            raise ValidationError(_("Choose the date."))

    def validate_whom(self, field: Field) -> None:
        """Somebody must be meant."""
        if field.data == "grades" and not self.grades.data:
            raise ValidationError(_("Choose the grades."))
        if field.data == "classes" and not self.class_ids.data:
            raise ValidationError(_("Choose the classes."))

    def validate_bells(self, field: Field) -> None:
        """Other bells need all three figures."""
        if field.data == OWN and None in (self.start.data, self.minutes.data, self.pause.data):
            raise ValidationError(_("Give the start, the length of a lesson and of a break."))

    def validate_text(self, field: Field) -> None:
        """A reason of no kind is told in words."""
        if self.reason.data == RemoteReason.OTHER and not (field.data or "").strip():
            raise ValidationError(_("Say the reason: the families read it."))

    @property
    def dates(self) -> tuple[date, date]:
        """The first and the last date."""
        if self.when.data != OTHER_DATES:
            chosen = date.fromisoformat(self.when.data)
            return chosen, chosen
        return self.first.data, self.last.data or self.first.data

    @property
    def weather(self) -> Weather | None:
        """What was measured; 34 is typed for −34 too, a phone's digits have no minus."""
        if self.temperature.data is None:
            return None
        return Weather(-abs(self.temperature.data), self.wind.data or 0)

    def wish(self) -> RemoteWish:
        """What was filled in."""
        first, last = self.dates
        reason = RemoteReason(self.reason.data)
        return RemoteWish(
            first, last, self._scope(), reason, self._text(reason),
            subjects=_said(self.subjects.data), activities=_said(self.activities.data), bells=self._bells(),
        )  # fmt: skip

    def _scope(self) -> Scope:
        grades = frozenset(self.grades.data or ()) if self.whom.data == "grades" else frozenset()
        class_ids = frozenset(self.class_ids.data or ()) if self.whom.data == "classes" else frozenset()
        return Scope(grades, class_ids, int(self.shift.data or 0) or None)

    def _text(self, reason: RemoteReason) -> str:
        typed = (self.text.data or "").strip()
        if typed:
            return typed
        if reason is RemoteReason.FROST and self.weather:
            return self.weather.sentence
        return FAMILIES_READ[reason]

    def _bells(self) -> OwnBells | None:
        if self.bells.data != OWN:
            return None
        return OwnBells(self.start.data, self.minutes.data, self.pause.data, self.second_start.data)


FAMILIES_READ = {
    RemoteReason.FROST: "Актированный день по погодным условиям",
    RemoteReason.QUARANTINE_CLASS: "Карантин в классе",
    RemoteReason.QUARANTINE_SCHOOL: "Карантин в школе",
    RemoteReason.EPIDEMIC_ORDER: "Ограничительные мероприятия из-за подъёма заболеваемости",
    RemoteReason.EMERGENCY: "Занятия в здании школы временно невозможны",
    RemoteReason.PLANNED: "Плановый дистанционный день",
    RemoteReason.EXAM_CENTRE: "В здании школы проходит экзамен",
    RemoteReason.POLLING_STATION: "В здании школы работает избирательный участок",
    RemoteReason.OTHER: "",
}
"""What stands in the posts where nothing else was typed: posts are in Russian in every language of the interface."""


def _uses(of: Sequence[RemoteUse]) -> Any:
    return options({BY_SCHOOL: _("as the school set")} | {use.value: USES[use] for use in of})


def _said(value: str | None) -> RemoteUse | None:
    return None if value in (None, BY_SCHOOL) else RemoteUse(value)


class ConfirmForm(FlaskForm):
    """The last step: the words, and why norms may be broken."""

    lines = CheckChips(_l("The school also says"), choices=[])
    order_reference = StringField(_l("Order: number and date"), [Length(max=LONGEST_TEXT)])
    override = StringField(_l("Reason, if a norm is broken"), [Length(max=LONGEST_TEXT)])

    def offer(self, settings: RemoteSettings, reason: RemoteReason) -> None:
        """The lines that the school wrote, those of the reason ticked."""
        written = {line.value: LINES[line] for line in Line if settings.texts[line]}
        self.lines.choices = options(written)
        if not self.is_submitted():
            self.lines.data = [line.value for line in settings.ticks[reason] if line.value in written]


class OrderForm(FlaskForm):
    order_reference = StringField(
        _l("Order: number and date"), [InputRequired(_l("Fill this in.")), Length(max=LONGEST_TEXT)]
    )


def day_words(one: date, today: date) -> str:
    """«Сегодня, вторник, 24 ноября»."""
    distance = (one - today).days
    if distance == 0:
        return str(_("today, %(day)s", day=day(one)))
    return str(_("tomorrow, %(day)s", day=day(one))) if distance == 1 else day(one)

"""Forms of the school's settings, classes and holidays; they check shape, the use cases judge the rest."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from scheduler.models.school import HolidayKind, School
from scheduler.planning.holidays import HolidayWish
from scheduler.planning.settings import SchoolSettings
from scheduler.web.options import options

NEEDED = _l("Fill this in.")
LAST_GRADE = 13
DAYS = (
    lazy_pgettext("in a sentence", "Monday"),
    lazy_pgettext("in a sentence", "Tuesday"),
    lazy_pgettext("in a sentence", "Wednesday"),
    lazy_pgettext("in a sentence", "Thursday"),
    lazy_pgettext("in a sentence", "Friday"),
    lazy_pgettext("in a sentence", "Saturday"),
    lazy_pgettext("in a sentence", "Sunday"),
)


class SettingsForm(FlaskForm):
    name = StringField(_l("The school's name"), [InputRequired(NEEDED), Length(max=200)])
    phone = StringField(_l("Telephone (stands in posts)"), [Length(max=100)])
    offline_line = TextAreaField(
        _l("If there is no internet and the lesson has no task of its own"), [InputRequired(NEEDED), Length(max=300)]
    )
    is_consent_required = BooleanField(_l("Remote lessons wait for the deputy head's consent"))
    remote_gap_minutes = IntegerField(
        _l("Minutes between a lesson at school and a remote one"), [InputRequired(NEEDED), NumberRange(min=0, max=240)]
    )
    quiet_from = TimeField(_l("Quiet from"), [InputRequired(NEEDED)])
    quiet_to = TimeField(_l("Quiet till"), [InputRequired(NEEDED)])
    evening_hour = TimeField(_l("Lessons of later days are posted the evening before at"), [InputRequired(NEEDED)])
    device_days = IntegerField(
        _l("Days that a device marked as one's own stays signed in"),
        [InputRequired(NEEDED), NumberRange(min=1, max=365)],
    )
    cycle_anchor = DateField(_l("Week 1 begins on"), [Optional()])
    timezone = SelectField(_l("Time zone"), choices=[], validate_choice=False)

    def settings(self, school: School) -> SchoolSettings:
        """What was filled in, blanks trimmed; the zone is asked for only while it can be moved."""
        return SchoolSettings(
            name=self.name.data.strip(),
            phone=(self.phone.data or "").strip(),
            offline_line=self.offline_line.data.strip(),
            is_consent_required=self.is_consent_required.data,
            remote_gap_minutes=self.remote_gap_minutes.data,
            quiet_from=self.quiet_from.data,
            quiet_to=self.quiet_to.data,
            evening_hour=self.evening_hour.data,
            device_days=self.device_days.data,
            cycle_anchor=self.cycle_anchor.data,
            timezone=self.timezone.data or school.timezone,
        )


class ClassForm(FlaskForm):
    grade = IntegerField(_l("Grade"), [Optional(), NumberRange(min=0, max=LAST_GRADE)])
    shift = SelectField(_l("Shift"), choices=options({1: "1", 2: "2"}), coerce=int)


class TermForm(FlaskForm):
    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=100)])
    start = DateField(_l("First day"), [InputRequired(NEEDED)])
    end = DateField(_l("Last day"), [InputRequired(NEEDED)])


class HolidayForm(FlaskForm):
    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=100)])
    kind = SelectField(
        _l("What it is"),
        choices=options(
            {
                HolidayKind.HOLIDAY.value: _l("days without lessons"),
                HolidayKind.TRANSFERRED_DAY_OFF.value: _l("transferred day off"),
                HolidayKind.WORKING_SATURDAY.value: _l("working Saturday"),
            }
        ),
    )
    start = DateField(_l("First day"), [InputRequired(NEEDED)])
    end = DateField(_l("Last day"), [Optional()])
    follows_weekday = SelectField(
        _l("By the timetable of"), choices=options({"": "—", **{str(n): words for n, words in enumerate(DAYS[:5], 1)}})
    )

    def wish(self) -> HolidayWish:
        """What was filled in; one date alone means that day."""
        kind = HolidayKind(self.kind.data)
        is_working = kind is HolidayKind.WORKING_SATURDAY
        return HolidayWish(
            name=self.name.data.strip(),
            start=self.start.data,
            end=self.end.data or self.start.data,
            kind=kind,
            follows_weekday=int(self.follows_weekday.data) if is_working and self.follows_weekday.data else None,
        )

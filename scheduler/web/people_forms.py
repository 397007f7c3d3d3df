"""Forms of the people's screens; what they check is only shape, the use cases judge the rest."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.models.people import ClosureReason
from scheduler.permissions import Grant, Role, ScopeKind
from scheduler.planning.people import Closure
from scheduler.web.options import options
from scheduler.web.people_words import REASONS, ROLES, WEEKDAYS

DAYS = {str(number): words for number, words in enumerate(WEEKDAYS, 1)}


class NewPersonForm(FlaskForm):
    name = StringField(_l("Surname, name, patronymic"), [InputRequired(_l("Type the name.")), Length(max=150)])
    role = SelectField(_l("Role"), choices=options({role.value: words for role, words in ROLES.items()}))


class RoleForm(FlaskForm):
    role = SelectField(_l("Role"), choices=options({role.value: words for role, words in ROLES.items()}))
    scope = SelectField(_l("Where"))

    def grant(self) -> Grant:
        """What was chosen; a scope is written `school`, `class:7` or `chat:7`."""
        kind, _colon, number = self.scope.data.partition(":")
        return Grant(Role(self.role.data), ScopeKind(kind), int(number) if number else None)


class ClosureForm(FlaskForm):
    weekday = SelectField(_l("Every week"), default="", choices=options({"": "—", **DAYS}))
    date_from = DateField(_l("or from"), [Optional()])
    date_to = DateField(_l("up to and including"), [Optional()])
    start = TimeField(_l("From what time"), [Optional()])
    end = TimeField(_l("Till what time"), [Optional()])
    reason = SelectField(_l("Reason"), choices=options({reason.value: words for reason, words in REASONS.items()}))
    note = StringField(_l("Note"), [Length(max=200)])

    def closure(self) -> Closure:
        """What was wished; one date alone means that day."""
        return Closure(
            ClosureReason(self.reason.data),
            weekday=int(self.weekday.data) if self.weekday.data else None,
            date_from=self.date_from.data,
            date_to=self.date_to.data or self.date_from.data,
            start=self.start.data,
            end=self.end.data,
            note=self.note.data or "",
        )

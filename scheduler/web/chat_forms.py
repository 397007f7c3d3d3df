"""Forms of the chats' screens."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.chats.reminders import CHOICES
from scheduler.models.chats import ChatKind
from scheduler.planning.official_chats import ChatWish
from scheduler.web.options import options

KINDS = {
    ChatKind.STUDENTS.value: _l("pupils"),
    ChatKind.PARENTS.value: _l("parents"),
    ChatKind.TEACHERS.value: _l("teachers"),
}
SOUNDS = {"yes": True, "no": False, "usual": None}


class PlaceForm(FlaskForm):
    """Whose chat it is."""

    class_id = SelectField(_l("Class"), [Optional()], choices=[])
    kind = RadioField(_l("Whose chat"), [InputRequired(_l("Choose whose chat it is."))], choices=options(KINDS))

    def chosen_class(self) -> int | None:
        """The class; the teachers' chat has none, whatever is chosen beside it."""
        is_teachers = self.kind.data == ChatKind.TEACHERS.value
        return int(self.class_id.data) if self.class_id.data and not is_teachers else None


class ChatSettingsForm(FlaskForm):
    sounds = RadioField(
        _l("Sound"),
        choices=options({"usual": _l("as is usual"), "yes": _l("always"), "no": _l("never")}),
        default="usual",
    )
    evening_hour = TimeField(_l("Evening hour of its own"), [Optional()])
    reminder = SelectField(
        _l("Reminder before a video lesson"),
        choices=options(
            {"": _l("no reminder")} | {str(n): _l("%(minutes)s minutes before", minutes=n) for n in CHOICES}
        ),
        default="",
    )

    def wish(self) -> ChatWish:
        """What was chosen, in the words of the use case."""
        minutes = int(self.reminder.data) if self.reminder.data else None
        return ChatWish(self.wished_sounds(), self.evening_hour.data, minutes)

    def wished_sounds(self) -> bool | None:
        """None leaves it to the chat's kind and grade."""
        return SOUNDS[self.sounds.data]


class TokenForm(FlaskForm):
    token = PasswordField(_l("The bot's token"), [InputRequired(_l("Paste the bot's token.")), Length(min=8, max=500)])

"""How days and times are written on pages: «вторник, 24 ноября», «8:30»; instants in the zone of the school."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_decimal, get_locale
from flask_babel import gettext as _

from scheduler import clock
from scheduler.chats.lines import group_label
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.models.teaching import teachers_line
from scheduler.planning.words import finding_text


def init_formats(app: Flask) -> None:
    """Offer the filters to templates."""
    app.jinja_env.filters.update(
        class_name=shown_class,
        group_in=group_in,
        rooms_words=rooms_words,
        wall=wall,
        plain_number=format_decimal,
        day=day,
        day_title=day_title,
        short_day=short_day,
        full_date=full_date,
        local=local,
        weekday_short=weekday_short,
        weekday_name=weekday_name,
        date_range=date_range,
        stamp=stamp,
        action_words=action_words,
        delivery_words=delivery_words,
        finding_text=finding_text,
        teachers_line=teachers_line,
    )


def wall(value: time | datetime) -> str:
    """8:30 without the leading nought; a datetime must be in its zone already (see `local`)."""
    return f"{value.hour}:{value.minute:02d}"


def group_in(lesson: Lesson, class_id: int | None) -> str:
    """The audience as a week names it: on a class's own week «группа 1» or nothing, elsewhere the group's own name."""
    return shown_class(lesson.group.name) if class_id is None else group_label(lesson, class_id)


def rooms_words(names: Sequence[str]) -> str:
    """«кабинет 27, 28»; names that say themselves what they are («Актовый зал») stay as they are."""
    joined = ", ".join(names)
    return str(_("room %(names)s", names=joined)) if joined[:1].isdigit() else joined


def day(value: date) -> str:
    """«вторник, 24 ноября»."""
    return str(format_date(value, "EEEE, d MMMM"))


def day_title(value: date) -> str:
    """«Вторник, 24 ноября», as a heading begins."""
    text = day(value)
    return text[:1].upper() + text[1:]


def weekday_short(value: date) -> str:
    """«Вт»."""
    name: str = get_locale().days["stand-alone"]["abbreviated"][value.weekday()]
    return f"{name[:1].upper()}{name[1:]}"


def weekday_name(weekday: int) -> str:
    """«Вторник» for 1; 0 is Monday."""
    name: str = get_locale().days["stand-alone"]["wide"][weekday]
    return f"{name[:1].upper()}{name[1:]}"


def short_day(value: date) -> str:
    """«Вт, 24», for narrow columns."""
    return f"{weekday_short(value)}, {value.day}"


def date_range(first: date, last: date) -> str:
    """«23–27 ноября», «30 ноября – 4 декабря»."""
    if first.month == last.month:
        return f"{first.day}–{format_date(last, 'd MMMM')}"
    return f"{format_date(first, 'd MMMM')} – {format_date(last, 'd MMMM')}"


def day_only(value: date) -> str:
    """«24 ноября», within the school year that everybody thinks of."""
    return str(format_date(value, "d MMMM"))


def full_date(value: date) -> str:
    """«24 ноября 2026 г.», where the year matters."""
    return str(format_date(value, "long"))


def local(value: datetime, zone: str) -> datetime:
    """An instant as the wall clock of a zone."""
    return value.astimezone(ZoneInfo(zone))


def local_now(zone: str) -> datetime:
    """The present moment on the wall clock of a zone."""
    return local(clock.now(), zone)


def stamp(value: datetime) -> str:
    """«24 ноября, 8:12»; the datetime must be in its zone already (see `local`)."""
    return f"{format_date(value.date(), 'd MMMM')}, {wall(value)}"


def action_words(action: str) -> str:
    """What the audit's action was, for a history; an unknown one stays as it is."""
    words: dict[str, str] = {
        "book": _("booked"),
        "change": _("changed"),
        "cancel": _("cancelled (what was done)"),
        "ask": _("asked for a change"),
        "consent": _("gave consent"),
        "refuse": _("refused consent"),
        "restore": _("restored"),
        "withdraw": _("withdrew the request"),
        "publish": _("published the timetable"),
        "import": _("applied a timetable file"),
        "import_answers": _("answered the questions of a timetable file"),
        "undo_import": _("took a file back"),
        "settings": _("changed the settings"),
        "replace_link": _("replaced the link"),
        "absence": _("resolved an absence"),
        "undo_absence": _("took an absence back"),
        "tasks": _("wrote the task"),
        "held": _("marked as held"),
        "not_held": _("took the mark back"),
    }
    return str(words.get(action, action))


def delivery_words(name: str) -> str:
    """What was tried with a message, or how the messenger answered; an unknown word stays as it is."""
    words: dict[str, str] = {
        "send": _("sending"),
        "edit": _("editing"),
        "look": _("looking whether it arrived"),
        "sent": _("posted"),
        "edited": _("edited"),
        "found": _("found in the chat"),
        "": _("no answer yet"),
        "auth": _("the token is not accepted"),
        "gone": _("the chat is closed to the bot"),
        "rights": _("the bot has no right"),
        "throttle": _("too many messages at once, later again"),
        "transient": _("the messenger is busy, later again"),
        "unknown": _("no answer came"),
        "bad_request": _("the message was not accepted"),
        "missing": _("the message is no longer there"),
        "late": _("the message is too old to edit"),
    }
    return words.get(name, name)

"""The forms of a school's remote-day settings; lines and rows are read by their names, however many there are."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from scheduler.models.remote_day import RemoteReason
from scheduler.planning.remote.school_lines import Contact, Line, RemoteSettings
from scheduler.rules.frost import FrostRow, FrostScope, FrostTable
from scheduler.rules.remote_use import OF_ACTIVITIES, RemoteUse
from scheduler.web.options import options

LONGEST_LINE = 300
MOST_ROWS = 40
HIGHEST_GRADE = 13
COLDEST = -80
STRONGEST_WIND = 60
NEEDED = _l("Fill this in.")
CONTACTS = {
    Contact.HOURS: _l("When class teachers answer (for the parents)"),
    Contact.DUTY: _l("Who receives the children who come (for the teachers)"),
    Contact.COORDINATOR: _l("Whom teachers ask"),
}
PLACEHOLDERS = {
    Line.RECEPTION: "Если ребёнок пришёл в школу, его встретят и одного домой не отпустят.",
    Line.TRANSPORT: "Школьный автобус сегодня не выходит на маршрут.",
    Line.MEALS: "Питание в школе не организуется.",
    Line.SECOND_SHIFT: "О занятиях второй смены сообщим до 11:00.",
    Contact.HOURS: "с 8:00 до 17:00",
    Contact.DUTY: "Петрова А. И.",
    Contact.COORDINATOR: "Смирнова О. В.",
}
"""How a school might put it; shown pale in an empty field, never posted."""


class LinesForm(FlaskForm):
    """Texts, contacts and ticks; read by their names."""

    def settings(self, before: RemoteSettings) -> RemoteSettings:
        """What was filled in, over what stood."""
        sent = request.form
        use = sent.get("activities", "")
        return RemoteSettings(
            {line: sent.get(line.value, before.texts[line])[:LONGEST_LINE] for line in Line},
            {contact: sent.get(contact.value, before.contacts[contact])[:LONGEST_LINE] for contact in Contact},
            {reason: _ticked(sent, reason) for reason in RemoteReason},
            RemoteUse(use) if use in set(OF_ACTIVITIES) else before.activities,
        )


def _ticked(sent: MultiDict[str, str], reason: RemoteReason) -> frozenset[Line]:
    known = {line.value: line for line in Line}
    return frozenset(known[one] for one in sent.getlist(f"ticks-{reason.value}") if one in known)


class UsesForm(FlaskForm):
    """Only the key of the form: its selects are one a subject."""


class FrostForm(FlaskForm):
    """The head of a frost table."""

    region = StringField(_l("Whose table it is"), [InputRequired(NEEDED), Length(max=200)])
    source = StringField(_l("Where it was read (order, letter)"), [Length(max=LONGEST_LINE)])
    scope = RadioField(
        _l("It holds"),
        choices=options({FrostScope.DAY.value: _l("for the whole day"), FrostScope.SHIFT.value: _l("for one shift")}),
        default=FrostScope.DAY.value,
    )
    decision_time = TimeField(_l("The weather is measured at"), [InputRequired(NEEDED)])

    def table(self, rows: Sequence[FrostRow]) -> FrostTable:
        """The table that was typed."""
        scope = FrostScope(self.scope.data) if self.scope.data in set(FrostScope) else FrostScope.DAY
        return FrostTable(self.region.data or "", self.source.data or "", tuple(rows), scope)


def typed_rows(sent: Mapping[str, str]) -> tuple[list[FrostRow], str]:
    """The lines of the table; an empty line is left out. The second value says what is wrong, or is empty."""
    rows, wrong = [], ""
    for number in range(MOST_ROWS):
        cells = {name: sent.get(f"{name}-{number}", "").strip() for name in ("from", "to", "limit", "wind", "below")}
        if not any(cells[name] for name in ("from", "to", "limit")):
            continue
        row = _row(cells, is_inclusive=sent.get(f"how-{number}", "at") == "at")
        if row is None:
            wrong = str(_("Line %(num)d: give the grades, the frost and, if there is one, the wind.", num=number + 1))
        else:
            rows.append(row)
    return rows, wrong


def _row(cells: Mapping[str, str], *, is_inclusive: bool) -> FrostRow | None:
    try:
        first, limit = int(cells["from"]), -abs(int(cells["limit"].replace("−", "-")))
        last = int(cells["to"] or first)
        wind = float((cells["wind"] or "0").replace(",", "."))
        below = float(cells["below"].replace(",", ".")) if cells["below"] else None
    except ValueError:
        return None
    is_sane = 0 <= first <= last <= HIGHEST_GRADE and limit >= COLDEST and 0 <= wind <= STRONGEST_WIND
    return FrostRow(first, last, limit, wind, below, is_inclusive=is_inclusive) if is_sane else None

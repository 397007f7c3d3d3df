"""What a school says on its remote days: its own sentences, which of them each reason brings, and its defaults.

The families read these texts, so they are the school's, in Russian, and nothing is promised in its name: a line that
the school has not written stands nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.models.remote_day import RemoteReason
from scheduler.models.school import School
from scheduler.rules.remote_use import RemoteUse


class Line(StrEnum):
    """The sentences that a person ticks. `PHONE` is the school's telephone, kept among its settings."""

    RECEPTION = "reception_line"
    TRANSPORT = "transport_line"
    MEALS = "meals_line"
    SECOND_SHIFT = "second_shift_line"
    PHONE = "school_phone"


class Contact(StrEnum):
    """Whom and when to ask; written once, said whenever it is there."""

    HOURS = "contact_hours"
    DUTY = "duty_person"
    COORDINATOR = "coordinator"


USUAL_TEXTS = {
    Line.RECEPTION: "Если ребёнок уже вышел из дома или пришёл в школу, его встретят и одного домой не отпустят.",
}
_ALL = frozenset(Line)
_AT_HOME = frozenset({Line.MEALS, Line.PHONE})
_USUAL = frozenset({Line.RECEPTION, Line.PHONE})
USUAL_TICKS: Mapping[RemoteReason, frozenset[Line]] = {
    RemoteReason.FROST: _ALL,
    RemoteReason.EMERGENCY: _ALL,
    RemoteReason.QUARANTINE_CLASS: _AT_HOME,
    RemoteReason.QUARANTINE_SCHOOL: _AT_HOME,
    RemoteReason.EPIDEMIC_ORDER: _AT_HOME,
}
_REASONS_BY_WORD = (
    ("мороз", RemoteReason.FROST), ("актирован", RemoteReason.FROST), ("погод", RemoteReason.FROST),
    ("карантин", RemoteReason.QUARANTINE_CLASS), ("эпидем", RemoteReason.EPIDEMIC_ORDER),
    ("грипп", RemoteReason.EPIDEMIC_ORDER), ("орви", RemoteReason.EPIDEMIC_ORDER), ("авари", RemoteReason.EMERGENCY),
    ("экзамен", RemoteReason.EXAM_CENTRE), ("ппэ", RemoteReason.EXAM_CENTRE), ("выбор", RemoteReason.POLLING_STATION),
    ("избират", RemoteReason.POLLING_STATION), ("планов", RemoteReason.PLANNED),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A school's defaults. `ticks` are the lines that each reason brings; `activities` of which nothing is stated."""

    texts: Mapping[Line, str]
    contacts: Mapping[Contact, str]
    ticks: Mapping[RemoteReason, frozenset[Line]]
    activities: RemoteUse

    def lines(self, reason: RemoteReason) -> dict[str, str]:
        """The sentences that this reason brings, those that the school wrote."""
        ticked = self.ticks[reason]
        return {line.value: text for line, text in self.texts.items() if line in ticked and text}

    def chosen(self, lines: frozenset[Line]) -> dict[str, str]:
        """The sentences that a person ticked."""
        return {line.value: text for line, text in self.texts.items() if line in lines and text}


def remote_settings(school: School) -> RemoteSettings:
    """The settings in force, the product's own where the school stated nothing."""
    stated = school.remote_settings or {}
    texts = {line: stated.get("texts", {}).get(line, USUAL_TEXTS.get(line, "")) for line in Line}
    texts[Line.PHONE] = school.phone
    ticks = {
        reason: frozenset(map(Line, stated["ticks"][reason]))
        if reason in stated.get("ticks", {})
        else USUAL_TICKS.get(reason, _USUAL)
        for reason in RemoteReason
    }
    return RemoteSettings(
        texts,
        {contact: stated.get("contacts", {}).get(contact, "") for contact in Contact},
        ticks,
        RemoteUse(stated.get("activities", RemoteUse.DROPPED)),
    )


def reason_of_words(text: str) -> RemoteReason:
    """The reason that a sentence names: «мороз −34 °C» is frost; what names none is another reason."""
    words = text.casefold()
    return next((reason for word, reason in _REASONS_BY_WORD if word in words), RemoteReason.OTHER)

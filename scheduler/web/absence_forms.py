"""The form of an absence: who and when, then an answer for each lesson; what was chosen is kept while it is checked."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.models.absence import AnswerKind
from scheduler.planning.absences.cases import Case
from scheduler.planning.absences.wish import AbsenceWish, Answer

LONGEST_TEXT = 1000
NAMED = "substitute:"


class WhoForm(FlaskForm):
    """Whose lessons, from when till when; sent as an address, so that the list can be opened again."""

    class Meta:
        """An address changes nothing and needs no token."""

        csrf = False

    person = SelectField(_l("Who is away"), [InputRequired(_l("Choose the teacher."))], coerce=int, choices=[])
    first = DateField(_l("From"), [InputRequired(_l("Choose the date."))], name="from")
    last = DateField(_l("Till"), [InputRequired(_l("Choose the date."))], name="to")


class AnswersForm(FlaskForm):
    """What goes with the answers; these themselves are fields by lesson, read by `sent_answers`."""

    form_key = HiddenField()
    digest = HiddenField()
    all_task = StringField(_l("Task for all"), [Optional(), Length(max=LONGEST_TEXT)])
    reason = StringField(_l("Reason, if a norm is broken"), [Optional(), Length(max=LONGEST_TEXT)])

    def ensure_key(self) -> None:
        """Give the form its own key, once."""
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class Who:
    """A person and dates that make sense."""

    person_id: int
    first: date
    last: date

    def wish(self, answers: Mapping[int, Answer], form: AnswersForm) -> AbsenceWish:
        """The decision as it would be made now."""
        return AbsenceWish(self.person_id, self.first, self.last, answers, form.digest.data or None, form.form_key.data)


def sent_answers(sent: MultiDict[str, str], cases: Sequence[Case]) -> dict[int, Answer]:
    """The answer of each lesson as it was sent, else as it is proposed."""
    return {case.lesson.id: _sent(sent, case) or case.proposed for case in cases}


def _sent(sent: MultiDict[str, str], case: Case) -> Answer | None:
    lesson_id = case.lesson.id
    answer = _read(sent.get(f"answer-{lesson_id}", ""))
    if answer is None:
        return None
    if answer.kind is AnswerKind.SUBSTITUTE and answer.person_id is None:
        return replace(answer, person_id=sent.get(f"person-{lesson_id}", None, int))
    if answer.kind is AnswerKind.SELF_STUDY:
        return replace(answer, task=sent.get(f"task-{lesson_id}", "")[:LONGEST_TEXT].strip())
    if answer.kind is AnswerKind.MOVED:
        return _with_hour(answer, sent.get(f"hour-{lesson_id}", ""))
    return answer


def _read(value: str) -> Answer | None:
    if value.startswith(NAMED):
        number = value.removeprefix(NAMED)
        return Answer(AnswerKind.SUBSTITUTE, int(number)) if number.isdecimal() else None
    return Answer(AnswerKind(value)) if value in {kind.value for kind in AnswerKind} else None


def _with_hour(answer: Answer, value: str) -> Answer:
    day, _space, period = value.partition(" ")
    try:
        return replace(answer, day=date.fromisoformat(day), period=int(period))
    except ValueError:
        return answer


def answered_at_once(
    answers: Mapping[int, Answer], cases: Sequence[Case], value: str, task: str
) -> tuple[dict[int, Answer], int]:
    """«Применить ко всем»: the same answer wherever it fits, and how many lessons it fits."""
    wished = _read(value)
    if wished is None:
        return dict(answers), 0
    if wished.kind is AnswerKind.SELF_STUDY:
        wished = replace(wished, task=task.strip())
    fitting = [case for case in cases if case.fits(wished)]
    return dict(answers) | {case.lesson.id: case.filled(wished) for case in fitting}, len(fitting)

"""What a person says about an absence: who, when, and what becomes of each lesson. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _

from scheduler.models.absence import AnswerKind
from scheduler.planning.errors import PlanningError

LONGEST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one lesson; a person for `SUBSTITUTE`, a task for `SELF_STUDY`, day and number for `MOVED`."""

    kind: AnswerKind
    person_id: int | None = None
    task: str = ""
    day: date | None = None
    period: int | None = None


@dataclass(frozen=True, slots=True)
class AbsenceWish:
    """One decision before it is made. `digest` is the list of lessons that was shown, `form_key` the form's own key."""

    person_id: int
    first: date
    last: date
    answers: Mapping[int, Answer] = field(default_factory=dict)
    digest: str | None = None
    form_key: str | None = None

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates away; raises PlanningError where they make no sense."""
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise PlanningError(_("The first date must come before the last one, and within two weeks."))
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def moved_to(self) -> frozenset[date]:
        """The dates that lessons are moved to."""
        return frozenset(one.day for one in self.answers.values() if one.day is not None)

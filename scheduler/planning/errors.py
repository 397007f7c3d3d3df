"""Why a use case refuses; each carries the sentence that its user is shown."""

from collections.abc import Sequence

from scheduler.models.refusals import RefusalError
from scheduler.rules.facts import Finding


class PlanningError(RefusalError):
    """A refusal in the user's words; `findings` are the rules behind it, if any."""

    def __init__(self, text: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(text)
        self.findings = tuple(findings)


class NotThereError(PlanningError):
    """The row is not there, or belongs to another school."""


class TakenError(PlanningError):
    """Somebody has the hour already: a teacher, a pupil, a room of calls."""


class ReasonNeededError(PlanningError):
    """A norm would be broken: only with a reason, which is kept."""


class StaleError(PlanningError):
    """What was shown to the person has changed meanwhile."""

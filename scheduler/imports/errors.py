"""What an import says when it cannot be done at all; what can be done with a remark is a finding, not an error."""

from scheduler.planning.errors import PlanningError


class ImportRefusedError(PlanningError):
    """The file is not taken and nothing was changed. The text says, in the user's words, what it is and what to do."""

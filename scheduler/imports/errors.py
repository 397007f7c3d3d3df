"""What an import says when it cannot be done at all; what can be done with a remark is a finding, not an error."""

from scheduler.planning.errors import PlanningError


class ImportRefusedError(PlanningError):
    """The file is not taken and nothing was changed. The text says, in the user's words, what it is and what to do."""


class UnclearTableError(ImportRefusedError):
    """A table that was not recognised; `layouts` are the ways in which it can be read all the same, the best first."""

    def __init__(self, text: str, layouts: tuple[str, ...]) -> None:
        super().__init__(text)
        self.layouts = layouts

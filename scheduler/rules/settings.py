"""A school's own settings of the rules: how hard each is, and the figures that no act states. Holds no norms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scheduler.rules.facts import Severity


class DayColumn(StrEnum):
    """Which column of the screen table a day of calls at home is held to: neither is written for it.

    `SCHOOL`: over the school's column warns, over the home column is a breach. `HOME`: the home column alone counts.
    """

    SCHOOL = "school"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class SchoolRules:
    """What a school sets itself; `severities` by rule code, minutes for the way between home and school."""

    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    remote_gap_minutes: int = 60
    day_column: DayColumn = DayColumn.SCHOOL

    def severity_of(self, rule: str, default: Severity, source: str | None) -> Severity:
        """The school's word first; a rule whose source nobody read only warns until the school makes it block."""
        if rule in self.severities:
            return self.severities[rule]
        return Severity.WARN if source is None and default is Severity.LAW else default

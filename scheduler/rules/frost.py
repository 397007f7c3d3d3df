"""Frost days by grade and wind: which classes a table keeps at home. It proposes, a person confirms.

The limits are a region's own; the files of `frost_tables/` are examples with their sources, a school edits its own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "frost_tables"


class FrostScope(StrEnum):
    """Whether a measured frost holds for the whole day or for the shift that comes to school now."""

    DAY = "day"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class FrostRow:
    """One line of a table. Wind in m/s, from `wind_from` on and below `wind_to` (None has no end); `limit` in °C.

    `is_inclusive`: at the limit itself classes stay at home («−28 и ниже»), else only below it («ниже −28»).
    """

    grade_from: int
    grade_to: int
    limit: int
    wind_from: float = 0
    wind_to: float | None = None
    is_inclusive: bool = True

    def holds(self, temperature: float, wind: float) -> bool:
        """Whether this weather is meant."""
        if wind < self.wind_from or (self.wind_to is not None and wind >= self.wind_to):
            return False
        return temperature <= self.limit if self.is_inclusive else temperature < self.limit

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FrostTable:
    """A region's or a school's table with the place where it was read."""

    region: str
    source: str
    rows: tuple[FrostRow, ...]
    scope: FrostScope = FrostScope.DAY
    code: str = ""

    def grades(self, temperature: float, wind: float) -> frozenset[int]:
        """The grades that stay at home in this weather."""
        rows = [row for row in self.rows if row.holds(temperature, wind)]
        return frozenset(grade for row in rows for grade in range(row.grade_from, row.grade_to + 1))


def rows_of(plain: Iterable[Mapping[str, Any]]) -> tuple[FrostRow, ...]:
    """Rows out of JSON; raises TypeError for a line that says something else."""
    return tuple(FrostRow(**row) for row in plain)


def example_tables() -> Sequence[FrostTable]:
    """The examples, by region; KeyError or ValueError where a file does not say what it must."""
    return sorted((_read(path) for path in FOLDER.glob("*.json")), key=lambda table: table.region)


def _read(path: Path) -> FrostTable:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = rows_of(data["rows"])
    return FrostTable(data["region"], data["source"], rows, FrostScope(data["scope"]), path.stem)

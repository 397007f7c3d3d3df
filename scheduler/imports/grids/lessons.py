"""A lesson as a grid shows it: where it stands, whose and when it is, and its texts untouched."""

from dataclasses import dataclass, field

from scheduler.imports.draft import Finding
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.grids.words import Bells
from scheduler.imports.sheets.cells import Cell

Region = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class GridLesson:
    """One cell of one class. `subgroup` counts from 1 where the layout tells it; `week` from 0 in a cycle.

    A cell merged over several classes gives one of these for each of them, all with the same address.
    """

    sheet: str
    address: str
    label: ClassLabel
    weekday: int
    periods: tuple[int, ...]
    subject: str
    room: str = ""
    teacher: str = ""
    subgroup: int | None = None
    week: int | None = None
    region: Region = ("", 0, 0)
    is_dated: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class SheetReading:
    """What one way of reading a sheet found. `damaged` holds the cells that were taken for a class by a guess,
    `beside` the addresses of what stands beside teachers' names.
    """

    layout: str
    lessons: list[GridLesson] = field(default_factory=list)
    labels: dict[str, ClassLabel] = field(default_factory=dict)
    homes: dict[str, list[str]] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    damaged: dict[str, Cell] = field(default_factory=dict)
    bells: dict[int, list[Bells]] = field(default_factory=dict)
    findings: FindingList = field(default_factory=FindingList)
    score: float = 0.0

    def remarks(self) -> tuple[Finding, ...]:
        return self.findings.as_tuple()

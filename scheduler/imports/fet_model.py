"""What the files of FET say, whichever of them a source holds: names are the keys of everything but activities."""

from dataclasses import dataclass, field

MORNINGS_AFTERNOONS = "mornings_afternoons"
TERMS = "terms"
OFFICIAL = "official"
Hour = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FetSet:
    """A year, a group or a subgroup with the sets inside it; `size` is the number of pupils, 0 where not stated."""

    name: str
    size: int = 0
    inner: tuple["FetSet", ...] = ()


@dataclass(frozen=True, slots=True)
class FetActivity:
    """One lesson of the plan. `where` is its place in the file; `hours` are periods."""

    id: int
    subject: str
    teachers: tuple[str, ...]
    students: tuple[str, ...]
    hours: int
    where: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class FetName:
    """A named row: teachers, subjects, rooms. `full` is the long name, empty where the file has none."""

    name: str
    full: str = ""
    is_virtual: bool = False


@dataclass
class FetData:
    """One source as its files tell it; parts of a set are merged into one.

    `starts` are the first hours of activities (day and hour by name), `cells` all their hours one by one.
    """

    mode: str = OFFICIAL
    terms: int = 0
    days_per_term: int = 0
    days: list[str] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    real_days: list[str] = field(default_factory=list)
    real_hours: list[str] = field(default_factory=list)
    subjects: dict[str, FetName] = field(default_factory=dict)
    teachers: dict[str, FetName] = field(default_factory=dict)
    rooms: dict[str, FetName] = field(default_factory=dict)
    years: list[FetSet] = field(default_factory=list)
    activities: dict[int, FetActivity] = field(default_factory=dict)
    starts: dict[int, Hour] = field(default_factory=dict)
    cells: dict[int, list[Hour]] = field(default_factory=dict)
    activity_rooms: dict[int, tuple[str, ...]] = field(default_factory=dict)
    has_ordered_days: bool = False

    @property
    def placed(self) -> set[int]:
        return {*self.starts, *self.cells}

"""The neutral draft every format is read into: what stands in a source, before anything is stored.

It knows no format and no database. Keys tie the rows of one draft together and mean nothing outside it; only
`stable_id` (an id that a source keeps between its exports) may be used to recognise a row at the next import.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class FindingLevel(StrEnum):
    """`ERROR`: something of the source was not taken; `WARNING`: taken, a person should look; `INFO`: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a source. `where` is a line, a cell or «понедельник, 3-й урок»; both texts are for people.

    `is_clash` marks two lessons at once of a teacher, a class or a room. A finding may name a child's group: it is
    shown to whom imports are allowed and never logged.
    """

    severity: FindingLevel
    where: str
    text: str
    is_clash: bool = False


@dataclass(frozen=True, slots=True)
class DraftDay:
    """A day of the timetable; `weekday` is 0 for Monday, the name is as the source writes it."""

    weekday: int
    name: str


@dataclass(frozen=True, slots=True)
class DraftPeriod:
    """A row of the bells. Times may be missing, and rows may overlap: a list can hold the bells of two stages."""

    number: int
    name: str
    start: time | None = None
    end: time | None = None

    def overlaps(self, other: "DraftPeriod") -> bool:
        if self.number == other.number:
            return True
        if not (self.start and self.end and other.start and other.end):
            return False
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class DraftClass:
    """A class. `grade` is what the source says or what its name proposes; a person confirms it.

    Classes of different shifts have lessons of one number at different hours.
    """

    key: str
    name: str
    grade: int | None = None
    stable_id: str | None = None
    teacher_keys: tuple[str, ...] = ()
    room_keys: tuple[str, ...] = ()
    is_private: bool = False
    shift: int = 1


@dataclass(frozen=True, slots=True)
class DraftTeacher:
    """A teacher; a placeholder («Вакансия») takes part in the courses of the source but is no person.

    A list of teachers may say what one teaches, to whom and where, without saying which of it goes together.
    """

    key: str
    name: str
    short: str = ""
    stable_id: str | None = None
    is_placeholder: bool = False
    subject_keys: tuple[str, ...] = ()
    class_keys: tuple[str, ...] = ()
    room_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSubject:
    key: str
    name: str
    short: str = ""
    stable_id: str | None = None
    is_extracurricular: bool = False


@dataclass(frozen=True, slots=True)
class DraftRoom:
    """A room; a placeholder is a row of the source without any name; classes meet at once in a shared one (a gym)."""

    key: str
    name: str
    short: str = ""
    stable_id: str | None = None
    is_placeholder: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """A group as the source lists it. `division_key` is None for the group that is the whole class."""

    key: str
    class_key: str
    name: str
    division_key: str | None = None
    stable_id: str | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class DraftDivision:
    """One way to split a class: parts of one division never share a pupil, parts of two divisions may."""

    key: str
    class_key: str
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class DraftPart:
    """A part of an audience: a whole class (no division) or one part of one division of it."""

    class_key: str
    division_key: str | None = None
    part: str | None = None

    def overlaps(self, other: "DraftPart") -> bool:
        if self.class_key != other.class_key:
            return False
        if self.division_key is None or self.division_key != other.division_key:
            return True
        return self.part == other.part


@dataclass(frozen=True, slots=True)
class DraftAudience:
    """Who sits in a lesson; no parts at all means nobody of the pupils (a staff meeting).

    One that stands apart (a club, a child with a list of its own) is known by its label: pupils of its parts come, not
    the whole classes.
    """

    key: str
    label: str
    parts: frozenset[DraftPart] = frozenset()
    is_private: bool = False
    is_club: bool = False
    stands_apart: bool = False

    @property
    def class_keys(self) -> frozenset[str]:
        return frozenset(part.class_key for part in self.parts)


@dataclass(frozen=True, slots=True)
class DraftCourse:
    """One line of the curriculum plan; `weekly_hours` is an average week of the cycle (0.5 = every second week)."""

    key: str
    subject_key: str
    audience_key: str
    teacher_keys: tuple[str, ...]
    weekly_hours: Decimal
    stable_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSlot:
    """One single period of a course. `weeks` are 0-based weeks of the cycle; no `terms` means every term."""

    course_key: str
    weekday: int
    period: int
    weeks: frozenset[int]
    room_keys: tuple[str, ...] = ()
    terms: frozenset[int] = frozenset()

    def shares_time_of_year(self, other: "DraftSlot") -> bool:
        if self.terms and other.terms and not self.terms & other.terms:
            return False
        return bool(self.weeks & other.weeks)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A demand of the source that stands nowhere in its timetable."""

    course_key: str
    weekly_hours: Decimal


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """What only a person knows. `options` are (value, words), the proposed one first; an answer is remembered by `key`.

    `subject_key` or `class_key` is the row of the draft that takes the chosen value as its name.
    """

    key: str
    where: str
    text: str
    options: tuple[tuple[str, str], ...]
    subject_key: str | None = None
    class_key: str | None = None

    @property
    def proposed(self) -> str:
        return self.options[0][0]


@dataclass(frozen=True)
class Draft:
    """A whole source as read. `lessons_read` counts the rows of lessons in the source, whatever became of them.

    Without a timetable (a load, a plan, a list of teachers) applying leaves slots and other courses as they stand.
    """

    kind: str
    shape: str
    lessons_read: int
    cycle_weeks: int = 1
    days: tuple[DraftDay, ...] = ()
    week_names: tuple[str, ...] = ()
    periods: tuple[DraftPeriod, ...] = ()
    classes: tuple[DraftClass, ...] = ()
    teachers: tuple[DraftTeacher, ...] = ()
    subjects: tuple[DraftSubject, ...] = ()
    rooms: tuple[DraftRoom, ...] = ()
    groups: tuple[DraftGroup, ...] = ()
    divisions: tuple[DraftDivision, ...] = ()
    audiences: tuple[DraftAudience, ...] = ()
    courses: tuple[DraftCourse, ...] = ()
    slots: tuple[DraftSlot, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    questions: tuple[DraftQuestion, ...] = field(default=(), repr=False)
    has_timetable: bool = True

    @cached_property
    def class_by_key(self) -> dict[str, DraftClass]:
        return {row.key: row for row in self.classes}

    @cached_property
    def teacher_by_key(self) -> dict[str, DraftTeacher]:
        return {row.key: row for row in self.teachers}

    @cached_property
    def subject_by_key(self) -> dict[str, DraftSubject]:
        return {row.key: row for row in self.subjects}

    @cached_property
    def room_by_key(self) -> dict[str, DraftRoom]:
        return {row.key: row for row in self.rooms}

    @cached_property
    def audience_by_key(self) -> dict[str, DraftAudience]:
        return {row.key: row for row in self.audiences}

    @cached_property
    def course_by_key(self) -> dict[str, DraftCourse]:
        return {row.key: row for row in self.courses}

    def audience_of(self, slot: DraftSlot) -> DraftAudience:
        return self.audience_by_key[self.course_by_key[slot.course_key].audience_key]

    def slots_of_class(self, class_key: str) -> Iterator[DraftSlot]:
        return (slot for slot in self.slots if class_key in self.audience_of(slot).class_keys)

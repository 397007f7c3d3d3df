"""A list of people as read, before anything is stored. There is no field for what must not be stored about a child."""

from dataclasses import dataclass, field

from scheduler.imports.draft import DraftQuestion, Finding

ONE, TWO = "one", "two"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in the order «Фамилия Имя Отчество»; first and middle name may be missing."""

    last: str
    first: str = ""
    middle: str = ""

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)


@dataclass(frozen=True, slots=True)
class RosterClass:
    """A class by its label; `teacher_keys` are its class teachers."""

    key: str
    name: str
    grade: int | None = None
    teacher_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterStudent:
    """A pupil. `groups` are (heading, part) as the list has them: «Группа (ин.яз.)», «2»."""

    key: str
    name: Name
    class_key: str | None
    where: str
    groups: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RosterParent:
    """A parent or guardian with the keys of the children."""

    key: str
    name: Name
    student_keys: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class RosterTeacher:
    key: str
    name: Name
    where: str


@dataclass(frozen=True, slots=True)
class Double:
    """Two rows that may be one person; unless a person says so (`ONE`), they are two."""

    question: DraftQuestion
    first_key: str
    second_key: str


@dataclass(frozen=True)
class RosterDraft:
    """A whole list as read. `not_taken` are the headings of columns that are never stored, `rows_read` its rows."""

    rows_read: int
    kind: str = "roster"
    classes: tuple[RosterClass, ...] = ()
    students: tuple[RosterStudent, ...] = ()
    parents: tuple[RosterParent, ...] = ()
    teachers: tuple[RosterTeacher, ...] = ()
    not_taken: tuple[str, ...] = ()
    doubles: tuple[Double, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def questions(self) -> tuple[DraftQuestion, ...]:
        return tuple(double.question for double in self.doubles)

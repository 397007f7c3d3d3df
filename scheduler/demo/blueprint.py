"""The demo school as frozen values, before anything is stored; keys are strings that join the parts."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from scheduler.rules.facts import LessonKind, LessonMode


class Bells(StrEnum):
    """Which column of bells a class lives by."""

    GRADE_ONE = "grade_one"
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class PersonSpec:
    key: str
    last_name: str
    first_name: str
    middle_name: str
    is_female: bool

    @property
    def full_name(self) -> str:
        return f"{self.last_name} {self.first_name} {self.middle_name}"


@dataclass(frozen=True, slots=True)
class TeacherSpec:
    person: PersonSpec
    subjects: tuple[str, ...]
    room: str


@dataclass(frozen=True, slots=True)
class ClassSpec:
    label: str
    grade: int
    shift: int
    bells: Bells
    class_teacher: str
    pupils: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DivisionSpec:
    """A way to split a class: part name → keys of the pupils in it."""

    class_label: str
    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """An audience: (class, division or None, part or None) for each part; `members` only where a list is kept."""

    key: str
    parts: tuple[tuple[str, str | None, str | None], ...]
    members: tuple[str, ...] = ()
    is_club: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    name: str
    short: str
    kind: LessonKind = LessonKind.LESSON
    is_physical_education: bool = False


@dataclass(frozen=True, slots=True)
class CourseSpec:
    key: str
    subject: str
    group: str
    teachers: tuple[str, ...]
    weekly_hours: int


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One weekly hour: `weekday` 1 Monday … 5 Friday. `valid_from` is set where grade 1 has it from November only."""

    course: str
    weekday: int
    period: int
    room: str
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class BellSpec:
    """A bell schedule: (number, start, end) of its periods; `valid_from` and `valid_to` where dates bind it."""

    name: str
    kind: str
    bells: Bells
    periods: tuple[tuple[int, time, time], ...]
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class HolidaySpec:
    """`grades` is empty where the whole school rests; `is_confirmed` is false where the dates are only usual."""

    name: str
    start: date
    end: date
    is_confirmed: bool
    grades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class YearSpec:
    name: str
    start: date
    end: date
    terms: tuple[tuple[str, date, date], ...]
    holidays: tuple[HolidaySpec, ...]


class ChatWay(StrEnum):
    """Whether a chat stands in the sandbox, is kept by hand, or is not connected yet."""

    SANDBOX = "sandbox"
    BY_HAND = "by_hand"
    UNCONNECTED = "unconnected"


@dataclass(frozen=True, slots=True)
class ChatMemberSpec:
    """A member as the messenger shows one; `person` is None for somebody whom the school does not know."""

    user_id: int
    name: str
    person: str | None


@dataclass(frozen=True, slots=True)
class ChatSpec:
    title: str
    kind: str
    class_label: str | None
    way: ChatWay
    members: tuple[ChatMemberSpec, ...]


@dataclass(frozen=True, slots=True)
class SignInSpec:
    """A demo sign-in: who it is and what it shows; the password is made when it is stored."""

    login: str
    person: str
    title: str


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role of a person: in the whole school, or in one class."""

    person: str
    role: str
    class_label: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteSpec:
    """A lesson of the published timetable that becomes remote, and the task of a child without internet."""

    course: str
    date: date
    period: int
    mode: LessonMode
    online_minutes: int | None
    offline_task: str


@dataclass(frozen=True, slots=True)
class ConsultationSpec:
    """An extra hour by call beside the timetable."""

    course: str
    date: date
    start: time
    end: time
    online_minutes: int
    offline_task: str


@dataclass(frozen=True, slots=True)
class School:
    """The whole demo school."""

    name: str
    phone: str
    timezone: str
    year: YearSpec
    people: tuple[PersonSpec, ...]
    teachers: tuple[TeacherSpec, ...]
    classes: tuple[ClassSpec, ...]
    guardians: tuple[tuple[str, str], ...]
    divisions: tuple[DivisionSpec, ...]
    groups: tuple[GroupSpec, ...]
    subjects: tuple[SubjectSpec, ...]
    courses: tuple[CourseSpec, ...]
    slots: tuple[SlotSpec, ...]
    rooms: tuple[str, ...]
    bells: tuple[BellSpec, ...]
    roles: tuple[RoleSpec, ...]
    sign_ins: tuple[SignInSpec, ...]
    chats: tuple[ChatSpec, ...]

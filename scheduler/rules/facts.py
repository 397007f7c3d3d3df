"""What the rules look at: lessons, classes and groups as frozen values, and what they answer: findings.

Nothing here reads the database; `planning` fills these from rows.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Severity(StrEnum):
    """`LAW` blocks until overridden with a reason, `WARN` is shown and counted, `INFO` is a hint."""

    LAW = "law"
    WARN = "warn"
    INFO = "info"


class LessonKind(StrEnum):
    LESSON = "lesson"
    EXTRACURRICULAR = "extracurricular"
    CONSULTATION = "consultation"
    EVENT = "event"


class LessonMode(StrEnum):
    """How a lesson is held. All but `IN_PERSON` are remote: they need a way to join or a task at home."""

    IN_PERSON = "in_person"
    BROADCAST = "broadcast"
    CALL = "call"
    SELF_STUDY = "self_study"

    @property
    def is_remote(self) -> bool:
        return self is not LessonMode.IN_PERSON

    @property
    def has_call(self) -> bool:
        return self in (LessonMode.CALL, LessonMode.BROADCAST)

    @property
    def has_place(self) -> bool:
        """Whether the class sits in a room of the school."""
        return self in (LessonMode.IN_PERSON, LessonMode.BROADCAST)


class LessonState(StrEnum):
    """`WAITING` holds its hour for clashes and stands in no post, feed or class page."""

    WAITING = "waiting"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


class ClassProfile(StrEnum):
    """The norm profile of a class, never shown outside the staff's pages."""

    USUAL = "usual"
    SPECIAL_NEEDS = "special_needs"
    GRADE_ONE = "grade_one"


class Device(StrEnum):
    PC = "pc"
    TABLET = "tablet"


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as the norms see it. `grade` is None where nobody stated it: then grades 5–9 are assumed and said so."""

    id: int
    label: str
    grade: int | None
    shift: int = 1
    days_per_week: int = 5
    profile: ClassProfile = ClassProfile.USUAL
    device: Device = Device.PC


@dataclass(frozen=True, slots=True)
class GroupPart:
    """One part of an audience: a whole class (`division` None) or one part of one division of it."""

    class_id: int
    division_id: int | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The audience of a lesson. `members` is None where no list is known."""

    id: int
    label: str
    parts: frozenset[GroupPart] = frozenset()
    members: frozenset[int] | None = None
    is_private: bool = False
    is_club: bool = False

    @property
    def class_ids(self) -> frozenset[int]:
        return frozenset(part.class_id for part in self.parts)


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """One lesson on one date in the school's local time. `id` is None for a lesson that is only wished for.

    `online_minutes` counts for `CALL` (and, for those at home, `BROADCAST`); None means the lesson's whole length.
    `join_resource` names a standing room or a chat call («room:7», «chat:12»): two overlapping calls in one clash.
    `is_joined_together`: the class joins this remote lesson in a room of the school, so nobody has to go home for it.
    """

    id: int | None
    date: date
    start: time
    end: time
    group: GroupFacts
    title: str
    teacher_ids: frozenset[int] = frozenset()
    room_ids: frozenset[int] = frozenset()
    period: int | None = None
    kind: LessonKind = LessonKind.LESSON
    mode: LessonMode = LessonMode.IN_PERSON
    state: LessonState = LessonState.PLANNED
    online_minutes: int | None = None
    subject_id: int | None = None
    subject_name: str = ""
    is_physical_education: bool = False
    join_resource: str | None = None
    is_joined_together: bool = False
    course_id: int | None = None

    @property
    def minutes(self) -> int:
        """Length in whole minutes; end is after start on the same day."""
        day = date(2000, 1, 1)
        return int((datetime.combine(day, self.end) - datetime.combine(day, self.start)).total_seconds() // 60)

    @property
    def is_live(self) -> bool:
        """Whether it takes up its hour: everything but a cancelled lesson does."""
        return self.state is not LessonState.CANCELLED

    @property
    def screen_minutes(self) -> int:
        if not self.mode.has_call:
            return 0
        return self.minutes if self.online_minutes is None else self.online_minutes


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says: its name, how hard it is, and the values a sentence is made of.

    `source` is the act and clause as read, or None: then it is the school's own setting («правило вашей школы»).
    `params` hold plain values (numbers, labels, times); the sentence is made in `scheduler.planning.words` by `rule`.
    `lesson_ids` are the other lessons concerned, `class_id` the class whose norm it is.
    """

    rule: str
    severity: Severity
    source: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    lesson_ids: tuple[int, ...] = ()
    class_id: int | None = None
    day: date | None = None

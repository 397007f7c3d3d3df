"""Who could hold a lesson whose teacher is away: ranked, with what speaks for each and what is in the way."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from scheduler.rules.facts import LessonFacts


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """Hours of one date when a teacher is not to be asked, and why in words."""

    start: time
    end: time
    why: str


@dataclass(frozen=True, slots=True)
class TeacherFacts:
    """A teacher who may stand in: what they teach to whom, and their own lessons and closed hours by date."""

    id: int
    name: str
    subject_ids: frozenset[int] = frozenset()
    class_ids: frozenset[int] = frozenset()
    lessons: dict[date, tuple[LessonFacts, ...]] = field(default_factory=dict)
    closed: dict[date, tuple[ClosedSpan, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Substitute:
    """One proposal. `of_day` counts the own lessons of that date, `clashing` are those at the same time."""

    teacher_id: int
    name: str
    knows_subject: bool
    knows_class: bool
    of_day: int
    clashing: tuple[LessonFacts, ...] = ()
    closed: str = ""

    @property
    def is_free(self) -> bool:
        """Whether nothing at all is in the way."""
        return not self.clashing and not self.closed

    @property
    def rank(self) -> tuple[object, ...]:
        """Free before busy, then of the subject, of the class, at work that day anyway, with fewer lessons."""
        return (
            not self.is_free, not self.knows_subject, not self.knows_class, not self.of_day, self.of_day,
            self.name, self.teacher_id,
        )  # fmt: skip


def rank_substitutes(
    lesson: LessonFacts, teachers: Iterable[TeacherFacts], *, away: Collection[int] = ()
) -> list[Substitute]:
    """Every teacher but the lesson's own and those away, the best first; the order depends on nothing but the facts."""
    barred = {*away, *lesson.teacher_ids}
    found = [_judged(lesson, teacher) for teacher in teachers if teacher.id not in barred]
    return sorted(found, key=lambda one: one.rank)


def _judged(lesson: LessonFacts, teacher: TeacherFacts) -> Substitute:
    own = [one for one in teacher.lessons.get(lesson.date, ()) if one.is_live]
    return Substitute(
        teacher.id,
        teacher.name,
        knows_subject=lesson.subject_id in teacher.subject_ids,
        knows_class=bool(lesson.group.class_ids & teacher.class_ids),
        of_day=len(own),
        clashing=tuple(sorted(_meeting(lesson, own), key=lambda one: (one.start, one.id or 0))),
        closed=_closed(lesson, teacher.closed.get(lesson.date, ())),
    )


def _meeting(lesson: LessonFacts, own: Iterable[LessonFacts]) -> list[LessonFacts]:
    return [one for one in own if one.start < lesson.end and lesson.start < one.end]


def _closed(lesson: LessonFacts, spans: Sequence[ClosedSpan]) -> str:
    return next((span.why for span in spans if span.start < lesson.end and lesson.start < span.end), "")

"""The lessons of somebody away, each with who could stand in and what else fits; reads only, in a few queries."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.models.absence import AnswerKind
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemoteDayState
from scheduler.planning.absences.away import away_on
from scheduler.planning.absences.candidates import load_teachers
from scheduler.planning.absences.wish import Answer
from scheduler.rules.facts import GroupFacts, LessonFacts, LessonMode, LessonState
from scheduler.rules.facts import GroupPart as PartFacts
from scheduler.rules.substitutes import Substitute, rank_substitutes

OPEN = (LessonState.PLANNED, LessonState.WAITING)
LOADED = (
    selectinload(Lesson.teaching).options(joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)),
    selectinload(Lesson.rooms),
    joinedload(Lesson.subject),
    joinedload(Lesson.course),
    joinedload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
)


@dataclass(frozen=True, slots=True)
class MadeRemote:
    """What a remote day in force did to a lesson: on which dates it holds, and how the lesson was before."""

    first: date
    last: date
    mode: LessonMode
    online_minutes: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One lesson whose teacher is away. `twin` is the other group's lesson of the same subject at the same time.

    `made_remote` is the remote day that made the lesson what it is.
    """

    lesson: Lesson
    absent_id: int
    substitutes: tuple[Substitute, ...] = ()
    twin: Lesson | None = None
    made_remote: MadeRemote | None = None

    def mode_on(self, day: date) -> tuple[LessonMode, int | None]:
        """The mode with its minutes of call on another day: what a remote day set does not go beyond its dates."""
        made = self.made_remote
        if made is None or made.first <= day <= made.last:
            return self.lesson.mode, self.lesson.online_minutes
        return made.mode, made.online_minutes

    @property
    def others(self) -> list[Person]:
        """The teachers who hold the lesson beside the one away."""
        return [person for person in self.lesson.teachers if person.id != self.absent_id]

    @property
    def stands_in_for(self) -> int:
        """Whom a substitute stands in for: where the one away was a substitute already, the first teacher."""
        row = next(row for row in self.lesson.teaching if row.person_id == self.absent_id)
        return row.stands_in_for_id or self.absent_id

    @property
    def class_ids(self) -> frozenset[int]:
        return frozenset(part.class_id for part in self.lesson.group.parts)

    def fits(self, answer: Answer) -> bool:
        """Whether «применить ко всем» may give this answer here; a named substitute only where free."""
        if answer.kind is AnswerKind.SUBSTITUTE:
            return any(one.is_free and answer.person_id in (None, one.teacher_id) for one in self.substitutes)
        possible = {
            AnswerKind.OTHER_TEACHER: bool(self.others),
            AnswerKind.JOINED: self.twin is not None,
            AnswerKind.MOVED: self.lesson.course is not None,
            AnswerKind.KEPT: self.lesson.mode is LessonMode.SELF_STUDY,
        }
        return possible.get(answer.kind, True)

    def filled(self, answer: Answer) -> Answer:
        """The answer with the best free substitute where none is named."""
        if answer.kind is not AnswerKind.SUBSTITUTE or answer.person_id is not None:
            return answer
        best = next((one.teacher_id for one in self.substitutes if one.is_free), None)
        return Answer(AnswerKind.SUBSTITUTE, best)

    @property
    def proposed(self) -> Answer:
        """What the program would do: nothing where pupils work on their own, then whoever is there, then somebody free.

        A waiting lesson has nobody waiting for it: it is cancelled unless somebody is free.
        """
        order = (AnswerKind.KEPT, AnswerKind.OTHER_TEACHER, AnswerKind.SUBSTITUTE, AnswerKind.JOINED)
        for kind in order:
            if self.fits(Answer(kind)):
                return self.filled(Answer(kind))
        is_waiting = self.lesson.state is LessonState.WAITING
        return Answer(AnswerKind.CANCELLED if is_waiting else AnswerKind.SELF_STUDY)


def open_cases(session: Session, school_id: int, person_id: int, dates: Sequence[date]) -> list[Case]:
    """The lessons of a person that have not ended, by time."""
    lessons = session.scalars(_lessons(school_id, person_id, dates)).unique().all()
    if not lessons:
        return []
    days = sorted({lesson.date for lesson in lessons})
    away = away_on(session, school_id, days)
    teachers = load_teachers(session, school_id, days)
    twins = _twins(session, school_id, lessons, away)
    remote = _made_remote(session, lessons)

    def case_of(lesson: Lesson) -> Case:
        ranked = rank_substitutes(facts_of(lesson), teachers, away=away[lesson.date])
        return Case(lesson, person_id, tuple(ranked), twins.get(lesson.id), remote.get(lesson.id))

    return [case_of(lesson) for lesson in lessons]


def _made_remote(session: Session, lessons: Sequence[Lesson]) -> dict[int, MadeRemote]:
    modes = {lesson.id: lesson.mode for lesson in lessons}
    query = (
        sa.select(RemoteDayLesson, RemoteDay)
        .join(RemoteDay, RemoteDay.id == RemoteDayLesson.remote_day_id)
        .where(RemoteDayLesson.lesson_id.in_(modes), RemoteDay.state == RemoteDayState.APPLIED)
    )
    return {
        one.lesson_id: MadeRemote(
            day.date_from, day.date_to, LessonMode(one.before["mode"]), one.before["online_minutes"]
        )
        for one, day in session.execute(query)
        if one.after["mode"] == modes[one.lesson_id]
    }


def digest_of(cases: Sequence[Case]) -> str:
    """The fingerprint of the list as it was shown: which lessons, and each as it stood."""
    rows = sorted((case.lesson.id, case.lesson.sequence) for case in cases)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def facts_of(lesson: Lesson) -> LessonFacts:
    """A row as the ranking sees it."""
    group = lesson.group
    parts = frozenset(PartFacts(part.class_id, part.division_id, part.part) for part in group.parts)
    return LessonFacts(
        id=lesson.id,
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        group=GroupFacts(group.id, group.name, parts, is_private=group.is_private),
        title=lesson.shown_title,
        teacher_ids=frozenset(row.person_id for row in lesson.teaching),
        state=lesson.state,
        subject_id=lesson.subject_id,
    )


def _lessons(school_id: int, person_id: int, dates: Sequence[date]) -> sa.Select[Lesson]:
    taught = sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id == person_id)
    return (
        sa.select(Lesson)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.in_(dates),
            Lesson.id.in_(taught),
            Lesson.state.in_(OPEN),
            Lesson.ends_at > clock.now(),
        )
        .order_by(Lesson.starts_at, Lesson.id)
        .options(*LOADED)
        .execution_options(populate_existing=True)
    )


def _twins(
    session: Session, school_id: int, lessons: Sequence[Lesson], away: Mapping[date, Collection[int]]
) -> dict[int, Lesson]:
    """The other part of the same division at the same hour and of the same subject, with a teacher who is there."""
    parted = [lesson for lesson in lessons if any(part.division_id for part in lesson.group.parts)]
    if not parted:
        return {}
    query = (
        sa.select(Lesson)
        .join(StudyGroup, StudyGroup.id == Lesson.group_id)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.in_({lesson.date for lesson in parted}),
            Lesson.subject_id.in_({lesson.subject_id for lesson in parted}),
            Lesson.state == LessonState.PLANNED,
            StudyGroup.is_private.is_(False),
            StudyGroup.parts.any(GroupPart.division_id.is_not(None)),
        )
        .order_by(Lesson.id)
        .options(*LOADED)
    )
    others = session.scalars(query).unique().all()
    found = {lesson.id: next((one for one in others if _is_twin(lesson, one, away)), None) for lesson in parted}
    return {lesson_id: twin for lesson_id, twin in found.items() if twin is not None}


def _is_twin(lesson: Lesson, other: Lesson, away: Mapping[date, Collection[int]]) -> bool:
    if _alike(lesson) != _alike(other) or lesson.group_id == other.group_id:
        return False
    mine = {part.division_id for part in lesson.group.parts if part.division_id}
    theirs = {part.division_id for part in other.group.parts if part.division_id}
    teachers = {row.person_id for row in other.teaching}
    own = {row.person_id for row in lesson.teaching}
    return bool(mine & theirs) and bool(teachers) and not teachers & ({*away[lesson.date]} | own)


def _alike(lesson: Lesson) -> tuple[object, ...]:
    return (lesson.date, lesson.start, lesson.subject_id, lesson.mode, lesson.title)

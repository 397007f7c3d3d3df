"""How far a school has come on its way to the first remote lesson, read from what really stands. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.base import SchoolRow
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Connection, PostState
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import School, Term
from scheduler.models.timetable import BellKind, BellSchedule, ImportFinding, ImportRun, Period, TimetableSlot
from scheduler.permissions import Role
from scheduler.planning.skipping import StepName

TIMETABLES = ("asc", "fet", "grid")


@dataclass(frozen=True, slots=True)
class LastFile:
    """The timetable's file that was applied last."""

    run_id: int
    name: str
    findings: int


@dataclass(frozen=True, slots=True)
class FirstPost:
    """What the class chats show of remote lessons, or what waits to be shown there."""

    chat_id: int
    part_id: int
    day: date
    posted_at: datetime | None
    due_at: datetime
    state: PostState

    @property
    def is_later(self) -> bool:
        """Whether it waits for its hour."""
        return self.posted_at is None and self.state is PostState.WANTED and self.due_at > clock.now()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the school's tables; `without_bells` are lesson numbers of the timetable that no bells have.

    `taught` are the subjects of classes that have a teacher: without one no chat shows a lesson.
    """

    skipped: frozenset[str]
    classes: int = 0
    teachers: int = 0
    hours: int = 0
    file: LastFile | None = None
    students: int = 0
    parents: int = 0
    bells: int = 0
    first_bell: time | None = None
    without_bells: tuple[int, ...] = ()
    has_bot: bool = False
    is_refused: bool = False
    connected: int = 0
    found: int = 0
    without_chat: int = 0
    lessons: int = 0
    taught: int = 0
    published_to: date | None = None
    post: FirstPost | None = None

    def is_done(self, step: StepName) -> bool:
        """Whether what the step is for stands."""
        return {
            StepName.SCHOOL: True,
            StepName.TIMETABLE: self.hours > 0,
            StepName.ROSTER: self.students > 0,
            StepName.BELLS: self.hours > 0 and not self.without_bells,
            StepName.BOT: self.has_bot and not self.is_refused,
            StepName.CHATS: self.connected > 0,
            StepName.TERM: self.lessons > 0,
            StepName.LESSON: self.is_finished,
        }[step]

    def is_open(self, step: StepName) -> bool:
        """Whether the step still waits: neither done nor left out."""
        return not self.is_done(step) and step not in self.skipped

    @property
    def is_finished(self) -> bool:
        """Whether a class chat has shown a remote lesson: then the school has made its first steps."""
        return self.post is not None and self.post.posted_at is not None

    @property
    def current(self) -> StepName | None:
        """The first step that waits."""
        return next((step for step in StepName if self.is_open(step)), None)

    @property
    def done(self) -> int:
        return sum(not self.is_open(step) for step in StepName)


def has_first_lesson(session: Session, school_id: int) -> bool:
    """Whether a class chat of the school has ever shown a remote lesson; one query."""
    return session.scalar(_posts(school_id).where(BulletinPart.posted_at.is_not(None)).limit(1)) is not None


def standing_of(session: Session, school: School) -> Standing:
    """Everything that the first steps ask, in a few counts."""
    read = _Reader(session, school.id)
    return Standing(
        skipped=frozenset(school.skipped_steps),
        classes=read.count(SchoolClass, ~SchoolClass.is_archived),
        teachers=read.people(Role.TEACHER),
        hours=read.count(TimetableSlot),
        file=read.last_file(),
        students=read.people(Role.STUDENT),
        parents=read.people(Role.PARENT),
        bells=read.count(BellSchedule, BellSchedule.kind != BellKind.REMOTE),
        first_bell=read.first_bell(),
        without_bells=tuple(read.without_bells()),
        has_bot=read.count(Connection) > 0,
        is_refused=read.count(Connection, Connection.is_refused) > 0,
        connected=read.count(Chat, Chat.state == ChatState.CONNECTED, Chat.class_id.is_not(None)),
        found=read.count(Chat, Chat.state == ChatState.FOUND),
        without_chat=read.without_chat(),
        lessons=read.count(Lesson, Lesson.base.is_not(None)),
        taught=read.count(Course, ~Course.is_archived, Course.teachers.any()),
        published_to=read.published_to(),
        post=read.post(),
    )


def _posts(school_id: int) -> sa.Select[BulletinPart, Bulletin]:
    return (
        sa.select(BulletinPart, Bulletin)
        .join(Bulletin, Bulletin.id == BulletinPart.bulletin_id)
        .join(Chat, Chat.id == Bulletin.chat_id)
        .where(BulletinPart.school_id == school_id, Chat.class_id.is_not(None))
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    session: Session
    school_id: int

    def count(self, model: type[SchoolRow], *conditions: Any) -> int:
        query = sa.select(sa.func.count(model.id)).where(model.school_id == self.school_id, *conditions)
        return self.session.scalar(query) or 0

    def people(self, role: Role) -> int:
        return self.count(Person, ~Person.is_archived, Person.roles.any(RoleGrant.role == role))

    def last_file(self) -> LastFile | None:
        run = self.session.scalar(
            sa.select(ImportRun)
            .where(ImportRun.school_id == self.school_id, ImportRun.kind.in_(TIMETABLES), ImportRun.undone_at.is_(None))
            .order_by(ImportRun.applied_at.desc(), ImportRun.id.desc())
            .limit(1)
        )
        if run is None:
            return None
        return LastFile(run.id, run.file_name, self.count(ImportFinding, ImportFinding.import_run_id == run.id))

    def _regular(self) -> sa.Select[int]:
        is_regular = sa.and_(BellSchedule.school_id == self.school_id, BellSchedule.kind != BellKind.REMOTE)
        return sa.select(Period.number).join(BellSchedule, BellSchedule.id == Period.bell_schedule_id).where(is_regular)

    def first_bell(self) -> time | None:
        return self.session.scalar(self._regular().with_only_columns(sa.func.min(Period.start)))

    def without_bells(self) -> Sequence[int]:
        used = sa.select(TimetableSlot.period).where(TimetableSlot.school_id == self.school_id).distinct()
        missing = used.where(TimetableSlot.period.not_in(self._regular())).order_by(TimetableSlot.period)
        return self.session.scalars(missing).all()

    def without_chat(self) -> int:
        served = sa.select(Chat.class_id).where(
            Chat.school_id == self.school_id, Chat.state == ChatState.CONNECTED, Chat.class_id.is_not(None)
        )
        return self.count(SchoolClass, ~SchoolClass.is_archived, SchoolClass.id.not_in(served))

    def published_to(self) -> date | None:
        term = sa.select(sa.func.max(Term.published_to)).where(Term.school_id == self.school_id)
        lesson = sa.select(sa.func.max(Lesson.date)).where(Lesson.school_id == self.school_id, Lesson.base.is_not(None))
        return self.session.scalar(term) or self.session.scalar(lesson)

    def post(self) -> FirstPost | None:
        """The first that was shown, else the one that is shown soonest."""
        order = (BulletinPart.posted_at.is_(None), BulletinPart.posted_at, BulletinPart.due_at, BulletinPart.id)
        is_live = BulletinPart.state != PostState.WITHDRAWN
        row = self.session.execute(_posts(self.school_id).where(is_live).order_by(*order).limit(1)).first()
        if row is None:
            return None
        part, shown = row[0], row[1]
        return FirstPost(shown.chat_id, part.id, shown.date, part.posted_at, part.due_at, part.state)

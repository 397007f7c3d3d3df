"""Reads in a few queries, however many lessons changed, what the posts of some dates are made of; changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler import clock
from scheduler.chats.lines import LessonLine, line_of
from scheduler.chats.own_texts import OwnTexts, load_own_texts
from scheduler.models.calls import SHOWN_WAY, Call
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, Reminder
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import CallWay, School
from scheduler.rules.facts import LessonMode, LessonState

TOLD_STATES = (LessonState.PLANNED, LessonState.HELD, LessonState.CANCELLED)
DayKey = tuple[int, date]


@dataclass(frozen=True)
class Loaded:
    """`remote` are the remote lessons of the whole school by date, cancelled ones among them; `by_id` are these and
    those that a bulletin had shown and that are not among them now; `at_school` is (class, date) with lessons there.
    """

    school: School
    chats: Sequence[Chat]
    remote: Mapping[date, Sequence[Lesson]]
    by_id: Mapping[int, Lesson]
    ways: Mapping[int, CallWay]
    at_school: Collection[DayKey]
    bulletins: dict[DayKey, Bulletin]
    own: OwnTexts
    reminders: dict[DayKey, dict[time, Reminder]]
    made: dict[tuple[int | None, date], Mapping[int, LessonLine]] = field(default_factory=dict)

    def lessons(self, day: date, class_id: int | None) -> list[Lesson]:
        """Those of one class, or of the whole school for None."""
        return [*self.remote.get(day, ())] if class_id is None else self._of_class.get((class_id, day), [])

    def lines(self, day: date, class_id: int | None) -> Mapping[int, LessonLine]:
        """What is to be told of those that are not cancelled; made once for both chats of a class."""
        if (class_id, day) not in self.made:
            offline = self.school.offline_line
            self.made[class_id, day] = {
                lesson.id: line_of(lesson, class_id or 0, way=self.ways.get(lesson.id), offline_line=offline)
                for lesson in self.lessons(day, class_id)
                if lesson.state is not LessonState.CANCELLED
            }
        return self.made[class_id, day]

    @cached_property
    def _of_class(self) -> dict[DayKey, list[Lesson]]:
        """Sorted once: a whole school's chats ask each for its own."""
        found: dict[DayKey, list[Lesson]] = defaultdict(list)
        for day, lessons in self.remote.items():
            for lesson in lessons:
                for class_id in class_ids_of(lesson):
                    found[class_id, day].append(lesson)
        return found


def class_ids_of(lesson: Lesson) -> frozenset[int]:
    return frozenset(part.class_id for part in lesson.group.parts)


def load_days(session: Session, school: School, touched: Mapping[date, Collection[int]]) -> Loaded:
    """Everything for these dates and classes that are not past; parts are locked until the transaction ends."""
    today = clock.now().astimezone(ZoneInfo(school.timezone)).date()
    dates = sorted(day for day in touched if day >= today)
    class_ids = sorted({class_id for day in dates for class_id in touched[day]})
    chats = _chats(session, school.id, class_ids) if dates else []
    bulletins = _bulletins(session, [chat.id for chat in chats], dates) if chats else {}
    lessons = _remote_lessons(session, school.id, dates) if chats else []
    remote = defaultdict(list)
    for lesson in lessons:
        remote[lesson.date].append(lesson)
    by_id = {lesson.id: lesson for lesson in lessons}
    return Loaded(
        school=school,
        chats=chats,
        remote=remote,
        by_id=by_id | _elsewhere(session, bulletins.values(), by_id),
        ways=_ways(session, [lesson.id for lesson in lessons]),
        at_school=_at_school(session, class_ids, sorted(remote)) if remote else frozenset(),
        bulletins=bulletins,
        own=load_own_texts(session, school.id) if chats else OwnTexts(),
        reminders=_reminders(session, [chat.id for chat in chats], dates) if chats else {},
    )


def _chats(session: Session, school_id: int, class_ids: Sequence[int]) -> Sequence[Chat]:
    concerned = sa.or_(Chat.class_id.in_(class_ids), Chat.kind == ChatKind.TEACHERS)
    query = sa.select(Chat).where(Chat.school_id == school_id, Chat.kind.is_not(None), concerned)
    return session.scalars(query.options(joinedload(Chat.school_class)).order_by(Chat.id)).all()


def _bulletins(session: Session, chat_ids: Sequence[int], dates: Sequence[date]) -> dict[DayKey, Bulletin]:
    query = sa.select(Bulletin).where(Bulletin.chat_id.in_(chat_ids), Bulletin.date.in_(dates))
    found = session.scalars(query.options(selectinload(Bulletin.parts))).all()
    # A worker that stores an answer meanwhile is waited for, and its values are read anew.
    session.scalars(
        sa.select(BulletinPart)
        .where(BulletinPart.bulletin_id.in_([bulletin.id for bulletin in found]))
        .order_by(BulletinPart.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {(bulletin.chat_id, bulletin.date): bulletin for bulletin in found}


def _reminders(session: Session, chat_ids: Sequence[int], dates: Sequence[date]) -> dict[DayKey, dict[time, Reminder]]:
    query = sa.select(Reminder).where(Reminder.chat_id.in_(chat_ids), Reminder.date.in_(dates)).order_by(Reminder.id)
    found: dict[DayKey, dict[time, Reminder]] = defaultdict(dict)
    for reminder in session.scalars(query.with_for_update()):
        found[reminder.chat_id, reminder.date][reminder.start] = reminder
    return found


def _remote_lessons(session: Session, school_id: int, dates: Sequence[date]) -> Sequence[Lesson]:
    query = (
        sa.select(Lesson)
        .join(Lesson.group)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.in_(dates),
            Lesson.mode != LessonMode.IN_PERSON,
            Lesson.state.in_(TOLD_STATES),
            StudyGroup.is_private.is_(False),
            # A lesson without a teacher is a finding of the import and stands in no chat.
            Lesson.teaching.any(),
        )
    )
    return session.scalars(query.options(*_LESSON_OPTIONS)).all()


_LESSON_OPTIONS = (
    selectinload(Lesson.teaching).options(joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)),
    selectinload(Lesson.group).selectinload(StudyGroup.parts),
    selectinload(Lesson.subject),
    selectinload(Lesson.rooms),
)


def _elsewhere(session: Session, bulletins: Iterable[Bulletin], known: Collection[int]) -> dict[int, Lesson]:
    missing = {int(key) for bulletin in bulletins for key in bulletin.shown} - set(known)
    if not missing:
        return {}
    found = session.scalars(sa.select(Lesson).where(Lesson.id.in_(missing)))
    return {lesson.id: lesson for lesson in found}


def _ways(session: Session, lesson_ids: Sequence[int]) -> dict[int, CallWay]:
    if not lesson_ids:
        return {}
    query = sa.select(Call.lesson_id, SHOWN_WAY.label("way")).where(Call.lesson_id.in_(lesson_ids))
    return {row.lesson_id: row.way for row in session.execute(query)}


def _at_school(session: Session, class_ids: Sequence[int], dates: Sequence[date]) -> frozenset[DayKey]:
    query = (
        sa.select(GroupPart.class_id, Lesson.date)
        .join(Lesson, Lesson.group_id == GroupPart.group_id)
        .join(StudyGroup, StudyGroup.id == GroupPart.group_id)
        .where(
            GroupPart.class_id.in_(class_ids),
            Lesson.date.in_(dates),
            Lesson.mode == LessonMode.IN_PERSON,
            Lesson.state.in_((LessonState.PLANNED, LessonState.HELD)),
            StudyGroup.is_private.is_(False),
        )
    )
    return frozenset((row.class_id, row.date) for row in session.execute(query.distinct()))


def class_ids_of_school(session: Session, school_id: int) -> list[int]:
    """All classes that are not archived."""
    query = sa.select(SchoolClass.id).where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
    return list(session.scalars(query))


def load_groups(session: Session, group_ids: Collection[int]) -> dict[int, StudyGroup]:
    """Groups with their parts, by number."""
    query = sa.select(StudyGroup).where(StudyGroup.id.in_(group_ids)).options(selectinload(StudyGroup.parts))
    return {group.id: group for group in session.scalars(query)}

"""The facts that the rules judge: lessons of the touched weeks that a change may meet, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.calls import Call
from scheduler.models.classes import GroupMember, GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson, LessonTeacher, lesson_room
from scheduler.models.people import Person
from scheduler.models.school import CallWay
from scheduler.models.school_day import week_of
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.values import LessonValues
from scheduler.rules.facts import ClassFacts, GroupFacts, LessonFacts, LessonState
from scheduler.rules.facts import GroupPart as PartFacts


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands now around a change: lessons of whole ISO weeks, the groups and classes that they concern."""

    lessons: tuple[LessonFacts, ...]
    groups: dict[int, GroupFacts]
    classes: dict[int, ClassFacts]
    subjects: dict[int, tuple[str, bool]]
    taken_apart: frozenset[frozenset[int]] = frozenset()
    teachers: dict[int, str] = field(default_factory=dict)
    """Shown names, for the sentences that say whose hour is taken."""

    def facts(self, values: LessonValues, lesson_id: int | None, *, join_resource: str | None = None) -> LessonFacts:
        """A wished lesson as the rules see it."""
        name, is_physical = self.subjects[values.subject_id]
        return LessonFacts(
            id=lesson_id,
            date=values.date,
            start=values.start,
            end=values.end,
            group=self.groups[values.group_id],
            title=values.title or name,
            teacher_ids=values.teacher_ids,
            room_ids=values.room_ids,
            period=values.period,
            kind=values.kind,
            mode=values.mode,
            state=values.state,
            online_minutes=values.online_minutes,
            subject_id=values.subject_id,
            subject_name=name,
            is_physical_education=is_physical,
            join_resource=join_resource if values.mode.has_call else None,
            is_joined_together=values.is_joined_together,
            course_id=values.course_id,
        )

    def classes_of(self, lesson: LessonFacts) -> list[ClassFacts]:
        """The classes that a lesson concerns."""
        return [self.classes[one] for one in sorted(lesson.group.class_ids)]

    def of_week(self, day: date) -> "Scene":
        """The same with the lessons of one ISO week alone."""
        days = frozenset(week_of(day))
        return replace(self, lessons=tuple(lesson for lesson in self.lessons if lesson.date in days))


def load_scene(
    session: Session, school_id: int, dates: Iterable[date], *, wished: Sequence[LessonValues], everything: bool = False
) -> Scene:
    """The scene of the weeks of `dates`: lessons that share a class, a teacher or a room with what is wished.

    `everything` takes every lesson of those weeks, for changes that touch the whole school.
    """
    days = sorted({day for touched in set(dates) for day in week_of(touched)})
    group_ids = {values.group_id for values in wished}
    class_ids = set(session.scalars(sa.select(GroupPart.class_id).where(GroupPart.group_id.in_(group_ids))))
    condition = sa.true() if everything else _meets(wished, group_ids, class_ids)
    rows = _lesson_rows(session, school_id, days, condition)
    group_ids |= {row.group_id for row in rows}
    groups = load_groups(session, group_ids)
    class_ids = {class_id for group in groups.values() for class_id in group.class_ids}
    subject_ids = {row.subject_id for row in rows} | {values.subject_id for values in wished}
    subjects = _subjects(session, subject_ids)
    lessons = tuple(_lesson_facts(session, rows, groups, subjects))
    teacher_ids = {one for lesson in lessons for one in lesson.teacher_ids}
    return Scene(
        lessons,
        groups,
        load_classes(session, class_ids),
        subjects,
        _taken_apart(session, groups),
        _shown_names(session, teacher_ids | {one for values in wished for one in values.teacher_ids}),
    )


def _shown_names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    people = session.scalars(sa.select(Person).where(Person.id.in_(set(person_ids))))
    return {person.id: person.short_name for person in people}


def load_groups(session: Session, group_ids: Iterable[int]) -> dict[int, GroupFacts]:
    """Groups with their parts and, where a list is known, their members."""
    ids = set(group_ids)
    parts: dict[int, set[PartFacts]] = defaultdict(set)
    for row in session.execute(
        sa.select(GroupPart.group_id, GroupPart.class_id, GroupPart.division_id, GroupPart.part).where(
            GroupPart.group_id.in_(ids)
        )
    ):
        parts[row.group_id].add(PartFacts(row.class_id, row.division_id, row.part))
    members: dict[int, set[int]] = defaultdict(set)
    for group_id, person_id in session.execute(
        sa.select(GroupMember.group_id, GroupMember.person_id).where(GroupMember.group_id.in_(ids))
    ):
        members[group_id].add(person_id)
    rows = session.execute(
        sa.select(StudyGroup.id, StudyGroup.name, StudyGroup.is_private, StudyGroup.is_club).where(
            StudyGroup.id.in_(ids)
        )
    )
    return {
        row.id: GroupFacts(
            id=row.id,
            label=row.name,
            parts=frozenset(parts[row.id]),
            members=frozenset(members[row.id]) if row.id in members else None,
            is_private=row.is_private,
            is_club=row.is_club,
        )
        for row in rows
    }


def load_classes(session: Session, class_ids: Iterable[int]) -> dict[int, ClassFacts]:
    """Classes as the norms see them."""
    rows = session.scalars(sa.select(SchoolClass).where(SchoolClass.id.in_(set(class_ids))))
    return {
        row.id: ClassFacts(row.id, row.label, row.grade, row.shift, row.days_per_week, row.profile, row.device)
        for row in rows
    }


def _meets(wished: Sequence[LessonValues], group_ids: set[int], class_ids: set[int]) -> sa.ColumnElement[bool]:
    teacher_ids = {person_id for values in wished for person_id in values.teacher_ids}
    room_ids = {room_id for values in wished for room_id in values.room_ids}
    same_class = sa.select(GroupPart.group_id).where(GroupPart.class_id.in_(class_ids))
    same_teacher = sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id.in_(teacher_ids))
    same_room = sa.select(lesson_room.c.lesson_id).where(lesson_room.c.room_id.in_(room_ids))
    return sa.or_(
        Lesson.group_id.in_(group_ids),
        Lesson.group_id.in_(same_class),
        Lesson.id.in_(same_teacher),
        Lesson.id.in_(same_room),
    )


def _lesson_rows(
    session: Session, school_id: int, days: list[date], condition: sa.ColumnElement[bool]
) -> Sequence[Any]:
    columns = [
        Lesson.id, Lesson.date, Lesson.start, Lesson.end, Lesson.group_id, Lesson.subject_id, Lesson.title,
        Lesson.period, Lesson.kind, Lesson.mode, Lesson.state, Lesson.online_minutes, Lesson.course_id,
        Lesson.is_joined_together,
    ]  # fmt: skip
    query = sa.select(*columns).where(
        Lesson.school_id == school_id,
        Lesson.date.between(days[0], days[-1]),
        Lesson.date.in_(days),
        Lesson.state != LessonState.CANCELLED,
        condition,
    )
    return session.execute(query).all()


def _lesson_facts(
    session: Session,
    rows: Sequence[Any],
    groups: dict[int, GroupFacts],
    subjects: dict[int, tuple[str, bool]],
) -> Iterable[LessonFacts]:
    ids = [row.id for row in rows]
    teachers = _pairs(
        session, sa.select(LessonTeacher.lesson_id, LessonTeacher.person_id), LessonTeacher.lesson_id, ids
    )
    rooms = _pairs(session, sa.select(lesson_room), lesson_room.c.lesson_id, ids)
    resources = _resources(session, ids)
    for row in rows:
        name, is_physical = subjects[row.subject_id]
        yield LessonFacts(
            id=row.id,
            date=row.date,
            start=row.start,
            end=row.end,
            group=groups[row.group_id],
            title=row.title or name,
            teacher_ids=frozenset(teachers[row.id]),
            room_ids=frozenset(rooms[row.id]),
            period=row.period,
            kind=row.kind,
            mode=row.mode,
            state=row.state,
            online_minutes=row.online_minutes,
            subject_id=row.subject_id,
            subject_name=name,
            is_physical_education=is_physical,
            join_resource=resources.get(row.id),
            is_joined_together=row.is_joined_together,
            course_id=row.course_id,
        )


def _pairs(
    session: Session, query: sa.Select[Any, Any], column: sa.SQLColumnExpression[int], ids: list[int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(ids), 900):
        for lesson_id, other_id in session.execute(query.where(column.in_(ids[start : start + 900]))):
            found[lesson_id].add(other_id)
    return found


def _resources(session: Session, ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), 900):
        query = sa.select(Call.lesson_id, Call.way, Call.room_id, Call.chat_id).where(
            Call.lesson_id.in_(ids[start : start + 900])
        )
        for row in session.execute(query):
            if row.way is CallWay.ROOM and row.room_id:
                found[row.lesson_id] = f"room:{row.room_id}"
            elif row.way is CallWay.IN_CHAT and row.chat_id:
                found[row.lesson_id] = f"chat:{row.chat_id}"
    return found


def _taken_apart(session: Session, groups: dict[int, GroupFacts]) -> frozenset[frozenset[int]]:
    """Groups of one class that the base timetable itself runs in one hour («так стоит в расписании»)."""
    rows = session.execute(
        sa.select(TimetableSlot.weekday, TimetableSlot.period, Course.group_id)
        .join(Course, Course.id == TimetableSlot.course_id)
        .where(Course.group_id.in_(groups))
    )
    hours: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for weekday, period, group_id in rows:
        for class_id in groups[group_id].class_ids:
            hours[weekday, period, class_id].add(group_id)
    return frozenset(frozenset(pair) for together in hours.values() for pair in combinations(sorted(together), 2))


def _subjects(session: Session, subject_ids: Iterable[int]) -> dict[int, tuple[str, bool]]:
    rows = session.execute(
        sa.select(Subject.id, Subject.name, Subject.is_physical_education).where(Subject.id.in_(set(subject_ids)))
    )
    return {row.id: (row.name, row.is_physical_education) for row in rows}

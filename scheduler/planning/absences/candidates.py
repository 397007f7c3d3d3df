"""The teachers of a school as the ranking of substitutes sees them; a few queries, however many lessons there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.courses import Course, Subject, course_teacher
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person, RoleGrant, TeacherClosure
from scheduler.permissions import Role
from scheduler.planning.hours import closure_words, is_closed
from scheduler.rules.facts import GroupFacts, LessonFacts, LessonState
from scheduler.rules.substitutes import ClosedSpan, TeacherFacts

ByDay = dict[date, tuple[LessonFacts, ...]]


def load_teachers(session: Session, school_id: int, days: Sequence[date]) -> list[TeacherFacts]:
    """Everybody who teaches, with their lessons and closed hours of these dates."""
    people = session.scalars(teaching_people(school_id)).all()
    lessons, closed = _lessons(session, school_id, days), _closed(session, school_id, days)
    subjects, classes = _known(session, school_id)
    return [
        TeacherFacts(
            person.id,
            person.short_name,
            frozenset(subjects[person.id]),
            frozenset(classes[person.id]),
            lessons.get(person.id, {}),
            closed.get(person.id, {}),
        )
        for person in people
    ]


def teaching_people(school_id: int) -> sa.Select[Person]:
    """Everybody with a course or the role of a teacher, by name."""
    teaching = (
        sa.select(course_teacher.c.person_id)
        .join(Course, Course.id == course_teacher.c.course_id)
        .where(Course.school_id == school_id, Course.is_archived.is_(False))
    )
    named = sa.select(RoleGrant.person_id).where(RoleGrant.school_id == school_id, RoleGrant.role == Role.TEACHER)
    return (
        sa.select(Person)
        .where(
            Person.school_id == school_id,
            Person.is_archived.is_(False),
            sa.or_(Person.id.in_(teaching), Person.id.in_(named)),
        )
        .order_by(Person.last_name, Person.id)
    )


def _known(session: Session, school_id: int) -> tuple[Mapping[int, set[int]], Mapping[int, set[int]]]:
    """Which subjects and which classes each person teaches by the plan."""
    rows = session.execute(
        sa.select(course_teacher.c.person_id, Course.subject_id, GroupPart.class_id)
        .join(Course, Course.id == course_teacher.c.course_id)
        .join(GroupPart, GroupPart.group_id == Course.group_id, isouter=True)
        .where(Course.school_id == school_id, Course.is_archived.is_(False))
    )
    subjects: dict[int, set[int]] = defaultdict(set)
    classes: dict[int, set[int]] = defaultdict(set)
    for person_id, subject_id, class_id in rows:
        subjects[person_id].add(subject_id)
        if class_id is not None:
            classes[person_id].add(class_id)
    return subjects, classes


def _lessons(session: Session, school_id: int, days: Sequence[date]) -> dict[int, ByDay]:
    rows = session.execute(
        sa.select(
            LessonTeacher.person_id, Lesson.id, Lesson.date, Lesson.start, Lesson.end, Lesson.period, Lesson.mode,
            sa.case((Lesson.title != "", Lesson.title), else_=Subject.name).label("title"),
            StudyGroup.id.label("group_id"), StudyGroup.name, StudyGroup.is_private,
        )
        .join(Lesson, Lesson.id == LessonTeacher.lesson_id)
        .join(Subject, Subject.id == Lesson.subject_id)
        .join(StudyGroup, StudyGroup.id == Lesson.group_id)
        .where(Lesson.school_id == school_id, Lesson.date.in_(days), Lesson.state != LessonState.CANCELLED)
    )  # fmt: skip
    found: dict[int, dict[date, tuple[LessonFacts, ...]]] = defaultdict(lambda: defaultdict(tuple))
    for row in rows:
        group = GroupFacts(row.group_id, row.name, is_private=row.is_private)
        facts = LessonFacts(
            row.id, row.date, row.start, row.end, group, row.title, frozenset({row.person_id}),
            period=row.period, mode=row.mode,
        )  # fmt: skip
        found[row.person_id][row.date] += (facts,)
    return dict(found)


def _closed(session: Session, school_id: int, days: Iterable[date]) -> dict[int, dict[date, tuple[ClosedSpan, ...]]]:
    found: dict[int, dict[date, tuple[ClosedSpan, ...]]] = defaultdict(lambda: defaultdict(tuple))
    rows = session.scalars(
        sa.select(TeacherClosure).where(TeacherClosure.school_id == school_id).order_by(TeacherClosure.id)
    ).all()
    for day in days:
        for row in rows:
            if is_closed(row, day, time.min, time.max):
                span = ClosedSpan(row.start or time.min, row.end or time.max, closure_words(row))
                found[row.person_id][day] += (span,)
    return dict(found)

"""A small school made by hand, and the few rows that tests add to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.clock import to_utc
from scheduler.database import db, transaction
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection, Platform
from scheduler.models.classes import Division, GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.names import class_key, name_key
from scheduler.models.people import Person, RoleGrant
from scheduler.models.school import AcademicYear, School, Term
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, Room, TimetableSlot
from scheduler.permissions import Role, ScopeKind
from scheduler.rules.facts import LessonKind, LessonMode

ZONE = "Europe/Moscow"
TUESDAY = date(2026, 11, 24)
BELLS = {
    1: (time(8, 30), time(9, 10)),
    2: (time(9, 25), time(10, 5)),
    3: (time(10, 25), time(11, 5)),
    4: (time(11, 25), time(12, 5)),
    5: (time(12, 20), time(13, 0)),
    6: (time(13, 15), time(13, 55)),
    7: (time(14, 10), time(14, 50)),
}


@dataclass(frozen=True)
class SmallSchool:
    """Ids of a school with 7А (whole class, two language groups), 7Б, two teachers, four courses and five chats."""

    id: int
    class_a: int
    class_b: int
    algebra_a: int
    english_1: int
    english_2: int
    physics_a: int
    algebra_b: int
    ivanova: int
    kim: int
    director: int
    room_27: int
    students_a: int
    parents_a: int
    students_b: int
    parents_b: int
    teachers_chat: int


def make_school(*, name="Школа № 12", weekly_slots=True) -> SmallSchool:
    """The small school in one transaction."""
    with transaction() as session:
        school = School(name=name, timezone=ZONE, phone="8 (000) 000-00-00", cycle_anchor=date(2026, 8, 31))
        session.add(school)
        session.flush()
        sid = school.id
        year = add(session, AcademicYear(school_id=sid, name="2026/27", start=date(2026, 9, 1), end=date(2027, 5, 26)))
        start, end = date(2026, 11, 2), date(2026, 12, 30)
        add(session, Term(school_id=sid, academic_year_id=year.id, name="2 четверть", start=start, end=end))
        ivanova = make_person(session, sid, ("Иванова", "Елена", "Петровна"), role=Role.TEACHER)
        kim = make_person(session, sid, ("Ким", "Анна", "Сергеевна"), role=Role.TEACHER)
        director = make_person(session, sid, ("Орлов", "Пётр", "Ильич"), role=Role.DIRECTOR)
        class_a = make_class(session, sid, "7А", teacher=ivanova)
        class_b = make_class(session, sid, "7Б", teacher=kim)
        group_a, group_b = (
            make_group(session, sid, "7А", [(class_a.id,)]),
            make_group(session, sid, "7Б", [(class_b.id,)]),
        )
        halves = add(session, Division(school_id=sid, class_id=class_a.id, name="Английский язык"))
        half_1 = make_group(session, sid, "7А, группа 1", [(class_a.id, halves.id, "1")])
        half_2 = make_group(session, sid, "7А, группа 2", [(class_a.id, halves.id, "2")])
        algebra, english, physics = (make_subject(session, sid, n) for n in ("Алгебра", "Английский язык", "Физика"))
        algebra_a = make_course(session, algebra, group_a, ivanova)
        english_1, english_2 = (
            make_course(session, english, half_1, kim),
            make_course(session, english, half_2, ivanova),
        )
        physics_a, algebra_b = (
            make_course(session, physics, group_a, kim),
            make_course(session, algebra, group_b, ivanova),
        )
        room = add(session, Room(school_id=sid, name="27", name_key="27"))
        make_bells(session, sid)
        if weekly_slots:
            for course, weekday, period in ((algebra_a, 2, 1), (english_1, 2, 2), (physics_a, 2, 3), (algebra_b, 2, 4)):
                add(session, TimetableSlot(school_id=sid, course_id=course.id, weekday=weekday, period=period))
        connection = add(
            session,
            Connection(
                school_id=sid, platform=Platform.MAX, token="", webhook_key=f"hook-{sid}", webhook_secret="secret"
            ),
        )
        chats = [
            make_chat(session, connection, title, kind, class_id)
            for title, kind, class_id in (
                ("7А ученики", ChatKind.STUDENTS, class_a.id),
                ("7А родители", ChatKind.PARENTS, class_a.id),
                ("7Б ученики", ChatKind.STUDENTS, class_b.id),
                ("7Б родители", ChatKind.PARENTS, class_b.id),
                ("Учителя", ChatKind.TEACHERS, None),
            )
        ]
        return SmallSchool(
            sid, class_a.id, class_b.id, algebra_a.id, english_1.id, english_2.id, physics_a.id, algebra_b.id,
            ivanova.id, kim.id, director.id, room.id, *(chat.id for chat in chats),
        )  # fmt: skip


def add(session: Session, row):
    session.add(row)
    session.flush()
    return row


def make_person(session, school_id, names, *, role=None, scope=ScopeKind.SCHOOL, scope_id=None) -> Person:
    last, first, middle = names
    key = name_key(" ".join(names))
    person = Person(school_id=school_id, last_name=last, first_name=first, middle_name=middle, name_key=key)
    add(session, person)
    if role:
        add(session, RoleGrant(school_id=school_id, person_id=person.id, role=role, scope=scope, scope_id=scope_id))
    return person


def make_class(session, school_id, label, *, teacher=None, shift=1) -> SchoolClass:
    grade = int("".join(c for c in label if c.isdigit()) or 0) or None
    row = SchoolClass(school_id=school_id, label=label, label_key=class_key(label), grade=grade, shift=shift)
    if teacher is not None:
        row.class_teachers = [teacher]
    return add(session, row)


def make_group(session, school_id, name, parts, *, is_private=False, is_club=False) -> StudyGroup:
    """`parts` are (class id,) or (class id, division id, part)."""
    group = StudyGroup(school_id=school_id, name=name, is_private=is_private, is_club=is_club)
    for part in parts:
        class_id, division_id, name_of_part = (*part, None, None)[:3]
        group.parts.append(
            GroupPart(school_id=school_id, class_id=class_id, division_id=division_id, part=name_of_part)
        )
    return add(session, group)


def make_subject(session, school_id, name, *, kind=LessonKind.LESSON) -> Subject:
    return add(session, Subject(school_id=school_id, name=name, name_key=name_key(name), kind=kind))


def make_course(session, subject, group, *teachers) -> Course:
    course = Course(school_id=subject.school_id, subject_id=subject.id, group_id=group.id, weekly_hours=1)
    course.teachers = list(teachers)
    return add(session, course)


def make_bells(session, school_id, bells=BELLS, *, kind=BellKind.REGULAR, shift=None) -> BellSchedule:
    schedule = BellSchedule(school_id=school_id, name="Обычные", kind=kind)
    schedule.periods = [
        Period(school_id=school_id, number=number, start=start, end=end) for number, (start, end) in bells.items()
    ]
    add(session, schedule)
    if kind is BellKind.REGULAR:
        add(session, BellAssignment(school_id=school_id, bell_schedule_id=schedule.id, shift=shift))
    return schedule


def make_chat(session, connection, title, kind, class_id) -> Chat:
    number = session.scalar(sa.select(sa.func.count(Chat.id))) + 1
    return add(
        session,
        Chat(
            school_id=connection.school_id, platform=Platform.MAX, connection_id=connection.id,
            external_id=-1000 - number,
            title=title, kind=kind, class_id=class_id, state=ChatState.CONNECTED,
        ),
    )  # fmt: skip


def make_lesson(school: SmallSchool, course_id: int, *, day=TUESDAY, period=1, mode=LessonMode.CALL, **values) -> int:
    """A planned lesson written straight into the table, past every use case."""
    with transaction() as session:
        course = session.get_one(Course, course_id)
        rings = BELLS.get(period, (None, None))
        start, end = values.pop("start", rings[0]), values.pop("end", rings[1])
        lesson = Lesson(
            school_id=school.id, course_id=course_id, subject_id=course.subject_id, group_id=course.group_id,
            date=day, start=start, end=end, starts_at=to_utc(day, start, ZONE), ends_at=to_utc(day, end, ZONE),
            period=period, mode=mode, changed_at=datetime(2026, 11, 20, 9, tzinfo=UTC), **values,
        )  # fmt: skip
        lesson.teaching = [LessonTeacher(school_id=school.id, person_id=person.id) for person in course.teachers]
        return add(session, lesson).id


def count(model, *conditions) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))

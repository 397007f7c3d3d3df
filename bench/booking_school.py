"""Schools of one shape for `booking.py`: 30 classes with 33 lessons a week, written in bulk, without clashes."""

import math
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import sqlalchemy as sa

from scheduler.clock import to_utc
from scheduler.database import db, transaction
from scheduler.models.chats import Chat, ChatKind, ChatState, Connection, Platform
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, TimetableSlot
from scheduler.rules.facts import LessonMode

ZONE = "Europe/Moscow"
CLASSES, TEACHERS, COURSES_OF_CLASS, WEEKS_OF_YEAR, GRADE = 30, 48, 16, 34, 10
HOURS = [(day, period) for day in range(5) for period in range(1, 8)][:34]
HOURS.remove((3, 7))
STARTS = [time(8 + (30 + 55 * n) // 60, (30 + 55 * n) % 60) for n in range(7)]
ENDS = [time(8 + (70 + 55 * n) // 60, (70 + 55 * n) % 60) for n in range(7)]
AT_ONCE = 5000


@dataclass
class BenchSchool:
    id: int
    courses: list[list[int]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    teachers: list[int] = field(default_factory=list)


def next_monday() -> date:
    today = datetime.now(UTC).date()
    return today + timedelta(days=8 - today.isoweekday())


def fill(lessons):
    """As many schools as needed, each with at most a year of weeks; answers the schools."""
    of_week = CLASSES * len(HOURS)
    weeks = max(round(lessons / of_week), 1)
    count = math.ceil(weeks / WEEKS_OF_YEAR)
    schools = []
    for number in range(count):
        schools.append(make_school(f"Школа № {number + 1}"))
        add_lessons(schools[-1], min(WEEKS_OF_YEAR, weeks - number * WEEKS_OF_YEAR))
    return schools


def make_school(name):
    with transaction() as session:
        row = School(name=name, timezone=ZONE)
        session.add(row)
        session.flush()
        school = BenchSchool(row.id)
        own = {"school_id": row.id}
        teachers = [
            Person(**own, last_name=f"Учитель{n}", first_name="Анна", middle_name="Ильинична", name_key=f"учитель{n}")
            for n in range(TEACHERS)
        ]
        subjects = [Subject(**own, name=f"Предмет {n}", name_key=f"предмет {n}") for n in range(COURSES_OF_CLASS)]
        connection = Connection(**own, platform=Platform.MAX, token="", webhook_key=name, webhook_secret="s")
        session.add_all([*teachers, *subjects, connection])
        session.flush()
        school.subjects = [subject.id for subject in subjects]
        school.teachers = [teacher.id for teacher in teachers]
        for number in range(CLASSES):
            add_class(session, school, number, teachers, connection)
        chat = {"platform": Platform.MAX, "state": ChatState.CONNECTED, "connection_id": connection.id}
        session.add(Chat(**own, **chat, title="Учителя", kind=ChatKind.TEACHERS, external_id=-1))
        add_bells(session, own)
        return school


def add_class(session, school, number, teachers, connection):
    own = {"school_id": school.id}
    label = f"{GRADE}{chr(ord('А') + number)}"
    klass = SchoolClass(**own, label=label, label_key=label.lower(), grade=GRADE)
    group = StudyGroup(**own, name=label)
    session.add_all([klass, group])
    session.flush()
    session.add(GroupPart(**own, group_id=group.id, class_id=klass.id))
    for kind in (ChatKind.STUDENTS, ChatKind.PARENTS):
        chat = Chat(**own, platform=Platform.MAX, title=f"{label} {kind}", kind=kind, class_id=klass.id)
        chat.state, chat.connection_id, chat.external_id = ChatState.CONNECTED, connection.id, -2
        session.add(chat)
    courses = [Course(**own, subject_id=subject_id, group_id=group.id) for subject_id in school.subjects]
    for order, course in enumerate(courses):
        course.teachers = [teachers[(number + order) % TEACHERS]]
    session.add_all(courses)
    session.flush()
    for index, (day, period) in enumerate(HOURS):
        course = courses[index % COURSES_OF_CLASS]
        session.add(TimetableSlot(**own, course_id=course.id, weekday=day + 1, period=period))
    school.groups.append(group.id)
    school.courses.append([course.id for course in courses])


def add_bells(session, own):
    bells = BellSchedule(**own, name="Обычные", kind=BellKind.REGULAR)
    hours = enumerate(zip(STARTS, ENDS, strict=True), 1)
    bells.periods = [Period(**own, number=number, start=start, end=end) for number, (start, end) in hours]
    session.add(bells)
    session.flush()
    session.add(BellAssignment(**own, bell_schedule_id=bells.id))


def add_lessons(school, weeks):
    """The weeks from the next one on, thousands of rows in a statement."""
    rows = lesson_rows(school, weeks)
    while portion := list(islice(rows, AT_ONCE)):
        with transaction() as session:
            plain = [row for row, _teacher in portion]
            ids = session.scalars(sa.insert(Lesson).returning(Lesson.id, sort_by_parameter_order=True), plain).all()
            teaching = [
                {"school_id": school.id, "lesson_id": lesson_id, "person_id": teacher}
                for lesson_id, (_row, teacher) in zip(ids, portion, strict=True)
            ]
            session.execute(sa.insert(LessonTeacher), teaching)
    db.session.remove()


def lesson_rows(school, weeks):
    now = datetime.now(UTC)
    for week in range(weeks):
        for index, (weekday, period) in enumerate(HOURS):
            day = next_monday() + timedelta(weeks=week, days=weekday)
            start, end = STARTS[period - 1], ENDS[period - 1]
            when = {"date": day, "start": start, "end": end, "period": period, "changed_at": now}
            when |= {"starts_at": to_utc(day, start, ZONE), "ends_at": to_utc(day, end, ZONE)}
            order = index % COURSES_OF_CLASS
            for number, group_id in enumerate(school.groups):
                row = {
                    "school_id": school.id,
                    "uid": str(uuid.uuid4()),
                    "join_token": secrets.token_urlsafe(12),
                    "course_id": school.courses[number][order],
                    "subject_id": school.subjects[order],
                    "group_id": group_id,
                    "mode": LessonMode.IN_PERSON,
                }
                yield row | when, school.teachers[(number + order) % TEACHERS]

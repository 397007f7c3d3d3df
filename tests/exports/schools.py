"""Generated small schools as drafts: what a base timetable can hold, within what the formats can say."""

from datetime import time
from decimal import Decimal

from hypothesis import strategies as st

from scheduler.imports.audiences import AudienceMaker
from scheduler.imports.draft import (
    Draft,
    DraftClass,
    DraftCourse,
    DraftDay,
    DraftDivision,
    DraftPart,
    DraftPeriod,
    DraftRoom,
    DraftSlot,
    DraftSubject,
    DraftTeacher,
)
from scheduler.imports.names import propose_grade

LABELS = ["5А", "5Б", "7-В", "10Г", "11 «Д»", "К инд", "Надежда"]
SUBJECTS = ["Русский язык", "Алгебра", "Английский язык", "Физика", "Разговоры о важном", "Черчение", "Труд & <дом>"]
TEACHERS = ["Иванова Елена Петровна", "Ким Анна Сергеевна", "Мамин-Сибиряк Д. Н.", "Орлов Пётр", "Ёжикова Ия Ильинична"]
ROOMS = ["27", "411Б", "Сп.зал", "102", "305"]
DAYS = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота"]
DIVISIONS = [("Группа 1", "Группа 2"), ("мальчики", "девочки"), ("1", "2", "3")]
BELLS = [(8, 30), (9, 20), (10, 15), (11, 15), (12, 10), (13, 5), (14, 0)]
FEW = st.integers(1, 3)


@st.composite
def schools(draw, *, cycle=None, classes=LABELS, subjects=SUBJECTS):
    """A school of one to three classes with divisions, courses and slots; each hour of a course once."""
    cycle = cycle or draw(st.sampled_from([1, 2, 4]))
    rows = tuple(
        DraftClass(
            f"c{n}",
            name,
            draw(st.sampled_from([None, 5, 11])) if name == "Надежда" else propose_grade(name),
            teacher_keys=draw(st.sampled_from([(), ("t0",), ("t1", "t3")])),
            is_private=draw(st.booleans()) if name == "Надежда" else name == "К инд",
            shift=draw(st.sampled_from([1, 1, 2])),
        )
        for n, name in enumerate(draw(st.lists(st.sampled_from(classes), unique=True, min_size=1, max_size=3)))
    )  # fmt: skip
    teachers = tuple(DraftTeacher(f"t{n}", name, name) for n, name in enumerate(TEACHERS))
    rooms = tuple(DraftRoom(f"r{n}", name, name) for n, name in enumerate(ROOMS))
    outside = draw(st.lists(st.booleans(), min_size=len(subjects), max_size=len(subjects)))
    taught = tuple(
        DraftSubject(f"s{n}", name, name[:3], is_extracurricular=out)
        for n, (name, out) in enumerate(zip(subjects, outside, strict=True))
    )
    divisions = tuple(
        DraftDivision(f"{row.key}/d{n}", row.key, draw(st.sampled_from(["Языки", "Пол", " / ".join(parts)])), parts)
        for row in rows
        for n, parts in enumerate(draw(st.lists(st.sampled_from(DIVISIONS), unique=True, max_size=2)))
    )
    maker = AudienceMaker(rows)
    audiences = [maker.make(parts) for parts in draw(st.lists(parts_of(rows, divisions), min_size=1, max_size=5))]
    courses = draw(courses_of(taught, audiences, teachers))
    return Draft(
        kind="school",
        shape="generated",
        lessons_read=len(courses),
        cycle_weeks=cycle,
        days=tuple(DraftDay(n, name) for n, name in enumerate(DAYS)),
        week_names=("",) * cycle,
        periods=tuple(
            DraftPeriod(n, str(n), time(hour, minute), time(hour, minute + 40) if minute < 20 else time(hour + 1, 10))
            for n, (hour, minute) in enumerate(BELLS, draw(st.integers(0, 1)))
        ),
        classes=rows,
        teachers=teachers,
        subjects=taught,
        rooms=rooms,
        divisions=divisions,
        audiences=maker.all_made(),
        courses=courses,
        slots=draw(slots_of(courses, rooms, cycle)),
    )


@st.composite
def parts_of(draw, classes, divisions):
    """Some classes, each whole or with less than all parts of one division."""
    chosen = set()
    for row in draw(st.lists(st.sampled_from(classes), unique=True, max_size=2)):
        own = [division for division in divisions if division.class_key == row.key]
        division = draw(st.sampled_from([None, *own]))
        if division is None:
            chosen.add(DraftPart(row.key))
            continue
        names = draw(st.lists(st.sampled_from(division.parts), unique=True, min_size=1,
                              max_size=len(division.parts) - 1))  # fmt: skip
        chosen.update(DraftPart(row.key, division.key, name) for name in names)
    return frozenset(chosen)


@st.composite
def courses_of(draw, subjects, audiences, teachers):
    chosen = draw(
        st.lists(
            st.tuples(
                st.sampled_from(subjects),
                st.sampled_from(audiences),
                st.lists(st.sampled_from(teachers), unique=True, max_size=2),
            ),
            unique_by=lambda row: (row[0].key, row[1].key, frozenset(one.key for one in row[2])),
            min_size=1,
            max_size=5,
        )
    )
    hours = st.integers(0, 40).map(lambda n: Decimal(n) / 4)
    return tuple(
        DraftCourse(f"k{n}", subject.key, audience.key, tuple(one.key for one in people), draw(hours))
        for n, (subject, audience, people) in enumerate(chosen)
    )


@st.composite
def slots_of(draw, courses, rooms, cycle):
    weeks = st.frozensets(st.integers(0, cycle - 1), min_size=1)
    rows = draw(
        st.lists(
            st.builds(
                DraftSlot,
                st.sampled_from([course.key for course in courses]),
                st.integers(0, 5),
                st.integers(1, 6),
                weeks,
                st.lists(st.sampled_from(rooms), unique=True, max_size=2).map(lambda own: tuple(r.key for r in own)),
            ),
            unique_by=lambda slot: (slot.course_key, slot.weekday, slot.period),
            max_size=12,
        )
    )
    return tuple(rows)


def plain(draft):
    """A draft without its keys: rows by their names, ready to be compared."""
    audiences = {row.key: (_parts(draft, row), row.is_private) for row in draft.audiences}
    used = {course.audience_key for course in draft.courses}
    courses = {course.key: _course(draft, course, audiences) for course in draft.courses}
    return {
        "cycle": draft.cycle_weeks,
        "days": draft.days,
        "periods": draft.periods,
        "classes": {
            (row.name, row.grade, row.is_private, row.shift, *_names(draft.teacher_by_key, row.teacher_keys))
            for row in draft.classes
        },
        "teachers": {(row.name, row.short) for row in draft.teachers},
        "subjects": {(row.name, row.short, row.is_extracurricular) for row in draft.subjects},
        "rooms": {row.name for row in draft.rooms},
        "divisions": sorted((_class(draft, row.class_key), row.name, row.parts) for row in draft.divisions),
        "audiences": sorted(map(str, (value for key, value in audiences.items() if key in used))),
        "courses": {course: draft.course_by_key[key].weekly_hours for key, course in courses.items()},
        "slots": sorted(
            (str(courses[slot.course_key]), slot.weekday, slot.period, sorted(slot.weeks),
             _names(draft.room_by_key, slot.room_keys))
            for slot in draft.slots
        ),
    }  # fmt: skip


def _course(draft, course, audiences):
    people = _names(draft.teacher_by_key, course.teacher_keys)
    return draft.subject_by_key[course.subject_key].name, str(audiences[course.audience_key]), tuple(people)


def _parts(draft, audience):
    names = {row.key: row.name for row in draft.divisions}
    return sorted(
        (_class(draft, part.class_key), names.get(part.division_key, ""), part.part or "") for part in audience.parts
    )


def _class(draft, key):
    return draft.class_by_key[key].name


def _names(rows, keys):
    return sorted(rows[key].name for key in keys)

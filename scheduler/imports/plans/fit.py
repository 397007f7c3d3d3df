"""A plan laid upon a school: grades become their classes, clock times lesson numbers, initials the known teachers.

A subject that is taught in groups keeps the hours of its groups: a plan states them for the class as a whole.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.imports.draft import Draft, DraftPart, DraftSlot
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList, some_names
from scheduler.imports.grids.build import DraftBuilder
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.names import propose_grade
from scheduler.imports.plans.draft import CURRICULUM, PlanDraft
from scheduler.imports.plans.lines import PlanLine
from scheduler.imports.renaming import safe_class_key
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.courses import Course
from scheduler.models.names import name_key
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.models.timetable import TimetableSlot
from scheduler.planning.bells import Bells, load_bells

SHAPES = {"curriculum": "hours", "extracurricular": "activities"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What of the school a plan rests on, read once."""

    classes: Sequence[SchoolClass]
    courses: dict[tuple[int, str], list[Course]]
    placed: dict[int, Decimal]
    names: dict[str, str]
    bells: Bells
    zone: str


@dataclass(slots=True)
class _Fitting:
    """One plan on its way."""

    plan: PlanDraft
    known: _Known
    builder: DraftBuilder = field(default_factory=DraftBuilder)
    findings: FindingList = field(default_factory=FindingList)
    slots: dict[DraftSlot, None] = field(default_factory=dict)
    empty_grades: dict[int, str] = field(default_factory=dict)


def fit_plan(session: Session, school_id: int, plan: PlanDraft) -> Draft:
    """The neutral draft of a plan for this school; it has no timetable and archives nothing.

    Raises ImportRefusedError where the school has none of its classes.
    """
    work = _Fitting(plan, _load(session, school_id))
    work.findings.extend(plan.findings)
    for line in plan.lines:
        _add(work, line)
    if work.empty_grades:
        grades = ", ".join(map(str, sorted(work.empty_grades)))
        text = _("The school has no classes of grades %(grades)s yet: load the timetable or the list of pupils first, "
                 "then this plan again.", grades=grades)  # fmt: skip
        if not work.builder.courses():
            raise ImportRefusedError(text)
        work.findings.error(some_names(work.empty_grades.values()), text)
    draft = work.builder.draft(shape=SHAPES[plan.kind], lessons_read=len(plan.lines), slots=tuple(work.slots))
    return replace(draft, kind=plan.kind, has_timetable=False, questions=plan.questions,
                   findings=work.findings.as_tuple())  # fmt: skip


def _load(session: Session, school_id: int) -> _Known:
    school = session.get_one(School, school_id)
    classes = session.scalars(
        sa.select(SchoolClass).where(SchoolClass.school_id == school_id, SchoolClass.is_archived.is_(False))
    ).all()
    courses: dict[tuple[int, str], list[Course]] = defaultdict(list)
    rows = session.scalars(
        sa.select(Course)
        .where(Course.school_id == school_id, Course.is_archived.is_(False))
        .options(selectinload(Course.group).selectinload(StudyGroup.parts))
        .order_by(Course.id)
    )
    for row in rows:
        for class_id in {part.class_id for part in row.group.parts if not row.group.is_private}:
            courses[class_id, row.subject.name_key].append(row)
    placed: dict[int, Decimal] = defaultdict(Decimal)
    for slot in session.scalars(sa.select(TimetableSlot).where(TimetableSlot.school_id == school_id)):
        placed[slot.course_id] += Decimal(slot.weeks.count("1")) / len(slot.weeks)
    return _Known(classes, courses, placed, _names(session, school_id), load_bells(session, school_id), school.timezone)


def _names(session: Session, school_id: int) -> dict[str, str]:
    """«Иванова Е. П.» is the one person of that surname and initials whom the school knows."""
    found: dict[str, list[str]] = defaultdict(list)
    people = sa.select(Person).where(Person.school_id == school_id, Person.is_archived.is_(False), Person.roles.any())
    for person in session.scalars(people):
        found[name_key(person.short_name)].append(person.full_name)
    return {key: names[0] for key, names in found.items() if len(names) == 1}


def _add(work: _Fitting, line: PlanLine) -> None:
    rows = list(_classes(work, line))
    keys = [work.builder.add_class(label) for label, _row in rows]
    subject = work.builder.add_subject(line.subject)
    if work.plan.kind != CURRICULUM:
        work.builder.subjects[subject] = replace(work.builder.subjects[subject], is_extracurricular=True)
    teachers = [work.builder.add_teacher(work.known.names.get(name_key(name), name)) for name in line.leaders]
    if line.is_joint and keys:
        of_classes = "" if line.is_of_all else f" ({some_names(label.name for label, _row in rows)})"
        club = work.builder.club(f"{line.subject}{of_classes}", keys)
        course = work.builder.course(subject, club, teachers, line.hours)
        _place(work, line, course, rows[0][1])
        return
    for key, (label, row) in zip(keys, rows, strict=True):
        if row is not None and work.plan.kind == CURRICULUM and not _is_open(work, line, label, row, subject):
            continue
        course = work.builder.course(subject, work.builder.audience([DraftPart(key)]), teachers, line.hours)
        _place(work, line, course, row)


def _classes(work: _Fitting, line: PlanLine) -> Iterator[tuple[ClassLabel, SchoolClass | None]]:
    """The classes of a line: those named, known or new, and the known ones of its grades."""
    for label in line.labels:
        known = next((row for row in work.known.classes if row.label_key == safe_class_key(label.name)), None)
        yield (ClassLabel(known.label, known.grade), known) if known else (label, None)
    for grade in line.grades:
        rows = [row for row in work.known.classes if grade in (row.grade, propose_grade(row.label))]
        if not rows and not line.is_of_all:
            work.empty_grades.setdefault(grade, line.place)
        yield from ((ClassLabel(row.label, row.grade), row) for row in rows)


def _is_open(work: _Fitting, line: PlanLine, label: ClassLabel, row: SchoolClass, subject: str) -> bool:
    """Whether the line can be the class's course. One taught in groups is compared and left alone."""
    standing = work.known.courses.get((row.id, name_key(work.builder.subjects[subject].name)), [])
    is_whole = len(standing) == 1 and len(standing[0].group.parts) == 1 and not standing[0].group.parts[0].division_id
    hours = {work.known.placed.get(course.id, course.weekly_hours) for course in standing}
    if standing and hours != {line.hours}:
        placed = " / ".join(map(_figure, sorted(hours)))
        text = _("%(subject)s, %(name)s: %(plan)s hours in the plan, %(placed)s in the timetable.",
                 subject=line.subject, name=label.name, plan=_figure(line.hours), placed=placed)  # fmt: skip
        work.findings.info(line.place, text)
    return not standing or is_whole


def _figure(hours: Decimal) -> str:
    return f"{hours.normalize():f}"


def _place(work: _Fitting, line: PlanLine, course: str, row: SchoolClass | None) -> None:
    """The weekly hour of the line, where it states the day and the lesson or its beginning."""
    if line.weekday is None or not (line.period or line.start):
        return
    period = line.period or _number_at(work, line, row)
    if period is None:
        text = _("By the school's bells no lesson begins at %(time)s: “%(name)s” was taken without its hour.",
                 time=f"{line.start:%H:%M}", name=line.subject)  # fmt: skip
        work.findings.warn(line.place, text)
        return
    rooms = tuple(work.builder.add_room(name) for name in line.rooms)
    work.slots[DraftSlot(course, line.weekday, period, frozenset({0}), rooms)] = None


def _number_at(work: _Fitting, line: PlanLine, row: SchoolClass | None) -> int | None:
    weekday = (line.weekday or 0) + 1
    hours = work.known.bells.on(
        clock.today(work.known.zone), class_id=row.id if row else None, shift=row.shift if row else 1, weekday=weekday
    )
    return next((hour.number for hour in hours if hour.start == line.start), None)

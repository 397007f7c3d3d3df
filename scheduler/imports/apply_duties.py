"""A list of teachers says what each teaches and to whom: courses that have no teacher yet get the one who fits.

Where two people fit, nobody is chosen: a person sees the course in the remarks.
"""

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from scheduler.imports.applying import Applying
from scheduler.imports.findings import some_names
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person

Duty = tuple[int, int]


def assign_teachers(
    work: Applying,
    subjects: Mapping[str, Subject],
    classes: Mapping[str, SchoolClass],
    teachers: Mapping[str, Person],
) -> None:
    """Only courses without a teacher change, and only where the list leaves no choice."""
    duties = _duties(work, subjects, classes, teachers)
    if not duties or work.draft.courses:
        return
    unclear = []
    for course in _without_teacher(work):
        asked = [duties.get((course.subject_id, part.class_id), {}) for part in course.group.parts]
        fitting = set.intersection(*map(set, asked)) if asked else set()
        if len(fitting) == 1:
            person = next(asked[0][person_id] for person_id in fitting)
            course.teachers = [person]
            work.counts["courses_other_teacher"] += 1
        elif fitting:
            unclear.append(f"{course.subject.name}, {course.group.name}")
    if unclear:
        work.findings.warn(
            _("Teachers"),
            _("More than one teacher of the list fits, so nobody was chosen: %(names)s.", names=some_names(unclear)),
        )
    work.session.flush()


def _duties(
    work: Applying,
    subjects: Mapping[str, Subject],
    classes: Mapping[str, SchoolClass],
    teachers: Mapping[str, Person],
) -> dict[Duty, dict[int, Person]]:
    duties: dict[Duty, dict[int, Person]] = defaultdict(dict)
    for draft in work.draft.teachers:
        person = teachers.get(draft.key)
        if person is None:
            continue
        for subject in draft.subject_keys:
            for class_key in draft.class_keys:
                duties[subjects[subject].id, classes[class_key].id][person.id] = person
    return duties


def _without_teacher(work: Applying) -> list[Course]:
    rows = work.session.scalars(
        sa.select(Course)
        .where(Course.school_id == work.school_id, Course.is_archived.is_(False), ~Course.teachers.any())
        .options(selectinload(Course.group).selectinload(StudyGroup.parts), selectinload(Course.subject))
        .order_by(Course.id)
    )
    return list(rows)

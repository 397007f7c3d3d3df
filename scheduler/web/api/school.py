"""The school, its classes and its courses, as the numbers in other answers name them."""

from typing import Any

import sqlalchemy as sa
from flask import Response
from sqlalchemy.orm import selectinload

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.courses import Course
from scheduler.models.names import shown_class
from scheduler.permissions import Action
from scheduler.web.access import current_person, current_school, current_school_id, requires
from scheduler.web.api.answering import answer


@requires(Action.VIEW_STAFF_PAGES)
def school() -> Response:
    """Name, zone and the present date of the school."""
    here = current_school()
    return answer(
        id=here.id,
        name=here.name,
        timezone=here.timezone,
        today=clock.today(here.timezone).isoformat(),
        days_per_week=here.days_per_week,
    )


@requires(Action.VIEW_STAFF_PAGES)
def classes() -> Response:
    """The classes of the present year, by grade."""
    query = sa.select(SchoolClass).where(SchoolClass.school_id == current_school_id(), ~SchoolClass.is_archived)
    rows = db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label_key))
    return answer(
        classes=[
            {"id": row.id, "label": row.label, "name": shown_class(row.label), "grade": row.grade, "shift": row.shift}
            for row in rows
        ]
    )


@requires(Action.VIEW_STAFF_PAGES)
def courses() -> Response:
    """The lines of the curriculum and extracurricular plans; private ones only to who teaches them."""
    query = (
        sa.select(Course)
        .where(Course.school_id == current_school_id(), ~Course.is_archived)
        .options(selectinload(Course.teachers), selectinload(Course.group).selectinload(StudyGroup.parts))
        .order_by(Course.id)
    )
    own = current_person().id
    rows = [
        row
        for row in db.session.scalars(query)
        if not row.group.is_private or own in {person.id for person in row.teachers}
    ]
    return answer(courses=[_course(row) for row in rows])


def _course(row: Course) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject.name,
        "kind": row.subject.kind.value,
        "group": row.group.name,
        "class_ids": sorted({part.class_id for part in row.group.parts}),
        "teachers": [{"id": person.id, "name": person.short_name} for person in row.teachers],
        "weekly_hours": float(row.weekly_hours),
    }
